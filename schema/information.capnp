# Information for those who decide, and urgent reports.
@0xf82f2f3c161887ac;

using A = import "annotations.capnp";

struct InformationItem $A.entity("信息")
    $A.regulation("《信息工作规范》《向地区行署报送信息工作制度》") $A.article("三、五 L1205–1215、L1297–1389")
    $A.kind("case") $A.label(internal)
    $A.labelRule("confidential where it is urgent")
    $A.series("information, per year")
    $A.keep("a month's approvals go to the archive on the next month's first workday (八 L1229)")
    $A.ownerUnit("reporting unit")
    $A.index(["state,receivedAt", "sourceUnit,receivedAt"])
    $A.machine([
      (from = "received", to = "screened", who = "信息科", article = "三 L1205"),
      (from = "screened", to = "edited", who = "采编人员", article = "三 L1205"),
      (from = "edited", to = "reviewed", who = "副科长、科长", article = "三 L1205"),
      (from = "reviewed", to = "edited", who = "科长", reason = true),
      (from = "reviewed", to = "signed", who = "分管副秘书长；重要的经秘书长", article = "三 L1205、L1365"),
      (from = "signed", to = "published", who = "信息科"),
      (from = "signed", to = "submittedUp", who = "信息科", article = "五(4) L1215"),
      (from = "published", to = "submittedUp", who = "信息科", article = "五(4) L1215"),
      (from = "received", to = "rejected", who = "信息科", reason = true),
      (from = "screened", to = "rejected", who = "信息科", reason = true),
      (from = "edited", to = "rejected", who = "信息科", reason = true),
      (from = "reviewed", to = "rejected", who = "信息科", reason = true),
      (from = "published", to = "archived", who = "信息科", article = "八 L1229"),
      (from = "submittedUp", to = "archived", who = "信息科", article = "八 L1229")
    ]) {
  title @0 :Text $A.title("标题") $A.required $A.search $A.merge(conflict);
  body @1 :Text $A.title("信息正文") $A.required $A.search $A.merge(conflict);
  sourceUnit @2 :Data $A.title("报送单位") $A.ref("OrgUnit") $A.required $A.indexed;
  reporter @3 :Data $A.title("报送人") $A.ref("Person");
  topic @4 :Topic $A.title("信息主题") $A.required $A.indexed;
  kindOfItem @5 :KindOfItem $A.title("专题/动态/标题") $A.required;
  receivedAt @6 :Text $A.title("收到时间") $A.instant $A.required $A.indexed;
  finishedAt @7 :Text $A.title("办结时间") $A.instant;
  screenedBy @8 :Data $A.title("筛选") $A.ref("Person");
  factsChecked @9 :A.Flag $A.title("事实文字关");
  policyChecked @10 :A.Flag $A.title("政策主题关");
  sensitive @11 :A.Flag $A.title("敏感信息");
  requestedBy @12 :Data $A.title("对应约稿") $A.ref("InformationCommission");
  authenticity @13 :Authenticity $A.title("真实性") $A.merge(conflict);
  state @14 :State $A.title("状态") $A.merge(state);

  enum Topic { unset @0; decisionImplementation @1; localWork @2; emergency @3; opinion @4; support @5; other @6; }

  enum KindOfItem { unset @0; special @1; dynamic @2; headline @3; }

  enum Authenticity { unset @0; unverified @1; verified @2; incorrect @3; }

  enum State { unset @0; received @1; screened @2; edited @3; reviewed @4; signed @5; published @6; submittedUp @7; rejected @8; archived @9; }
}

struct Bulletin $A.entity("政务信息期刊")
    $A.regulation("《信息工作规范》《向地区行署报送信息工作制度》") $A.article("四至十 L1357–1385")
    $A.kind("case") $A.label(internal)
    $A.series("bulletin, per title and year")
    $A.keep("to the archive on the day of issue (十 L1385)")
    $A.ownerUnit("信息科")
    $A.index(["title,issue"])
    $A.machine([
      (from = "collecting", to = "edited", who = "采编人员"),
      (from = "edited", to = "reviewed", who = "副科长、科长", article = "L1365"),
      (from = "reviewed", to = "signed", who = "分管副秘书长", article = "L1365"),
      (from = "signed", to = "printed", who = "文印室", article = "L1369"),
      (from = "printed", to = "distributed", who = "发文室", article = "八 L1377"),
      (from = "distributed", to = "archived", who = "信息科", article = "十 L1385")
    ]) {
  title @0 :Title $A.title("刊物名称") $A.required;
  issue @1 :Int64 = A.absent $A.title("期号") $A.required $A.indexed $A.merge(owner) $A.least(1) $A.unit("期");
  closesAt @2 :Text $A.title("截稿") $A.instant $A.article("四 L1357")
      $A.reading("What arrives after closing and is not urgent is for the next workday.");
  pages @3 :Int64 = A.absent $A.title("页数") $A.unit("页") $A.least(1) $A.article("四 L1357");
  editor @4 :Data $A.title("编辑") $A.ref("Person");
  signer @5 :Data $A.title("签发人") $A.ref("Person");
  printedAt @6 :Text $A.title("印制时间") $A.instant;
  distribution @7 :List(Data) $A.title("分送单位") $A.ref("OrgUnit") $A.merge(addWins);
  readers @8 :List(Data) $A.title("分送领导") $A.ref("Person") $A.merge(addWins);
  state @9 :State $A.title("状态") $A.merge(state);

  enum Title { unset @0; governmentInformation @1; decisionReference @2; situation @3; researchReference @4; informationDigest @5; emergencyBrief @6; supervisionReport @7; supervisionNotice @8; }

  enum State { unset @0; collecting @1; edited @2; reviewed @3; signed @4; printed @5; distributed @6; archived @7; }
}

struct BulletinAdoption $A.entity("信息采用")
    $A.regulation("《信息工作规范》《向地区行署报送信息工作制度》") $A.article("四(一) L1416–1420、七 L1373")
    $A.kind("event") $A.label(internal)
    $A.ownerUnit("信息科") {
  item @0 :Data $A.title("信息") $A.ref("InformationItem") $A.required $A.indexed;
  bulletin @1 :Data $A.title("采用刊物") $A.ref("Bulletin");
  level @2 :Level $A.title("采用层级") $A.required;
  kindOfItem @3 :KindOfItem $A.title("信息类别") $A.required;
  adoptedAt @4 :Text $A.title("采用时间") $A.instant $A.required;
  instructionBy @5 :Data $A.title("批示领导") $A.ref("Person");
  instruction @6 :Text $A.title("批示内容") $A.search;

  enum Level { unset @0; prefecture @1; region @2; }

  enum KindOfItem { unset @0; special @1; dynamic @2; headline @3; }
}

struct InformationCommission $A.entity("约稿")
    $A.regulation("《信息工作规范》《向地区行署报送信息工作制度》") $A.article("L1115–1233、L1297–1389")
    $A.kind("case") $A.label(internal)
    $A.ownerUnit("信息科")
    $A.index(["state,dueAt"])
    $A.machine([
      (from = "asked", to = "accepted", who = "约稿单位"),
      (from = "asked", to = "delivered", who = "约稿单位"),
      (from = "accepted", to = "delivered", who = "约稿单位"),
      (from = "asked", to = "late", who = "信息科"),
      (from = "accepted", to = "late", who = "信息科"),
      (from = "late", to = "delivered", who = "约稿单位"),
      (from = "asked", to = "refused", who = "约稿单位", reason = true)
    ]) {
  unit @0 :Data $A.title("约稿单位") $A.ref("OrgUnit") $A.required $A.indexed;
  topic @1 :Text $A.title("约稿主题") $A.required $A.search;
  askedAt @2 :Text $A.title("约稿时间") $A.instant $A.required;
  mode @3 :Mode $A.title("约稿方式");
  dueAt @4 :Text $A.title("交稿时限") $A.instant $A.required;
  answeredBy @5 :Data $A.title("所交信息") $A.ref("InformationItem");
  state @6 :State $A.title("状态") $A.merge(state);

  enum Mode { unset @0; written @1; phone @2; }

  enum State { unset @0; asked @1; accepted @2; delivered @3; late @4; refused @5; }
}

struct InformationLiaison $A.entity("信息联络员")
    $A.regulation("《信息工作规范》《向地区行署报送信息工作制度》") $A.article("二 L1161")
    $A.kind("master") $A.label(internal)
    $A.ownerUnit("信息科") {
  unit @0 :Data $A.title("单位") $A.ref("OrgUnit") $A.required $A.indexed $A.key;
  role @1 :Role $A.title("联络身份") $A.required $A.key;
  person @2 :Text $A.title("姓名") $A.required;
  post @3 :Text $A.title("职务");
  phone @4 :Text $A.title("电话") $A.required;
  reportedOn @5 :Text $A.title("报备日期") $A.date $A.required $A.article("二 L1161");
  validFrom @6 :Text $A.title("起用日期") $A.date;
  validTo @7 :Text $A.title("有效期至") $A.date;

  enum Role { unset @0; leader @1; liaison @2; }
}

struct FeedbackFromAbove $A.entity("上级批示跟踪")
    $A.regulation("《信息工作规范》《向地区行署报送信息工作制度》") $A.article("L1115–1233、L1297–1389")
    $A.kind("event") $A.label(internal)
    $A.labelRule("as item")
    $A.ownerUnit("信息科")
    $A.index(["item,at"]) {
  item @0 :Data $A.title("信息") $A.ref("InformationItem") $A.required;
  organ @1 :Data $A.title("批示机关") $A.ref("OrgUnit");
  text @2 :Text $A.title("批示内容") $A.search;
  at @3 :Text $A.title("批示时间") $A.instant;
  reportedTo @4 :List(Data) $A.title("已报送领导") $A.ref("Person") $A.merge(appendOnly);
}

struct UrgentReport $A.entity("紧急信息")
    $A.regulation("《紧急信息工作实施办法》") $A.article("五(二)、六 L1274–1280")
    $A.kind("case") $A.label(confidential)
    $A.labelRule("urgent information is a state secret; whoever classifies sets the level (L1254)")
    $A.series("urgent")
    $A.ownerUnit("reporting site")
    $A.index(["state,receivedAt", "incidentClass,occurredAt"])
    $A.machine([
      (from = "drafted", to = "reported", who = "报告站点", article = "六 L1278"),
      (from = "reported", to = "received", who = "信息科"),
      (from = "received", to = "followedUp", who = "报告站点", article = "六(三)"),
      (from = "followedUp", to = "followedUp", who = "报告站点", article = "六(三)"),
      (from = "received", to = "closed", who = "信息科"),
      (from = "followedUp", to = "closed", who = "信息科")
    ]) {
  incidentClass @0 :IncidentClass $A.title("事件类别") $A.required $A.indexed;
  severity @1 :Severity $A.title("事件等级") $A.required $A.indexed $A.merge(ratchet) $A.article("六 L1278–1280");
  place @2 :Place $A.title("发生地") $A.required $A.article("六 L1278–1280");
  occurredAt @3 :Text $A.title("发生时间") $A.instant $A.required $A.indexed;
  knownAt @4 :Text $A.title("获知时间") $A.instant $A.required $A.article("六 L1278–1280");
  where @5 :Text $A.title("地点") $A.required $A.search;
  source @6 :Text $A.title("信息来源") $A.required;
  cause @7 :Text $A.title("起因性质") $A.search;
  course @8 :Text $A.title("经过") $A.search;
  deaths @9 :Int64 = A.absent $A.title("死亡人数") $A.merge(conflict) $A.least(0) $A.unit("人");
  injured @10 :Int64 = A.absent $A.title("受伤人数") $A.merge(conflict) $A.least(0) $A.unit("人");
  lossFen @11 :Int64 = A.absent $A.title("经济损失") $A.money $A.merge(conflict) $A.least(0);
  scope @12 :Text $A.title("影响范围") $A.search;
  trend @13 :Text $A.title("趋势") $A.search;
  measures @14 :Text $A.title("已采取措施") $A.search;
  next @15 :Text $A.title("下步建议") $A.search;
  reportedAt @16 :Text $A.title("上报时间") $A.instant;
  receivedAt @17 :Text $A.title("收到时间") $A.instant;
  finishedAt @18 :Text $A.title("办结时间") $A.instant;
  phoneNotifiedAt @19 :Text $A.title("电话通知") $A.instant;
  channel @20 :Channel $A.title("渠道");
  final @21 :A.Flag $A.title("终报") $A.article("六(三)");
  state @22 :State $A.title("状态") $A.merge(state);

  enum IncidentClass { unset @0; naturalDisaster @1; accident @2; publicHealth @3; publicOrder @4; other @5; }

  enum Severity { unset @0; general @1; larger @2; major @3; extraordinary @4; }

  enum Place { unset @0; countySeat @1; township @2; }

  enum Channel { unset @0; secretTelegram @1; confidentialPost @2; governmentNet @3; }

  enum State { unset @0; drafted @1; reported @2; received @3; followedUp @4; closed @5; }
}

struct UrgentFollowUp $A.entity("续报")
    $A.regulation("《紧急信息工作实施办法》") $A.article("六(三) L1278–1280")
    $A.kind("event") $A.label(confidential)
    $A.labelRule("as report")
    $A.index(["report,at"]) {
  report @0 :Data $A.title("紧急信息") $A.ref("UrgentReport") $A.required $A.indexed;
  at @1 :Text $A.title("续报时间") $A.instant $A.required;
  text @2 :Text $A.title("续报内容") $A.required $A.search;
  deaths @3 :Int64 = A.absent $A.title("死亡人数") $A.least(0) $A.unit("人");
  injured @4 :Int64 = A.absent $A.title("受伤人数") $A.least(0) $A.unit("人");
  measures @5 :Text $A.title("已采取措施") $A.search;
}
