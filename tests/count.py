"""Sums the executed cases of all runners below build/<preset> and prints 'N passed, M failed'."""
import pathlib
import sys
import xml.etree.ElementTree as tree

passed = failed = 0
for preset in sys.argv[1:]:
    build = pathlib.Path(__file__).resolve().parent.parent / "build" / preset
    # A Boost executable writes its own cases; ctest knows the others as one each.
    own = {path.stem: path for path in (build / "tests").glob("*.xml")}
    for case in tree.parse(build / "ctest.xml").getroot().iter("testcase"):
        name, ok = case.get("name"), case.get("status") == "run"
        if case.find("skipped") is not None:
            print(f"skipped: {name}")
            continue
        if ok and name in own:
            for suite in tree.parse(own[name]).getroot().iter("testcase"):
                bad = suite.find("failure") is not None or suite.find("error") is not None
                failed += bad
                passed += not bad
        else:
            passed += ok
            failed += not ok
print(f"{passed} passed, {failed} failed")
sys.exit(bool(failed))
