# Training, exchange of posts, leave and attendance.
@0xba65c5dc67211e92;

using A = import "annotations.capnp";

struct TrainingActivity $A.entity("学习培训")
    $A.regulation("《学习培训考察管理制度》") $A.article("L2833–2885")
    $A.kind("case") $A.label(internal)
    $A.index(["state,from"])
    $A.machine([
      (from = "proposed", to = "approved", who = "分管领导"),
      (from = "approved", to = "running", who = "综合科"),
      (from = "running", to = "done", who = "参加人员"),
      (from = "done", to = "reported", who = "参加人员", article = "一(三) L2847")
    ]) {
  title @0 :Text $A.title("培训名称") $A.required $A.search;
  kindOfTraining @1 :KindOfTraining $A.title("培训类别") $A.required;
  place @2 :Text $A.title("培训地点");
  from @3 :Text $A.title("开始日期") $A.date $A.required;
  to @4 :Text $A.title("结束日期") $A.date $A.required;
  participants @5 :List(Data) $A.title("参加人员") $A.ref("Person") $A.merge(addWins);
  approvedBy @6 :Data $A.title("批准人") $A.ref("Person");
  recordedAt @7 :Text $A.title("备案") $A.instant;
  state @8 :State $A.title("状态") $A.merge(state);

  enum KindOfTraining { unset @0; outside @1; superior @2; partySchool @3; degree @4; other @5; }

  enum State { unset @0; proposed @1; approved @2; running @3; done @4; reported @5; }
}

struct TrainingReport $A.entity("心得体会")
    $A.regulation("《学习培训考察管理制度》") $A.article("一(三) L2847")
    $A.kind("event") $A.label(internal) {
  training @0 :Data $A.title("学习培训") $A.ref("TrainingActivity") $A.required;
  person @1 :Data $A.title("人员") $A.ref("Person") $A.required $A.indexed;
  submittedAt @2 :Text $A.title("提交时间") $A.instant;
  characters @3 :Int64 = A.absent $A.title("字数") $A.required $A.least(0) $A.unit("字") $A.article("一(三) L2847");
  body @4 :Data $A.title("心得体会正文") $A.blob;
}

struct DegreeStudy $A.entity("学历教育")
    $A.regulation("《学习培训考察管理制度》") $A.article("三、四 L2861–2877")
    $A.kind("case") $A.label(internal)
    $A.index(["state"])
    $A.machine([
      (from = "asked", to = "approved", who = "分管领导"),
      (from = "approved", to = "studying", who = "本人"),
      (from = "studying", to = "graduated", who = "本人", article = "四 L2867"),
      (from = "studying", to = "failed", who = "本人"),
      (from = "asked", to = "cancelled", who = "本人或分管领导", reason = true),
      (from = "approved", to = "cancelled", who = "本人或分管领导", reason = true),
      (from = "studying", to = "cancelled", who = "本人或分管领导", reason = true)
    ]) {
  person @0 :Data $A.title("人员") $A.ref("Person") $A.required $A.indexed;
  degree @1 :Degree $A.title("学历层次") $A.required;
  mode @2 :Mode $A.title("学习方式") $A.required;
  organised @3 :A.Flag $A.title("上级组织");
  startedOn @4 :Text $A.title("开始日期") $A.date;
  finishedOn @5 :Text $A.title("结束日期") $A.date;
  certificate @6 :A.Flag $A.title("已取得证书");
  feesFen @7 :Int64 = A.absent $A.title("学费") $A.money;
  reimbursedFen @8 :Int64 = A.absent $A.title("报销金额") $A.money $A.computed $A.article("四 L2867–2873");
  leftOn @9 :Text $A.title("调离日期") $A.date $A.article("四(六) L2877");
  state @10 :State $A.title("状态") $A.merge(state);

  enum Degree { unset @0; bachelor @1; master @2; other @3; }

  enum Mode { unset @0; fullTime @1; partTime @2; spareTime @3; }

  enum State { unset @0; asked @1; approved @2; studying @3; graduated @4; failed @5; cancelled @6; }
}

struct CadreExchange $A.entity("干部交流")
    $A.regulation("《干部交流办法》") $A.article("五 L2928–2936")
    $A.kind("case") $A.label(confidential)
    $A.labelRule("until it is decided")
    $A.index(["person,state"])
    $A.machine([
      (from = "proposed", to = "consulted", who = "分管领导", article = "五 L2928"),
      (from = "consulted", to = "decided", who = "会议", article = "五 L2932"),
      (from = "decided", to = "talked", who = "秘书长", article = "五 L2936"),
      (from = "talked", to = "noticed", who = "综合科"),
      (from = "noticed", to = "reported", who = "交流干部", article = "十一 L2948"),
      (from = "proposed", to = "deferred", who = "秘书长", article = "四", reason = true),
      (from = "consulted", to = "deferred", who = "秘书长", article = "四", reason = true),
      (from = "deferred", to = "proposed", who = "秘书长"),
      (from = "proposed", to = "cancelled", who = "秘书长", reason = true),
      (from = "consulted", to = "cancelled", who = "秘书长", reason = true),
      (from = "deferred", to = "cancelled", who = "秘书长", reason = true)
    ]) {
  person @0 :Data $A.title("交流干部") $A.ref("Person") $A.required $A.indexed;
  fromUnit @1 :Data $A.title("原单位") $A.ref("OrgUnit") $A.required;
  toUnit @2 :Data $A.title("新单位") $A.ref("OrgUnit") $A.required;
  reason @3 :Reason $A.title("交流原因") $A.required;
  proposal @4 :Text $A.title("交流方案") $A.search;
  talks @5 :Text $A.title("谈话情况") $A.search $A.merge(appendOnly);
  decidedAt @6 :Data $A.title("决定会议") $A.ref("Meeting");
  noticeAt @7 :Text $A.title("通知时间") $A.instant;
  reportedAt @8 :Text $A.title("报到时间") $A.instant;
  state @9 :State $A.title("状态") $A.merge(state);

  enum Reason { unset @0; work @1; training @2; longService @3; avoidance @4; other @5; }

  enum State { unset @0; proposed @1; consulted @2; decided @3; talked @4; noticed @5; reported @6; deferred @7; cancelled @8; }
}

struct LeavePlan $A.entity("休假计划")
    $A.regulation("《休假规定》") $A.article("九(一) L3013")
    $A.kind("plan") $A.label(internal)
    $A.ownerUnit("综合科")
    $A.index(["unit,year"]) {
  unit @0 :Data $A.title("单位") $A.ref("OrgUnit") $A.required $A.indexed;
  year @1 :Int64 = A.absent $A.title("年度") $A.required $A.indexed;
  person @2 :Data $A.title("人员") $A.ref("Person") $A.required;
  from @3 :Text $A.title("计划开始") $A.date;
  to @4 :Text $A.title("计划结束") $A.date;
  filedAt @5 :Text $A.title("报备时间") $A.instant;
}

struct LeaveRequest $A.entity("休假申请")
    $A.regulation("《休假规定》") $A.article("九(三) L3017")
    $A.kind("case") $A.label(internal)
    $A.series("leave")
    $A.ownerUnit("综合科")
    $A.index(["person,from", "state,from"])
    $A.machine([
      (from = "asked", to = "headOk", who = "科室负责人", article = "九(三) L3017"),
      (from = "asked", to = "deputyOk", who = "分管副秘书长", article = "九(三) L3017"),
      (from = "headOk", to = "deputyOk", who = "分管副秘书长", article = "九(三) L3017"),
      (from = "asked", to = "secretaryOk", who = "秘书长", article = "九(三) L3017"),
      (from = "deputyOk", to = "secretaryOk", who = "秘书长", article = "九(三) L3017"),
      (from = "deputyOk", to = "approved", who = "批准人", article = "九(三) L3017"),
      (from = "secretaryOk", to = "approved", who = "批准人", article = "九(三) L3017"),
      (from = "approved", to = "running", who = "综合科", article = "九(三) L3017"),
      (from = "running", to = "returned", who = "本人", article = "九(四) L3019"),
      (from = "running", to = "overdue", who = "综合科", article = "七(三) L2999"),
      (from = "overdue", to = "returned", who = "本人", article = "七(三) L2999"),
      (from = "asked", to = "cancelled", who = "本人"),
      (from = "headOk", to = "cancelled", who = "本人"),
      (from = "deputyOk", to = "cancelled", who = "本人"),
      (from = "secretaryOk", to = "cancelled", who = "本人"),
      (from = "approved", to = "cancelled", who = "本人"),
      (from = "asked", to = "refused", who = "批准人", reason = true),
      (from = "headOk", to = "refused", who = "批准人", reason = true),
      (from = "deputyOk", to = "refused", who = "批准人", reason = true),
      (from = "secretaryOk", to = "refused", who = "批准人", reason = true)
    ]) {
  person @0 :Data $A.title("休假人") $A.ref("Person") $A.required $A.indexed;
  kindOfLeave @1 :KindOfLeave $A.title("假别") $A.required $A.indexed;
  reason @2 :Text $A.title("理由");
  from @3 :Text $A.title("拟休假日期") $A.date $A.required;
  days @4 :Int64 = A.absent $A.title("休假天数") $A.required $A.least(1) $A.unit("天") $A.article("二 L2967–2971");
  travelDays @5 :Int64 = A.absent $A.title("路途天数") $A.least(0) $A.most(10) $A.unit("天") $A.article("三 L2973");
  places @6 :List(Text) $A.title("休假地点") $A.most(2) $A.article("八(三) L3007");
  approvedAt @7 :Text $A.title("批准时间") $A.instant;
  startsOn @8 :Text $A.title("假期开始") $A.date $A.computed $A.article("九(三) L3017");
  endsOn @9 :Text $A.title("假期结束") $A.date $A.computed $A.article("九(三) L3017");
  returnedAt @10 :Text $A.title("销假") $A.instant $A.article("九(四) L3019");
  medicalProof @11 :Data $A.title("医院证明") $A.blob;
  state @12 :State $A.title("状态") $A.merge(state);

  enum KindOfLeave { unset @0; annual @1; rotation @2; personal @3; sick @4; marriage @5; bereavement @6; maternity @7; injury @8; extension @9; }

  enum State { unset @0; asked @1; headOk @2; deputyOk @3; secretaryOk @4; approved @5; running @6; returned @7; overdue @8; cancelled @9; refused @10; }
}

struct AttendanceRecord $A.entity("考勤登记")
    $A.regulation("《考勤制度》") $A.article("三 L3052、五 L3070–3112")
    $A.kind("register") $A.label(internal)
    $A.index(["person,date"]) {
  person @0 :Data $A.title("人员") $A.ref("Person") $A.required $A.indexed;
  date @1 :Text $A.title("日期") $A.date $A.required $A.indexed;
  status @2 :Status $A.title("出勤情况") $A.required $A.merge(conflict);
  minutes @3 :Int64 = A.absent $A.title("迟到早退分钟") $A.least(0) $A.article("三(六) L3052");
  reason @4 :Text $A.title("原因");
  recordedBy @5 :Data $A.title("登记人") $A.ref("Person") $A.required;
  excused @6 :A.Flag $A.title("因公") $A.reading("A leave of exactly three days belongs to the shorter group (L3102).");

  enum Status { unset @0; present @1; personalLeave @2; sickLeave @3; late @4; early @5; absent @6; onDuty @7; training @8; leave @9; }
}

struct AttendanceCheck $A.entity("考勤抽查")
    $A.regulation("《考勤制度》") $A.article("L3026–3114")
    $A.kind("event") $A.label(internal) {
  unit @0 :Data $A.title("受检科室") $A.ref("OrgUnit") $A.required;
  at @1 :Text $A.title("抽查时间") $A.instant $A.required;
  checker @2 :Data $A.title("抽查人") $A.ref("Person") $A.required;
  found @3 :Text $A.title("抽查情况") $A.search;
}
