# Office equipment and its secrecy.
@0xccc441a77738e39e;

using A = import "annotations.capnp";

struct OfficeDevice $A.entity("办公设备")
    $A.regulation("《办公自动化及通信设备保密管理暂行规定》") $A.article("L2200–2266")
    $A.kind("master") $A.label(internal)
    $A.series("device")
    $A.index(["unit,state"])
    $A.prohibited([
      (name = "classifiedOnline", when = "classifiedUse<>'none' AND internetConnected=1", field = "internetConnected",
       article = "三、六、八 L2212–2224"),
      (name = "classifiedWireless", when = "classifiedUse NOT IN ('none','internal') AND wireless=1", field = "wireless",
       article = "十七 L2248"),
      (name = "topSecretOnDisk",
       when = "highestEverStored='topSecret' AND deviceKind IN ('computer','laptop','tablet','phone')",
       field = "highestEverStored", article = "七 L2222")
    ])
    $A.machine([
      (from = "inUse", to = "repair", who = "使用单位", article = "十 L2228"),
      (from = "repair", to = "inUse", who = "使用单位"),
      (from = "inUse", to = "lent", who = "分管领导", article = "十一 L2230"),
      (from = "lent", to = "inUse", who = "使用单位"),
      (from = "inUse", to = "retired", who = "分管领导", article = "十一 L2230"),
      (from = "repair", to = "retired", who = "分管领导", article = "十一 L2230"),
      (from = "retired", to = "destroyed", who = "保密局", article = "十二 L2232")
    ]) {
  deviceKind @0 :DeviceKind $A.title("设备类型") $A.required;
  serial @1 :Text $A.title("设备编号") $A.required $A.indexed;
  domestic @2 :A.Flag $A.title("国产");
  classifiedUse @3 :ClassifiedUse $A.title("涉密用途") $A.required;
  highestEverStored @4 :A.Level $A.title("曾存最高密级") $A.merge(ratchet) $A.article("第三条 L2212");
  internetConnected @5 :A.Flag $A.title("接入互联网") $A.merge(conflict);
  wireless @6 :A.Flag $A.title("具备无线功能");
  user @7 :Data $A.title("使用人") $A.ref("Person");
  unit @8 :Data $A.title("使用单位") $A.ref("OrgUnit") $A.required;
  warningLabel @9 :A.Flag $A.title("警示语");
  passwordChangedAt @10 :Text $A.title("口令更换日期") $A.date $A.article("第五条 L2216")
      $A.reading("Changed regularly means at least every 90 days; a parameter.");
  state @11 :State $A.title("状态") $A.merge(state);

  enum DeviceKind { unset @0; computer @1; laptop @2; printer @3; copier @4; fax @5; multifunction @6; phone @7; tablet @8; usb @9; other @10; }

  enum ClassifiedUse { unset @0; none @1; internal @2; confidential @3; secret @4; topSecret @5; }

  enum State { unset @0; inUse @1; repair @2; lent @3; retired @4; destroyed @5; }
}

struct InternetApproval $A.entity("上网审批")
    $A.regulation("《办公自动化及通信设备保密管理暂行规定》") $A.article("L2200–2266")
    $A.kind("case") $A.label(internal) {
  device @0 :Data $A.title("设备") $A.ref("OfficeDevice") $A.required;
  reason @1 :Text $A.title("上网理由") $A.required;
  approvedBy @2 :Data $A.title("批准人") $A.ref("Person");
  manager @3 :Data $A.title("上网管理人") $A.ref("Person");
  checkedAt @4 :List(Text) $A.title("检查时间") $A.instant $A.merge(appendOnly);
}

struct DeviceRepair $A.entity("设备维修")
    $A.regulation("《办公自动化及通信设备保密管理暂行规定》") $A.article("第十条 L2228")
    $A.kind("case") $A.label(internal)
    $A.index(["state"])
    $A.prohibited([
      (name = "repairWithStorage", when = "inside=0 AND ifnull(storageRemoved,0)=0 AND state IN ('repairing','done')",
       field = "storageRemoved", article = "十 L2228"),
      (name = "repairUnapproved", when = "inside=0 AND approvedBy IS NULL AND state IN ('repairing','done')",
       field = "approvedBy", article = "十 L2228")
    ])
    $A.machine([
      (from = "asked", to = "approved", who = "分管领导", article = "十 L2228"),
      (from = "approved", to = "repairing", who = "监督人", article = "十 L2228"),
      (from = "repairing", to = "done", who = "监督人")
    ]) {
  device @0 :Data $A.title("设备") $A.ref("OfficeDevice") $A.required $A.indexed;
  inside @1 :A.Flag $A.title("现场维修") $A.required;
  supervisor @2 :Data $A.title("监督人") $A.ref("Person") $A.required;
  storageRemoved @3 :A.Flag $A.title("已拆除存储部件");
  approvedBy @4 :Data $A.title("批准人") $A.ref("Person");
  technician @5 :Text $A.title("维修人员");
  from @6 :Text $A.title("维修开始") $A.instant;
  to @7 :Text $A.title("维修结束") $A.instant;
  state @8 :State $A.title("状态") $A.merge(state);

  enum State { unset @0; asked @1; approved @2; repairing @3; done @4; }
}
