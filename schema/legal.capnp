# The legal section.
@0x8ffb93a12a2a0c94;

using A = import "annotations.capnp";

struct LegalReview $A.entity("合法性审查")
    $A.regulation("《法制科工作职责》") $A.article("一 L2458")
    $A.kind("case") $A.label(internal)
    $A.series("legalReview")
    $A.ownerUnit("法制科")
    $A.index(["outcome,submittedAt"])
    $A.machine([
      (from = "pending", to = "lawful", who = "法制科", article = "一 L2458"),
      (from = "pending", to = "amend", who = "法制科", article = "一 L2458", reason = true),
      (from = "pending", to = "unlawful", who = "法制科", article = "一 L2458", reason = true),
      (from = "amend", to = "pending", who = "送审单位")
    ]) {
  title @0 :Text $A.title("标题") $A.required $A.search;
  submittedBy @1 :Data $A.title("送审单位") $A.ref("OrgUnit") $A.required;
  kindOfMatter @2 :KindOfMatter $A.title("审查类别") $A.required;
  submittedAt @3 :Text $A.title("送审时间") $A.instant $A.required;
  reviewer @4 :Data $A.title("审查人") $A.ref("Person");
  opinion @5 :Text $A.title("审查意见") $A.search $A.merge(conflict);
  outcome @6 :Outcome $A.title("审查结论") $A.merge(state);
  answeredAt @7 :Text $A.title("答复时间") $A.instant;

  enum KindOfMatter { unset @0; normativeDocument @1; majorDecision @2; contract @3; other @4; }

  enum Outcome { unset @0; pending @1; lawful @2; amend @3; unlawful @4; }
}

struct NormativeFiling $A.entity("规范性文件备案")
    $A.regulation("《法制科工作职责》") $A.article("L2454–2480")
    $A.kind("case") $A.label(internal)
    $A.series("filing")
    $A.ownerUnit("法制科")
    $A.index(["reviewed,filedAt"])
    $A.machine([
      (from = "pending", to = "filed", who = "法制科"),
      (from = "pending", to = "objected", who = "法制科", reason = true),
      (from = "objected", to = "filed", who = "法制科"),
      (from = "filed", to = "repealed", who = "制定机关"),
      (from = "objected", to = "repealed", who = "制定机关")
    ]) {
  issuer @0 :Data $A.title("制定机关") $A.ref("OrgUnit") $A.required $A.indexed;
  documentNumber @1 :Text $A.title("文号");
  title @2 :Text $A.title("标题") $A.required $A.search;
  issuedOn @3 :Text $A.title("制发日期") $A.date;
  filedAt @4 :Text $A.title("报备时间") $A.instant $A.required;
  reviewed @5 :Reviewed $A.title("审查结论") $A.merge(state);
  cleanup @6 :Text $A.title("清理情况");

  enum Reviewed { unset @0; pending @1; filed @2; objected @3; repealed @4; }
}

struct ReconsiderationCase $A.entity("行政复议案件")
    $A.regulation("《法制科工作职责》") $A.article("L2454–2480")
    $A.kind("case") $A.label(internal)
    $A.series("reconsideration")
    $A.ownerUnit("法制科")
    $A.index(["decision,receivedAt"])
    $A.machine([
      (from = "pending", to = "upheld", who = "复议机关"),
      (from = "pending", to = "changed", who = "复议机关"),
      (from = "pending", to = "revoked", who = "复议机关"),
      (from = "pending", to = "dismissed", who = "复议机关", reason = true),
      (from = "pending", to = "withdrawn", who = "申请人")
    ]) {
  applicant @0 :Text $A.title("申请人") $A.required;
  respondent @1 :Data $A.title("被申请人") $A.ref("OrgUnit") $A.required;
  matter @2 :Text $A.title("复议事项") $A.required $A.search;
  receivedAt @3 :Text $A.title("收件时间") $A.instant $A.required;
  accepted @4 :A.Flag $A.title("已受理");
  decision @5 :Decision $A.title("复议决定") $A.merge(state);
  decidedAt @6 :Text $A.title("决定时间") $A.instant;

  enum Decision { unset @0; pending @1; upheld @2; changed @3; revoked @4; dismissed @5; withdrawn @6; }
}

struct LitigationCase $A.entity("行政应诉案件")
    $A.regulation("《法制科工作职责》") $A.article("L2454–2480")
    $A.kind("case") $A.label(internal)
    $A.series("litigation")
    $A.ownerUnit("法制科")
    $A.index(["outcome"])
    $A.machine([
      (from = "pending", to = "won", who = "人民法院"),
      (from = "pending", to = "lost", who = "人民法院"),
      (from = "pending", to = "settled", who = "双方当事人"),
      (from = "pending", to = "withdrawn", who = "原告")
    ]) {
  court @0 :Text $A.title("受理法院");
  plaintiff @1 :Text $A.title("原告") $A.required;
  defendant @2 :Data $A.title("被告") $A.ref("OrgUnit") $A.required;
  matter @3 :Text $A.title("诉讼事由") $A.required $A.search;
  servedAt @4 :Text $A.title("应诉通知送达时间") $A.instant;
  hearingAt @5 :Text $A.title("开庭时间") $A.instant;
  agent @6 :Data $A.title("诉讼代理人") $A.ref("Person");
  outcome @7 :Outcome $A.title("诉讼结果") $A.merge(state);

  enum Outcome { unset @0; pending @1; won @2; lost @3; settled @4; withdrawn @5; }
}

struct CompensationCase $A.entity("行政赔偿案件")
    $A.regulation("《法制科工作职责》") $A.article("L2454–2480")
    $A.kind("case") $A.label(internal)
    $A.series("compensation")
    $A.ownerUnit("法制科")
    $A.index(["state"])
    $A.machine([
      (from = "claimed", to = "examined", who = "法制科"),
      (from = "examined", to = "decided", who = "赔偿义务机关"),
      (from = "decided", to = "paid", who = "赔偿义务机关"),
      (from = "claimed", to = "refused", who = "赔偿义务机关", reason = true),
      (from = "examined", to = "refused", who = "赔偿义务机关", reason = true)
    ]) {
  claimant @0 :Text $A.title("赔偿请求人") $A.required;
  organ @1 :Data $A.title("赔偿义务机关") $A.ref("OrgUnit") $A.required;
  claimFen @2 :Int64 = A.absent $A.title("请求金额") $A.money;
  paidFen @3 :Int64 = A.absent $A.title("赔付金额") $A.money;
  state @4 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; claimed @1; examined @2; decided @3; paid @4; refused @5; }
}

struct EnforcementCertificate $A.entity("执法证件")
    $A.regulation("《法制科工作职责》") $A.article("二 L2460")
    $A.kind("register") $A.label(internal)
    $A.series("certificate")
    $A.ownerUnit("法制科")
    $A.index(["state,trainedAt"])
    $A.machine([
      (from = "applied", to = "issued", who = "法制科", article = "L2460"),
      (from = "issued", to = "suspended", who = "法制科", reason = true),
      (from = "suspended", to = "issued", who = "法制科"),
      (from = "issued", to = "revoked", who = "法制科", reason = true),
      (from = "suspended", to = "revoked", who = "法制科", reason = true),
      (from = "issued", to = "expired", who = "法制科"),
      (from = "expired", to = "issued", who = "法制科", article = "L2460")
    ]) {
  holder @0 :Data $A.title("持证人") $A.ref("Person") $A.required;
  unit @1 :Data $A.title("所在单位") $A.ref("OrgUnit") $A.required;
  trainedAt @2 :Text $A.title("培训日期") $A.date $A.required;
  passedExam @3 :A.Flag $A.title("考试合格") $A.required;
  issuedAt @4 :Text $A.title("发证日期") $A.date;
  validTo @5 :Text $A.title("有效期至") $A.date;
  state @6 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; applied @1; issued @2; suspended @3; revoked @4; expired @5; }
}

struct EnforcementComplaint $A.entity("执法投诉")
    $A.regulation("《法制科工作职责》") $A.article("L2454–2480")
    $A.kind("case") $A.label(internal)
    $A.series("complaint")
    $A.ownerUnit("法制科")
    $A.index(["state,receivedAt"])
    $A.machine([
      (from = "received", to = "accepted", who = "法制科"),
      (from = "accepted", to = "examined", who = "法制科"),
      (from = "examined", to = "answered", who = "法制科"),
      (from = "answered", to = "closed", who = "法制科")
    ]) {
  against @0 :Data $A.title("被投诉单位") $A.ref("OrgUnit") $A.required;
  matter @1 :Text $A.title("投诉事项") $A.required $A.search;
  receivedAt @2 :Text $A.title("收到时间") $A.instant $A.required;
  outcome @3 :Text $A.title("处理结果") $A.search;
  state @4 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; received @1; accepted @2; examined @3; answered @4; closed @5; }
}
