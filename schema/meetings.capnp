# Meetings and rooms.
@0xd6240b11aaba81f8;

using A = import "annotations.capnp";

struct Meeting $A.entity("会议")
    $A.regulation("《秘书长办公会议制度》") $A.article("L738–811")
    $A.kind("case") $A.label(internal)
    $A.labelRule("as its highest item")
    $A.series("meeting")
    $A.index(["kindOfMeeting,startsAt"])
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
  state @11 :State $A.title("状态") $A.merge(state);
  safetyResponsible @12 :Data $A.title("安全责任人") $A.ref("Person");

  enum State { unset @0; applied @1; approved @2; conflict @3; moved @4; used @5; registeredLater @6; cancelled @7; refused @8; }
}
