"""Loading files and writing lists: what is refused is told, what breaks off goes on, and what comes out goes in again."""
import csv
import json
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

from product import ENV, TOOL, run


class Loading(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.t = pathlib.Path(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.hq = self.t / self._testMethodName
        run("init", self.hq, "--site", "hq", "--office", "--person", "chief")

    def file(self, name, text):
        path = self.t / f"{self._testMethodName}-{name}"
        path.write_text(text)
        return path

    def count(self, entity):
        return run("sql", self.hq, f"SELECT count(*) FROM {entity}")["rows"][0][0]

    def test_good_rows_are_loaded_and_the_others_told_with_all_that_is_wrong(self):
        table = self.file("units.csv", "机构代码,name,层级\na,甲,county\nb,,planet\nc,丙\na,丁,county\n\"d\",\"戊\n己\",section\ne,庚,nowhere\n")
        report = self.t / "refused.jsonl"
        done = run("load", self.hq, "OrgUnit", table, "--report", report, status=6)
        self.assertEqual((done["loaded"], done["refused"]), (2, 4))
        told = {row["line"]: row["errors"] for row in map(json.loads, report.read_text().splitlines())}
        self.assertEqual(sorted(told), [3, 4, 5, 8])
        self.assertEqual({(e["field"], e["rule"]) for e in told[3]}, {("name", "required"), ("level", "type")})
        self.assertEqual(told[4][0]["rule"], "columns")
        self.assertEqual((told[5][0]["field"], told[5][0]["rule"], told[5][0]["value"]), ("code", "key", "a"))
        self.assertEqual(run("list", self.hq, "OrgUnit", "--where", "code='d'")["rows"][0]["fields"]["name"], "戊\n己")

    def test_broken_json_lines_are_told_and_do_not_end_the_load(self):
        table = self.file("units.jsonl", '{"code":"a","名称":"甲","level":"county"}\nnonsense\n[1]\n\n{"code":"b","name":"乙","level":"county","x":1}\n')
        report = self.t / "lines.jsonl"
        done = run("load", self.hq, "OrgUnit", table, "--report", report, status=6)
        self.assertEqual((done["loaded"], done["refused"]), (1, 3))
        told = [json.loads(line) for line in report.read_text().splitlines()]
        self.assertEqual([(t["line"], t["errors"][0]["rule"]) for t in told], [(2, "json"), (3, "json"), (5, "unknownField")])

    def test_a_map_says_which_field_a_column_is(self):
        table = self.file("units.csv", "单位编码,单位名称,级,备考\nx,某科,section,不要\n")
        run("load", self.hq, "OrgUnit", table, status=1)
        columns = self.file("map.json", json.dumps({"单位编码": "code", "单位名称": "名称", "级": "level", "备考": None}))
        self.assertEqual(run("load", self.hq, "OrgUnit", table, "--map", columns)["loaded"], 1)
        self.assertEqual(run("list", self.hq, "OrgUnit")["rows"][0]["fields"], {"code": "x", "name": "某科", "level": "section"})
        wrong = self.file("wrong.json", json.dumps({"单位编码": "nothing"}))
        run("load", self.hq, "OrgUnit", table, "--map", wrong, status=1)

    def test_a_killed_load_goes_on_behind_its_last_transaction(self):
        rows = 20_000
        table = self.file("cards.csv", "持卡人,本单位,余额\n" + "".join(f"甲{i},{'是' if i % 7 else '什么'},{i}\n" for i in range(rows)))
        report = self.t / "cards.jsonl"
        words = [TOOL, "load", self.hq, "MealCard", table, "--report", report, "--json"]
        child = subprocess.Popen(list(map(str, words)), env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            time.sleep(0.05)
            if report.exists() and report.stat().st_size > 60_000 or child.poll() is not None:
                break
        child.send_signal(signal.SIGKILL)
        child.wait()
        before = self.count("MealCard")
        self.assertTrue(0 < before < rows, before)
        done = run("load", self.hq, "MealCard", table, "--report", report, "--resume", status=6)
        bad = sum(1 for i in range(rows) if i % 7 == 0)
        self.assertEqual((done["loaded"], done["total"], done["refused"]), (rows - bad - before, rows - bad, bad))
        self.assertEqual(self.count("MealCard"), rows - bad)
        self.assertEqual(run("sql", self.hq, "SELECT count(DISTINCT holder) FROM MealCard")["rows"][0][0], rows - bad)
        lines = [json.loads(line)["line"] for line in report.read_text().splitlines()]
        self.assertEqual(lines, [i + 2 for i in range(rows) if i % 7 == 0])
        # What is done stays done.
        again = run("load", self.hq, "MealCard", table, "--report", report, "--resume", status=6)
        self.assertEqual((again["loaded"], self.count("MealCard")), (0, rows - bad))

    def test_a_whole_list_is_written_with_its_marks_and_loads_into_another_site(self):
        table = self.file("many.jsonl", "".join(json.dumps({"code": f"{i:05}", "name": f"第{i},\"处\"\n", "level": "county", "active": i % 2 == 0}) + "\n" for i in range(2_345)))
        run("load", self.hq, "OrgUnit", table, "--label", "秘密★三年")
        run("put", self.hq, "OrgUnit", '{"code":"open","name":"公","level":"county"}')
        out = self.t / "units.csv"
        self.assertEqual(run("list", self.hq, "OrgUnit", "--order", "code", "--format", "csv", "--out", out)["written"], 2_346)
        with out.open(newline="") as opened:
            rows = list(csv.DictReader(opened))
        self.assertEqual([r["code"] for r in rows], [f"{i:05}" for i in range(2_345)] + ["open"])
        self.assertEqual({(r["_label"], r["_level"]) for r in rows[:-1]}, {("秘密★三年", "confidential")})
        self.assertEqual(rows[7]["name"], '第7,"处"\n')
        self.assertEqual(rows[-1]["_level"], "public")
        run("list", self.hq, "OrgUnit", "--format", "csv", "--limit", 5, status=2)
        lines = subprocess.run([TOOL, "list", str(self.hq), "OrgUnit", "--where", "active=1", "--format", "jsonl"], capture_output=True, text=True, env=ENV)
        records = [json.loads(line) for line in lines.stdout.splitlines()]
        self.assertEqual(len(records), 1_173)
        self.assertEqual(records[0]["label"]["mark"], "秘密★三年")

        # Another site takes the file; what bears another mark than is asked for is not let in under it.
        other = self.t / "other-office"
        run("init", other, "--site", "far", "--office", "--person", "chief")
        report = self.t / "marks.jsonl"
        done = run("load", other, "OrgUnit", out, "--report", report, status=6)
        self.assertEqual((done["loaded"], done["refused"]), (1, 2_345))
        self.assertEqual(json.loads(report.read_text().splitlines()[0])["errors"][0]["rule"], "label")
        done = run("load", other, "OrgUnit", out, "--label", "秘密★三年", "--report", report, status=6)
        self.assertEqual((done["loaded"], done["refused"]), (2_345, 1))
        fields = run("list", other, "OrgUnit", "--where", "code='00008'")["rows"][0]["fields"]
        self.assertEqual(fields, {"code": "00008", "name": '第8,"处"\n', "level": "county", "active": True})

    def test_a_dry_run_says_all_that_is_wrong_and_writes_nothing(self):
        verdict = run("put", self.hq, "OrgUnit", '{"code":5,"level":"county"}', "--dry-run", status=1)
        self.assertEqual({(e["field"], e["rule"]) for e in verdict["errors"]}, {("code", "type"), ("name", "required")})
        self.assertTrue(verdict["dryRun"])
        self.assertEqual(run("put", self.hq, "OrgUnit", '{"code":"a","name":"甲","level":"county"}', "--dry-run")["errors"], [])
        self.assertEqual(self.count("OrgUnit"), 0)
        unit = run("put", self.hq, "OrgUnit", '{"code":"a","name":"甲","level":"county"}')["id"]
        self.assertEqual(run("set", self.hq, unit, "level=planet", "--dry-run", status=1)["errors"][0]["field"], "level")
        self.assertEqual(run("set", self.hq, unit, "level=centre", "--dry-run")["errors"], [])
        self.assertEqual(run("get", self.hq, unit)["fields"]["level"], "county")
        error = run("put", self.hq, "OrgUnit", "{}", status=1)["error"]
        self.assertEqual([e["field"] for e in error["detail"]["errors"]], ["code", "name", "level"])


if __name__ == "__main__":
    unittest.main()
