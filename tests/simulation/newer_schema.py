"""Writes the product's schema as a later version of it might be: newer_schema.py SCHEMA-FOLDER OUT-FOLDER

A field, words of enums, a state with its steps, a step between states that were there, and an entity are added; nothing
is taken away. Fails if a place to add to is not found, so that it grows with the schema.
"""
import pathlib
import re
import sys

NEW_ENTITY = '''
struct DeviceSeal @0xb7a1d3c5e9f02468 $A.entity("设备封存")
    $A.regulation("《办公自动化及通信设备保密管理暂行规定》") $A.article("十一 L2230")
    $A.kind("event") $A.label(internal) {
  device @0 :Data $A.title("设备") $A.ref("OfficeDevice") $A.required $A.indexed;
  sealNumber @1 :Text $A.title("封条编号") $A.required $A.search;
}
'''


def once(text, pattern, replacement):
    text, count = re.subn(pattern, replacement, text, flags=re.DOTALL | re.MULTILINE)
    if count != 1:
        sys.exit(f"newer_schema.py: {count} places instead of one: {pattern}")
    return text


class Struct:
    def __init__(self, text, name):
        self.begin = text.index(f"struct {name} ")
        self.end = text.index("\n}\n", self.begin)
        self.text, self.body = text, text[self.begin:self.end]

    def field(self, declaration):
        number = 1 + max(int(n) for n in re.findall(r"^  \w+ @(\d+) :", self.body, re.MULTILINE))
        name, rest = declaration.split(" ", 1)
        self.body = once(self.body, r"\n\n  enum (?!.*\n\n  enum )", rf"\n  {name} @{number} {rest}\n\n  enum ")

    def word(self, enum, word):
        number = 1 + max(int(n) for n in re.findall(r"@(\d+);", re.search(rf"enum {enum} {{([^}}]*)}}", self.body)[1]))
        self.body = once(self.body, rf"(enum {enum} {{[^}}]*) }}", rf"\1 {word} @{number}; }}")

    def step(self, of, to):
        self.body = once(self.body, r"\$A\.machine\(\[", rf'$A.machine([\n      (from = "{of}", to = "{to}"),')

    def whole(self):
        return self.text[:self.begin] + self.body + self.text[self.end:]


def main(source, out):
    out.mkdir(parents=True, exist_ok=True)
    files = {p.name: p.read_text("utf8") for p in sorted(source.glob("*.capnp"))}

    device = Struct(files["devices.capnp"], "OfficeDevice")
    device.field('assetTag :Text $A.title("资产标签") $A.search;')
    device.word("DeviceKind", "scanner")
    device.word("State", "sealedUp")
    for of, to in [("inUse", "sealedUp"), ("sealedUp", "inUse"), ("lent", "retired")]:
        device.step(of, to)
    files["devices.capnp"] = device.whole() + NEW_ENTITY

    leak = Struct(files["secrecy.capnp"], "LeakIncident")
    leak.word("Severity", "disastrous")
    files["secrecy.capnp"] = leak.whole()

    for name, text in files.items():
        (out / name).write_text(text, "utf8")


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
