"""Flags, prompts, signals and what people see: the parts of the command's contract that are not about records."""
import json
import os
import pathlib
import pty
import re
import select
import sys
import tempfile
import unicodedata
import unittest

from product import ENV, PASSPHRASE, TOOL, call

HOST_SCHEMA = sys.argv.pop(1)
BARE = {k: v for k, v in os.environ.items() if not k.startswith("CINNABAR_")}


def run(*words, status=0, env=ENV):
    done = call(*words, "--json", env=env)
    assert done.returncode == status, f"{words}: {done.returncode} {done.stderr}"
    return json.loads(done.stdout)


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class Terminal:
    """The command on a terminal of its own, so that it asks and watches for Ctrl-C."""

    def __init__(self, *words, env=BARE):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(TOOL, [TOOL, *map(str, words)], env)
        self.seen = b""

    def until(self, words):
        while words.encode() not in self.seen:
            if not select.select([self.fd], [], [], 60)[0]:
                raise AssertionError(f"no '{words}' in {self.seen!r}")
            self.seen += os.read(self.fd, 4096)

    def type(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        try:
            while select.select([self.fd], [], [], 60)[0] and (part := os.read(self.fd, 4096)):
                self.seen += part
        except OSError:  # how a terminal says that nobody writes any more
            pass
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class Interface(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.t = pathlib.Path(cls.folder.name)
        cls.hq = cls.t / "hq"
        run("init", cls.hq, "--site", "hq", "--office", "--person", "chief", "--name", "行署", "--root-key-out", cls.t / "root")
        for code in ("a", "b", "c", "d", "e"):
            fields = {"code": code, "name": f"办公室{code}", "level": "county"}
            run("put", cls.hq, "OrgUnit", json.dumps(fields))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_the_root_key_is_kept_for_its_owner_only(self):
        self.assertEqual((self.t / "root").stat().st_mode & 0o077, 0)

    def test_the_passphrase_comes_from_a_files_first_line(self):
        (self.t / "secret").write_text(PASSPHRASE + "\nsomething else\n")
        run("list", self.hq, "OrgUnit", "--passphrase-file", self.t / "secret", env=BARE)
        (self.t / "wrong").write_text("wrong words\n")
        run("list", self.hq, "OrgUnit", "--passphrase-file", self.t / "wrong", status=4)
        run("list", self.hq, "OrgUnit", "--passphrase-file", self.t / "no such file", status=1)

    def test_without_a_passphrase_and_a_terminal_it_says_where_to_give_one(self):
        done = call("list", self.hq, "OrgUnit", env=BARE)
        self.assertEqual(done.returncode, 4)
        self.assertRegex(done.stderr, r"^cinnabar: [^\n]*--passphrase-file[^\n]* \(badKey\)\n$")

    def test_a_terminal_is_asked_without_echo(self):
        terminal = Terminal("list", self.hq, "OrgUnit", "--json")
        terminal.until("passphrase: ")
        terminal.type(PASSPHRASE + "\n")
        self.assertEqual(terminal.end(), 0)
        self.assertIn("办公室a".encode(), terminal.seen)
        self.assertNotIn(b"correct horse", terminal.seen)

    def test_an_interrupt_at_the_prompt_ends_it(self):
        terminal = Terminal("list", self.hq, "OrgUnit")
        terminal.until("passphrase: ")
        terminal.type("\x03")
        self.assertEqual(terminal.end(), 1)
        self.assertIn(b"(cancelled)", terminal.seen)

    def test_an_interrupt_during_a_load_keeps_whole_transactions_and_harms_nothing(self):
        site = self.t / "interrupted"
        run("init", site, "--site", "hq", "--office", "--person", "chief")
        table = self.t / "many.jsonl"
        with table.open("w") as out:
            for i in range(200_000):
                out.write(json.dumps({"code": f"m{i}", "name": "x", "level": "county"}) + "\n")
        terminal = Terminal("load", site, "OrgUnit", table, "--json", env={**BARE, "CINNABAR_PASSPHRASE": PASSPHRASE})
        terminal.until("load ")  # it is under way, and tells so
        terminal.type("\x03")
        self.assertEqual(terminal.end(), 1)
        self.assertIn(b'"code":"cancelled"', terminal.seen)
        count = run("sql", site, "SELECT count(*) FROM OrgUnit")["rows"][0][0]
        self.assertLess(count, 200_000)
        self.assertEqual(count % 1000, 0)
        self.assertTrue(run("verify", site)["ok"])
        run("put", site, "OrgUnit", '{"code":"after","name":"x","level":"county"}')

    def test_a_fixed_clock_is_the_one_that_is_written(self):
        made = run("put", self.hq, "OrgUnit", '{"code":"now","name":"x","level":"county"}', "--now", "2026-11-23T08:00:00+08:00")["id"]
        self.assertEqual(run("get", self.hq, made)["updated"]["at"], "2026-11-23T08:00:00+08:00")
        for wrong in ("yesterday", "2026-11-23", "2026-11-23T08:00:00", "2026-13-23T08:00:00+08:00"):
            self.assertEqual(call("list", self.hq, "OrgUnit", "--now", wrong).returncode, 2, wrong)
        call("delete", self.hq, made)

    def test_a_level_is_the_most_that_is_opened(self):
        made = run("put", self.hq, "OrgUnit", '{"code":"high","name":"x","level":"county"}', "--label", "机密★二年")["id"]
        self.assertEqual(run("get", self.hq, made)["label"]["mark"], "机密★二年")
        run("get", self.hq, made, "--level", "confidential", status=3)
        run("get", self.hq, made, "--level", "planet", status=2)
        call("delete", self.hq, made)

    def test_pages_in_an_order_with_a_condition(self):
        seen, after, pages = [], "", 0
        while True:
            page = run("list", self.hq, "OrgUnit", "--where", "code IN ('a','b','c','d')", "--order", "-code", "--limit", "3", *(["--after", after] if after else []))
            seen += [row["fields"]["code"] for row in page["rows"]]
            pages += 1
            after = page["next"]
            if after is None:
                break
        self.assertEqual((seen, pages), (["d", "c", "b", "a"], 2))
        self.assertEqual(run("list", self.hq, "OrgUnit", "--where", "planet=1", status=1)["error"]["code"], "invalidInput")

    def test_jsonl_gives_a_record_a_line(self):
        done = call("list", self.hq, "OrgUnit", "--where", "code<'c'", "--jsonl")
        self.assertEqual([json.loads(line)["fields"]["code"] for line in done.stdout.splitlines()], ["a", "b"])

    def test_people_get_columns_that_stand_below_each_other(self):
        done = call("list", self.hq, "OrgUnit", "--where", "code<'f'")
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), 6)
        starts = set()
        for line in lines[1:]:
            starts.add((width(line[:line.index("OrgUnit")]), width(line[:line.index("公开")]), width(line[:line.index("办公室")])))
        self.assertEqual(len(starts), 1)
        self.assertEqual(width(lines[0][:lines[0].index("名称")]), starts.pop()[2])

    def test_an_error_is_one_line_and_with_json_a_document_as_well(self):
        for words, status, code in ((("get", self.hq, "nothing"), 3, "notFound"), (("list", self.hq, "Planet"), 1, "invalidInput"), (("frobnicate",), 2, "usage"),
                                    (("put", self.hq, "OrgUnit", "{"), 1, "invalidInput"), (("sql", self.hq, "DROP TABLE OrgUnit"), 1, "refused")):
            done = call(*words, "--json")
            self.assertEqual(done.returncode, status, words)
            self.assertRegex(done.stderr, r"^cinnabar: [^\n]+ \(" + code + r"\)\n$")
            error = json.loads(done.stdout)["error"]
            self.assertEqual(error["code"], code)
            self.assertTrue(error["message"])
            self.assertIn("detail", error)
            self.assertEqual(call(*words).stdout, "")

    def test_all_of_a_compilation_is_in_its_records(self):
        site = self.t / "regulations"
        run("init", site, "--site", "hq", "--office", "--person", "chief")
        source = pathlib.Path(__file__).resolve().parent.parent / "data/regulations-sample.zh.txt"
        run("load-regulations", site, source)
        rows = lambda entity: [dict(r["fields"], id=r["id"]) for r in run("list", site, entity, "--order", "position", "--limit", "100000")["rows"]]
        articles = {}
        for a in rows("Article"):
            articles.setdefault(a["regulation"], []).append(a)
        squeezed = lambda text: re.sub(r"\s+", "", text)
        whole, places = squeezed(source.read_text()), []
        for regulation in rows("Regulation"):
            text = squeezed("".join([regulation.get("body", "")] + [part for a in articles.get(regulation["id"], []) for part in (a.get("heading", ""), a["text"])]))
            title = squeezed(regulation["title"])
            # Of the front matter, lines may stand above the title.
            at = next((at for at in (0, *range(1, len(text) + 1)) if whole.startswith(text[:at] + title + text[at:])), None)
            self.assertIsNotNone(at, regulation["title"])
            self.assertTrue(at == 0 or regulation["code"] == "000")
            whole = whole[len(text) + len(title):]
        self.assertEqual(whole, "")
        self.assertTrue(run("find", site, "会议", "--entity", "Article", "--limit", "3")["rows"])

    def test_a_hosts_schema_comes_along(self):
        site = self.t / "yaks"
        run("init", site, "--site", "hq", "--office", "--person", "chief", "--host-schema", HOST_SCHEMA)
        self.assertEqual(run("schema", "show", "Yak", "--host-schema", HOST_SCHEMA)["title"], "牦牛")
        made = run("put", site, "Yak", '{"name":"黑子"}', "--host-schema", HOST_SCHEMA)["id"]
        run("set", site, made, "weight=240", "--host-schema", HOST_SCHEMA)
        self.assertEqual(run("get", site, made, "--host-schema", HOST_SCHEMA)["fields"]["weight"], 240)
        self.assertEqual(run("get", site, made, status=5)["error"]["code"], "newerFormat")

    def test_values_that_are_set_by_text_have_the_type_of_their_field(self):
        made = run("put", self.hq, "OrgUnit", '{"code":"typed","name":"x","level":"county"}')["id"]
        run("set", self.hq, made, "leaderPosts=3", "机构代码=typed-2", "active=是", "shortName=3")
        fields = run("get", self.hq, made)["fields"]
        self.assertEqual((fields["leaderPosts"], fields["code"], fields["active"], fields["shortName"]), (3, "typed-2", True, "3"))
        run("set", self.hq, made, "leaderPosts=")
        self.assertNotIn("leaderPosts", run("get", self.hq, made)["fields"])
        run("set", self.hq, made, "leaderPosts=many", status=1)
        self.assertEqual(call("set", self.hq, made, "leaderPosts").returncode, 2)
        run("delete", self.hq, made)
        run("delete", self.hq, made, status=3)

    def test_the_demo_tells_its_day_and_holds_what_it_claims(self):
        done = call("demo", self.t / "demo", env=BARE)
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)


if __name__ == "__main__":
    unittest.main()
