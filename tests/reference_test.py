"""What is written from the schema is whole: every name in the C header, which is C99, and every field in both references."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

TOOL, DERIVED, CC = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), sys.argv[3]
ENTITIES = json.loads(subprocess.run([TOOL, "schema", "list", "--json"], capture_output=True, text=True, check=True).stdout)["entities"]


def constant(name):
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).upper()


def expected_names():
    entities = {constant(e["name"]) for e in ENTITIES}
    for e in ENTITIES:
        name = constant(e["name"])
        yield name, e["name"]
        for f in e["fields"]:
            joined = f"{name}_{constant(f['name'])}"
            yield (f"{name}__{constant(f['name'])}" if joined in entities else joined), f["name"]


def header_fails(names, header):
    """Compiles and runs a program in which every name must have its value."""
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "names.c"
        checks = "".join(f'  if (strcmp(CNB_{n}, "{v}") != 0) return 1;\n' for n, v in names)
        program.write_text(f'#include "{header}"\n#include <string.h>\nint main(void) {{\n{checks}  return 0;\n}}\n')
        built = subprocess.run([CC, "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", program, "-o", program.with_suffix("")],
                               capture_output=True, text=True)
        if built.returncode != 0:
            return built.stderr[:500]
        return subprocess.run([program.with_suffix("")]).returncode != 0


def missing(text):
    for e in ENTITIES:
        wanted = [e["name"], e["title"], e["regulation"]] + [w for f in e["fields"] for w in (f["name"], f["title"])]
        section = next((s for s in re.split(r"\n## |<section ", text)[1:] if re.search(rf"\b{e['name']}\b", s.split("\n", 1)[0])), "")
        for word in wanted:
            if word not in section:
                yield f"{e['name']}: {word}"


if __name__ == "__main__":
    names = list(expected_names())
    found = []
    header = DERIVED / "include/cinnabar_names.h"
    if len(set(n for n, _ in names)) != len(names):
        found.append("two constants have one name")
    if not header_fails(names + [("NO_SUCH_ENTITY", "x")], header):
        found.append("the check of the header does not notice a missing name")
    if why := header_fails(names, header):
        found.append(f"{header}: {why}")
    for page in ("records.md", "records.html"):
        found += [f"{page} lacks {w}" for w in missing((DERIVED / "doc" / page).read_text())][:20]
    print("\n".join(found) or f"{len(names)} names, {len(ENTITIES)} entities")
    sys.exit(bool(found))
