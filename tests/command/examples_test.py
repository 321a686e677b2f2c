"""Worked examples of the regulations, as a clerk types them: examples_test.py COMMAND NEWER-SCHEMA"""
import json
import pathlib
import sys
import tempfile
import unittest

import product

NEWER = sys.argv.pop(1)
ENV = {**product.ENV, "CINNABAR_NEW_PASSPHRASE": product.PASSPHRASE}


def run(*words, status=0):
    return product.run(*words, status=status, env=ENV)


class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.t = pathlib.Path(cls.folder.name)
        cls.hq, cls.gar = cls.t / "hq", cls.t / "gar"
        run("init", cls.hq, "--site", "hq", "--office", "--person", "chief")
        run("join", "request", cls.gar, "--site", "gar", "--person", "clerk", "--out", cls.t / "q")
        run("join", "approve", cls.hq, cls.t / "q", "--clearance", "secret", "--out", cls.t / "g")
        run("join", "accept", cls.gar, cls.t / "g")
        cls.unit = cls.put("OrgUnit", code="hq", name="办公室", level="prefecture")["id"]
        cls.chair = cls.put("Person", employeeNo="1", name="扎西", orgUnit=cls.unit)["id"]
        run("person", "add", cls.hq, "leader", "--clearance", "topSecret")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def put(cls, entity, *options, status=0, **fields):
        return run("put", cls.hq, entity, json.dumps(fields), "--as", "chief", *options, status=status)

    def carry(self, source, to, source_options=(), to_options=()):
        stick = self.t / "sticks" / str(len(list(self.t.glob("sticks/*"))))
        stick.parent.mkdir(exist_ok=True)
        chief = {self.hq: ("--as", "chief")}
        run("export", source, "--to", to.name, "--out", stick, *chief.get(source, ()), *source_options)
        run("import", to, stick, *chief.get(to, ()), *to_options, status=(0, 6))

    def test_a_mark_is_read_in_every_form_and_what_is_odd_is_told(self):
        made = self.put("OrgUnit", "--label", "秘密☆１０年", code="odd", name="x", level="county")
        self.assertEqual(len(made["warnings"]), 2)
        self.assertEqual(run("get", self.hq, made["id"], "--as", "chief")["label"]["mark"], "秘密★十年")
        self.assertEqual(self.put("OrgUnit", "--label", "机密★20年", code="plain", name="x", level="county")["warnings"], [])
        for mark, rule in [("秘密★十一年", "cls-max-period"), ("秘密★18个月", "cls-period-units"),
                           ("秘密★0年", "cls-period-units"), ("秘密★长期", "cls-max-period")]:
            no = self.put("OrgUnit", "--label", mark, status=1, code="no", name="x", level="county")["error"]
            self.assertEqual((no["code"], no["detail"]["rule"], no["detail"]["article"]), ("refused", rule, "四 L2038"), mark)

    def test_a_long_period_is_taken_where_a_special_rule_is_cited(self):
        one = self.put("OrgUnit", code="long", name="x", level="county")["id"]
        asked = ("label", "set", self.hq, one, "秘密★长期", "--basis", "范围第三条", "--by", "chief")
        self.assertEqual(run(*asked, status=1)["error"]["detail"]["rule"], "cls-max-period")
        run(*asked, "--special-rule", "特殊规定第二条", status=6)
        run("label", "approve", self.hq, one, "--by", "leader")
        shown = run("label", "show", self.hq, one, "--as", "chief")
        self.assertEqual((shown["mark"], shown["until"]), ("秘密★长期", None))
        self.assertEqual(shown["acts"][0]["specialRule"], "特殊规定第二条")

    def test_a_classified_meeting_waits_for_its_checks_and_its_material_comes_back(self):
        fields = {"kindOfMeeting": "special", "title": "专题会", "startsAt": "2026-11-23T09:00:00+08:00",
                  "endsAt": "2026-11-23T11:00:00+08:00", "chair": self.chair, "classified": True, "state": "ready"}
        meeting = self.put("Meeting", "--label", "机密", **fields)["id"]

        def state(word, status=0):
            return run("set", self.hq, meeting, f"state={word}", "--as", "chief", status=status)

        def check(at, after=False):
            self.put("VenueCheck", "--label", "机密", meeting=meeting, checkedAt=f"2026-11-23T{at}:00+08:00",
                     checkedBy=self.chair, phoneShield=True, wirelessMicOff=True, afterMeeting=after)

        no = state("held", status=1)["error"]["detail"]
        self.assertEqual((no["rule"], no["article"]), ("cm-check-before", "二 L996"))
        check("08:30")
        state("held")
        self.assertEqual(state("closed", status=1)["error"]["detail"]["article"], "七 L1006")
        check("11:20", after=True)
        state("closed")
        self.put("MeetingMaterial", "--label", "机密", meeting=meeting, title="材料", copies=30, collected=29, takenAway=0)
        listed = [v for v in run("violations", self.hq, "--as", "chief", status=6)["violations"]
                  if v["kind"] == "materialMissing"]
        self.assertEqual([v["detail"]["count"] for v in listed], [1])

    def test_two_sites_that_were_not_upgraded_together_sync_both_ways(self):
        newer = ("--host-schema", NEWER)
        self.carry(self.hq, self.gar)
        fields = {"deviceKind": "scanner", "serial": "s-1", "classifiedUse": "none", "unit": self.unit,
                  "state": "inUse", "assetTag": "资-1"}
        one = run("put", self.hq, "OfficeDevice", json.dumps(fields), "--as", "chief", *newer)["id"]
        run("set", self.hq, one, "state=sealedUp", "--as", "chief", *newer)
        self.carry(self.hq, self.gar, newer)
        older = run("get", self.gar, one)["fields"]
        self.assertEqual((older["state"], older["deviceKind"], "assetTag" in older), ("sealedUp", "scanner", False))
        run("set", self.gar, one, "wireless=false")
        run("set", self.gar, one, "state=repair", status=1)
        self.carry(self.gar, self.hq, (), newer)
        self.assertEqual(run("get", self.hq, one, "--as", "chief", *newer)["fields"]["assetTag"], "资-1")

        def digests(site, *options):
            return {c["level"]: c["digest"] for c in run("digest", site, *options)["compartments"]}

        self.carry(self.hq, self.gar, newer)
        older = digests(self.gar)
        office = digests(self.hq, "--as", "chief", *newer)
        self.assertEqual(older["internal"], office["internal"])
        changes = len(run("history", self.gar, one)["entries"])
        upgraded = run("get", self.gar, one, *newer)
        self.assertEqual((upgraded["fields"]["assetTag"], upgraded["state"]), ("资-1", "sealedUp"))
        self.assertEqual(len(run("history", self.gar, one, *newer)["entries"]), changes)
        self.assertEqual(digests(self.gar, *newer), older)
        run("set", self.gar, one, "state=inUse", *newer)


if __name__ == "__main__":
    unittest.main()
