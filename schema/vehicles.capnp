# Vehicles and what they cost.
@0x9301e6b11c58972f;

using A = import "annotations.capnp";

struct Vehicle $A.entity("车辆")
    $A.regulation("《车辆安全运行管理规定》") $A.article("L3309–3365")
    $A.kind("master") $A.label(internal)
    $A.ownerUnit("后勤服务中心")
    $A.index(["state"])
    $A.machine([
      (from = "inUse", to = "repair", who = "车队", article = "二(三) L3326"),
      (from = "repair", to = "inUse", who = "车队"),
      (from = "inUse", to = "parked", who = "车队", article = "二(一) L3323"),
      (from = "parked", to = "inUse", who = "车队"),
      (from = "inUse", to = "retired", who = "后勤服务中心"),
      (from = "repair", to = "retired", who = "后勤服务中心"),
      (from = "parked", to = "retired", who = "后勤服务中心")
    ]) {
  plate @0 :Text $A.title("车牌号") $A.required $A.indexed $A.key;
  model @1 :Text $A.title("车型") $A.required;
  fuelClass @2 :FuelClass $A.title("油耗类别") $A.required;
  driver @3 :Data $A.title("驾驶员") $A.ref("Person");
  insuredUntil @4 :Text $A.title("保险到期") $A.date;
  inspectedUntil @5 :Text $A.title("年检到期") $A.date;
  passes @6 :Text $A.title("通行证件");
  state @7 :State $A.title("状态") $A.merge(state);

  enum FuelClass { unset @0; v8 @1; t200 @2; other @3; }

  enum State { unset @0; inUse @1; repair @2; parked @3; retired @4; }
}

struct Trip $A.entity("出车")
    $A.regulation("《车辆安全运行管理规定》") $A.article("L3309–3365")
    $A.kind("case") $A.label(internal)
    $A.series("trip")
    $A.ownerUnit("后勤服务中心")
    $A.index(["vehicle,leftAt", "state,plannedAt"])
    $A.machine([
      (from = "asked", to = "approved", who = "后勤服务中心；非工作时间另经副秘书长", article = "一(二) L3319"),
      (from = "approved", to = "out", who = "驾驶员"),
      (from = "out", to = "back", who = "驾驶员"),
      (from = "asked", to = "cancelled", who = "用车人"),
      (from = "approved", to = "cancelled", who = "用车人")
    ]) {
  vehicle @0 :Data $A.title("车辆") $A.ref("Vehicle") $A.required $A.indexed;
  driver @1 :Data $A.title("驾驶员") $A.ref("Person") $A.required $A.indexed;
  requester @2 :Data $A.title("用车人") $A.ref("Person");
  purpose @3 :Text $A.title("出车事由") $A.required;
  passengers @4 :Int64 = A.absent $A.title("乘车人数");
  from @5 :Text $A.title("出发地");
  to @6 :Text $A.title("目的地") $A.required;
  outOfTown @7 :A.Flag $A.title("出城");
  offHours @8 :A.Flag $A.title("非工作时间用车");
  approvedBy @9 :Data $A.title("批准人") $A.ref("Person");
  plannedAt @10 :Text $A.title("计划出车时间") $A.instant;
  leftAt @11 :Text $A.title("出车时间") $A.instant;
  returnedAt @12 :Text $A.title("返回时间") $A.instant;
  startMetres @13 :Int64 = A.absent $A.title("出车里程") $A.metres;
  endMetres @14 :Int64 = A.absent $A.title("返回里程") $A.metres;
  lateReason @15 :Text $A.title("晚归原因");
  state @16 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; asked @1; approved @2; out @3; back @4; cancelled @5; }
}

struct VehicleCheck $A.entity("车辆检查")
    $A.regulation("《车辆安全运行管理规定》") $A.article("二(二) L3324")
    $A.kind("event") $A.label(internal)
    $A.ownerUnit("后勤服务中心")
    $A.index(["vehicle,at"]) {
  vehicle @0 :Data $A.title("车辆") $A.ref("Vehicle") $A.required $A.indexed;
  kindOfCheck @1 :KindOfCheck $A.title("检查类别") $A.required;
  at @2 :Text $A.title("检查时间") $A.instant $A.required;
  ok @3 :A.Flag $A.title("合格") $A.required;
  faults @4 :Text $A.title("故障情况") $A.search;
  by @5 :Data $A.title("检查人") $A.ref("Person") $A.required;

  enum KindOfCheck { unset @0; daily @1; quarterly @2; beforeTrip @3; }
}

struct TrafficEvent $A.entity("违章事故")
    $A.regulation("《车辆安全运行管理规定》") $A.article("四 L3339")
    $A.kind("event") $A.label(internal)
    $A.ownerUnit("后勤服务中心")
    $A.index(["driver,at"]) {
  vehicle @0 :Data $A.title("车辆") $A.ref("Vehicle") $A.required;
  driver @1 :Data $A.title("驾驶员") $A.ref("Person") $A.required $A.indexed;
  at @2 :Text $A.title("时间") $A.instant $A.required;
  kindOfEvent @3 :KindOfEvent $A.title("类别") $A.required;
  fineFen @4 :Int64 = A.absent $A.title("罚款金额") $A.money;
  points @5 :Int64 = A.absent $A.title("扣分");
  liable @6 :A.Flag $A.title("负有责任");

  enum KindOfEvent { unset @0; violation @1; accident @2; }
}

struct FuelOrder $A.entity("加油通知单")
    $A.regulation("《车辆运行费用管理办法》") $A.article("三(3) L3409")
    $A.kind("event") $A.label(internal)
    $A.series("fuel")
    $A.ownerUnit("后勤服务中心")
    $A.index(["vehicle,at"]) {
  vehicle @0 :Data $A.title("车辆") $A.ref("Vehicle") $A.required $A.indexed;
  at @1 :Text $A.title("加油时间") $A.instant $A.required;
  milliLitres @2 :Int64 = A.absent $A.title("加油量") $A.required $A.unit("毫升") $A.least(1);
  priceFenPerLitre @3 :Int64 = A.absent $A.title("每升单价") $A.money $A.required $A.least(1) $A.article("三(3) L3409");
  odometerMetres @4 :Int64 = A.absent $A.title("里程表读数") $A.unit("米") $A.least(0);
  issuedBy @5 :Data $A.title("开单人") $A.ref("Person") $A.required;
}

struct OdometerReading $A.entity("里程核准")
    $A.regulation("《车辆运行费用管理办法》") $A.article("L3391–3427")
    $A.kind("register") $A.label(internal)
    $A.ownerUnit("后勤服务中心")
    $A.index(["vehicle,month"]) {
  vehicle @0 :Data $A.title("车辆") $A.ref("Vehicle") $A.required $A.indexed;
  month @1 :Text $A.title("月份") $A.required $A.indexed $A.format("[0-9]{4}-(0[1-9]|1[0-2])");
  metresFrom @2 :Int64 = A.absent $A.title("月初里程") $A.required $A.unit("米") $A.least(0);
  metresTo @3 :Int64 = A.absent $A.title("月末里程") $A.required $A.unit("米") $A.least(0);
  checkedBy @4 :Data $A.title("核准人") $A.ref("Person") $A.required;
  teamLeader @5 :Data $A.title("车队队长") $A.ref("Person");
  driverSignedAt @6 :Text $A.title("驾驶员签字时间") $A.instant;
}

struct VehicleRepair $A.entity("维修保养")
    $A.regulation("《车辆运行费用管理办法》") $A.article("三(4) L3411")
    $A.kind("case") $A.label(internal)
    $A.ownerUnit("后勤服务中心")
    $A.index(["vehicle,at"])
    $A.machine([
      (from = "asked", to = "teamOk", who = "车队队长", article = "二(三) L3326"),
      (from = "teamOk", to = "centreOk", who = "后勤服务中心", article = "二(三) L3326"),
      (from = "centreOk", to = "deputyOk", who = "分管副秘书长", article = "二(三) L3326"),
      (from = "centreOk", to = "repairing", who = "车队"),
      (from = "deputyOk", to = "repairing", who = "车队"),
      (from = "repairing", to = "done", who = "驾驶员"),
      (from = "done", to = "settled", who = "财务室")
    ]) {
  vehicle @0 :Data $A.title("车辆") $A.ref("Vehicle") $A.required $A.indexed;
  at @1 :Text $A.title("报修时间") $A.instant $A.required;
  parts @2 :Text $A.title("维修项目") $A.required $A.search;
  estimateFen @3 :Int64 = A.absent $A.title("预算金额") $A.money $A.required $A.least(0) $A.article("三(4) L3411");
  actualFen @4 :Int64 = A.absent $A.title("实际金额") $A.money;
  place @5 :Place $A.title("维修地点类别") $A.required;
  overhaul @6 :A.Flag $A.title("大修");
  approvals @7 :List(Data) $A.title("审批") $A.ref("Approval") $A.merge(addWins);
  state @8 :State $A.title("状态") $A.merge(state);

  enum Place { unset @0; base @1; lhasa @2; elsewhere @3; }

  enum State { unset @0; asked @1; teamOk @2; centreOk @3; deputyOk @4; repairing @5; done @6; settled @7; }
}

struct VehicleCost $A.entity("车辆费用")
    $A.regulation("《车辆运行费用管理办法》") $A.article("L3391–3427")
    $A.kind("event") $A.label(internal)
    $A.ownerUnit("后勤服务中心")
    $A.index(["vehicle,month"]) {
  vehicle @0 :Data $A.title("车辆") $A.ref("Vehicle") $A.required $A.indexed;
  month @1 :Text $A.title("月份") $A.required $A.format("[0-9]{4}-(0[1-9]|1[0-2])");
  kindOfCost @2 :KindOfCost $A.title("费用类别") $A.required;
  amountFen @3 :Int64 = A.absent $A.title("金额") $A.money $A.required;

  enum KindOfCost { unset @0; fuel @1; repair @2; insurance @3; inspection @4; wash @5; other @6; }
}
