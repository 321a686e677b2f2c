# Important drafts, research and study.
@0x88ed27886100b5eb;

using A = import "annotations.capnp";

struct DraftingTask $A.entity("文稿起草任务")
    $A.regulation("《重要文稿办理工作制度》") $A.article("四、五 L618–666")
    $A.kind("case") $A.label(internal)
    $A.labelRule("often higher")
    $A.series("draft")
    $A.index(["state,dueAt"])
    $A.machine([
      (from = "assigned", to = "outlined", who = "起草负责人"),
      (from = "assigned", to = "drafting", who = "起草人员"),
      (from = "outlined", to = "drafting", who = "起草人员"),
      (from = "drafting", to = "unified", who = "起草负责人"),
      (from = "drafting", to = "reviewed", who = "分管领导"),
      (from = "unified", to = "reviewed", who = "分管领导"),
      (from = "reviewed", to = "submitted", who = "起草负责人"),
      (from = "submitted", to = "revising", who = "分管领导", article = "五 L666", reason = true),
      (from = "revising", to = "submitted", who = "起草负责人", article = "五 L666"),
      (from = "submitted", to = "final", who = "分管领导"),
      (from = "final", to = "filed", who = "起草负责人", article = "(九) L654"),
      (from = "submitted", to = "failed", who = "分管领导", article = "五 L666"),
      (from = "revising", to = "failed", who = "分管领导", article = "五 L666")
    ]) {
  title @0 :Text $A.title("标题") $A.required $A.search $A.merge(conflict);
  assignedBy @1 :Data $A.title("交办领导") $A.ref("Person") $A.required;
  assignedAs @2 :AssignedAs $A.title("下达方式");
  lead @3 :Data $A.title("起草负责人") $A.ref("Person") $A.required $A.indexed;
  drafters @4 :List(Data) $A.title("起草人员") $A.ref("Person") $A.merge(addWins);
  responsibleLeader @5 :Data $A.title("分管领导") $A.ref("Person");
  requirement @6 :Text $A.title("要求") $A.search;
  expectedPages @7 :Int64 = A.absent $A.title("预计页数") $A.least(1) $A.unit("页") $A.article("四 L662");
  urgency @8 :Urgency $A.title("缓急");
  dueAt @9 :Text $A.title("使用时间") $A.instant $A.required $A.indexed;
  submitBy @10 :Text $A.title("报审时限") $A.instant $A.computed $A.article("四 L662")
      $A.reading("Days are working days; half a day is half of that day's working minutes.");
  outline @11 :Text $A.title("提纲") $A.search $A.merge(conflict);
  consultation @12 :A.Flag $A.title("征求意见");
  filedCopy @13 :Data $A.title("定稿备案") $A.blob $A.article("(九) L654");
  state @14 :State $A.title("状态") $A.merge(state);

  enum AssignedAs { unset @0; written @1; oral @2; }

  enum Urgency { unset @0; normal @1; urgent @2; }

  enum State { unset @0; assigned @1; outlined @2; drafting @3; unified @4; reviewed @5; submitted @6; revising @7; final @8; filed @9; failed @10; }
}

struct DraftSubmission $A.entity("送审稿")
    $A.regulation("《重要文稿办理工作制度》") $A.article("五 L666")
    $A.kind("event") $A.label(internal)
    $A.labelRule("as task")
    $A.index(["task,version"])
    $A.machine([
      (from = "pending", to = "accepted", who = "审核人", article = "五 L666"),
      (from = "pending", to = "rewrite", who = "审核人", article = "五 L666", reason = true),
      (from = "pending", to = "failed", who = "审核人", article = "五 L666", reason = true)
    ]) {
  task @0 :Data $A.title("起草任务") $A.ref("DraftingTask") $A.required $A.indexed;
  version @1 :Int64 = A.absent $A.title("稿次") $A.required $A.least(1);
  author @2 :Data $A.title("执笔人") $A.ref("Person") $A.required $A.indexed;
  submittedAt @3 :Text $A.title("送审时间") $A.instant $A.required;
  pages @4 :Int64 = A.absent $A.title("页数") $A.required $A.least(1) $A.unit("页") $A.article("四 L662");
  body @5 :Data $A.title("稿件") $A.blob;
  verdict @6 :Verdict $A.title("审核结论") $A.merge(state);
  reviewer @7 :Data $A.title("审核人") $A.ref("Person");
  comments @8 :Text $A.title("审核意见") $A.search $A.merge(conflict);

  enum Verdict { unset @0; pending @1; accepted @2; rewrite @3; failed @4; }
}

struct ResearchProject $A.entity("调研课题")
    $A.regulation("《重要文稿办理工作制度》") $A.article("七 L680–682")
    $A.kind("case") $A.label(internal)
    $A.index(["state"])
    $A.machine([
      (from = "planned", to = "approved", who = "分管领导"),
      (from = "approved", to = "inField", who = "课题组"),
      (from = "inField", to = "writing", who = "课题组"),
      (from = "writing", to = "done", who = "课题负责人")
    ]) {
  year @0 :Int64 = A.absent $A.title("年度") $A.required $A.indexed;
  topic @1 :Text $A.title("课题") $A.required $A.search;
  lead @2 :Data $A.title("课题负责人") $A.ref("Person");
  members @3 :List(Data) $A.title("课题组成员") $A.ref("Person") $A.merge(addWins);
  outlineApproved @4 :A.Flag $A.title("提纲已批准");
  fieldFrom @5 :Text $A.title("实地调研开始") $A.date;
  fieldTo @6 :Text $A.title("实地调研结束") $A.date;
  report @7 :Data $A.title("调研报告") $A.blob;
  state @8 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; planned @1; approved @2; inField @3; writing @4; done @5; }
}

struct StudySession $A.entity("学习活动")
    $A.regulation("《重要文稿办理工作制度》") $A.article("七 L680–682")
    $A.kind("event") $A.label(internal)
    $A.index(["unit,heldAt"]) {
  unit @0 :Data $A.title("单位") $A.ref("OrgUnit") $A.required $A.indexed;
  heldAt @1 :Text $A.title("召开时间") $A.instant $A.required;
  topic @2 :Text $A.title("学习内容") $A.required $A.search;
  hoursTenths @3 :Int64 = A.absent $A.title("学时") $A.unit("十分之一学时") $A.least(0);
  attendees @4 :List(Data) $A.title("参加人员") $A.ref("Person") $A.merge(addWins);
  kindOfSession @5 :KindOfSession $A.title("活动类别") $A.required;

  enum KindOfSession { unset @0; study @1; staffMeeting @2; exchange @3; training @4; lecture @5; }
}
