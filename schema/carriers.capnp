# The life of classified carriers: movement, reading, counting, carrying out, destruction.
@0x8b4ded41cbb8acd7;

using A = import "annotations.capnp";

struct CarrierEvent $A.entity("载体流转登记")
    $A.regulation("《涉密载体保密管理暂行规定》") $A.article("L2087–2197")
    $A.kind("event") $A.label(internal)
    $A.labelRule("as carrier")
    $A.keep("with the carrier register, by a named keeper (二十八 L2189)")
    $A.appendOnly
    $A.index(["carrier,at"]) {
  carrier @0 :Data $A.title("载体") $A.ref("ClassifiedCarrier") $A.required $A.indexed;
  event @1 :Event $A.title("流转事项") $A.required $A.indexed;
  at @2 :Text $A.title("时间") $A.instant $A.required;
  from @3 :Data $A.title("交出人") $A.ref("Person");
  fromUnit @4 :Data $A.title("交出单位") $A.ref("OrgUnit");
  to @5 :Data $A.title("接收人") $A.ref("Person");
  toUnit @6 :Data $A.title("接收单位") $A.ref("OrgUnit");
  channel @7 :Channel $A.title("传递渠道") $A.article("十 L2113");
  approval @8 :Data $A.title("审批") $A.ref("Approval");
  witness @9 :Data $A.title("见证人") $A.ref("Person");
  sealed @10 :A.Flag $A.title("密封") $A.article("九 L2109");
  envelopeShows @11 :Text $A.title("信封标注") $A.article("九 L2109");
  remark @12 :Text $A.title("流转说明");

  enum Event { unset @0; made @1; registered @2; dispatched @3; received @4; signedFor @5; read @6; copied @7; compiled @8; excerpted @9; carriedOut @10; broughtBack @11; handedOver @12; inventoried @13; returned @14; archived @15; destructionApproved @16; destroyed @17; lost @18; found @19; destructionListed @20; }

  enum Channel { unset @0; confidentialPost @1; dedicatedCourier @2; inPerson @3; approvedNetwork @4; }
}

struct ReaderRegister $A.entity("绝密知悉登记")
    $A.regulation("《涉密载体保密管理暂行规定》") $A.article("十三 L2125")
    $A.kind("register") $A.label(topSecret)
    $A.index(["carrier,readAt"]) {
  carrier @0 :Data $A.title("载体") $A.ref("ClassifiedCarrier") $A.required $A.indexed;
  reader @1 :Data $A.title("知悉人") $A.ref("Person") $A.required;
  readAt @2 :Text $A.title("阅读时间") $A.instant $A.required;
  place @3 :Text $A.title("阅读地点") $A.required;
  purpose @4 :Text $A.title("阅读事由");
  supervisedBy @5 :Data $A.title("监督人") $A.ref("Person");
}

struct CarrierInventory $A.entity("载体清查")
    $A.regulation("《涉密载体保密管理暂行规定》") $A.article("二十二 L2171")
    $A.kind("case") $A.label(internal)
    $A.index(["state"])
    $A.machine([
      (from = "open", to = "counted", who = "清点人和复核人", article = "二十二 L2171"),
      (from = "counted", to = "reported", who = "科室负责人", article = "二十二 L2171"),
      (from = "reported", to = "closed", who = "保密办")
    ]) {
  year @0 :Int64 = A.absent $A.title("年度") $A.required $A.indexed;
  unit @1 :Data $A.title("清查单位") $A.ref("OrgUnit") $A.required;
  startedAt @2 :Text $A.title("清查开始时间") $A.instant;
  countedBy @3 :Data $A.title("清点人") $A.ref("Person") $A.required;
  checkedBy @4 :Data $A.title("复核人") $A.ref("Person") $A.required;
  found @5 :List(Data) $A.title("清到") $A.ref("ClassifiedCarrier") $A.merge(addWins);
  missing @6 :List(Data) $A.title("缺失") $A.ref("ClassifiedCarrier") $A.computed;
  reportedAt @7 :Text $A.title("报告时间") $A.instant;
  state @8 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; open @1; counted @2; reported @3; closed @4; }
}

struct CarrierHandover $A.entity("载体移交")
    $A.regulation("《涉密载体保密管理暂行规定》") $A.article("二十三 L2175")
    $A.kind("case") $A.label(internal) {
  from @0 :Data $A.title("移交人") $A.ref("Person") $A.required;
  to @1 :Data $A.title("接收人") $A.ref("Person") $A.required;
  reason @2 :Reason $A.title("移交原因") $A.required;
  carriers @3 :List(Data) $A.title("移交载体") $A.ref("ClassifiedCarrier") $A.required $A.merge(addWins);
  signedFrom @4 :Text $A.title("移交签字时间") $A.instant;
  signedTo @5 :Text $A.title("接收签字时间") $A.instant;
  supervisor @6 :Data $A.title("监交人") $A.ref("Person");

  enum Reason { unset @0; leavingPost @1; leavingOffice @2; unitMerged @3; unitDissolved @4; }
}

struct CarrierDestruction $A.entity("载体销毁")
    $A.regulation("《涉密载体保密管理暂行规定》") $A.article("二十五、二十六 L2179–2185")
    $A.kind("case") $A.label(internal)
    $A.series("destruction")
    $A.index(["state"])
    $A.prohibited([
      (name = "separation", when = "witness1=witness2 OR listedBy IN (witness1,witness2)", field = "witness1",
       article = "二十五、二十六 L2179–2185")
    ])
    $A.machine([
      (from = "listed", to = "approved", who = "分管领导", article = "二十五 L2179"),
      (from = "approved", to = "filed", who = "保密办", article = "二十五 L2179"),
      (from = "filed", to = "destroyed", who = "两名监销人", article = "二十六 L2183"),
      (from = "destroyed", to = "certified", who = "两名监销人", article = "二十六 L2185")
    ]) {
  carriers @0 :List(Data) $A.title("销毁载体") $A.ref("ClassifiedCarrier") $A.required $A.merge(addWins);
  listedBy @1 :Data $A.title("造册人") $A.ref("Person") $A.required;
  approvedBy @2 :Data $A.title("批准人") $A.ref("Person");
  filedWithBureauAt @3 :Text $A.title("报保密局备案时间") $A.instant;
  method @4 :Method $A.title("销毁方式") $A.required;
  witness1 @5 :Data $A.title("监销人一") $A.ref("Person") $A.required $A.article("二十六 L2183");
  witness2 @6 :Data $A.title("监销人二") $A.ref("Person") $A.required $A.article("二十六 L2183");
  destroyedAt @7 :Text $A.title("销毁时间") $A.instant;
  certificate @8 :Text $A.title("销毁证明");
  state @9 :State $A.title("状态") $A.merge(state);

  enum Method { unset @0; burn @1; shred @2; pulp @3; degauss @4; bureau @5; }

  enum State { unset @0; listed @1; approved @2; filed @3; destroyed @4; certified @5; }
}

struct CarryOutPermit $A.entity("携带外出审批")
    $A.regulation("《涉密载体保密管理暂行规定》") $A.article("十八、十九 L2151–2161")
    $A.kind("case") $A.label(internal)
    $A.labelRule("as carrier")
    $A.index(["state,until"])
    $A.prohibited([
      (name = "separation", when = "approvedBy=bearer", field = "approvedBy", article = "十八 L2151")
    ])
    $A.machine([
      (from = "asked", to = "approved", who = "分管领导", article = "十八 L2151"),
      (from = "asked", to = "refused", who = "分管领导", reason = true),
      (from = "approved", to = "out", who = "携带人"),
      (from = "out", to = "back", who = "管理人"),
      (from = "out", to = "overdue", who = "管理人"),
      (from = "overdue", to = "back", who = "管理人")
    ]) {
  carrier @0 :Data $A.title("载体") $A.ref("ClassifiedCarrier") $A.required $A.indexed;
  bearer @1 :Data $A.title("携带人") $A.ref("Person") $A.required;
  destination @2 :Text $A.title("目的地") $A.required;
  from @3 :Text $A.title("外出时间") $A.instant $A.required;
  until @4 :Text $A.title("应归时间") $A.instant $A.required;
  abroad @5 :A.Flag $A.title("出境") $A.article("十九 L2161");
  foreignRelated @6 :A.Flag $A.title("涉外");
  approvedBy @7 :Data $A.title("批准人") $A.ref("Person");
  filedWithSecrecyOffice @8 :A.Flag $A.title("已报保密办备案");
  returnedAt @9 :Text $A.title("归还时间") $A.instant;
  state @10 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; asked @1; approved @2; refused @3; out @4; back @5; overdue @6; }
}

struct Consignment $A.entity("机要寄递")
    $A.regulation("《涉密载体保密管理暂行规定》") $A.article("九至十一 L2109–2119")
    $A.kind("event") $A.label(internal)
    $A.series("consignment") {
  carriers @0 :List(Data) $A.title("载体") $A.ref("ClassifiedCarrier") $A.required $A.merge(addWins);
  fromUnit @1 :Data $A.title("寄出单位") $A.ref("OrgUnit") $A.required;
  toUnit @2 :Data $A.title("收件单位") $A.ref("OrgUnit") $A.required;
  outsideArea @3 :A.Flag $A.title("地区外");
  channel @4 :Channel $A.title("渠道") $A.required $A.article("十、十一 L2113–2119");
  envelopeNumber @5 :Text $A.title("信封编号") $A.article("九 L2109");
  envelopeLevel @6 :A.Level $A.title("信封密级") $A.article("九 L2109");
  courier @7 :Data $A.title("递送人") $A.ref("Person");
  sentAt @8 :Text $A.title("寄出时间") $A.instant;
  receivedAt @9 :Text $A.title("收到时间") $A.instant;
  receiptSignedBy @10 :Text $A.title("回执签收人");
  counted @11 :Int64 = A.absent $A.title("清点件数");

  enum Channel { unset @0; confidentialPost @1; dedicatedCourier @2; inPerson @3; approvedNetwork @4; }
}
