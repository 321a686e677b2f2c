# Buildings: leases, safety, hired staff, the gate, cleaning.
@0xf12d4f88cd2c233c;

using A = import "annotations.capnp";

struct PropertyLease $A.entity("门面房租赁")
    $A.regulation("《后勤服务中心工作职责》") $A.article("L3183–3261")
    $A.kind("case") $A.label(internal)
    $A.ownerUnit("后勤服务中心")
    $A.index(["state,paidUntil"])
    $A.machine([
      (from = "signed", to = "running", who = "后勤服务中心"),
      (from = "running", to = "overdue", who = "后勤服务中心"),
      (from = "overdue", to = "running", who = "后勤服务中心"),
      (from = "running", to = "ended", who = "后勤服务中心"),
      (from = "overdue", to = "ended", who = "后勤服务中心")
    ]) {
  premises @0 :Text $A.title("门面房") $A.required;
  tenant @1 :Text $A.title("承租人") $A.required;
  from @2 :Text $A.title("起租日期") $A.date $A.required;
  to @3 :Text $A.title("到期日期") $A.date $A.required;
  monthlyRentFen @4 :Int64 = A.absent $A.title("月租金") $A.money $A.required;
  depositFen @5 :Int64 = A.absent $A.title("押金") $A.money;
  paidUntil @6 :Text $A.title("租金已缴至") $A.date $A.merge(ratchet);
  state @7 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; signed @1; running @2; overdue @3; ended @4; }
}

struct SafetyInspection $A.entity("安全检查")
    $A.regulation("《后勤服务中心工作职责》") $A.article("L3183–3261")
    $A.kind("event") $A.label(internal)
    $A.ownerUnit("后勤服务中心")
    $A.index(["state,dueAt"])
    $A.initial(["ok", "hazard"])
    $A.machine([
      (from = "ok", to = "closed", who = "检查人"),
      (from = "hazard", to = "rectifying", who = "责任单位"),
      (from = "rectifying", to = "closed", who = "检查人"),
      (from = "rectifying", to = "hazard", who = "检查人", reason = true)
    ]) {
  place @0 :Text $A.title("地点") $A.required;
  kindOfCheck @1 :KindOfCheck $A.title("检查类别") $A.required;
  at @2 :Text $A.title("检查时间") $A.instant $A.required;
  inspector @3 :Data $A.title("检查人") $A.ref("Person") $A.required;
  found @4 :Text $A.title("发现情况") $A.search;
  dueAt @5 :Text $A.title("整改时限") $A.instant;
  fixedAt @6 :Text $A.title("整改完成时间") $A.instant;
  state @7 :State $A.title("状态") $A.merge(state);

  enum KindOfCheck { unset @0; fire @1; electric @2; gas @3; building @4; food @5; other @6; }

  enum State { unset @0; ok @1; hazard @2; rectifying @3; closed @4; }
}

struct ContractStaff $A.entity("聘用人员")
    $A.regulation("《后勤服务中心工作职责》") $A.article("L3183–3261")
    $A.kind("register") $A.label(internal)
    $A.ownerUnit("后勤服务中心") {
  name @0 :Text $A.title("姓名") $A.required;
  job @1 :Job $A.title("岗位") $A.required;
  from @2 :Text $A.title("聘用日期") $A.date;
  to @3 :Text $A.title("到期日期") $A.date;
  contract @4 :Data $A.title("聘用合同") $A.blob;

  enum Job { unset @0; driver @1; cleaner @2; guard @3; cook @4; waiter @5; other @6; }
}

struct GateRegister $A.entity("门卫登记")
    $A.regulation("《门卫保安》") $A.article("L114–122")
    $A.kind("register") $A.label(internal)
    $A.index(["inAt"]) {
  visitor @0 :Text $A.title("来访人") $A.required;
  unit @1 :Text $A.title("来访单位");
  toSee @2 :Data $A.title("被访人") $A.ref("Person");
  inAt @3 :Text $A.title("进入时间") $A.instant $A.required;
  outAt @4 :Text $A.title("离开时间") $A.instant;
  vehiclePlate @5 :Text $A.title("车牌号");
}

struct CleaningSheet $A.entity("卫生考核表")
    $A.regulation("《工勤班日常管理考核办法》") $A.article("L3453–3595")
    $A.kind("config") $A.label(internal) {
  area @0 :Area $A.title("考核区域") $A.required;
  items @1 :List(Item) $A.title("项目") $A.required;
  total @2 :Int64 = A.absent $A.title("总分")
      $A.reading("The office sheet's points add up to 21 and the text says 20: the score is 20 less the deductions.");
  passMark @3 :Int64 = A.absent $A.title("合格分") $A.least(0) $A.most(20) $A.article("L3487");

  enum Area { unset @0; office4F @1; corridor @2; centre @3; washroom @4; leaderOffice @5; }

  struct Item {
    order @0 :Int64 = A.absent $A.title("次序");
    text @1 :Text $A.title("项目内容");
    points @2 :Int64 = A.absent $A.title("分值");
  }
}

struct CleaningAssessment $A.entity("卫生考核")
    $A.regulation("《工勤班日常管理考核办法》") $A.article("L3487")
    $A.kind("event") $A.label(internal)
    $A.index(["sheet,at"]) {
  sheet @0 :Data $A.title("考核表") $A.ref("CleaningSheet") $A.required $A.indexed;
  place @1 :Text $A.title("考核地点") $A.required;
  worker @2 :Text $A.title("保洁员") $A.required $A.indexed;
  at @3 :Text $A.title("考核时间") $A.instant $A.required;
  by @4 :Data $A.title("考核人") $A.ref("Person") $A.required;
  failedItems @5 :List(Int64) $A.title("不合格项目") $A.merge(addWins);
  score @6 :Int64 = A.absent $A.title("得分") $A.computed $A.least(0) $A.most(20) $A.article("L3487")
      $A.reading("Twenty less the deductions, never below 0.");
  passed @7 :A.Flag $A.title("合格") $A.computed;
}
