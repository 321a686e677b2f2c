# Organisation, people, and the regulations themselves.
@0xfa07828a2daa5530;

using A = import "annotations.capnp";

struct OrgUnit $A.entity("机构")
    $A.regulation("《主要职责内设机构和人员编制规定》") $A.article("L166–342")
    $A.kind("master") $A.label(public)
    $A.ownerUnit("综合科") {
  code @0 :Text $A.title("机构代码") $A.required $A.indexed $A.key;
  name @1 :Text $A.title("名称") $A.required $A.search $A.merge(conflict);
  shortName @2 :Text $A.title("简称");
  parent @3 :Data $A.title("上级机构") $A.ref("OrgUnit");
  level @4 :Level $A.title("层级") $A.required;
  nature @5 :Nature $A.title("性质");
  establishedAdministrative @6 :Int64 = A.absent $A.title("行政编制");
  establishedInstitutional @7 :Int64 = A.absent $A.title("事业编制");
  leaderPosts @8 :Int64 = A.absent $A.title("领导职数");
  duties @9 :Text $A.title("主要职责") $A.search;
  active @10 :A.Flag $A.title("在用");
  validFrom @11 :Text $A.title("生效日期") $A.date;
  validTo @12 :Text $A.title("失效日期") $A.date;

  enum Level { unset @0; prefecture @1; county @2; department @3; section @4; centre @5; township @6; other @7; }

  enum Nature { unset @0; administrative @1; institutional @2; company @3; mass @4; }
}

struct Site $A.entity("站点")
    $A.regulation("《主要职责内设机构和人员编制规定》") $A.article("L166–342")
    $A.kind("master") $A.label(internal)
    $A.ownerUnit("office")
    $A.ownedByOffice {
  code @0 :Text $A.title("站点代码") $A.required $A.indexed $A.key;
  name @1 :Text $A.title("名称") $A.required;
  orgUnit @2 :Data $A.title("所属机构") $A.ref("OrgUnit") $A.required;
  kindOfSite @3 :KindOfSite $A.title("类别") $A.required;
  clearance @4 :A.Level $A.title("最高密级") $A.merge(owner);
  circles @5 :List(Text) $A.title("知悉范围") $A.merge(owner);
  contact @6 :Data $A.title("联系人") $A.ref("Person");
  timeZone @7 :Text $A.title("时区");

  enum KindOfSite { unset @0; office @1; county @2; department @3; fieldTeam @4; home @5; }
}

struct Post $A.entity("职务")
    $A.regulation("《主要职责内设机构和人员编制规定》") $A.article("L166–342")
    $A.kind("master") $A.label(public) {
  code @0 :Text $A.title("代码") $A.required $A.indexed $A.key;
  title @1 :Text $A.title("职务名称") $A.required $A.search;
  rank @2 :Rank $A.title("级别");
  roles @3 :List(Roles) $A.title("角色") $A.merge(addWins);

  enum Rank { unset @0; leader @1; countyLevel @2; section @3; deputySection @4; staff @5; worker @6; contract @7; }

  enum Roles { unset @0; secretaryGeneral @1; deputySecretaryGeneral @2; sectionHead @3; deputySectionHead @4; clerk @5; documentClerk @6; sealKeeper @7; carrierKeeper @8; dutyOfficer @9; driver @10; storekeeper @11; cook @12; cleaner @13; accountant @14; inspector @15; legalOfficer @16; disciplineOfficer @17; siteAdmin @18; }
}

struct Person $A.entity("人员")
    $A.regulation("《主要职责内设机构和人员编制规定》") $A.article("L166–342")
    $A.kind("master") $A.label(internal)
    $A.ownedByOffice
    $A.index(["orgUnit,employeeNo"])
    $A.barred([
      (to = ["left", "retired", "seconded"], by = "ClassifiedCarrier.holder",
       settled = ["returned", "archived", "destroyed"], show = "number", rule = "car-leaving", article = "二十三 L2175"),
      (to = ["left", "retired", "seconded"], by = "ClassifiedCarrier.keeper",
       settled = ["returned", "archived", "destroyed"], show = "number", rule = "car-leaving", article = "二十三 L2175")
    ])
    $A.machine([
      (from = "active", to = "onLeave"),
      (from = "active", to = "seconded"),
      (from = "active", to = "retired"),
      (from = "active", to = "left"),
      (from = "onLeave", to = "active"),
      (from = "onLeave", to = "left"),
      (from = "onLeave", to = "retired"),
      (from = "seconded", to = "active"),
      (from = "seconded", to = "left"),
      (from = "seconded", to = "retired"),
      (from = "retired", to = "active"),
      (from = "left", to = "active")
    ]) {
  employeeNo @0 :Text $A.title("工号") $A.required $A.indexed $A.key;
  name @1 :Text $A.title("姓名") $A.required $A.search $A.merge(conflict);
  orgUnit @2 :Data $A.title("所在机构") $A.ref("OrgUnit") $A.required $A.indexed;
  posts @3 :List(Data) $A.title("职务") $A.ref("Post") $A.merge(addWins);
  phone @4 :Text $A.title("电话");
  joinedWork @5 :Text $A.title("参加工作时间") $A.date;
  joinedOffice @6 :Text $A.title("到本单位时间") $A.date;
  status @7 :Status $A.title("状态") $A.merge(state);
  employment @8 :Employment $A.title("身份");
  homeRegion @9 :HomeRegion $A.title("籍贯类别");
  clearance @10 :A.Level $A.title("涉密等级") $A.merge(owner);
  keyPosition @11 :A.Flag $A.title("涉密岗位");
  supervisor @12 :Data $A.title("分管领导") $A.ref("Person");

  enum Status { unset @0; active @1; onLeave @2; seconded @3; retired @4; left @5; }

  enum Employment { unset @0; civilServant @1; institution @2; worker @3; contract @4; publicWelfare @5; supportCadre @6; }

  enum HomeRegion { unset @0; inPrefecture @1; outside @2; }
}

struct Regulation $A.entity("规章制度")
    $A.regulation("《主要职责内设机构和人员编制规定》") $A.article("L166–342")
    $A.kind("master") $A.label(public) {
  code @0 :Text $A.title("编号") $A.required $A.indexed $A.key;
  title @1 :Text $A.title("标题") $A.required $A.search;
  issuer @2 :Data $A.title("发布机构") $A.ref("OrgUnit");
  documentNumber @3 :Text $A.title("文号");
  effectiveFrom @4 :Text $A.title("施行日期") $A.date;
  repealedAt @5 :Text $A.title("废止日期") $A.date;
  replaces @6 :Data $A.title("取代") $A.ref("Regulation");
  body @7 :Text $A.title("正文") $A.search;
  position @8 :Int64 = A.absent $A.title("次序");
}

struct Article $A.entity("条款")
    $A.regulation("《主要职责内设机构和人员编制规定》") $A.article("L166–342")
    $A.kind("master") $A.label(public)
    $A.index(["regulation,position"]) {
  regulation @0 :Data $A.title("规章") $A.ref("Regulation") $A.required $A.indexed $A.key;
  path @1 :Text $A.title("条款路径") $A.required $A.indexed $A.key;
  heading @2 :Text $A.title("标题") $A.search;
  text @3 :Text $A.title("条文") $A.required $A.search;
  position @4 :Int64 = A.absent $A.title("次序") $A.required;
  parent @5 :Data $A.title("上级条款") $A.ref("Article");
}

struct CalendarDay $A.entity("工作日历")
    $A.regulation("《主要职责内设机构和人员编制规定》") $A.article("L166–342")
    $A.kind("config") $A.label(public)
    $A.ownerUnit("综合科") {
  region @0 :Text $A.title("地区") $A.required $A.key;
  date @1 :Text $A.title("日期") $A.date $A.required $A.indexed $A.key;
  dayKind @2 :DayKind $A.title("日期类别") $A.required;
  name @3 :Text $A.title("名称");
  workFrom @4 :Int64 = A.absent $A.title("上班") $A.minutes $A.least(0) $A.most(1440);
  workTo @5 :Int64 = A.absent $A.title("下班") $A.minutes $A.least(0) $A.most(1440);

  enum DayKind { unset @0; workday @1; weekend @2; holiday @3; makeUpWorkday @4; }
}

struct NumberSeries $A.entity("编号序列")
    $A.regulation("《主要职责内设机构和人员编制规定》") $A.article("L166–342")
    $A.kind("config") $A.label(internal)
    $A.labelRule("per compartment")
    $A.ownerUnit("综合科") {
  code @0 :Text $A.title("序列代码") $A.required $A.indexed $A.key;
  organMark @1 :Text $A.title("机关代字");
  year @2 :Int64 = A.absent $A.title("年度") $A.required $A.key;
  ownerSite @3 :Data $A.title("发号站点") $A.ref("Site") $A.required $A.merge(owner);
  next @4 :Int64 = A.absent $A.title("下一号") $A.merge(owner);
  format @5 :Text $A.title("格式") $A.required;
  gapless @6 :A.Flag $A.title("不得缺号");
  compartment @7 :Text $A.title("密级范围") $A.key;
}

struct Appointment $A.entity("任免")
    $A.regulation("《主要职责内设机构和人员编制规定》") $A.article("L166–342")
    $A.kind("event") $A.label(internal)
    $A.ownerUnit("综合科")
    $A.index(["person,from"]) {
  person @0 :Data $A.title("任免人员") $A.ref("Person") $A.required $A.indexed;
  post @1 :Data $A.title("职务") $A.ref("Post") $A.required;
  orgUnit @2 :Data $A.title("任职机构") $A.ref("OrgUnit") $A.required;
  from @3 :Text $A.title("任职日期") $A.date $A.required;
  to @4 :Text $A.title("免职日期") $A.date;
  basis @5 :Text $A.title("依据");
}
