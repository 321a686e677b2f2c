# What any matter may need: approvals, tasks, requests, disclosure, projects.
@0xe967678e6d01d494;

using A = import "annotations.capnp";
using Organisation = import "organisation.capnp";

struct Approval $A.entity("审批")
    $A.regulation("《主要职责内设机构和人员编制规定》") $A.article("L166–342")
    $A.kind("event") $A.label(internal)
    $A.labelRule("as subject")
    $A.ownerUnit("approver's site")
    $A.index(["approver,decision"])
    $A.machine([
      (from = "pending", to = "approved", who = "审批人"),
      (from = "pending", to = "refused", who = "审批人", reason = true),
      (from = "pending", to = "returned", who = "审批人", reason = true),
      (from = "pending", to = "withdrawn", who = "申请人", reason = true),
      (from = "approved", to = "withdrawn", who = "申请人", reason = true),
      (from = "returned", to = "pending", who = "申请人")
    ]) {
  subject @0 :Data $A.title("事项") $A.ref("any") $A.required $A.indexed;
  step @1 :Text $A.title("环节") $A.required;
  requiredRole @2 :Organisation.Post.Roles $A.title("审批角色");
  approver @3 :Data $A.title("审批人") $A.ref("Person");
  decision @4 :Decision $A.title("决定") $A.merge(state);
  opinion @5 :Text $A.title("意见") $A.search $A.merge(conflict);
  decidedAt @6 :Text $A.title("审批时间") $A.instant;
  delegateOf @7 :Data $A.title("受托") $A.ref("Person");
  rule @8 :Text $A.title("依据规则");

  enum Decision { unset @0; pending @1; approved @2; refused @3; returned @4; withdrawn @5; }
}

struct Task $A.entity("任务")
    $A.regulation("《主要职责内设机构和人员编制规定》") $A.article("L166–342")
    $A.kind("case") $A.label(internal)
    $A.labelRule("as subject")
    $A.index(["assignee,state", "state,dueAt"])
    $A.machine([
      (from = "open", to = "inProgress", who = "承办人"),
      (from = "open", to = "done", who = "承办人"),
      (from = "inProgress", to = "done", who = "承办人"),
      (from = "open", to = "overdueExplained", who = "承办人", reason = true),
      (from = "inProgress", to = "overdueExplained", who = "承办人", reason = true),
      (from = "overdueExplained", to = "done", who = "承办人"),
      (from = "open", to = "cancelled", who = "交办人", reason = true),
      (from = "inProgress", to = "cancelled", who = "交办人", reason = true),
      (from = "overdueExplained", to = "cancelled", who = "交办人", reason = true)
    ]) {
  subject @0 :Data $A.title("事项") $A.ref("any") $A.required $A.indexed;
  title @1 :Text $A.title("任务") $A.required $A.search;
  assignee @2 :Data $A.title("承办人") $A.ref("Person") $A.indexed;
  orgUnit @3 :Data $A.title("承办科室") $A.ref("OrgUnit");
  dueAt @4 :Text $A.title("时限") $A.instant $A.indexed $A.merge(ratchet) $A.earliest;
  urgency @5 :Urgency $A.title("缓急") $A.merge(ratchet);
  state @6 :State $A.title("状态") $A.merge(state);
  doneAt @7 :Text $A.title("完成时间") $A.instant;
  explanation @8 :Text $A.title("未按期说明") $A.search;

  enum Urgency { unset @0; normal @1; urgent @2; extraUrgent @3; immediate @4; }

  enum State { unset @0; open @1; inProgress @2; done @3; overdueExplained @4; cancelled @5; }
}

struct DisclosureItem $A.entity("政务公开事项")
    $A.regulation("《主要职责内设机构和人员编制规定》") $A.article("L238")
    $A.kind("case") $A.label(public)
    $A.series("disclosure")
    $A.ownerUnit("信息科")
    $A.index(["state"])
    $A.machine([
      (from = "draft", to = "secrecyReviewed", who = "保密审查人", article = "L238"),
      (from = "draft", to = "refused", who = "信息科", article = "L238", reason = true),
      (from = "secrecyReviewed", to = "refused", who = "信息科", article = "L238", reason = true),
      (from = "approved", to = "refused", who = "信息科", article = "L238", reason = true),
      (from = "secrecyReviewed", to = "approved", who = "分管领导", article = "L238"),
      (from = "approved", to = "published", who = "信息科", article = "L238"),
      (from = "published", to = "withdrawn", who = "分管领导", reason = true)
    ]) {
  title @0 :Text $A.title("标题") $A.required $A.search;
  category @1 :Text $A.title("类别");
  body @2 :Text $A.title("内容") $A.search;
  requestedBy @3 :Text $A.title("申请人类别");
  reviewedForSecrecy @4 :A.Flag $A.title("保密审查") $A.required $A.article("L238");
  reviewer @5 :Data $A.title("审查人") $A.ref("Person");
  publishedAt @6 :Text $A.title("公开时间") $A.instant;
  state @7 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; draft @1; secrecyReviewed @2; approved @3; published @4; withdrawn @5; refused @6; }
}

struct TransactionProject $A.entity("公共资源交易项目")
    $A.regulation("《主要职责内设机构和人员编制规定》") $A.article("L166–342")
    $A.kind("case") $A.label(internal)
    $A.series("transaction")
    $A.index(["state"])
    $A.machine([
      (from = "registered", to = "announced", who = "交易中心"),
      (from = "announced", to = "opened", who = "交易中心"),
      (from = "opened", to = "evaluated", who = "评审组"),
      (from = "evaluated", to = "announcedResult", who = "交易中心"),
      (from = "announcedResult", to = "closed", who = "交易中心"),
      (from = "registered", to = "terminated", who = "项目单位", reason = true),
      (from = "announced", to = "terminated", who = "项目单位", reason = true),
      (from = "opened", to = "terminated", who = "项目单位", reason = true),
      (from = "evaluated", to = "terminated", who = "项目单位", reason = true)
    ]) {
  title @0 :Text $A.title("项目名称") $A.required $A.search;
  owner @1 :Data $A.title("项目单位") $A.ref("OrgUnit");
  categoryOfProject @2 :CategoryOfProject $A.title("项目类别");
  registeredAt @3 :Text $A.title("登记日期") $A.date;
  venueBookedFor @4 :Text $A.title("场地预约时间") $A.instant;
  qualificationChecked @5 :A.Flag $A.title("资格查验");
  result @6 :Text $A.title("结果") $A.search;
  state @7 :State $A.title("状态") $A.merge(state);

  enum CategoryOfProject { unset @0; construction @1; procurement @2; land @3; property @4; other @5; }

  enum State { unset @0; registered @1; announced @2; opened @3; evaluated @4; announcedResult @5; closed @6; terminated @7; }
}

struct ReportRequest $A.entity("请示汇报")
    $A.regulation("《请示汇报制度》") $A.article("二 L2764")
    $A.kind("case") $A.label(internal)
    $A.series("ask")
    $A.index(["state,at"])
    $A.initial(["asked", "reportedAfter"])
    $A.machine([
      (from = "asked", to = "approved", who = "请示对象"),
      (from = "asked", to = "refused", who = "请示对象", reason = true),
      (from = "asked", to = "noted", who = "请示对象"),
      (from = "reportedAfter", to = "noted", who = "请示对象")
    ]) {
  kindOfRequest @0 :KindOfRequest $A.title("请示或汇报") $A.required;
  form @1 :Form $A.title("形式") $A.required;
  matter @2 :Matter $A.title("事项类别") $A.required $A.indexed;
  title @3 :Text $A.title("标题") $A.required $A.search;
  text @4 :Text $A.title("内容") $A.search;
  by @5 :Data $A.title("请示人") $A.ref("Person") $A.required;
  to @6 :Data $A.title("请示对象") $A.ref("Person") $A.required;
  skipLevel @7 :A.Flag $A.title("越级");
  skipReason @8 :SkipReason $A.title("越级理由") $A.article("二 L2764");
  at @9 :Text $A.title("请示时间") $A.instant $A.required;
  answer @10 :Text $A.title("答复") $A.search $A.merge(conflict);
  answeredAt @11 :Text $A.title("答复时间") $A.instant;
  state @12 :State $A.title("状态") $A.merge(state);

  enum KindOfRequest { unset @0; ask @1; report @2; }

  enum Form { unset @0; oral @1; written @2; }

  enum Matter { unset @0; organisation @1; meetingPlan @2; documentIssue @3; budget @4; equipment @5; vehicle @6; performance @7; other @8; }

  enum SkipReason { unset @0; directOrder @1; leaderAbsent @2; urgent @3; }

  enum State { unset @0; asked @1; approved @2; refused @3; noted @4; reportedAfter @5; }
}
