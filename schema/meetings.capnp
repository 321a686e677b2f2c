# Meetings and rooms.
@0xd6240b11aaba81f8;

using A = import "annotations.capnp";

struct Meeting $A.entity("会议")
    $A.regulation("《秘书长办公会议制度》") $A.article("L738–811")
    $A.kind("case") $A.label(internal)
    $A.labelRule("as its highest item")
    $A.series("meeting")
    $A.index(["kindOfMeeting,startsAt"])
    $A.needed([
      (to = ["held"], when = ":classified=1", by = "VenueCheck.meeting",
       having = "phoneShield=1 AND wirelessMicOff=1 AND ifnull(afterMeeting,0)=0 AND checkedAt<:startsAt",
       what = "a check of the venue before the start, telephones shielded and wireless microphones off",
       rule = "cm-check-before", article = "二 L996"),
      (to = ["closed"], when = ":classified=1", by = "VenueCheck.meeting",
       having = "afterMeeting=1 AND checkedAt>=ifnull(:endsAt,:startsAt)",
       what = "a check of the venue after the end", rule = "cm-check-before", article = "七 L1006")
    ])
    $A.machine([
      (from = "planned", to = "noticed"),
      (from = "noticed", to = "ready"),
      (from = "ready", to = "held"),
      (from = "held", to = "minuted"),
      (from = "minuted", to = "closed"),
      (from = "held", to = "closed"),
      (from = "planned", to = "cancelled"),
      (from = "noticed", to = "cancelled"),
      (from = "ready", to = "cancelled")
    ]) {
  kindOfMeeting @0 :KindOfMeeting $A.title("类别") $A.required $A.indexed;
  title @1 :Text $A.title("标题") $A.required $A.search $A.merge(conflict);
  startsAt @2 :Text $A.title("开始时间") $A.instant $A.required $A.indexed;
  endsAt @3 :Text $A.title("结束时间") $A.instant;
  room @4 :Data $A.title("会议室") $A.ref("Room");
  chair @5 :Data $A.title("主持人") $A.ref("Person") $A.required;
  organiser @6 :Data $A.title("承办") $A.ref("OrgUnit");
  membersEntitled @7 :List(Data) $A.title("应到") $A.ref("Person") $A.merge(addWins);
  plan @8 :Text $A.title("方案") $A.search;
  classified @9 :A.Flag $A.title("涉密");
  recordingAllowed @10 :A.Flag $A.title("可否录音");
  state @11 :State $A.title("状态") $A.merge(state);
  quorumMet @12 :A.Flag $A.title("达到法定人数") $A.computed;

  enum KindOfMeeting { unset @0; secretaryGeneral @1; weekly @2; commissioner @3; special @4; leadingGroup @5; plenary @6; video @7; other @8; }

  enum State { unset @0; planned @1; noticed @2; ready @3; held @4; minuted @5; closed @6; cancelled @7; }
}

struct Room $A.entity("会议室")
    $A.regulation("《会议室使用制度》") $A.article("L1050–1070")
    $A.kind("master") $A.label(public) {
  name @0 :Text $A.title("名称") $A.required;
  building @1 :Text $A.title("楼栋");
  floor @2 :Int64 = A.absent $A.title("楼层");
  seats @3 :Int64 = A.absent $A.title("座位数");
  equipment @4 :List(Text) $A.title("设备") $A.merge(addWins);
  inUse @5 :A.Flag $A.title("在用");
}

struct RoomBooking $A.entity("会议室预约")
    $A.regulation("《会议室使用制度》") $A.article("L1050–1070")
    $A.kind("case") $A.label(internal)
    $A.index(["room,from"])
    $A.initial(["applied", "registeredLater"])
    $A.machine([
      (from = "applied", to = "approved"),
      (from = "applied", to = "refused"),
      (from = "applied", to = "conflict"),
      (from = "conflict", to = "approved"),
      (from = "conflict", to = "moved"),
      (from = "conflict", to = "refused"),
      (from = "moved", to = "approved"),
      (from = "approved", to = "moved"),
      (from = "approved", to = "used"),
      (from = "applied", to = "cancelled"),
      (from = "approved", to = "cancelled"),
      (from = "conflict", to = "cancelled"),
      (from = "moved", to = "cancelled"),
      (from = "registeredLater", to = "used")
    ]) {
  room @0 :Data $A.title("会议室") $A.ref("Room") $A.required $A.indexed;
  from @1 :Text $A.title("开始") $A.instant $A.required $A.indexed;
  to @2 :Text $A.title("结束") $A.instant $A.required;
  applicant @3 :Data $A.title("申请单位") $A.ref("OrgUnit") $A.required;
  meeting @4 :Data $A.title("会议") $A.ref("Meeting");
  people @5 :Int64 = A.absent $A.title("人数") $A.required;
  equipment @6 :List(Text) $A.title("设备");
  onBehalfOfGovernment @7 :A.Flag $A.title("以行署名义") $A.required;
  emergency @8 :A.Flag $A.title("紧急");
  importance @9 :Int64 = A.absent $A.title("重要程度");
  appliedAt @10 :Text $A.title("申请时间") $A.instant $A.required;
  state @11 :State $A.title("状态") $A.merge(state)
      $A.reading("An emergency begins as registeredLater: held with consent, registered afterwards (二 L1056).");
  safetyResponsible @12 :Data $A.title("安全责任人") $A.ref("Person");

  enum State { unset @0; applied @1; approved @2; conflict @3; moved @4; used @5; registeredLater @6; cancelled @7; refused @8; }
}

struct AgendaItem $A.entity("议题")
    $A.regulation("《秘书长办公会议制度》") $A.article("八 L768")
    $A.kind("case") $A.label(internal)
    $A.labelRule("as meeting")
    $A.ownerUnit("综合科")
    $A.index(["meeting,order"]) {
  meeting @0 :Data $A.title("会议") $A.ref("Meeting") $A.required $A.indexed;
  order @1 :Int64 = A.absent $A.title("次序");
  title @2 :Text $A.title("议题名称") $A.required $A.search;
  proposer @3 :Data $A.title("提请单位") $A.ref("OrgUnit") $A.required;
  subjectKind @4 :SubjectKind $A.title("议题类别") $A.required;
  reviewedBy @5 :Data $A.title("分管审签") $A.ref("Person");
  initialOpinion @6 :Text $A.title("初审意见") $A.search;
  admitted @7 :A.Flag $A.title("列入议程");
  decision @8 :Text $A.title("决定") $A.search $A.merge(conflict);
  needsReport @9 :A.Flag $A.title("专题报告");
  reportDue @10 :Text $A.title("专题报告时限") $A.instant;

  enum SubjectKind { unset @0; general @1; personnel @2; majorReward @3; project @4; other @5; }
}

struct MeetingAttendance $A.entity("参会")
    $A.regulation("《秘书长办公会议制度》") $A.article("五 L752")
    $A.kind("event") $A.label(internal)
    $A.labelRule("as meeting")
    $A.ownerUnit("综合科")
    $A.index(["meeting,answer"])
    $A.machine([
      (from = "invited", to = "registered", who = "参会人员"),
      (from = "invited", to = "leaveRequested", who = "参会人员", reason = true),
      (from = "registered", to = "leaveRequested", who = "参会人员", reason = true),
      (from = "leaveRequested", to = "leaveApproved", who = "主持人"),
      (from = "leaveRequested", to = "refused", who = "主持人"),
      (from = "leaveApproved", to = "registered", who = "参会人员"),
      (from = "refused", to = "registered", who = "参会人员"),
      (from = "invited", to = "refused", who = "参会人员", reason = true)
    ]) {
  meeting @0 :Data $A.title("会议") $A.ref("Meeting") $A.required $A.indexed;
  person @1 :Data $A.title("参会人员") $A.ref("Person") $A.indexed;
  externalName @2 :Text $A.title("外单位人员姓名");
  unit @3 :Data $A.title("参会单位") $A.ref("OrgUnit");
  role @4 :Role $A.title("参会身份");
  answer @5 :Answer $A.title("参会答复") $A.merge(state);
  arrivedAt @6 :Text $A.title("签到时间") $A.instant;
  substituteFor @7 :Data $A.title("顶会") $A.ref("Person");
  leftAt @8 :Text $A.title("离会时间") $A.instant;
  informedAfter @9 :Text $A.title("会后通报") $A.instant $A.article("五 L752");

  enum Role { unset @0; member @1; attending @2; observer @3; staff @4; press @5; }

  enum Answer { unset @0; invited @1; registered @2; leaveRequested @3; leaveApproved @4; refused @5; }
}

struct MeetingMinutes $A.entity("会议纪要")
    $A.regulation("《秘书长办公会议制度》") $A.article("八(6) L778")
    $A.kind("case") $A.label(internal)
    $A.labelRule("as meeting")
    $A.ownerUnit("综合科")
    $A.index(["state"])
    $A.machine([
      (from = "draft", to = "reviewed", who = "分管综合科的副秘书长", article = "八(6) L778"),
      (from = "reviewed", to = "draft", who = "分管副秘书长", reason = true),
      (from = "reviewed", to = "approved", who = "秘书长", article = "八(6) L778"),
      (from = "approved", to = "issued", who = "综合科"),
      (from = "issued", to = "archived", who = "综合科")
    ]) {
  meeting @0 :Data $A.title("会议") $A.ref("Meeting") $A.required;
  text @1 :Text $A.title("纪要内容") $A.required $A.search $A.merge(conflict);
  drafter @2 :Data $A.title("起草人") $A.ref("Person") $A.required;
  reviewedBy @3 :Data $A.title("审核人") $A.ref("Person");
  signedBy @4 :Data $A.title("签发人") $A.ref("Person");
  issuedAt @5 :Text $A.title("印发时间") $A.instant;
  state @6 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; draft @1; reviewed @2; approved @3; issued @4; archived @5; }
}

struct Resolution $A.entity("议定事项")
    $A.regulation("《秘书长办公会议制度》") $A.article("九(3) L788")
    $A.kind("case") $A.label(internal)
    $A.labelRule("as meeting")
    $A.ownerUnit("综合科")
    $A.index(["state,dueAt"])
    $A.machine([
      (from = "adopted", to = "inProgress", who = "责任单位"),
      (from = "adopted", to = "done", who = "责任单位"),
      (from = "inProgress", to = "done", who = "责任单位"),
      (from = "adopted", to = "changed", who = "后一次会议", article = "九(3) L788"),
      (from = "inProgress", to = "changed", who = "后一次会议", article = "九(3) L788")
    ]) {
  meeting @0 :Data $A.title("会议") $A.ref("Meeting") $A.required $A.indexed;
  text @1 :Text $A.title("议定内容") $A.required $A.search;
  responsible @2 :Data $A.title("责任单位") $A.ref("OrgUnit") $A.required;
  dueAt @3 :Text $A.title("完成时限") $A.instant;
  supersedes @4 :Data $A.title("替代的议定事项") $A.ref("Resolution");
  state @5 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; adopted @1; inProgress @2; done @3; changed @4; }
}

struct MeetingPlan $A.entity("会议方案")
    $A.regulation("《办会工作细则》") $A.article("一(一)、二 L823–913")
    $A.kind("plan") $A.label(internal)
    $A.labelRule("as meeting")
    $A.ownerUnit("秘书二科")
    $A.index(["state"])
    $A.machine([
      (from = "draft", to = "deputyReviewed", who = "分管副秘书长", article = "一(一) L823"),
      (from = "deputyReviewed", to = "secretaryApproved", who = "秘书长", article = "一(一) L823"),
      (from = "secretaryApproved", to = "leaderAgreed", who = "行署领导", article = "一(一) L823"),
      (from = "deputyReviewed", to = "draft", who = "秘书长", reason = true),
      (from = "secretaryApproved", to = "draft", who = "秘书长", reason = true)
    ]) {
  meeting @0 :Data $A.title("会议") $A.ref("Meeting") $A.required;
  theme @1 :Text $A.title("会议主题") $A.required $A.search;
  purpose @2 :Text $A.title("会议目的");
  agenda @3 :Text $A.title("会议议程") $A.search;
  participantsScope @4 :Text $A.title("参会范围");
  divisionOfWork @5 :Text $A.title("任务分工");
  banner @6 :Text $A.title("横幅");
  budget @7 :Int64 = A.absent $A.title("经费预算") $A.money;
  state @8 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; draft @1; deputyReviewed @2; secretaryApproved @3; leaderAgreed @4; }
}

struct MeetingMaterial $A.entity("会议材料")
    $A.regulation("《办会工作细则》") $A.article("L813–983；涉密会议四 L1000")
    $A.kind("register") $A.label(internal)
    $A.labelRule("as meeting")
    $A.ownerUnit("秘书二科")
    $A.prohibited([
      (name = "materialMissing", when = "copies-ifnull(reserve,0)>collected+ifnull(takenAway,0)", field = "collected",
       article = "四 L1000", count = "copies-ifnull(reserve,0)-collected-ifnull(takenAway,0)")
    ]) {
  meeting @0 :Data $A.title("会议") $A.ref("Meeting") $A.required $A.indexed;
  title @1 :Text $A.title("材料名称") $A.required $A.search;
  copies @2 :Int64 = A.absent $A.title("印制份数") $A.required;
  reserve @3 :Int64 = A.absent $A.title("预留");
  numbered @4 :A.Flag $A.title("已编号");
  collected @5 :Int64 = A.absent $A.title("收回") $A.merge(counter) $A.article("四 L1000")
      $A.reading("Issued is what was printed without what is kept in reserve; what is missing is told from the first that comes back.");
  destroyed @6 :Int64 = A.absent $A.title("销毁") $A.merge(counter);
  carrier @7 :Data $A.title("对应涉密载体") $A.ref("ClassifiedCarrier");
  takenAway @8 :Int64 = A.absent $A.title("依规带离") $A.merge(counter) $A.article("四 L1000");
}

struct MeetingPass $A.entity("会议证件")
    $A.regulation("《办会工作细则》") $A.article("L813–983")
    $A.kind("register") $A.label(internal)
    $A.ownerUnit("秘书二科") {
  meeting @0 :Data $A.title("会议") $A.ref("Meeting") $A.required $A.indexed;
  passKind @1 :PassKind $A.title("证件类别") $A.required;
  colour @2 :Text $A.title("颜色");
  issued @3 :Int64 = A.absent $A.title("发放数");
  returned @4 :Int64 = A.absent $A.title("收回数");

  enum PassKind { unset @0; attendance @1; press @2; staff @3; vehicle @4; hearing @5; observer @6; }
}

struct MeetingChecklist $A.entity("会议服务对照检查单")
    $A.regulation("《办会工作细则》") $A.article("L813–983")
    $A.kind("register") $A.label(internal)
    $A.ownerUnit("秘书二科") {
  meeting @0 :Data $A.title("会议") $A.ref("Meeting") $A.required $A.indexed;
  item @1 :Text $A.title("检查项目") $A.required;
  checkedBy @2 :Data $A.title("检查人") $A.ref("Person");
  checkedAt @3 :Text $A.title("检查时间") $A.instant;
  ok @4 :A.Flag $A.title("合格");
  remark @5 :Text $A.title("检查说明");
}

struct VenueCheck $A.entity("会场保密检查")
    $A.regulation("《涉密会议保密管理暂行规定》") $A.article("二、七 L996")
    $A.kind("event") $A.label(internal)
    $A.labelRule("as meeting")
    $A.index(["meeting,checkedAt"]) {
  meeting @0 :Data $A.title("会议") $A.ref("Meeting") $A.required $A.indexed;
  checkedAt @1 :Text $A.title("检查时间") $A.instant $A.required;
  checkedBy @2 :Data $A.title("检查人") $A.ref("Person") $A.required;
  phoneShield @3 :A.Flag $A.title("屏蔽") $A.required $A.article("二 L996");
  wirelessMicOff @4 :A.Flag $A.title("已停用无线话筒") $A.required $A.article("二 L996");
  perimeter @5 :A.Flag $A.title("已检查周边环境");
  afterMeeting @6 :A.Flag $A.title("清场") $A.article("七 L1006");
  found @7 :Text $A.title("遗留物") $A.search;
}

struct FacilityFault $A.entity("设施故障")
    $A.regulation("《会议室使用制度》") $A.article("七 L1066")
    $A.kind("case") $A.label(internal)
    $A.ownerUnit("秘书二科")
    $A.index(["state,reportedAt"])
    $A.machine([
      (from = "reported", to = "repairing", who = "秘书二科", article = "七 L1066"),
      (from = "reported", to = "repaired", who = "秘书二科"),
      (from = "repairing", to = "repaired", who = "秘书二科"),
      (from = "reported", to = "compensated", who = "使用单位"),
      (from = "repairing", to = "compensated", who = "使用单位"),
      (from = "repaired", to = "compensated", who = "使用单位")
    ]) {
  room @0 :Data $A.title("会议室") $A.ref("Room");
  asset @1 :Data $A.title("资产") $A.ref("Asset");
  reportedBy @2 :Data $A.title("报告人") $A.ref("Person");
  reportedAt @3 :Text $A.title("报告时间") $A.instant $A.required;
  description @4 :Text $A.title("故障情况") $A.required $A.search;
  compensation @5 :Int64 = A.absent $A.title("赔偿金额") $A.money;
  state @6 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; reported @1; repairing @2; repaired @3; compensated @4; }
}
