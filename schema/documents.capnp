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
  deliveredAt @4 :Text $A.title("送达") $A.instant;
  returnedAt @5 :Text $A.title("退回") $A.instant;
  instruction @6 :Text $A.title("批示") $A.search $A.merge(conflict);
  remindedAt @7 :List(Text) $A.title("提醒") $A.instant $A.merge(appendOnly);
  keptCopy @8 :A.Flag $A.title("留复印件");
  outcome @9 :Outcome $A.title("结果") $A.merge(state);

  enum Mode { unset @0; approve @1; read @2; }

  enum Outcome { unset @0; pending @1; signed @2; noted @3; returnedUnread @4; skipped @5; }
}
