# Scores, penalties, rewards and assessments.
@0xefaf1360b69cf99c;

using A = import "annotations.capnp";

struct PerformanceScore $A.entity("绩效计分")
    $A.regulation("《行署办公室日常文稿办理制度》") $A.article("五 L496–524")
    $A.kind("register") $A.label(internal)
    $A.index(["scheme,period"]) {
  scheme @0 :Scheme $A.title("计分办法") $A.required $A.indexed;
  subjectPerson @1 :Data $A.title("计分人员") $A.ref("Person") $A.indexed;
  subjectUnit @2 :Data $A.title("计分单位") $A.ref("OrgUnit") $A.indexed;
  period @3 :Text $A.title("期间") $A.required $A.indexed $A.format("[0-9]{4}(-(0[1-9]|1[0-2]))?");
  item @4 :Text $A.title("计分项") $A.required
      $A.reading("Where the bonus points lost their dash in print, 加15分 means 1 to 5 (L1843, L1853, L1861); the 40 of a grave failure replaces its 20 (L1424–1428).");
  points @5 :Int64 = A.absent $A.title("分值") $A.required $A.unit("十分之一分");
  count @6 :Int64 = A.absent $A.title("次数");
  reason @7 :Text $A.title("计分事由") $A.required $A.search;
  recordedBy @8 :Data $A.title("登记人") $A.ref("Person") $A.required;
  source @9 :Data $A.title("依据记录") $A.ref("any");
  voided @10 :A.Flag $A.title("已作废") $A.merge(ratchet);

  enum Scheme { unset @0; clerkSection @1; information @2; supervisionUnit @3; cleaning @4; other @5; }
}

struct Penalty $A.entity("处罚")
    $A.regulation("《考勤制度》") $A.article("L3026–3114")
    $A.kind("register") $A.label(internal)
    $A.series("penalty")
    $A.index(["person,occurredAt", "state,occurredAt"])
    $A.machine([
      (from = "proposed", to = "decided", who = "决定人"),
      (from = "decided", to = "paid", who = "财务室"),
      (from = "decided", to = "appealed", who = "受罚人员", reason = true),
      (from = "appealed", to = "decided", who = "决定人"),
      (from = "proposed", to = "revoked", who = "决定人", reason = true),
      (from = "decided", to = "revoked", who = "决定人", reason = true),
      (from = "appealed", to = "revoked", who = "决定人", reason = true)
    ]) {
  person @0 :Data $A.title("受罚人员") $A.ref("Person") $A.indexed;
  unit @1 :Data $A.title("受罚单位") $A.ref("OrgUnit") $A.indexed;
  rule @2 :Text $A.title("依据规则") $A.required $A.indexed;
  amountFen @3 :Int64 = A.absent $A.title("金额") $A.money $A.least(0)
      $A.reading("累计处罚 adds: three times late is three fines and one absence (L3070); where the section head is himself the person, his fine doubles to 400 yuan (L3152).");
  measure @4 :Measure $A.title("处罚方式") $A.required;
  occurredAt @5 :Text $A.title("发生时间") $A.instant $A.required;
  basis @6 :Data $A.title("依据记录") $A.ref("any");
  decidedBy @7 :Data $A.title("决定人") $A.ref("Person");
  paidAt @8 :Text $A.title("缴款时间") $A.instant;
  receipt @9 :Text $A.title("收据号");
  state @10 :State $A.title("状态") $A.merge(state);

  enum Measure { unset @0; fine @1; payDeduction @2; notice @3; writtenReview @4; talk @5; eligibilityLost @6; transfer @7; warning @8; dismissal @9; criticism @10; }

  enum State { unset @0; proposed @1; decided @2; paid @3; appealed @4; revoked @5; }
}

struct Reward $A.entity("奖励")
    $A.regulation("《考勤制度》") $A.article("L3026–3114")
    $A.kind("register") $A.label(internal)
    $A.series("reward")
    $A.index(["person,occurredAt"])
    $A.machine([
      (from = "proposed", to = "approved", who = "批准人"),
      (from = "approved", to = "paid", who = "财务室")
    ]) {
  person @0 :Data $A.title("受奖人员") $A.ref("Person") $A.indexed;
  unit @1 :Data $A.title("受奖单位") $A.ref("OrgUnit") $A.indexed;
  rule @2 :Text $A.title("依据规则") $A.required;
  amountFen @3 :Int64 = A.absent $A.title("金额") $A.money;
  honour @4 :Text $A.title("荣誉称号");
  occurredAt @5 :Text $A.title("发生时间") $A.instant $A.required;
  state @6 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; proposed @1; approved @2; paid @3; }
}

struct TargetAssessment $A.entity("目标考核")
    $A.regulation("《目标考核细则》") $A.article("L114–122")
    $A.kind("case") $A.label(internal)
    $A.index(["state"])
    $A.machine([
      (from = "draft", to = "scored", who = "考核组"),
      (from = "scored", to = "draft", who = "考核组", reason = true),
      (from = "scored", to = "published", who = "秘书长")
    ]) {
  unit @0 :Data $A.title("单位") $A.ref("OrgUnit") $A.required;
  year @1 :Int64 = A.absent $A.title("年度") $A.required;
  items @2 :List(Item) $A.title("项目");
  total @3 :Int64 = A.absent $A.title("总分") $A.computed;
  state @4 :State $A.title("状态") $A.merge(state);

  struct Item {
    text @0 :Text $A.title("考核内容");
    weight @1 :Int64 = A.absent $A.title("权重");
    score @2 :Int64 = A.absent $A.title("得分");
  }

  enum State { unset @0; draft @1; scored @2; published @3; }
}
