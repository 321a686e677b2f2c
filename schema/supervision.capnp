# Supervision cases and field inspections.
@0xc23699e2b9860b00;

using A = import "annotations.capnp";

struct SupervisionCase $A.entity("督查事项")
    $A.regulation("《政务督查工作实施办法》") $A.article("L1503–1669")
    $A.kind("case") $A.label(internal)
    $A.labelRule("as source")
    $A.series("supervision per year")
    $A.machine([
      (from = "registered", to = "decomposed"),
      (from = "decomposed", to = "assigned"),
      (from = "assigned", to = "tracked"),
      (from = "tracked", to = "urged"),
      (from = "urged", to = "urged"),
      (from = "tracked", to = "answered"),
      (from = "urged", to = "answered"),
      (from = "answered", to = "returnedForRework"),
      (from = "returnedForRework", to = "answered"),
      (from = "answered", to = "reported"),
      (from = "reported", to = "archived")
    ]) {
  title @0 :Text $A.title("标题") $A.required $A.search $A.merge(conflict);
  origin @1 :Origin $A.title("来源") $A.required $A.indexed;
  source @2 :Data $A.title("依据") $A.ref("any");
  method @3 :Method $A.title("方式") $A.required;
  feedbackRequired @4 :A.Flag $A.title("需反馈") $A.required;
  urgency @5 :Urgency $A.title("缓急") $A.merge(ratchet);
  openedAt @6 :Text $A.title("立项") $A.instant $A.required $A.indexed;
  leadUnit @7 :Data $A.title("牵头") $A.ref("OrgUnit") $A.required $A.indexed;
  supportUnits @8 :List(Data) $A.title("协办") $A.ref("OrgUnit") $A.merge(addWins);
  responsible @9 :Text $A.title("责任人");
  requirement @10 :Text $A.title("要求") $A.search;
  dueAt @11 :Text $A.title("时限") $A.instant $A.required $A.indexed $A.merge(ratchet) $A.earliest;
  progress @12 :Text $A.title("进展") $A.search $A.merge(appendOnly);
  state @13 :State $A.title("状态") $A.merge(state);

  enum Origin { unset @0; regionDecision @1; prefectureDecision @2; meetingResolution @3; leaderInstruction @4; proposal @5; publicConcern @6; economicTarget @7; other @8; }

  enum Method { unset @0; document @1; phone @2; onSite @3; joint @4; comprehensive @5; unannounced @6; }

  enum Urgency { unset @0; normal @1; urgent @2; extraUrgent @3; }

  enum State { unset @0; registered @1; decomposed @2; assigned @3; tracked @4; urged @5; answered @6; returnedForRework @7; reported @8; archived @9; }
}

struct FieldInspection $A.entity("专项实地督查")
    $A.regulation("《政务督查工作实施办法》") $A.article("L1503–1669")
    $A.kind("case") $A.label(internal)
    $A.labelRule("internal; itinerary confidential until start (L1585)")
    $A.series("inspection")
    $A.ownerUnit("the team's site; **works offline**")
    $A.machine([
      (from = "planned", to = "trained"),
      (from = "trained", to = "started"),
      (from = "started", to = "onSite"),
      (from = "onSite", to = "heard"),
      (from = "onSite", to = "evaluated"),
      (from = "heard", to = "evaluated"),
      (from = "evaluated", to = "rectificationAsked"),
      (from = "rectificationAsked", to = "feedbackGiven"),
      (from = "feedbackGiven", to = "groupReported"),
      (from = "groupReported", to = "reportDrafted"),
      (from = "reportDrafted", to = "presented"),
      (from = "presented", to = "resultsUsed")
    ]) {
  supervision @0 :Data $A.title("督查事项") $A.ref("SupervisionCase");
  title @1 :Text $A.title("标题") $A.required $A.search;
  basis @2 :Text $A.title("依据");
  scope @3 :Text $A.title("内容");
  targets @4 :List(Data) $A.title("对象") $A.ref("OrgUnit") $A.merge(addWins);
  teamLead @5 :Data $A.title("组长") $A.ref("Person") $A.required;
  team @6 :List(Data) $A.title("成员") $A.ref("Person") $A.merge(addWins);
  trainedAt @7 :Text $A.title("动员培训") $A.instant;
  from @8 :Text $A.title("开始") $A.date $A.required;
  to @9 :Text $A.title("结束") $A.date;
  itinerary @10 :Text $A.title("行程");
  unannounced @11 :A.Flag $A.title("暗访");
  evaluation @12 :Text $A.title("评价") $A.search $A.merge(conflict);
  state @13 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; planned @1; trained @2; started @3; onSite @4; heard @5; evaluated @6; rectificationAsked @7; feedbackGiven @8; groupReported @9; reportDrafted @10; presented @11; resultsUsed @12; }
}

struct InspectionItem $A.entity("督查清单项")
    $A.regulation("《政务督查工作实施办法》") $A.article("L1503–1669")
    $A.kind("case") $A.label(internal)
    $A.labelRule("as inspection") {
  inspection @0 :Data $A.title("督查") $A.ref("FieldInspection") $A.required $A.indexed;
  order @1 :Int64 = A.absent $A.title("次序");
  question @2 :Text $A.title("检查内容") $A.required $A.search;
  target @3 :Data $A.title("检查对象") $A.ref("OrgUnit");
  result @4 :Result $A.title("结果") $A.merge(conflict);
  quantity @5 :Text $A.title("数量");
  place @6 :Text $A.title("地点");
  checkedAt @7 :Text $A.title("检查时间") $A.instant;
  checkedBy @8 :Data $A.title("检查人") $A.ref("Person");

  enum Result { unset @0; notChecked @1; satisfied @2; partly @3; notSatisfied @4; notApplicable @5; }
}

struct InspectionFinding $A.entity("督查发现问题")
    $A.regulation("《政务督查工作实施办法》") $A.article("L1503–1669")
    $A.kind("case") $A.label(internal)
    $A.labelRule("as inspection") {
  inspection @0 :Data $A.title("督查") $A.ref("FieldInspection") $A.required $A.indexed;
  item @1 :Data $A.title("清单项") $A.ref("InspectionItem");
  unit @2 :Data $A.title("责任单位") $A.ref("OrgUnit") $A.required $A.indexed;
  text @3 :Text $A.title("内容") $A.required $A.search $A.merge(conflict);
  cause @4 :Text $A.title("原因") $A.search;
  severity @5 :Severity $A.title("严重程度") $A.merge(ratchet);
  photos @6 :List(Data) $A.title("照片") $A.blob $A.merge(addWins);
  foundAt @7 :Text $A.title("发现时间") $A.instant $A.required;
  place @8 :Text $A.title("地点");

  enum Severity { unset @0; minor @1; moderate @2; serious @3; }
}
