# Organisational work, reduced to meetings, hours of study, dues and reports.
@0xb7fea3b707702b09;

using A = import "annotations.capnp";

struct OrganisationMeeting $A.entity("组织会议")
    $A.regulation("《机关党建工作的意见》") $A.article("L2332–2440")
    $A.kind("event") $A.label(internal)
    $A.index(["unit,heldAt"]) {
  unit @0 :Data $A.title("组织") $A.ref("OrgUnit") $A.required $A.indexed;
  heldAt @1 :Text $A.title("召开时间") $A.instant $A.required $A.indexed;
  kindOfMeeting @2 :KindOfMeeting $A.title("会议类别") $A.required;
  topic @3 :Text $A.title("会议主题") $A.required $A.search;
  attendees @4 :List(Data) $A.title("参加人员") $A.ref("Person") $A.merge(addWins);
  minutes @5 :Text $A.title("会议记录") $A.search $A.merge(conflict);

  enum KindOfMeeting { unset @0; general @1; committee @2; group @3; lecture @4; review @5; election @6; }
}

struct StudyHours $A.entity("学习学时")
    $A.regulation("《机关党建工作的意见》") $A.article("5 L2362")
    $A.kind("event") $A.label(internal)
    $A.index(["person,date"]) {
  person @0 :Data $A.title("人员") $A.ref("Person") $A.required $A.indexed;
  date @1 :Text $A.title("日期") $A.date $A.required;
  hoursTenths @2 :Int64 = A.absent $A.title("学时") $A.required $A.unit("十分之一学时") $A.least(0) $A.article("5 L2362");
  topic @3 :Text $A.title("学习内容");
  kindOfStudy @4 :KindOfStudy $A.title("学习形式") $A.required;

  enum KindOfStudy { unset @0; course @1; lecture @2; selfStudy @3; training @4; }
}

struct DuesPayment $A.entity("会费缴纳")
    $A.regulation("《机关党建工作的意见》") $A.article("L2332–2440")
    $A.kind("event") $A.label(internal)
    $A.index(["person,month"]) {
  person @0 :Data $A.title("人员") $A.ref("Person") $A.required $A.indexed;
  month @1 :Text $A.title("缴纳月份") $A.required $A.indexed $A.format("[0-9]{4}-(0[1-9]|1[0-2])");
  amountFen @2 :Int64 = A.absent $A.title("缴纳金额") $A.money $A.required;
  receivedBy @3 :Data $A.title("收款人") $A.ref("Person") $A.required;
}

struct WorkReview $A.entity("工作总结报告")
    $A.regulation("《机关党建工作的意见》") $A.article("L2332–2440")
    $A.kind("event") $A.label(internal) {
  unit @0 :Data $A.title("单位") $A.ref("OrgUnit") $A.required $A.indexed;
  period @1 :Text $A.title("总结期间") $A.required;
  text @2 :Text $A.title("总结内容") $A.required $A.search;
  to @3 :Data $A.title("报告对象") $A.ref("OrgUnit");
  at @4 :Text $A.title("报告时间") $A.instant;
}
