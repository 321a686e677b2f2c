"""Sums the executed cases of all runners below build/<preset> and prints 'N passed, M failed'."""
import pathlib
import re
import sys
import xml.etree.ElementTree as tree

# A runner logs what its cases compare: broken UTF-8 and control characters, too, which no XML may hold.
FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def cases(path):
    text = path.read_bytes().decode("utf-8", errors="replace")
    return tree.fromstring(FORBIDDEN.sub("\ufffd", text).encode("utf-8")).iter("testcase")


passed = failed = 0
for preset in sys.argv[1:]:
    build = pathlib.Path(__file__).resolve().parent.parent / "build" / preset
    # A Boost executable writes its own cases; ctest knows the others as one each.
    own = {path.stem: path for path in (build / "tests").glob("*.xml")}
    for case in cases(build / "ctest.xml"):
        name, ok = case.get("name"), case.get("status") == "run"
        if case.find("skipped") is not None:
            print(f"skipped: {name}")
            continue
        if ok and name in own:
            for suite in cases(own[name]):
                bad = suite.find("failure") is not None or suite.find("error") is not None
                failed += bad
                passed += not bad
        else:
            passed += ok
            failed += not ok
print(f"{passed} passed, {failed} failed")
sys.exit(bool(failed))
