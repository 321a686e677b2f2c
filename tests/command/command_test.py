"""The command from outside, as a user and a script meet it: exit statuses, messages, and what is left behind."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from product import ENV, PASSPHRASE, TOOL, run


class Prefecture(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.t = pathlib.Path(cls.folder.name)
        cls.hq, cls.gar = cls.t / "hq", cls.t / "gar"
        run("init", cls.hq, "--site", "hq", "--office", "--person", "chief")
        run("join", "request", cls.gar, "--site", "gar", "--person", "clerk", "--out", cls.t / "q")
        run("join", "approve", cls.hq, cls.t / "q", "--clearance", "confidential", "--out", cls.t / "g")
        run("join", "accept", cls.gar, cls.t / "g")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def unit(self, code, site=None, **more):
        fields = {"code": code, "name": "办公室", "level": "county", **more}
        return run("put", site or self.hq, "OrgUnit", json.dumps(fields))["id"]

    def carry(self, source, to, name, status=(0, 6)):
        stick = self.t / "sticks" / name
        stick.parent.mkdir(exist_ok=True)
        run("export", source, "--to", to.name, "--out", stick)
        return run("import", to, stick, status=status)

    def test_a_wrong_passphrase_is_4_and_tells_nothing(self):
        wrong = run("list", self.hq, "OrgUnit", env={**ENV, "CINNABAR_PASSPHRASE": "not the one"}, status=4)
        nobody = run("list", self.hq, "OrgUnit", "--as", "nobody", status=4)
        self.assertEqual(wrong, nobody)

    def test_who_read_a_secret_record_and_who_tried_in_vain_is_told(self):
        fields = json.dumps({"code": "audit", "name": "办公室", "level": "county"})
        one = run("put", self.hq, "OrgUnit", fields, "--label", "机密★五年")["id"]
        run("get", self.hq, one)
        told = run("audit", self.hq, "--record", one, "--note", "printed", "--detail", "给甲")["entries"]
        self.assertEqual([e["act"] for e in told], ["read", "printed"])
        self.assertEqual(told[1]["detail"], "给甲")
        run("get", self.hq, one, "--level", "internal", status=3)
        run("get", self.hq, one[:-1] + ("0" if one[-1] != "0" else "1"), "--level", "internal", status=3)
        low = run("audit", self.hq, "--level", "internal")["entries"]
        self.assertEqual([e["act"] for e in low][-2:], ["triedInVain"] * 2)
        self.assertEqual({k: v for k, v in low[-1].items() if k not in ("at", "record", "place")},
                         {k: v for k, v in low[-2].items() if k not in ("at", "record", "place")})
        self.assertNotIn("read", [e["act"] for e in low])
        self.assertEqual(run("audit", self.hq, "--person", "nobody"), {"entries": [], "next": None})
        self.assertEqual(run("audit", self.hq, "--to", "2020-01-01")["entries"], [])
        run("audit", self.hq, "--from", "yesterday", status=2)
        run("audit", self.hq, "--note", "printed", status=2)
        self.assertTrue(run("verify", self.hq)["ok"])

    def test_a_carriers_life_from_the_shell_with_every_refusal_naming_its_article(self):
        unit = self.unit("life", self.hq)
        for no in ("p1", "p2", "p3", "p4"):
            run("put", self.hq, "Person", json.dumps({"employeeNo": no, "name": no, "orgUnit": unit}))
        made = run("carrier", "make", self.hq, "--by", "p1", "--unit", "life", "--title", "文件", "--medium", "paper",
                   "--label", "机密", "--distribution", "各科室", "--copies", 3)["carriers"]
        self.assertEqual([c["copy"] for c in made], ["001", "002", "003"])
        one, two, three = [c["id"] for c in made]
        post = ("--from", "life", "--to", "life")
        no = run("carrier", "send", self.hq, one, *post, "--channel", "ordinaryPost", "--sealed", status=1)["error"]
        self.assertEqual((no["detail"]["rule"], no["detail"]["article"]), ("car-channel", "十 L2113"))
        run("carrier", "send", self.hq, one, *post, "--channel", "confidentialPost", status=1)  # not sealed
        sent = run("carrier", "send", self.hq, one, two, *post, "--channel", "confidentialPost", "--sealed")
        run("carrier", "receive", self.hq, "--consignment", sent["consignment"], "--by", "p2", "--counted", 2)
        run("carrier", "read", self.hq, three, "--by", "p2")
        run("carrier", "bring-back", self.hq, three, "--by", "p2")
        out = ("--bearer", "p2", "--destination", "拉萨", "--until", "2036-01-01T00:00:00+08:00")
        run("carrier", "carry-out", self.hq, three, *out, "--abroad", status=1)
        run("carrier", "carry-out", self.hq, three, *out, "--abroad", "--approved-by", "p3")
        self.assertEqual(len(run("carrier", "report", self.hq, "out")["lines"]), 1)
        run("carrier", "bring-back", self.hq, three, "--by", "p2")
        counted = run("carrier", "inventory", self.hq, one, two, "--unit", "life", "--by", "p1", "--checked-by", "p2",
                      status=6)
        self.assertEqual((counted["held"], counted["found"]), (3, 2))
        self.assertEqual([m["id"] for m in counted["missing"]], [three])
        self.assertTrue(run("carrier", "report", self.hq, "leaving", "--person", "p2", status=6)["blocked"])
        run("carrier", "hand-over", self.hq, "--from", "p2", "--to", "p1", "--reason", "leavingPost")
        self.assertFalse(run("carrier", "report", self.hq, "leaving", "--person", "p2")["blocked"])
        run("carrier", "destroy-list", self.hq, three, "--by", "p1", "--method", "shred", "--witness1", "p3", "--witness2",
            "p3", status=1)
        listed = run("carrier", "destroy-list", self.hq, three, "--by", "p1", "--method", "shred", "--witness1", "p3",
                     "--witness2", "p4")["destruction"]
        run("carrier", "destroy-approve", self.hq, listed, "--approved-by", "p2")
        run("carrier", "destroy", self.hq, listed, "--witness", "p3", "--witness", "p4", status=1)
        run("carrier", "destroy-file", self.hq, listed)
        done = run("carrier", "destroy", self.hq, listed, "--witness", "p4", "--witness", "p3")
        self.assertIn("销毁证明", done["certificate"])
        life = run("carrier", "show", self.hq, three)
        self.assertEqual([e["fields"]["event"] for e in life["events"]],
                         ["made", "registered", "read", "broughtBack", "carriedOut", "broughtBack", "destructionListed",
                          "destructionApproved", "destroyed"])
        self.assertEqual(life["carrier"]["state"], "destroyed")
        self.assertEqual(run("carrier", "list", self.hq, "--where", "state='inStore' AND title='文件'")["next"], None)

    def test_what_is_kept_is_held_back_and_listed_and_what_is_over_goes_by_two_who_sign(self):
        office = self.t / "archive"
        people = ("lister", "leader", "destroyer", "witness")
        run("init", office, "--site", "hq", "--office", "--person", people[0])
        for person in people[1:]:
            run("person", "add", office, person, "--clearance", "topSecret", "--as", "lister",
                env={**ENV, "CINNABAR_NEW_PASSPHRASE": PASSPHRASE})

        def by(person, verb, *words, site=office, status=0):
            return run(*verb.split(), site, *words, "--as", person, status=status)

        def put(entity, fields):
            return by("lister", "put", entity, json.dumps(fields))["id"]

        def rule(answer):
            return answer["error"]["detail"]["rule"]

        unit = put("OrgUnit", {"code": "archive", "name": "办公室", "level": "county"})
        for person in people:
            put("Person", {"employeeNo": person, "name": person, "orgUnit": unit})
        paper = put("OrgUnit", {"code": "paper", "name": "办公室", "level": "county"})
        put("ArchiveVolume", {"year": 2016, "title": "卷", "items": [paper], "retention": "threeYears",
                              "closedOn": "2016-11-23"})
        due = [by("lister", "disposal due", "--at", day)["records"] for day in ("2019-11-23", "2019-11-24")]
        self.assertEqual((due[0], due[1][0]["record"]), ([], paper))
        listed = by("lister", "disposal list", "--by", "lister")["list"]
        two = "doc-destroy-two-persons"
        for named in ("lister", "leader"):  # who listed decides under no name
            self.assertEqual(rule(by("lister", "disposal approve", listed, "--by", named, status=1)), two)
        for field in ("state=approved", "decision=0"):
            self.assertEqual(rule(by("lister", "set", listed, field, status=1)), "computed")
        hold = by("leader", "disposal hold", paper, "--by", "leader", "--reason", "诉讼")["hold"]
        by("leader", "disposal approve", listed, "--by", "leader", status=1)
        self.assertFalse(by("leader", "disposal due", "--record", paper)["records"][0]["due"])
        by("leader", "disposal lift", hold, "--by", "leader")
        by("leader", "disposal approve", listed, "--by", "leader")
        self.assertEqual(by("leader", "get", listed)["state"], "approved")

        self.assertEqual(rule(by("witness", "disposal witness", listed, "--by", "witness", status=1)), two)
        signed = by("destroyer", "disposal destroy", listed, "--by", "destroyer")
        self.assertEqual((signed["state"], signed["awaits"]), ("signed", "witness"))
        by("lister", "get", paper)
        for person, named in (("destroyer", "destroyer"), ("destroyer", "witness"), ("lister", "witness")):
            self.assertEqual(rule(by(person, "disposal witness", listed, "--by", named, status=1)), two)
        done = by("witness", "disposal witness", listed, "--by", "witness")
        self.assertEqual([c["state"] for c in done["certificates"]], ["certified"])
        by("lister", "get", paper, status=3)
        certificate = done["certificates"][0]["id"]
        checks = by("lister", "disposal prove", certificate)["checks"]
        self.assertEqual(checks[0], {"name": "signatures", "ok": True,
                                     "detail": "destroyed by destroyer, witnessed by witness"})
        self.assertEqual(rule(by("leader", "disposal erase", certificate, status=1)), two)
        self.assertEqual(by("destroyer", "disposal erase", certificate)["done"], "keyDestroyed")

    def test_new_keys_leave_the_audit_as_it_is(self):
        made = run("put", self.hq, "OrgUnit", '{"code":"audited","name":"机要处","level":"county"}', "--label", "机密")["id"]
        run("get", self.hq, made)
        before = run("audit", self.hq, "--record", made)["entries"]
        self.assertEqual([entry["act"] for entry in before][-1], "read")
        run("rekey", self.hq)
        self.assertEqual(run("audit", self.hq, "--record", made)["entries"], before)
        self.assertTrue(run("verify", self.hq)["ok"])

    def test_a_grant_serves_one_request_only(self):
        other = self.t / "other"
        run("join", "request", other, "--site", "other", "--person", "x", "--out", self.t / "q2")
        run("join", "accept", other, self.t / "g", status=5)
        broken = bytearray((self.t / "q2").read_bytes())
        broken[-1] ^= 1
        (self.t / "q3").write_bytes(broken)
        run("join", "approve", self.hq, self.t / "q3", "--clearance", "internal", "--out", self.t / "g3", status=5)

    def test_a_csv_row_that_is_wrong_is_named_and_its_thousand_not_loaded(self):
        table = self.t / "units.csv"
        table.write_text('代码,名称,level\n"x1","引号 ""内"", 逗号",county\n'.replace("代码", "机构代码") + "x2,乙,planet\n")
        error = run("load", self.hq, "OrgUnit", table, status=1)["error"]
        self.assertIn("line 3", error["message"])
        self.assertIn("level", error["message"])
        self.assertEqual(run("list", self.hq, "OrgUnit", "--where", "code='x1'")["rows"], [])
        table.write_text(table.read_text().replace("planet", "county"))
        self.assertEqual(run("load", self.hq, "OrgUnit", table)["loaded"], 2)
        row = run("list", self.hq, "OrgUnit", "--where", "code='x1'")["rows"][0]
        self.assertEqual(row["fields"]["name"], '引号 "内", 逗号')

    def test_an_attachment_comes_back_byte_for_byte_at_another_site(self):
        unit = self.unit("with-file")
        content = os.urandom(300_000)
        (self.t / "photo.jpg").write_bytes(content)
        attached = run("attach", self.hq, unit, self.t / "photo.jpg")["id"]
        self.carry(self.hq, self.gar, "attachment")
        run("detach", self.gar, attached, "--out", self.t / "again.jpg")
        self.assertEqual((self.t / "again.jpg").read_bytes(), content)

    def test_a_conflict_waits_for_a_person_and_is_settled_for_all(self):
        unit = self.unit("contested")
        self.carry(self.hq, self.gar, "c1")
        run("set", self.hq, unit, "name=署")
        run("set", self.gar, unit, "name=县")
        self.carry(self.gar, self.hq, "c2", status=6)
        found = run("conflicts", self.hq, status=6)["conflicts"]
        self.assertEqual({v["value"] for v in found[0]["values"]}, {"署", "县"})
        run("resolve", self.hq, found[0]["id"], "--value", "署县")
        self.carry(self.hq, self.gar, "c3")
        self.assertEqual(run("get", self.gar, unit)["fields"]["name"], "署县")
        run("conflicts", self.gar, status=0)

    def test_a_bundle_for_another_or_of_nobody_is_5(self):
        self.unit("for-gar")
        stick = self.t / "misdirected"
        bundle = run("export", self.hq, "--to", "gar", "--out", stick)["bundles"][0]["file"]
        run("import", self.hq, bundle, status=5)
        (self.t / "noise.cnb").write_bytes(os.urandom(5000))
        run("import", self.gar, self.t / "noise.cnb", status=5)
        run("inspect", self.t / "noise.cnb", status=5)

    def test_storage_that_is_missing_foreign_or_damaged_is_5_and_stays_as_it_is(self):
        copy = self.t / "damaged"
        shutil.copytree(self.gar, copy)
        vault = copy / "internal.vault"
        vault.rename(copy / "away")
        run("status", copy, status=5)
        shutil.copy(copy / "confidential.vault", vault)
        run("status", copy, status=5)
        (copy / "away").replace(vault)
        run("status", copy)
        whole = vault.read_bytes()
        for suffix in ("-wal", "-shm"):
            (copy / ("internal.vault" + suffix)).unlink(missing_ok=True)
        vault.write_bytes(whole[:8192] + bytes(100) + whole[8292:])
        run("verify", copy, status=5)
        self.assertFalse(run("doctor", copy, status=(5, 6))["ok"])

    def test_a_folder_that_is_no_site_is_3(self):
        run("list", self.t, "OrgUnit", status=3)

    def test_people_come_and_go_with_their_own_clearance(self):
        unit = run("put", self.gar, "OrgUnit", json.dumps({"code": "c", "name": "密", "level": "county"}), "--label", "秘密★一年")["id"]
        run("person", "add", self.gar, "novice", "--clearance", "internal", env={**ENV, "CINNABAR_NEW_PASSPHRASE": "novice's words"})
        novice = {**ENV, "CINNABAR_PASSPHRASE": "novice's words"}
        run("get", self.gar, unit, "--as", "clerk")
        run("get", self.gar, unit, "--as", "novice", env=novice, status=3)
        run("passphrase", "change", self.gar, "--as", "novice", env={**novice, "CINNABAR_NEW_PASSPHRASE": "other words"})
        run("status", self.gar, "--as", "novice", env=novice, status=4)
        run("person", "remove", self.gar, "novice", "--as", "clerk")
        self.assertEqual(len(run("person", "list", self.gar)["persons"]), 1)

    def test_a_shell_answers_each_line_and_survives_a_bad_one(self):
        unit = self.unit("shell")
        lines = f'get {unit}\nget nothing\nfrobnicate\nput OrgUnit \'{{"code": "in shell", "name": "a b", "level": "county"}}\'\n'
        done = subprocess.run([TOOL, "shell", self.hq, "--jsonl"], input=lines, capture_output=True, text=True, env=ENV)
        self.assertEqual(done.returncode, 0)
        self.assertEqual([json.loads(line)["status"] for line in done.stdout.splitlines()], [0, 3, 2, 0])

    def test_a_record_with_a_circle_by_nature_is_not_put_without_it(self):
        letter = json.dumps({"receivedAt": "2026-11-23T08:00:00+08:00", "channel": "letter", "matter": "反映"})
        run("put", self.gar, "ComplaintLetter", letter, status=3)
        run("join", "request", self.t / "group", "--site", "group", "--person", "head", "--out", self.t / "qg")
        run("join", "approve", self.hq, self.t / "qg", "--clearance", "confidential", "--circle", "纪检组", "--out", self.t / "gg")
        run("join", "accept", self.t / "group", self.t / "gg")
        put = run("put", self.t / "group", "ComplaintLetter", letter)["id"]
        label = run("get", self.t / "group", put)["label"]
        self.assertEqual((label["level"], label["circles"]), ("confidential", ["纪检组"]))
        asked = run("put", self.t / "group", "ComplaintLetter", letter, "--label", "秘密★一年")["id"]
        self.assertEqual(run("get", self.t / "group", asked)["label"]["circles"], ["纪检组"])

    def test_an_entity_is_shown_as_a_page(self):
        page = subprocess.run([TOOL, "schema", "show", "IncomingDocument"], capture_output=True, text=True, check=True).stdout
        for expected in ("来文", "《行署办公室日常文稿办理制度》", "senderNumber", "来文字号", "extraUrgent", "须说明理由"):
            self.assertIn(expected, page)

    def test_regulations_become_records_that_are_found(self):
        sample = pathlib.Path(__file__).resolve().parent.parent / "data/regulations-sample.zh.txt"
        loaded = run("load-regulations", self.hq, sample)
        self.assertGreater(loaded["articles"], 20)
        self.assertTrue(run("find", self.hq, "会议", "--entity", "Article")["rows"])
        run("load-regulations", self.hq, sample, status=1)

    def test_new_keys_and_room_given_back_change_no_answer(self):
        self.unit("kept")
        digests = run("digest", self.hq)
        self.assertEqual([l["level"] for l in run("rekey", self.hq, "--level", "secret")["levels"]], ["secret"])
        self.assertEqual(len(run("rekey", self.hq)["levels"]), 5)
        self.assertEqual(len(run("compact", self.hq)["levels"]), 5)
        self.assertEqual(run("digest", self.hq), digests)
        self.assertTrue(run("verify", self.hq)["ok"])

    def test_a_backup_restores_to_an_equal_digest(self):
        run("backup", self.hq, "--out", self.t / "hq.bak")
        run("restore", self.t / "hq.bak", self.t / "hq-again", status=(0, 6))
        digests = [run("digest", d)["compartments"] for d in (self.hq, self.t / "hq-again")]
        self.assertEqual(*digests)
        cut = (self.t / "hq.bak").read_bytes()[:-1]
        (self.t / "cut.bak").write_bytes(cut)
        run("restore", self.t / "cut.bak", self.t / "nowhere", status=5)


if __name__ == "__main__":
    unittest.main()
