# Assets, stores, purchases and expenses.
@0xa26d6ffc67790284;

using A = import "annotations.capnp";

struct Asset $A.entity("固定资产")
    $A.regulation("《后勤服务中心工作职责》") $A.article("L3183–3261")
    $A.kind("master") $A.label(internal)
    $A.series("asset")
    $A.ownerUnit("后勤服务中心")
    $A.index(["state"])
    $A.machine([
      (from = "inUse", to = "idle", who = "后勤服务中心"),
      (from = "idle", to = "inUse", who = "后勤服务中心"),
      (from = "inUse", to = "repair", who = "后勤服务中心"),
      (from = "repair", to = "inUse", who = "后勤服务中心"),
      (from = "inUse", to = "retired", who = "分管副秘书长", reason = true),
      (from = "idle", to = "retired", who = "分管副秘书长", reason = true),
      (from = "repair", to = "retired", who = "分管副秘书长", reason = true),
      (from = "retired", to = "disposed", who = "后勤服务中心")
    ]) {
  name @0 :Text $A.title("资产名称") $A.required $A.search;
  category @1 :Category $A.title("类别") $A.required;
  valueFen @2 :Int64 = A.absent $A.title("资产价值") $A.money;
  acquiredOn @3 :Text $A.title("购置日期") $A.date;
  location @4 :Text $A.title("存放地点");
  custodian @5 :Data $A.title("保管人") $A.ref("Person");
  state @6 :State $A.title("状态") $A.merge(state);

  enum Category { unset @0; building @1; vehicle @2; equipment @3; furniture @4; device @5; other @6; }

  enum State { unset @0; inUse @1; idle @2; repair @3; retired @4; disposed @5; }
}

struct StockItem $A.entity("库存物资")
    $A.regulation("《后勤服务中心工作职责》") $A.article("L3183–3261")
    $A.kind("master") $A.label(internal)
    $A.ownerUnit("后勤服务中心") {
  store @0 :Store $A.title("库房") $A.required $A.indexed;
  name @1 :Text $A.title("物资名称") $A.required $A.search;
  unit @2 :Text $A.title("计量单位") $A.required;
  minimum @3 :Int64 = A.absent $A.title("最低库存") $A.unit("千分之一") $A.least(0);
  quantityThousandths @4 :Int64 = A.absent $A.title("库存数量") $A.merge(counter) $A.unit("千分之一");

  enum Store { unset @0; office @1; canteen @2; vehicleParts @3; fuel @4; }
}

struct StockMovement $A.entity("出入库")
    $A.regulation("《后勤服务中心工作职责》") $A.article("一 L3251")
    $A.kind("event") $A.label(internal)
    $A.ownerUnit("后勤服务中心")
    $A.appendOnly
    $A.index(["item,at"]) {
  item @0 :Data $A.title("物资") $A.ref("StockItem") $A.required $A.indexed;
  at @1 :Text $A.title("时间") $A.instant $A.required;
  quantityThousandths @2 :Int64 = A.absent $A.title("数量") $A.required $A.unit("千分之一");
  direction @3 :Direction $A.title("出入方向") $A.required;
  priceFen @4 :Int64 = A.absent $A.title("单价") $A.money;
  by @5 :Data $A.title("经办人") $A.ref("Person") $A.required;
  to @6 :Text $A.title("领用单位");
  invoice @7 :Text $A.title("凭证号");
  signed @8 :A.Flag $A.title("已签字");

  enum Direction { unset @0; in @1; out @2; return @3; loss @4; }
}

struct StockCount $A.entity("库存清点")
    $A.regulation("《后勤服务中心工作职责》") $A.article("四 L3257")
    $A.kind("event") $A.label(internal)
    $A.ownerUnit("后勤服务中心") {
  store @0 :Store $A.title("库房") $A.required;
  at @1 :Text $A.title("清点日期") $A.date $A.required;
  by @2 :Data $A.title("清点人") $A.ref("Person") $A.required;
  lines @3 :List(Line) $A.title("明细") $A.required;
  differenceThousandths @4 :Int64 = A.absent $A.title("差额") $A.computed $A.unit("千分之一");

  enum Store { unset @0; office @1; canteen @2; vehicleParts @3; fuel @4; }

  struct Line {
    item @0 :Data $A.title("物资") $A.ref("StockItem");
    countedThousandths @1 :Int64 = A.absent $A.title("实点数量") $A.unit("千分之一");
    bookedThousandths @2 :Int64 = A.absent $A.title("账面数量") $A.unit("千分之一");
  }
}

struct Procurement $A.entity("采购")
    $A.regulation("《后勤服务中心工作职责》") $A.article("七 L3207")
    $A.kind("case") $A.label(internal)
    $A.series("procurement")
    $A.ownerUnit("后勤服务中心")
    $A.index(["state"])
    $A.machine([
      (from = "asked", to = "quoted", who = "后勤服务中心", article = "七 L3207"),
      (from = "quoted", to = "approved", who = "分管领导", article = "七 L3207"),
      (from = "approved", to = "bought", who = "采购人"),
      (from = "bought", to = "accepted", who = "验收人"),
      (from = "accepted", to = "paid", who = "财务室")
    ]) {
  items @0 :Text $A.title("采购内容") $A.required $A.search;
  quotes @1 :List(Quote) $A.title("报价");
  chosen @2 :Text $A.title("选定供应商");
  approvedBy @3 :Data $A.title("批准人") $A.ref("Person");
  state @4 :State $A.title("状态") $A.merge(state);

  struct Quote {
    supplier @0 :Text $A.title("供应商");
    priceFen @1 :Int64 = A.absent $A.title("报价") $A.money;
  }

  enum State { unset @0; asked @1; quoted @2; approved @3; bought @4; accepted @5; paid @6; }
}

struct Expense $A.entity("报账单")
    $A.regulation("《财务报账标准及流程》") $A.article("L114–122")
    $A.kind("case") $A.label(internal)
    $A.index(["state"])
    $A.machine([
      (from = "submitted", to = "reviewed", who = "财务室"),
      (from = "reviewed", to = "approved", who = "分管财务领导"),
      (from = "approved", to = "paid", who = "财务室"),
      (from = "submitted", to = "returned", who = "财务室", reason = true),
      (from = "reviewed", to = "returned", who = "财务室", reason = true),
      (from = "returned", to = "submitted", who = "报账人")
    ]) {
  person @0 :Data $A.title("报账人") $A.ref("Person") $A.required;
  items @1 :List(Item) $A.title("明细") $A.required;
  totalFen @2 :Int64 = A.absent $A.title("合计金额") $A.money;
  invoices @3 :List(Data) $A.title("发票") $A.blob;
  state @4 :State $A.title("状态") $A.merge(state);

  struct Item {
    date @0 :Text $A.title("日期") $A.date;
    text @1 :Text $A.title("摘要");
    amountFen @2 :Int64 = A.absent $A.title("金额") $A.money;
  }

  enum State { unset @0; submitted @1; reviewed @2; approved @3; paid @4; returned @5; }
}
