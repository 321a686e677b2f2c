# Classification, circles and classified carriers.
@0xf614aa4c5f33d75c;

using A = import "annotations.capnp";

struct ClassifiedCarrier $A.entity("涉密载体")
    $A.regulation("《涉密载体保密管理暂行规定》") $A.article("L2087–2197")
    $A.kind("case") $A.label(internal)
    $A.labelRule("its content's")
    $A.series("carrier per level and year")
    $A.machine([
      (from = "made", to = "registered"),
      (from = "registered", to = "inStore"),
      (from = "registered", to = "dispatched"),
      (from = "inStore", to = "dispatched"),
      (from = "dispatched", to = "received"),
      (from = "received", to = "inStore"),
      (from = "received", to = "returned"),
      (from = "inStore", to = "readOut"),
      (from = "readOut", to = "inStore"),
      (from = "inStore", to = "carriedOut"),
      (from = "carriedOut", to = "inStore"),
      (from = "inStore", to = "returned"),
      (from = "returned", to = "inStore"),
      (from = "inStore", to = "archived"),
      (from = "returned", to = "archived"),
      (from = "inStore", to = "destructionListed"),
      (from = "returned", to = "destructionListed"),
      (from = "archived", to = "destructionListed"),
      (from = "destructionListed", to = "destructionApproved"),
      (from = "destructionListed", to = "inStore"),
      (from = "destructionApproved", to = "destroyed"),
      (from = "registered", to = "lost"),
      (from = "inStore", to = "lost"),
      (from = "dispatched", to = "lost"),
      (from = "received", to = "lost"),
      (from = "readOut", to = "lost"),
      (from = "carriedOut", to = "lost"),
      (from = "returned", to = "lost"),
      (from = "archived", to = "lost"),
      (from = "lost", to = "found"),
      (from = "found", to = "inStore")
    ]) {
  number @0 :Text $A.title("编号") $A.required $A.indexed $A.merge(owner) $A.numbered;
  copyNumber @1 :Int64 = A.absent $A.title("份号") $A.indexed;
  ofDocument @2 :Data $A.title("内容") $A.ref("any");
  mediumKind @3 :MediumKind $A.title("载体类型") $A.required;
  title @4 :Text $A.title("标题") $A.required $A.search;
  level @5 :A.Level $A.title("密级") $A.required;
  period @6 :Text $A.title("保密期限");
  distribution @7 :Text $A.title("发放范围");
  totalCopies @8 :Int64 = A.absent $A.title("制作数量");
  madeAt @9 :Text $A.title("制作时间") $A.instant;
  madeBy @10 :Data $A.title("制作人") $A.ref("Person");
  maker @11 :Data $A.title("制作单位") $A.ref("OrgUnit");
  holder @12 :Data $A.title("持有人") $A.ref("Person") $A.indexed $A.merge(conflict);
  holderUnit @13 :Data $A.title("持有单位") $A.ref("OrgUnit") $A.indexed;
  location @14 :Text $A.title("存放处");
  keeper @15 :Data $A.title("管理人") $A.ref("Person");
  copyOf @16 :Data $A.title("复制自") $A.ref("ClassifiedCarrier");
  mustReturn @17 :A.Flag $A.title("应清退");
  state @18 :State $A.title("状态") $A.merge(state);

  enum MediumKind { unset @0; paper @1; disk @2; optical @3; usb @4; removableDisk @5; tape @6; video @7; phone @8; computer @9; bundle @10; other @11; }

  enum State { unset @0; made @1; registered @2; inStore @3; dispatched @4; received @5; readOut @6; carriedOut @7; returned @8; archived @9; destructionListed @10; destructionApproved @11; destroyed @12; lost @13; found @14; }
}

struct Classification $A.entity("定密")
    $A.regulation("《定密解密工作暂行规定》") $A.article("L2024–2084")
    $A.kind("event") $A.label(internal)
    $A.labelRule("the level it sets")
    $A.machine([
      (from = "proposed", to = "approved", who = "定密责任人"),
      (from = "proposed", to = "refused", who = "定密责任人"),
      (from = "approved", to = "changed"),
      (from = "changed", to = "changed"),
      (from = "approved", to = "released"),
      (from = "changed", to = "released"),
      (from = "approved", to = "expired"),
      (from = "changed", to = "expired"),
      (from = "approved", to = "disputed"),
      (from = "changed", to = "disputed"),
      (from = "disputed", to = "approved"),
      (from = "disputed", to = "changed"),
      (from = "disputed", to = "released")
    ]) {
  subject @0 :Data $A.title("事项") $A.ref("any") $A.required $A.indexed;
  level @1 :Level $A.title("密级") $A.required;
  period @2 :Text $A.title("保密期限") $A.required;
  circle @3 :List(Data) $A.title("知悉范围") $A.ref("Circle") $A.required;
  basis @4 :Text $A.title("依据") $A.required;
  proposedBy @5 :Data $A.title("承办人") $A.ref("Person") $A.required;
  proposedAt @6 :Text $A.title("提出时间") $A.instant;
  approvedBy @7 :Data $A.title("分管领导") $A.ref("Person");
  approvedAt @8 :Text $A.title("批准时间") $A.instant;
  effectiveAt @9 :Text $A.title("生效时间") $A.instant;
  expiresAt @10 :Text $A.title("到期日期") $A.date $A.computed;
  state @11 :State $A.title("状态") $A.merge(state);

  enum Level { unset @0; internal @1; confidential @2; secret @3; topSecret @4; }

  enum State { unset @0; proposed @1; approved @2; refused @3; changed @4; released @5; expired @6; disputed @7; }
}

struct Circle $A.entity("知悉范围")
    $A.regulation("《定密解密工作暂行规定》") $A.article("L2024–2084")
    $A.kind("master") $A.label(internal)
    $A.labelRule("its own")
    $A.ownedByOffice {
  name @0 :Text $A.title("名称") $A.required;
  members @1 :List(Data) $A.title("成员") $A.ref("Person") $A.merge(addWins) $A.ownerOnly;
  sites @2 :List(Data) $A.title("站点") $A.ref("Site") $A.merge(addWins) $A.ownerOnly;
  purpose @3 :Text $A.title("用途");
  approvedBy @4 :Data $A.title("批准人") $A.ref("Person");
}
