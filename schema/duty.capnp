# The duty room, incidents and emergency plans.
@0xa1ed1a32b4e3bab5;

using A = import "annotations.capnp";

struct DutyShift $A.entity("值班班次")
    $A.regulation("《总值班室工作制度》") $A.article("(一) L2692")
    $A.kind("plan") $A.label(internal)
    $A.ownerUnit("总值班室")
    $A.index(["date,shift"])
    $A.machine([
      (from = "planned", to = "onDuty", who = "值班干部", article = "(一) L2692"),
      (from = "planned", to = "vacant", who = "带班领导", article = "(一) L2692"),
      (from = "vacant", to = "onDuty", who = "带班领导"),
      (from = "onDuty", to = "handedOver", who = "值班干部", article = "(七) L2704")
    ]) {
  date @0 :Text $A.title("值班日期") $A.date $A.required $A.indexed;
  shift @1 :Shift $A.title("班别") $A.required;
  leader @2 :Data $A.title("带班") $A.ref("Person") $A.required;
  officer @3 :Data $A.title("值班干部") $A.ref("Person") $A.required;
  guard @4 :Text $A.title("安保") $A.required;
  site @5 :Data $A.title("值班站点") $A.ref("Site") $A.required;
  state @6 :State $A.title("状态") $A.merge(state);

  enum Shift { unset @0; day @1; night @2; }

  enum State { unset @0; planned @1; onDuty @2; handedOver @3; vacant @4; }
}

struct DutyLogEntry $A.entity("值班记录")
    $A.regulation("《总值班室工作制度》") $A.article("L2658–2704")
    $A.kind("event") $A.label(internal)
    $A.ownerUnit("总值班室")
    $A.appendOnly
    $A.index(["shift,at"]) {
  shift @0 :Data $A.title("班次") $A.ref("DutyShift") $A.required $A.indexed;
  at @1 :Text $A.title("时间") $A.instant $A.required;
  kindOfEntry @2 :KindOfEntry $A.title("记录类别") $A.required;
  caller @3 :Text $A.title("来电人");
  callerUnit @4 :Text $A.title("来电单位");
  phone @5 :Text $A.title("来电号码");
  text @6 :Text $A.title("记录内容") $A.required $A.search;
  reportedTo @7 :List(Data) $A.title("已报告对象") $A.ref("Person");
  handedOn @8 :A.Flag $A.title("已移交下一班");

  enum KindOfEntry { unset @0; incident @1; instruction @2; inquiry @3; visitor @4; equipment @5; other @6; }
}

struct IncidentNotice $A.entity("突发事件接报")
    $A.regulation("《总值班室工作制度》") $A.article("(三) L2696")
    $A.kind("case") $A.label(confidential)
    $A.series("incident")
    $A.ownerUnit("总值班室") {
  shift @0 :Data $A.title("班次") $A.ref("DutyShift");
  receivedAt @1 :Text $A.title("接报时间") $A.instant $A.required;
  receivedBy @2 :Data $A.title("接报人") $A.ref("Person") $A.required;
  reporterUnit @3 :Text $A.title("报告单位") $A.required;
  reporterName @4 :Text $A.title("报告人") $A.required;
  reporterPhone @5 :Text $A.title("报告电话") $A.required;
  occurredAt @6 :Text $A.title("发生时间") $A.instant;
  place @7 :Text $A.title("地点") $A.required $A.search;
  cause @8 :Text $A.title("起因");
  nature @9 :Nature $A.title("性质");
  scale @10 :Text $A.title("规模");
  deaths @11 :Int64 = A.absent $A.title("死亡人数") $A.merge(conflict) $A.least(0) $A.unit("人");
  injured @12 :Int64 = A.absent $A.title("受伤人数") $A.merge(conflict) $A.least(0) $A.unit("人");
  lossFen @13 :Int64 = A.absent $A.title("经济损失") $A.money $A.least(0);
  trend @14 :Text $A.title("发展趋势");
  measures @15 :Text $A.title("已采取措施") $A.search;
  verified @16 :A.Flag $A.title("核实");
  report @17 :Data $A.title("对应紧急信息") $A.ref("UrgentReport");

  enum Nature { unset @0; naturalDisaster @1; accident @2; publicHealth @3; publicOrder @4; other @5; }
}

struct ShiftHandover $A.entity("交接班")
    $A.regulation("《总值班室工作制度》") $A.article("(七) L2704")
    $A.kind("event") $A.label(internal)
    $A.ownerUnit("总值班室") {
  from @0 :Data $A.title("交班班次") $A.ref("DutyShift") $A.required;
  to @1 :Data $A.title("接班班次") $A.ref("DutyShift") $A.required;
  at @2 :Text $A.title("交接时间") $A.instant $A.required;
  openMatters @3 :Text $A.title("待办事项") $A.search;
  signedFrom @4 :Data $A.title("交班人") $A.ref("Person");
  signedTo @5 :Data $A.title("接班人") $A.ref("Person");
  equipmentOk @6 :A.Flag $A.title("设备正常");
  cleaned @7 :A.Flag $A.title("卫生已清扫");
}

struct EmergencyPlan $A.entity("应急预案")
    $A.regulation("《总值班室工作制度》") $A.article("L2658–2704")
    $A.kind("case") $A.label(internal)
    $A.series("plan")
    $A.ownerUnit("总值班室")
    $A.index(["state"])
    $A.machine([
      (from = "draft", to = "approved", who = "行署领导"),
      (from = "approved", to = "filed", who = "应急管理科"),
      (from = "approved", to = "superseded", who = "应急管理科"),
      (from = "filed", to = "superseded", who = "应急管理科")
    ]) {
  title @0 :Text $A.title("预案名称") $A.required $A.search;
  unit @1 :Data $A.title("编制单位") $A.ref("OrgUnit");
  version @2 :Int64 = A.absent $A.title("版次");
  approvedAt @3 :Text $A.title("批准日期") $A.date;
  filedAt @4 :Text $A.title("备案日期") $A.date;
  text @5 :Text $A.title("预案内容") $A.search;
  state @6 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; draft @1; approved @2; filed @3; superseded @4; }
}

struct EmergencyDrill $A.entity("应急演练")
    $A.regulation("《总值班室工作制度》") $A.article("L2658–2704")
    $A.kind("event") $A.label(internal)
    $A.ownerUnit("总值班室") {
  plan @0 :Data $A.title("应急预案") $A.ref("EmergencyPlan") $A.required;
  at @1 :Text $A.title("演练日期") $A.date $A.required;
  participants @2 :Int64 = A.absent $A.title("参演人数");
  evaluation @3 :Text $A.title("演练评估") $A.search;
}
