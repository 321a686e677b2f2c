# The canteen.
@0xe162c6502f18f023;

using A = import "annotations.capnp";

struct MealCard $A.entity("饭卡")
    $A.regulation("《职工食堂管理办法》") $A.article("L3621–3640")
    $A.kind("master") $A.label(internal)
    $A.series("card")
    $A.machine([
      (from = "active", to = "suspended"),
      (from = "suspended", to = "active"),
      (from = "active", to = "closed"),
      (from = "suspended", to = "closed")
    ]) {
  holder @0 :Text $A.title("持卡人") $A.required;
  person @1 :Data $A.title("人员") $A.ref("Person");
  staff @2 :A.Flag $A.title("本单位") $A.required;
  approvedBy @3 :Data $A.title("批准人") $A.ref("Person");
  balanceFen @4 :Int64 = A.absent $A.title("余额") $A.money $A.merge(counter);
  state @5 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; active @1; suspended @2; closed @3; }
}

struct MealCardEntry $A.entity("饭卡收支")
    $A.regulation("《职工食堂管理办法》") $A.article("L3621–3640")
    $A.kind("event") $A.label(internal)
    $A.appendOnly
    $A.index(["card,at"]) {
  card @0 :Data $A.title("饭卡") $A.ref("MealCard") $A.required $A.indexed;
  at @1 :Text $A.title("时间") $A.instant $A.required;
  amountFen @2 :Int64 = A.absent $A.title("金额") $A.money $A.required;
  kindOfEntry @3 :KindOfEntry $A.title("收支类别") $A.required;
  by @4 :Data $A.title("经办人") $A.ref("Person");

  enum KindOfEntry { unset @0; monthly @1; topUp @2; meal @3; refund @4; }
}

struct CanteenPurchase $A.entity("食堂采购")
    $A.regulation("《职工食堂管理办法》") $A.article("第四条 L3633")
    $A.kind("case") $A.label(internal)
    $A.series("canteen")
    $A.index(["state"])
    $A.machine([
      (from = "listed", to = "headChefOk", who = "厨师长", article = "四 L3633"),
      (from = "listed", to = "stewardOk", who = "司务长", article = "四 L3633"),
      (from = "headChefOk", to = "stewardOk", who = "司务长", article = "四 L3633"),
      (from = "stewardOk", to = "centreOk", who = "后勤服务中心", article = "四 L3633"),
      (from = "centreOk", to = "deputyOk", who = "分管副秘书长", article = "四 L3633"),
      (from = "centreOk", to = "bought", who = "采购人"),
      (from = "deputyOk", to = "bought", who = "采购人"),
      (from = "bought", to = "accepted", who = "验收人", article = "四 L3633"),
      (from = "bought", to = "returned", who = "验收人", article = "六 L3637", reason = true),
      (from = "returned", to = "bought", who = "采购人"),
      (from = "accepted", to = "settled", who = "财务室", article = "五 L3635")
    ]) {
  kindOfPurchase @0 :KindOfPurchase $A.title("采购类别") $A.required;
  list @1 :List(Line) $A.title("清单") $A.required;
  askedBy @2 :List(Data) $A.title("申请人") $A.ref("Person") $A.merge(addWins);
  approvals @3 :List(Data) $A.title("审批") $A.ref("Approval") $A.merge(addWins);
  boughtAt @4 :Text $A.title("采购时间") $A.instant;
  supplier @5 :Text $A.title("供应商");
  totalFen @6 :Int64 = A.absent $A.title("总金额") $A.money;
  state @7 :State $A.title("状态") $A.merge(state);

  enum KindOfPurchase { unset @0; bulk @1; daily @2; }

  struct Line {
    item @0 :Text $A.title("品名");
    quantityThousandths @1 :Int64 = A.absent $A.title("数量") $A.unit("千分之一");
    priceFen @2 :Int64 = A.absent $A.title("单价") $A.money;
  }

  enum State { unset @0; listed @1; headChefOk @2; stewardOk @3; centreOk @4; deputyOk @5; bought @6; accepted @7; returned @8; settled @9; }
}

struct GoodsAcceptance $A.entity("验收")
    $A.regulation("《职工食堂管理办法》") $A.article("第六条 L3637")
    $A.kind("event") $A.label(internal) {
  purchase @0 :Data $A.title("食堂采购") $A.ref("CanteenPurchase") $A.required $A.indexed;
  at @1 :Text $A.title("验收时间") $A.instant $A.required;
  acceptedBy @2 :List(Data) $A.title("验收人") $A.ref("Person") $A.required $A.merge(addWins) $A.article("第四条 L3633");
  quality @3 :A.Flag $A.title("质量合格");
  quantity @4 :A.Flag $A.title("数量相符");
  labels @5 :A.Flag $A.title("标识齐全");
  shelfLife @6 :A.Flag $A.title("在保质期内");
  result @7 :Result $A.title("验收结果") $A.required;
  reason @8 :Text $A.title("退换理由") $A.search;

  enum Result { unset @0; accepted @1; partly @2; returned @3; }
}

struct CanteenAccount $A.entity("食堂账目")
    $A.regulation("《职工食堂管理办法》") $A.article("第八条 L3637")
    $A.kind("event") $A.label(internal)
    $A.appendOnly {
  date @0 :Text $A.title("日期") $A.date $A.required $A.indexed;
  incomeFen @1 :Int64 = A.absent $A.title("收入") $A.money;
  expenseFen @2 :Int64 = A.absent $A.title("支出") $A.money;
  text @3 :Text $A.title("摘要");
  voucher @4 :Text $A.title("凭证号");
  by @5 :Data $A.title("经办人") $A.ref("Person") $A.required;
}

struct MenuDay $A.entity("每日食谱")
    $A.regulation("《职工食堂管理办法》") $A.article("L3621–3640")
    $A.kind("plan") $A.label(internal) {
  date @0 :Text $A.title("日期") $A.date $A.required $A.indexed;
  meals @1 :Text $A.title("食谱") $A.required;
  by @2 :Data $A.title("制定人") $A.ref("Person");
}

struct HygieneCheck $A.entity("食堂卫生检查")
    $A.regulation("《食堂运作及卫生制度》") $A.article("L3669–3699")
    $A.kind("event") $A.label(internal) {
  at @0 :Text $A.title("检查时间") $A.instant $A.required;
  by @1 :Data $A.title("检查人") $A.ref("Person") $A.required;
  failedItems @2 :List(Text) $A.title("不合格项目") $A.merge(addWins);
  remark @3 :Text $A.title("检查说明") $A.search;
}
