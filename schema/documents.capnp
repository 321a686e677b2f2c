# Documents received and their way through the office.
@0xd96338f28817e79b;

using A = import "annotations.capnp";

struct IncomingDocument $A.entity("来文")
    $A.regulation("《行署办公室日常文稿办理制度》") $A.article("L342–532")
    $A.kind("case") $A.label(internal)
    $A.labelRule("as received (default internal)")
    $A.series("incoming, per level and year")
    $A.keep("requests, reports, reference 1 copy; filing reports 3 copies (L466)")
    $A.ownerUnit("秘书一科")
    $A.index(["state,receivedAt", "sender,receivedAt"])
    $A.machine([
      (from = "received", to = "underReview", who = "秘书一科", article = "六"),
      (from = "underReview", to = "returned", who = "秘书一科", article = "七", reason = true),
      (from = "underReview", to = "registered", who = "秘书一科", article = "八"),
      (from = "returned", to = "received", who = "来文单位"),
      (from = "registered", to = "proposed", who = "秘书一科", article = "九"),
      (from = "proposed", to = "circulating", who = "秘书一科", article = "十"),
      (from = "circulating", to = "assigned", who = "秘书一科", article = "十七"),
      (from = "assigned", to = "inHandling", who = "承办科室", article = "十九"),
      (from = "inHandling", to = "done", who = "承办科室"),
      (from = "done", to = "archived", who = "秘书一科", article = "二十五")
    ]) {
  number @0 :Text $A.title("收文编号") $A.indexed $A.merge(owner) $A.numbered;
  title @1 :Text $A.title("标题") $A.required $A.search $A.merge(conflict);
  sender @2 :Data $A.title("来文单位") $A.ref("OrgUnit") $A.required $A.indexed;
  senderNumber @3 :Text $A.title("来文字号") $A.indexed;
  kindOfDocument @4 :KindOfDocument $A.title("文种") $A.required;
  channel @5 :Channel $A.title("渠道") $A.required;
  dispatchedOn @6 :Text $A.title("发文日期") $A.date;
  copies @7 :Int64 = A.absent $A.title("份数") $A.required;
  pages @8 :Int64 = A.absent $A.title("页数");
  receivedAt @9 :Text $A.title("签收时间") $A.instant $A.required;
  receivedBy @10 :Data $A.title("签收人") $A.ref("Person") $A.required;
  urgency @11 :Urgency $A.title("紧急程度") $A.merge(ratchet);
  handling @12 :Handling $A.title("办件/阅件/传件") $A.merge(conflict);
  proposedOpinion @13 :Text $A.title("拟办意见") $A.search $A.merge(conflict);
  handler @14 :Data $A.title("承办科室") $A.ref("OrgUnit") $A.indexed;
  dueAt @15 :Text $A.title("办理时限") $A.instant $A.merge(ratchet) $A.earliest;
  attachmentsList @16 :Text $A.title("附件目录");
  state @17 :State $A.title("状态") $A.merge(state);

  enum KindOfDocument { unset @0; request @1; report @2; filingReport @3; letter @4; notice @5; instruction @6; telegram @7; bulletin @8; other @9; }

  enum Channel { unset @0; confidentialPost @1; confidentialExchange @2; delivered @3; oaSystem @4; fax @5; courier @6; }

  enum Urgency { unset @0; normal @1; urgent @2; extraUrgent @3; }

  enum Handling { unset @0; act @1; read @2; forward @3; }

  enum State { unset @0; received @1; underReview @2; returned @3; registered @4; proposed @5; circulating @6; assigned @7; inHandling @8; done @9; archived @10; }
}

struct CirculationStep $A.entity("传批传阅")
    $A.regulation("《行署办公室日常文稿办理制度》") $A.article("L342–532")
    $A.kind("event") $A.label(internal)
    $A.labelRule("as document")
    $A.index(["document,order"])
    $A.machine([
      (from = "pending", to = "signed", who = "领导"),
      (from = "pending", to = "noted", who = "领导"),
      (from = "pending", to = "returnedUnread", who = "领导"),
      (from = "pending", to = "skipped", who = "秘书一科"),
      (from = "returnedUnread", to = "pending", who = "秘书一科")
    ]) {
  document @0 :Data $A.title("来文") $A.ref("IncomingDocument") $A.required $A.indexed;
  mode @1 :Mode $A.title("传批/传阅") $A.required;
  order @2 :Int64 = A.absent $A.title("次序") $A.required;
  reader @3 :Data $A.title("领导") $A.ref("Person") $A.required $A.indexed;
  deliveredAt @4 :Text $A.title("送达") $A.instant
      $A.article("第十五条 L428") $A.reading("Three days at one reader are three times 24 hours from delivery, workdays or not.");
  returnedAt @5 :Text $A.title("退回") $A.instant;
  instruction @6 :Text $A.title("批示") $A.search $A.merge(conflict);
  remindedAt @7 :List(Text) $A.title("提醒") $A.instant $A.merge(appendOnly);
  keptCopy @8 :A.Flag $A.title("留复印件");
  outcome @9 :Outcome $A.title("结果") $A.merge(state);

  enum Mode { unset @0; approve @1; read @2; }

  enum Outcome { unset @0; pending @1; signed @2; noted @3; returnedUnread @4; skipped @5; }
}

struct HandlingSheet $A.entity("公文处理单")
    $A.regulation("《行署办公室日常文稿办理制度》") $A.article("第九条至第十九条 L342–532")
    $A.kind("register") $A.label(internal)
    $A.labelRule("as document")
    $A.ownerUnit("秘书一科") {
  document @0 :Data $A.title("来文") $A.ref("IncomingDocument") $A.required $A.indexed $A.key;
  proposedBy @1 :Data $A.title("拟办人") $A.ref("Person");
  opinion @2 :Text $A.title("拟办意见") $A.search;
  submittedAt @3 :Text $A.title("呈送时间") $A.instant;
  approvedBy @4 :Data $A.title("批准人") $A.ref("Person");
  copiesMade @5 :Int64 = A.absent $A.title("复印份数") $A.merge(counter);
  distributionNote @6 :Text $A.title("分送情况") $A.search $A.merge(appendOnly);
}

struct LeaderInstruction $A.entity("领导批示")
    $A.regulation("《行署办公室日常文稿办理制度》") $A.article("第十二条、第十七条 L418–434")
    $A.kind("case") $A.label(internal)
    $A.labelRule("as document")
    $A.ownerUnit("秘书一科")
    $A.index(["state,dueAt"])
    $A.machine([
      (from = "given", to = "forwarded", who = "秘书一科", article = "十七 L434"),
      (from = "forwarded", to = "inProgress", who = "承办科室", article = "十九 L440"),
      (from = "inProgress", to = "reported", who = "承办科室", article = "十二 L418"),
      (from = "reported", to = "inProgress", who = "秘书一科"),
      (from = "reported", to = "closed", who = "秘书一科")
    ]) {
  source @0 :Data $A.title("来源") $A.ref("any") $A.required;
  leader @1 :Data $A.title("批示领导") $A.ref("Person") $A.required $A.indexed;
  text @2 :Text $A.title("批示内容") $A.required $A.search $A.merge(conflict);
  givenAt @3 :Text $A.title("批示时间") $A.instant $A.required;
  addressedTo @4 :List(Data) $A.title("批转") $A.ref("OrgUnit") $A.merge(addWins);
  tracked @5 :A.Flag $A.title("跟踪");
  progress @6 :Text $A.title("落实情况") $A.search $A.merge(appendOnly);
  dueAt @7 :Text $A.title("落实时限") $A.instant;
  state @8 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; given @1; forwarded @2; inProgress @3; reported @4; closed @5; }
}

struct DispatchObjection $A.entity("分办异议")
    $A.regulation("《行署办公室日常文稿办理制度》") $A.article("第十八条 L436")
    $A.kind("event") $A.label(internal)
    $A.labelRule("as document")
    $A.ownerUnit("秘书一科")
    $A.index(["state"])
    $A.machine([
      (from = "raised", to = "agreed", who = "秘书一科", article = "十八 L436"),
      (from = "raised", to = "escalated", who = "秘书一科", article = "十八 L436", reason = true),
      (from = "escalated", to = "ruled", who = "副秘书长或秘书长", article = "十八 L436")
    ]) {
  raisedBy @0 :Data $A.title("提出科室") $A.ref("OrgUnit") $A.required;
  document @1 :Data $A.title("来文") $A.ref("IncomingDocument") $A.required $A.indexed;
  reason @2 :Text $A.title("理由") $A.required $A.search;
  decidedBy @3 :Data $A.title("裁定人") $A.ref("Person");
  decision @4 :Data $A.title("裁定承办") $A.ref("OrgUnit");
  state @5 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; raised @1; agreed @2; escalated @3; ruled @4; }
}

struct OutgoingDocument $A.entity("发文")
    $A.regulation("《行署办公室日常文稿办理制度》") $A.article("第二十三条、第二十四条 L456–460")
    $A.kind("case") $A.label(internal)
    $A.series("outgoing, per organ mark, year and level")
    $A.keep("permanent, with the original approval (二十四 L460)")
    $A.ownerUnit("秘书一科")
    $A.index(["state,signedAt", "organMark,number"])
    $A.machine([
      (from = "drafting", to = "reviewed", who = "分管副秘书长", article = "二十三 L456"),
      (from = "reviewed", to = "countersigned", who = "会签单位"),
      (from = "reviewed", to = "drafting", who = "分管副秘书长", reason = true),
      (from = "countersigned", to = "drafting", who = "分管副秘书长", reason = true),
      (from = "reviewed", to = "signed", who = "签发领导", article = "二十三 L456"),
      (from = "countersigned", to = "signed", who = "签发领导", article = "二十三 L456"),
      (from = "signed", to = "numbered", who = "秘书一科", article = "二十三 L456"),
      (from = "numbered", to = "proofed", who = "承办科室", article = "二十三 L456"),
      (from = "proofed", to = "printed", who = "文印室", article = "二十三 L456"),
      (from = "printed", to = "sealed", who = "印章管理人", article = "二十三 L456"),
      (from = "sealed", to = "sent", who = "秘书一科", article = "二十三 L456"),
      (from = "sent", to = "archived", who = "秘书一科", article = "二十四"),
      (from = "drafting", to = "cancelled", who = "签发领导", reason = true),
      (from = "reviewed", to = "cancelled", who = "签发领导", reason = true),
      (from = "countersigned", to = "cancelled", who = "签发领导", reason = true),
      (from = "signed", to = "cancelled", who = "签发领导", reason = true)
    ]) {
  # Given by the series' owner after the signature, not when the record is made.
  number @0 :Text $A.title("发文字号") $A.indexed $A.merge(owner) $A.numbered
      $A.numberForm("{organMark}〔{year}〕{n}号") $A.numberWhen("numbered") $A.format("[^〔〕]+〔[0-9]{4}〕[0-9]+号") $A.article("第二十三条 L456");
  organMark @1 :Text $A.title("机关代字") $A.required;
  title @2 :Text $A.title("标题") $A.required $A.search $A.merge(conflict);
  drafter @3 :Data $A.title("拟稿人") $A.ref("Person") $A.required;
  draftUnit @4 :Data $A.title("拟稿单位") $A.ref("OrgUnit");
  signer @5 :Data $A.title("签发人") $A.ref("Person");
  signedAt @6 :Text $A.title("签发时间") $A.instant;
  urgency @7 :Urgency $A.title("缓急") $A.merge(ratchet);
  recipients @8 :List(Data) $A.title("主送抄送") $A.ref("OrgUnit") $A.merge(addWins);
  copies @9 :Int64 = A.absent $A.title("印数");
  medium @10 :Medium $A.title("方式") $A.required;
  pages @11 :Int64 = A.absent $A.title("页数");
  proofreadBy @12 :Data $A.title("校对") $A.ref("Person");
  printedAt @13 :Text $A.title("印制时间") $A.instant;
  sealedAt @14 :Text $A.title("用印") $A.instant;
  sentAt @15 :Text $A.title("发出时间") $A.instant;
  respondsTo @16 :Data $A.title("回复的来文") $A.ref("IncomingDocument");
  state @17 :State $A.title("状态") $A.merge(state) $A.article("第二十三条 L456");

  enum Urgency { unset @0; normal @1; urgent @2; extraUrgent @3; }

  enum Medium { unset @0; paper @1; telegram @2; oa @3; }

  enum State { unset @0; drafting @1; reviewed @2; countersigned @3; signed @4; numbered @5; proofed @6; printed @7; sealed @8; sent @9; archived @10; cancelled @11; }
}

struct DocumentDelivery $A.entity("文件送达")
    $A.regulation("《行署办公室日常文稿办理制度》") $A.article("L342–532")
    $A.kind("event") $A.label(internal)
    $A.labelRule("as document")
    $A.ownerUnit("秘书一科")
    $A.index(["document,sentAt"]) {
  document @0 :Data $A.title("文件") $A.ref("any") $A.required $A.indexed;
  recipient @1 :Data $A.title("收文单位") $A.ref("OrgUnit") $A.required;
  copies @2 :Int64 = A.absent $A.title("份数");
  sentAt @3 :Text $A.title("送出时间") $A.instant;
  receivedAt @4 :Text $A.title("签收时间") $A.instant;
  receivedBy @5 :Text $A.title("签收");
  channel @6 :Channel $A.title("渠道") $A.merge(conflict);
  returnRequired @7 :A.Flag $A.title("需清退");
  returnedAt @8 :Text $A.title("清退时间") $A.instant;

  enum Channel { unset @0; confidentialPost @1; confidentialExchange @2; delivered @3; oaSystem @4; fax @5; courier @6; }
}

struct DocumentLoan $A.entity("文件借阅")
    $A.regulation("《行署办公室日常文稿办理制度》") $A.article("四(四) L482")
    $A.kind("event") $A.label(internal)
    $A.labelRule("as document")
    $A.ownerUnit("秘书一科")
    $A.index(["state,dueAt"])
    $A.machine([
      (from = "requested", to = "approved", who = "科室负责人；外单位另经副秘书长", article = "四(四) L482"),
      (from = "approved", to = "lent", who = "秘书一科"),
      (from = "lent", to = "returned", who = "秘书一科"),
      (from = "lent", to = "lost", who = "秘书一科", reason = true),
      (from = "lost", to = "returned", who = "秘书一科")
    ]) {
  document @0 :Data $A.title("文件") $A.ref("any") $A.required $A.indexed;
  borrower @1 :Text $A.title("借阅人") $A.required;
  borrowerUnit @2 :Data $A.title("借阅单位") $A.ref("OrgUnit");
  external @3 :A.Flag $A.title("外单位");
  approvals @4 :List(Data) $A.title("审批") $A.ref("Approval") $A.merge(addWins);
  lentAt @5 :Text $A.title("借出时间") $A.instant;
  dueAt @6 :Text $A.title("应还时间") $A.instant;
  returnedAt @7 :Text $A.title("归还时间") $A.instant;
  state @8 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; requested @1; approved @2; lent @3; returned @4; lost @5; }
}

struct ArchiveVolume $A.entity("案卷")
    $A.regulation("《行署办公室日常文稿办理制度》") $A.article("第二十五条、第二十六条 L464–466")
    $A.kind("register") $A.label(internal)
    $A.series("archive")
    $A.ownerUnit("秘书一科")
    $A.index(["year,title"]) {
  year @0 :Int64 = A.absent $A.title("年度") $A.required $A.indexed;
  title @1 :Text $A.title("案卷标题") $A.required $A.search;
  items @2 :List(Data) $A.title("卷内文件") $A.ref("any") $A.merge(addWins);
  copies @3 :Int64 = A.absent $A.title("份数");
  # The order's first is the longest.
  retention @4 :Retention $A.title("保管期限") $A.merge(ratchet) $A.earliest;
  location @5 :Text $A.title("存放地点");
  closedOn @6 :Text $A.title("立卷日期") $A.date;
  handedOverTo @7 :Data $A.title("移交单位") $A.ref("OrgUnit");

  enum Retention { unset @0; permanent @1; thirtyYears @2; tenYears @3; threeYears @4; }
}

struct RetentionHold $A.entity("暂缓销毁")
    $A.regulation("《行署办公室日常文稿办理制度》") $A.article("第二十五条、第二十六条 L464–466")
    $A.kind("case") $A.label(internal)
    $A.labelRule("as record")
    $A.ownerUnit("秘书一科")
    $A.machine([
      (from = "standing", to = "lifted", who = "秘书一科")
    ]) {
  record @0 :Data $A.title("记录") $A.ref("any") $A.required $A.indexed;
  reason @1 :Text $A.title("暂缓理由") $A.required $A.search;
  setBy @2 :Data $A.title("提出人") $A.ref("Person") $A.required;
  setAt @3 :Text $A.title("提出时间") $A.instant $A.required;
  liftedBy @4 :Data $A.title("解除人") $A.ref("Person");
  liftedAt @5 :Text $A.title("解除时间") $A.instant;
  state @6 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; standing @1; lifted @2; }
}

struct DisposalList $A.entity("档案鉴定清册")
    $A.regulation("《行署办公室日常文稿办理制度》") $A.article("四(五) L484")
    $A.kind("case") $A.label(internal)
    $A.labelRule("the highest of its records and their attachments")
    $A.ownerUnit("秘书一科")
    $A.index(["state,listedAt"])
    $A.prohibited([
      (name = "separation", when = "approvedBy=listedBy", field = "approvedBy", article = "四(五) L484"),
      (name = "separation", when = "destroyedBy=listedBy", field = "destroyedBy", article = "四(五) L484")
    ])
    $A.machine([
      (from = "listed", to = "approved", who = "分管领导", article = "四(五) L484"),
      (from = "listed", to = "refused", who = "分管领导", reason = true),
      (from = "approved", to = "signed", who = "秘书一科", article = "四(五) L484"),
      (from = "signed", to = "destroyed", who = "秘书一科", article = "四(五) L484")
    ]) {
  records @0 :List(Data) $A.title("拟销毁记录") $A.ref("any") $A.required $A.merge(addWins);
  reasons @1 :Text $A.title("鉴定依据");
  listedBy @2 :Data $A.title("造册人") $A.ref("Person") $A.required;
  listedAt @3 :Text $A.title("造册时间") $A.instant $A.required;
  approvedBy @4 :Data $A.title("审批人") $A.ref("Person");
  decidedAt @5 :Text $A.title("审批时间") $A.instant;
  refusal @6 :Text $A.title("不同意理由");
  state @7 :State $A.title("状态") $A.merge(state) $A.computed;
  certificates @8 :List(Data) $A.title("销毁证明") $A.ref("DisposalCertificate") $A.merge(addWins);
  destroyedBy @9 :Data $A.title("销毁人") $A.ref("Person");
  listing @10 :Text $A.title("造册人签名") $A.computed $A.article("四(五) L484");
  decision @11 :Text $A.title("审批人签名") $A.computed $A.article("四(五) L484");
  destruction @12 :List(Text) $A.title("销毁人签名") $A.computed $A.article("四(五) L484");  # one for each label

  # signed: by who destroys; nothing is destroyed before another has witnessed it.
  enum State { unset @0; listed @1; approved @2; refused @3; destroyed @4; signed @5; }
}

# That records were destroyed: who, when, which, and the hashes of what they were; nothing of their content. With what
# everybody needs who checks the signatures, also who may not see the list.
struct DisposalCertificate $A.entity("档案销毁证明")
    $A.regulation("《行署办公室日常文稿办理制度》") $A.article("四(五) L484")
    $A.kind("register") $A.label(internal)
    $A.labelRule("as its records; one certificate for each label")
    $A.ownedByOffice
    $A.ownerUnit("秘书一科")
    $A.index(["state,destroyedAt"])
    $A.prohibited([
      (name = "separation", when = "witness=destroyedBy OR witness=listedBy", field = "witness",
       article = "四(五) L484"),
      (name = "separation", when = "destroyedBy=listedBy", field = "destroyedBy", article = "四(五) L484")
    ])
    $A.machine([
      (from = "pending", to = "certified", who = "秘书一科", article = "四(五) L484")
    ]) {
  list @0 :Data $A.title("鉴定清册") $A.ref("DisposalList") $A.merge(owner);
  records @1 :List(Destroyed) $A.title("已销毁记录") $A.required $A.merge(owner);
  count @2 :Int64 = A.absent $A.title("件数") $A.required $A.merge(owner);
  listedBy @3 :Data $A.title("造册人") $A.ref("Person") $A.required $A.merge(owner);
  approvedBy @4 :Data $A.title("审批人") $A.ref("Person") $A.required $A.merge(owner);
  destroyedBy @5 :Data $A.title("销毁人") $A.ref("Person") $A.required $A.merge(owner);
  witness @6 :Data $A.title("监销人") $A.ref("Person") $A.required $A.merge(owner);
  destroyedAt @7 :Text $A.title("销毁时间") $A.instant $A.required $A.merge(owner);
  certifiedAt @8 :Text $A.title("证明时间") $A.instant $A.merge(owner);
  done @9 :Done $A.title("销毁方式") $A.merge(ratchet) $A.ownerOnly;
  remark @10 :Text $A.title("说明") $A.merge(owner);
  state @11 :State $A.title("状态") $A.merge(state) $A.ownerOnly $A.computed;
  listMark @12 :Text $A.title("清册标记") $A.merge(owner) $A.computed;
  listing @13 :Text $A.title("造册人签名") $A.merge(owner) $A.computed $A.article("四(五) L484");
  decision @14 :Text $A.title("审批人签名") $A.merge(owner) $A.computed $A.article("四(五) L484");
  destruction @15 :Text $A.title("销毁人签名") $A.merge(owner) $A.computed $A.article("四(五) L484");
  witnessing @16 :Text $A.title("监销人签名") $A.merge(owner) $A.computed $A.article("四(五) L484");
  followUp @17 :Text $A.title("补销毁签名") $A.merge(owner) $A.computed;  # the office's, of what came after the signatures

  # scrubbed: out of every page of the files, which says nothing of a flash medium's spare blocks. keyDestroyed: and
  # the vault lies under a new key, with every holder of the old one accounted for.
  enum Done { unset @0; scrubbed @1; keyDestroyed @2; }
  enum State { unset @0; pending @1; certified @2; }

  struct Destroyed {
    record @0 :Text $A.title("记录");
    kind @1 :Text $A.title("种类");
    changes @2 :Int64 = A.absent $A.title("变更数");
    hash @3 :Text $A.title("校验");
  }
}
