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
    $A.ownerUnit("the team's site")
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

struct SupervisionTask $A.entity("督查分解任务")
    $A.regulation("《政务督查工作实施办法》") $A.article("(2) L1563")
    $A.kind("case") $A.label(internal)
    $A.labelRule("as case")
    $A.ownerUnit("督查室")
    $A.index(["unit,state", "supervision,dueAt"])
    $A.machine([
      (from = "open", to = "done", who = "责任单位"),
      (from = "open", to = "late", who = "督查室", article = "(5) L1569", reason = true),
      (from = "late", to = "done", who = "责任单位"),
      (from = "open", to = "failed", who = "督查室", reason = true),
      (from = "late", to = "failed", who = "督查室", reason = true)
    ]) {
  supervision @0 :Data $A.title("督查事项") $A.ref("SupervisionCase") $A.required $A.indexed;
  unit @1 :Data $A.title("责任单位") $A.ref("OrgUnit") $A.required $A.indexed;
  text @2 :Text $A.title("任务内容") $A.required $A.search;
  quantity @3 :Text $A.title("量化指标");
  dueAt @4 :Text $A.title("时限") $A.instant $A.required;
  doneAt @5 :Text $A.title("办结时间") $A.instant;
  state @6 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; open @1; done @2; late @3; failed @4; }
}

struct SupervisionUrge $A.entity("催办")
    $A.regulation("《政务督查工作实施办法》") $A.article("(5) L1569")
    $A.kind("event") $A.label(internal)
    $A.labelRule("as case")
    $A.ownerUnit("督查室") {
  supervision @0 :Data $A.title("督查事项") $A.ref("SupervisionCase") $A.required $A.indexed;
  unit @1 :Data $A.title("被催办单位") $A.ref("OrgUnit") $A.required;
  at @2 :Text $A.title("催办时间") $A.instant $A.required;
  mode @3 :Mode $A.title("催办方式") $A.required;
  number @4 :Text $A.title("催办通知单编号");
  answer @5 :Text $A.title("催办答复") $A.search;

  enum Mode { unset @0; phone @1; notice @2; onSite @3; }
}

struct SupervisionFeedback $A.entity("督查反馈")
    $A.regulation("《政务督查工作实施办法》") $A.article("(6) L1571")
    $A.kind("event") $A.label(internal)
    $A.labelRule("as case")
    $A.ownerUnit("督查室")
    $A.index(["accepted,receivedAt"])
    $A.machine([
      (from = "pending", to = "accepted", who = "督查室"),
      (from = "pending", to = "returned", who = "督查室", article = "(6) L1571", reason = true)
    ]) {
  supervision @0 :Data $A.title("督查事项") $A.ref("SupervisionCase") $A.required $A.indexed;
  unit @1 :Data $A.title("反馈单位") $A.ref("OrgUnit") $A.required;
  receivedAt @2 :Text $A.title("收到反馈时间") $A.instant $A.required;
  text @3 :Text $A.title("反馈内容") $A.required $A.search;
  accepted @4 :Accepted $A.title("审核结论") $A.merge(state);
  returnReason @5 :Text $A.title("退回理由") $A.search;
  lateReason @6 :Text $A.title("逾期原因") $A.search;

  enum Accepted { unset @0; pending @1; accepted @2; returned @3; }
}

struct SupervisionReport $A.entity("督查专报")
    $A.regulation("《政务督查工作实施办法》") $A.article("(7) L1573")
    $A.kind("case") $A.label(internal)
    $A.series("supervisionReport")
    $A.ownerUnit("督查室")
    $A.index(["state"])
    $A.machine([
      (from = "draft", to = "reviewed", who = "督查室负责人"),
      (from = "reviewed", to = "draft", who = "督查室负责人", reason = true),
      (from = "reviewed", to = "signed", who = "分管副秘书长"),
      (from = "signed", to = "issued", who = "督查室", article = "(7) L1573"),
      (from = "issued", to = "archived", who = "督查室", article = "(8) L1575")
    ]) {
  supervision @0 :List(Data) $A.title("督查事项") $A.ref("SupervisionCase") $A.merge(addWins);
  text @1 :Text $A.title("专报内容") $A.required $A.search $A.merge(conflict);
  distribution @2 :List(Data) $A.title("分送单位") $A.ref("OrgUnit") $A.merge(addWins);
  signer @3 :Data $A.title("签发人") $A.ref("Person");
  issuedAt @4 :Text $A.title("印发时间") $A.instant;
  published @5 :Published $A.title("刊发形式") $A.required;
  state @6 :State $A.title("状态") $A.merge(state);

  enum Published { unset @0; special @1; notice @2; information @3; }

  enum State { unset @0; draft @1; reviewed @2; signed @3; issued @4; archived @5; }
}

struct Rectification $A.entity("整改")
    $A.regulation("《政务督查工作实施办法》") $A.article("L1503–1669")
    $A.kind("case") $A.label(internal)
    $A.labelRule("as finding")
    $A.ownerUnit("督查室")
    $A.index(["unit,state"])
    $A.machine([
      (from = "asked", to = "answered", who = "整改单位"),
      (from = "overdue", to = "answered", who = "整改单位"),
      (from = "answered", to = "accepted", who = "督查组"),
      (from = "answered", to = "returned", who = "督查组", reason = true),
      (from = "returned", to = "answered", who = "整改单位"),
      (from = "asked", to = "overdue", who = "督查组"),
      (from = "returned", to = "overdue", who = "督查组"),
      (from = "accepted", to = "closed", who = "督查组")
    ]) {
  finding @0 :Data $A.title("发现问题") $A.ref("InspectionFinding") $A.required $A.indexed;
  unit @1 :Data $A.title("整改单位") $A.ref("OrgUnit") $A.required;
  requirement @2 :Text $A.title("整改要求") $A.required $A.search;
  dueAt @3 :Text $A.title("整改时限") $A.instant $A.required;
  answer @4 :Text $A.title("整改答复") $A.search $A.merge(conflict);
  answeredAt @5 :Text $A.title("答复时间") $A.instant;
  reviewedBy @6 :Data $A.title("审核人") $A.ref("Person");
  revisit @7 :A.Flag $A.title("回访");
  state @8 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; asked @1; answered @2; accepted @3; returned @4; closed @5; overdue @6; }
}

struct ProposalCase $A.entity("建议提案")
    $A.regulation("《政务督查工作实施办法》") $A.article("L1503–1669")
    $A.kind("case") $A.label(internal)
    $A.series("proposal")
    $A.ownerUnit("督查室")
    $A.index(["state,dueAt"])
    $A.machine([
      (from = "collected", to = "accepted", who = "督查室"),
      (from = "accepted", to = "assigned", who = "督查室"),
      (from = "assigned", to = "handling", who = "承办单位"),
      (from = "handling", to = "answered", who = "承办单位"),
      (from = "answered", to = "handling", who = "督查室", reason = true),
      (from = "answered", to = "reviewed", who = "督查室"),
      (from = "reviewed", to = "closed", who = "督查室")
    ]) {
  level @0 :Level $A.title("层级") $A.required;
  kindOfProposal @1 :KindOfProposal $A.title("类别") $A.required;
  number @2 :Text $A.title("编号");
  title @3 :Text $A.title("标题") $A.required $A.search;
  proposer @4 :Text $A.title("提出人");
  handlers @5 :List(Data) $A.title("承办单位") $A.ref("OrgUnit") $A.merge(addWins);
  assignedAt @6 :Text $A.title("交办时间") $A.instant;
  dueAt @7 :Text $A.title("办理时限") $A.instant $A.required;
  consulted @8 :A.Flag $A.title("征询意见");
  answer @9 :Text $A.title("答复") $A.search;
  satisfaction @10 :Satisfaction $A.title("满意程度") $A.merge(conflict);
  state @11 :State $A.title("状态") $A.merge(state);

  enum Level { unset @0; national @1; region @2; prefecture @3; }

  enum KindOfProposal { unset @0; congressSuggestion @1; conferenceProposal @2; }

  enum Satisfaction { unset @0; unknown @1; satisfied @2; acceptable @3; dissatisfied @4; }

  enum State { unset @0; collected @1; accepted @2; assigned @3; handling @4; answered @5; reviewed @6; closed @7; }
}

struct SupervisionPlan $A.entity("年度督查重点")
    $A.regulation("《政务督查工作实施办法》") $A.article("L1503–1669")
    $A.kind("plan") $A.label(internal)
    $A.ownerUnit("督查室") {
  year @0 :Int64 = A.absent $A.title("年度") $A.required $A.indexed;
  items @1 :Text $A.title("督查重点事项") $A.required $A.search;
  approvedAt @2 :Text $A.title("批准时间") $A.instant;
}
