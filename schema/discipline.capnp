# The discipline group: nothing here is below confidential.
@0x8937124c1ab0aabe;

using A = import "annotations.capnp";

struct ComplaintLetter $A.entity("信访件")
    $A.regulation("《纪检组工作制度》") $A.article("L2512–2610")
    $A.kind("case") $A.label(confidential)
    $A.circle(["纪检组"])
    $A.series("letter")
    $A.ownerUnit("纪检组")
    $A.index(["state,receivedAt"])
    $A.machine([
      (from = "received", to = "registered", who = "纪检组"),
      (from = "registered", to = "assigned", who = "纪检组组长"),
      (from = "assigned", to = "handled", who = "承办人"),
      (from = "handled", to = "answered", who = "纪检组"),
      (from = "handled", to = "closed", who = "纪检组组长"),
      (from = "answered", to = "closed", who = "纪检组组长")
    ]) {
  receivedAt @0 :Text $A.title("收到时间") $A.instant $A.required;
  channel @1 :Channel $A.title("来件方式") $A.required;
  matter @2 :Text $A.title("反映问题") $A.required $A.search;
  concerning @3 :Data $A.title("涉及单位") $A.ref("OrgUnit");
  assignedTo @4 :Data $A.title("承办人") $A.ref("Person");
  state @5 :State $A.title("状态") $A.merge(state);
  answer @6 :Text $A.title("答复") $A.search;

  enum Channel { unset @0; letter @1; visit @2; phone @3; assigned @4; }

  enum State { unset @0; received @1; registered @2; assigned @3; handled @4; answered @5; closed @6; }
}

struct PreliminaryInquiry $A.entity("初步核实")
    $A.regulation("《纪检组工作制度》") $A.article("L2512–2610")
    $A.kind("case") $A.label(confidential)
    $A.circle(["纪检组"])
    $A.ownerUnit("纪检组")
    $A.index(["state"])
    $A.machine([
      (from = "approved", to = "inquiring", who = "纪检组"),
      (from = "inquiring", to = "reported", who = "纪检组"),
      (from = "reported", to = "transferred", who = "纪检组组长"),
      (from = "reported", to = "closed", who = "纪检组组长"),
      (from = "transferred", to = "closed", who = "纪检组组长")
    ]) {
  letter @0 :Data $A.title("信访件") $A.ref("ComplaintLetter");
  approvedBy @1 :Data $A.title("批准人") $A.ref("Person") $A.required;
  findings @2 :Text $A.title("核实情况") $A.search $A.merge(conflict);
  reportedUpAt @3 :Text $A.title("上报时间") $A.instant;
  state @4 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; approved @1; inquiring @2; reported @3; transferred @4; closed @5; }
}

struct IntegrityTalk $A.entity("谈话记录")
    $A.regulation("《纪检组工作制度》") $A.article("第二十条 L2590")
    $A.kind("event") $A.label(confidential)
    $A.ownerUnit("纪检组")
    $A.index(["person,at"]) {
  kindOfTalk @0 :KindOfTalk $A.title("谈话类别") $A.required;
  person @1 :Data $A.title("谈话对象") $A.ref("Person") $A.required $A.indexed;
  by @2 :Data $A.title("谈话人") $A.ref("Person") $A.required;
  at @3 :Text $A.title("谈话时间") $A.instant $A.required;
  record @4 :Text $A.title("谈话内容") $A.search;
  confirmedByPerson @5 :A.Flag $A.title("本人核实") $A.article("第二十条(二) L2590");

  enum KindOfTalk { unset @0; annual @1; admonition @2; }
}

struct IntegrityOpinion $A.entity("廉政鉴定")
    $A.regulation("《纪检组工作制度》") $A.article("第十五条 L2564")
    $A.kind("case") $A.label(confidential)
    $A.ownerUnit("纪检组")
    $A.index(["state"])
    $A.machine([
      (from = "asked", to = "issued", who = "纪检组", article = "十五 L2564")
    ]) {
  person @0 :Data $A.title("人员") $A.ref("Person") $A.required;
  forPost @1 :Data $A.title("拟任职务") $A.ref("Post");
  opinion @2 :Text $A.title("鉴定意见") $A.search;
  issuedAt @3 :Text $A.title("出具时间") $A.instant;
  state @4 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; asked @1; issued @2; }
}
