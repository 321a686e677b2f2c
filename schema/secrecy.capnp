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
  holder @12 :Data $A.title("持有人") $A.ref("Person") $A.indexed $A.merge(conflict)
      $A.clash("carrierInTwoPlaces");
  holderUnit @13 :Data $A.title("持有单位") $A.ref("OrgUnit") $A.indexed;
  location @14 :Text $A.title("存放处");
  keeper @15 :Data $A.title("管理人") $A.ref("Person");
  copyOf @16 :Data $A.title("复制自") $A.ref("ClassifiedCarrier");
  mustReturn @17 :A.Flag $A.title("应清退");
  state @18 :State $A.title("状态") $A.merge(state) $A.clash("carrierInTwoPlaces");

  enum MediumKind { unset @0; paper @1; disk @2; optical @3; usb @4; removableDisk @5; tape @6; video @7; phone @8; computer @9; bundle @10; other @11; }

  enum State { unset @0; made @1; registered @2; inStore @3; dispatched @4; received @5; readOut @6; carriedOut @7; returned @8; archived @9; destructionListed @10; destructionApproved @11; destroyed @12; lost @13; found @14; }
}

# One subject may be classified again and again: subject and sequence would be its key, and the sequence is
# the order of these records, so no key is declared.
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
  expiresAt @10 :Text $A.title("到期日期") $A.date $A.computed
      $A.article("十七(三) L2082") $A.reading("The last day is still secret; release is at the start of the next.");
  state @11 :State $A.title("状态") $A.merge(state);
  change @12 :Change $A.title("行为");
  reason @13 :Text $A.title("理由") $A.search;
  organ @14 :Text $A.title("决定站点") $A.article("十六、十七 L2070–2078");
  circles @15 :List(Text) $A.title("知悉范围名称");
  oldMark @16 :Text $A.title("原标志");
  proposal @17 :Text $A.title("提出人签名") $A.article("三 L2036");
  decision @18 :Text $A.title("批准人签名") $A.article("三 L2036");
  remark @19 :Text $A.title("批语");
  specialRule @20 :Text $A.title("特殊规定") $A.article("四 L2038");

  enum Level { unset @0; internal @1; confidential @2; secret @3; topSecret @4; }

  enum Change { unset @0; classify @1; raise @2; lower @3; extend @4; shorten @5; widen @6; narrow @7; release @8; hold @9; unhold @10; expire @11; }

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

struct SecrecyTraining $A.entity("保密教育")
    $A.regulation("《保密工作管理制度》") $A.article("L1972–1996")
    $A.kind("event") $A.label(internal) {
  unit @0 :Data $A.title("单位") $A.ref("OrgUnit") $A.required;
  heldAt @1 :Text $A.title("开展时间") $A.instant $A.required;
  topic @2 :Text $A.title("教育内容") $A.required;
  attendees @3 :List(Data) $A.title("参加人员") $A.ref("Person") $A.merge(addWins);
}

struct SecrecyInspection $A.entity("保密检查")
    $A.regulation("《保密工作管理制度》") $A.article("L1972–2021")
    $A.kind("case") $A.label(internal)
    $A.index(["state,at"])
    $A.machine([
      (from = "planned", to = "done", who = "检查人"),
      (from = "done", to = "rectifying", who = "受检单位"),
      (from = "rectifying", to = "closed", who = "检查人"),
      (from = "done", to = "closed", who = "检查人")
    ]) {
  unit @0 :Data $A.title("受检单位") $A.ref("OrgUnit") $A.required;
  at @1 :Text $A.title("检查时间") $A.instant $A.required;
  inspector @2 :Data $A.title("检查人") $A.ref("Person") $A.required;
  place @3 :Text $A.title("检查地点");
  found @4 :Text $A.title("发现情况") $A.search;
  measure @5 :Text $A.title("处理措施");
  state @6 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; planned @1; done @2; rectifying @3; closed @4; }
}

struct KeyLocation $A.entity("保密要害部位")
    $A.regulation("《保密工作管理制度》") $A.article("L1972–1996")
    $A.kind("master") $A.label(internal) {
  name @0 :Text $A.title("部位名称") $A.required;
  unit @1 :Data $A.title("所属单位") $A.ref("OrgUnit") $A.required;
  level @2 :A.Level $A.title("涉密等级") $A.required;
  custodian @3 :Data $A.title("责任人") $A.ref("Person") $A.required;
  equipment @4 :List(Text) $A.title("防护设备") $A.merge(addWins);
}

struct LeakIncident $A.entity("失泄密事件")
    $A.regulation("《涉密载体保密管理暂行规定》") $A.article("二十九 L2191")
    $A.kind("case") $A.label(secret)
    $A.series("leak")
    $A.index(["state,foundAt"])
    $A.machine([
      (from = "found", to = "reported", who = "发现单位", article = "二十九 L2191"),
      (from = "reported", to = "investigating", who = "保密办", article = "二十九 L2191"),
      (from = "investigating", to = "remedied", who = "责任单位", article = "二十九 L2191"),
      (from = "remedied", to = "closed", who = "保密办")
    ]) {
  foundAt @0 :Text $A.title("发现时间") $A.instant $A.required;
  whatLevel @1 :A.Level $A.title("泄露内容密级") $A.required;
  content @2 :Text $A.title("泄露内容") $A.required $A.search $A.merge(conflict);
  scopeOfHarm @3 :Text $A.title("危害范围");
  severity @4 :Severity $A.title("严重程度") $A.merge(ratchet);
  course @5 :Text $A.title("泄密经过") $A.search;
  responsible @6 :List(Data) $A.title("责任人") $A.ref("Person") $A.merge(addWins);
  remedies @7 :Text $A.title("补救措施") $A.search $A.merge(appendOnly);
  reportedTo @8 :List(Data) $A.title("已报告机关") $A.ref("OrgUnit") $A.merge(addWins);
  reportedAt @9 :Text $A.title("报告时间") $A.instant;
  state @10 :State $A.title("状态") $A.merge(state);

  enum Severity { unset @0; minor @1; serious @2; grave @3; }

  enum State { unset @0; found @1; reported @2; investigating @3; remedied @4; closed @5; }
}

struct ClassificationChange $A.entity("密级变更")
    $A.regulation("《定密解密工作暂行规定》") $A.article("十六、十七 L2070–2078")
    $A.kind("event") $A.label(internal)
    $A.labelRule("as classification") {
  classification @0 :Data $A.title("原定密") $A.ref("Classification") $A.required $A.indexed;
  change @1 :Change $A.title("变更方式") $A.required;
  newLevel @2 :A.Level $A.title("新密级");
  newPeriod @3 :Text $A.title("新期限");
  reason @4 :Text $A.title("变更理由") $A.required $A.search;
  decidedBy @5 :Data $A.title("决定人") $A.ref("Person") $A.required;
  organ @6 :Data $A.title("原定密机关或上级") $A.ref("OrgUnit") $A.required $A.article("十七 L2078");
  at @7 :Text $A.title("变更时间") $A.instant $A.required;
  notified @8 :List(Data) $A.title("已通知单位") $A.ref("OrgUnit") $A.merge(appendOnly);
  emergency @9 :A.Flag $A.title("上级机关直接变更");

  enum Change { unset @0; raise @1; lower @2; extend @3; shorten @4; widen @5; narrow @6; release @7; }
}

struct SecrecyDispute $A.entity("定密争议")
    $A.regulation("《定密解密工作暂行规定》") $A.article("十 L2058")
    $A.kind("case") $A.label(internal)
    $A.labelRule("as subject")
    $A.index(["state,submittedAt"])
    $A.machine([
      (from = "raised", to = "submitted", who = "承办科室", article = "十 L2058"),
      (from = "submitted", to = "replied", who = "保密局", article = "十 L2058"),
      (from = "replied", to = "closed", who = "承办科室")
    ]) {
  subject @0 :Data $A.title("事项") $A.ref("any") $A.required $A.indexed;
  question @1 :Text $A.title("争议问题") $A.required $A.search;
  raisedAt @2 :Text $A.title("提出时间") $A.instant $A.required;
  submittedAt @3 :Text $A.title("报送时间") $A.instant $A.article("十 L2058") $A.reading("The ten and the thirty days are calendar days.");
  repliedAt @4 :Text $A.title("批复时间") $A.instant;
  reply @5 :Text $A.title("批复内容") $A.search;
  heldAs @6 :A.Level $A.title("拟定密级") $A.article("十 L2058");
  state @7 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; raised @1; submitted @2; replied @3; closed @4; }
}

struct ClassificationYear $A.entity("年度定密汇总")
    $A.regulation("《定密解密工作暂行规定》") $A.article("十八 L2084")
    $A.kind("register") $A.label(internal) {
  year @0 :Int64 = A.absent $A.title("年度") $A.required $A.indexed;
  unit @1 :Data $A.title("单位") $A.ref("OrgUnit") $A.required;
  countsByLevel @2 :List(Count) $A.title("各密级件数") $A.computed;
  filedWithBureauAt @3 :Text $A.title("报保密局时间") $A.instant;

  struct Count {
    level @0 :A.Level $A.title("密级");
    count @1 :Int64 = A.absent $A.title("件数");
  }
}

struct PortionMark $A.entity("段落密级")
    $A.regulation("《定密解密工作暂行规定》") $A.article("八、九 L2054–2056")
    $A.kind("event") $A.label(internal)
    $A.labelRule("as subject") {
  subject @0 :Data $A.title("事项") $A.ref("any") $A.required $A.indexed;
  path @1 :Text $A.title("位置") $A.required;
  level @2 :A.Level $A.title("密级") $A.required;
  period @3 :Text $A.title("保密期限");
}
