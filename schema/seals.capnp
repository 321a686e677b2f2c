# Seals, and certificates that carry one.
@0xd5565f214f73b3d3;

using A = import "annotations.capnp";

struct Seal $A.entity("印章")
    $A.regulation("《印章管理制度》") $A.article("L2775–2809")
    $A.kind("master") $A.label(internal)
    $A.series("seal")
    $A.ownerUnit("综合科")
    $A.index(["state"])
    $A.machine([
      (from = "inUse", to = "lentOut", who = "秘书长", article = "七 L2791"),
      (from = "lentOut", to = "inUse", who = "印章管理人"),
      (from = "inUse", to = "suspended", who = "秘书长", reason = true),
      (from = "suspended", to = "inUse", who = "秘书长"),
      (from = "inUse", to = "destroyed", who = "秘书长"),
      (from = "suspended", to = "destroyed", who = "秘书长")
    ]) {
  name @0 :Text $A.title("印章名称") $A.required $A.search;
  level @1 :Level $A.title("印章级别") $A.required;
  keeper @2 :Data $A.title("保管人") $A.ref("Person") $A.required;
  unit @3 :Data $A.title("所属单位") $A.ref("OrgUnit") $A.required;
  storedIn @4 :Text $A.title("存放处");
  state @5 :State $A.title("状态") $A.merge(state);

  enum Level { unset @0; government @1; office @2; section @3; }

  enum State { unset @0; inUse @1; lentOut @2; suspended @3; destroyed @4; }
}

struct SealUse $A.entity("用印登记")
    $A.regulation("《印章管理制度》") $A.article("第五条、第七条 L2787–2791")
    $A.kind("register") $A.label(internal)
    $A.keep("bound with the approvals at the end of the year (六 L2789)")
    $A.ownerUnit("综合科")
    $A.appendOnly
    $A.index(["seal,usedAt"]) {
  seal @0 :Data $A.title("印章") $A.ref("Seal") $A.required $A.indexed;
  usedAt @1 :Text $A.title("用印日期") $A.instant $A.required;
  documentNumber @2 :Text $A.title("用印文件号") $A.required;
  summary @3 :Text $A.title("内容摘要") $A.required $A.search;
  approvedBy @4 :Data $A.title("批准人") $A.ref("Person") $A.required;
  handler @5 :Data $A.title("承办人") $A.ref("Person") $A.required;
  impressions @6 :Int64 = A.absent $A.title("用印数") $A.required $A.least(1) $A.unit("次") $A.article("第五条 L2787");
  keeper @7 :Data $A.title("印章管理人") $A.ref("Person") $A.required;
  outside @8 :A.Flag $A.title("带离办公室用印");
  accompaniedBy @9 :Data $A.title("监印人") $A.ref("Person") $A.article("第七条 L2791");
  stencilDestroyed @10 :A.Flag $A.title("印模已销毁") $A.article("第七条 L2791");
}

struct BlankForm $A.entity("空白凭证")
    $A.regulation("《印章管理制度》") $A.article("第九条、第十条 L2795–2805")
    $A.kind("case") $A.label(internal)
    $A.ownerUnit("综合科")
    $A.index(["state"])
    $A.machine([
      (from = "asked", to = "approved", who = "秘书长", article = "九 L2795"),
      (from = "approved", to = "issued", who = "印章管理人", article = "九 L2795"),
      (from = "issued", to = "accounted", who = "印章管理人", article = "十 L2805")
    ]) {
  seal @0 :Data $A.title("印章") $A.ref("Seal") $A.required;
  applicant @1 :Data $A.title("申请人") $A.ref("Person") $A.required;
  purpose @2 :Text $A.title("用途") $A.required $A.search;
  pages @3 :Int64 = A.absent $A.title("张数") $A.required $A.least(1) $A.unit("张") $A.article("第九条 L2795");
  pagesUsed @4 :Int64 = A.absent $A.title("已用张数") $A.merge(counter) $A.least(0) $A.unit("张") $A.article("第十条 L2805");
  pagesReturned @5 :Int64 = A.absent $A.title("交回张数") $A.merge(counter) $A.least(0) $A.unit("张") $A.article("第十条 L2805");
  written @6 :Data $A.title("书面请示") $A.blob $A.article("第九条 L2795");
  pledge @7 :A.Flag $A.title("承诺") $A.article("第九条 L2795");
  approval @8 :Data $A.title("审批") $A.ref("Approval");
  state @9 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; asked @1; approved @2; issued @3; accounted @4; }
}

struct SealDelegation $A.entity("印章代管")
    $A.regulation("《印章管理制度》") $A.article("第八条 L2793")
    $A.kind("event") $A.label(internal)
    $A.ownerUnit("综合科") {
  seal @0 :Data $A.title("印章") $A.ref("Seal") $A.required;
  from @1 :Data $A.title("委托人") $A.ref("Person") $A.required;
  to @2 :Data $A.title("受托人") $A.ref("Person") $A.required;
  approvedBy @3 :Data $A.title("批准人") $A.ref("Person") $A.required;
  fromAt @4 :Text $A.title("代管开始") $A.instant;
  toAt @5 :Text $A.title("代管结束") $A.instant;
}

struct EmploymentCertificate $A.entity("证明")
    $A.regulation("《为干部职工个人消费贷款出具相关证明的规定》") $A.article("第二条 L2812–2830")
    $A.kind("case") $A.label(internal)
    $A.series("certificate")
    $A.index(["state"])
    $A.machine([
      (from = "asked", to = "approved", who = "分管领导", article = "二"),
      (from = "asked", to = "refused", who = "分管领导", reason = true),
      (from = "approved", to = "issued", who = "综合科")
    ]) {
  person @0 :Data $A.title("人员") $A.ref("Person") $A.required $A.indexed;
  kindOfCertificate @1 :KindOfCertificate $A.title("证明类别") $A.required;
  purpose @2 :Text $A.title("用途") $A.required;
  approvedBy @3 :Data $A.title("批准人") $A.ref("Person");
  issuedAt @4 :Text $A.title("出具时间") $A.instant;
  state @5 :State $A.title("状态") $A.merge(state);

  enum KindOfCertificate { unset @0; identity @1; income @2; post @3; }

  enum State { unset @0; asked @1; approved @2; issued @3; refused @4; }
}

struct HousingLoanReview $A.entity("公积金贷款审核")
    $A.regulation("《为干部职工个人消费贷款出具相关证明的规定》") $A.article("第三条、第四条 L2824–2826")
    $A.kind("case") $A.label(internal)
    $A.index(["state"])
    $A.machine([
      (from = "asked", to = "verified", who = "综合科", article = "三 L2824"),
      (from = "verified", to = "financeOk", who = "财务室", article = "三 L2824"),
      (from = "financeOk", to = "approved", who = "分管财务领导", article = "三 L2824"),
      (from = "approved", to = "pledged", who = "综合科", article = "三 L2824"),
      (from = "pledged", to = "cleared", who = "借款人", article = "四 L2826"),
      (from = "asked", to = "refused", who = "分管财务领导", reason = true),
      (from = "verified", to = "refused", who = "分管财务领导", reason = true),
      (from = "financeOk", to = "refused", who = "分管财务领导", reason = true),
      (from = "pending", to = "yes", who = "财务室", article = "三 L2824", field = "financeOpinion"),
      (from = "pending", to = "no", who = "财务室", article = "三 L2824", reason = true, field = "financeOpinion")
    ]) {
  person @0 :Data $A.title("人员") $A.ref("Person") $A.required $A.indexed;
  fundYearsTenths @1 :Int64 = A.absent $A.title("缴存年限") $A.least(0) $A.unit("十分之一年") $A.article("第三条 L2824");
  purpose @2 :Purpose $A.title("贷款用途") $A.required;
  documents @3 :List(Data) $A.title("证明材料") $A.blob;
  financeOpinion @4 :FinanceOpinion $A.title("财务意见") $A.merge(state);
  approvedBy @5 :Data $A.title("批准人") $A.ref("Person");
  pledgeSigned @6 :A.Flag $A.title("担保书");
  clearedAt @7 :Text $A.title("结清") $A.instant $A.article("第四条 L2826");
  state @8 :State $A.title("状态") $A.merge(state);

  enum Purpose { unset @0; buy @1; build @2; renovate @3; }

  enum FinanceOpinion { unset @0; pending @1; yes @2; no @3; }

  enum State { unset @0; asked @1; verified @2; financeOk @3; approved @4; pledged @5; cleared @6; refused @7; }
}
