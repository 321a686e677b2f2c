"""Includes go one way, schema <- core <- sync <- capi <- examples, and only the known names stand at the top."""
import pathlib
import re
import sys
import tempfile

LAYERS = ["schema", "core", "sync", "capi"]
TOP = {"CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE", "core", "capi", "sync", "schema", "examples", "tests"}
INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]', re.M)


def breaches(root):
    found = []
    for path in sorted(root.iterdir()):
        if path.name not in TOP and not path.name.startswith(".") and path.name != "build":
            found.append(f"{path.name} does not belong at the top")
    for at, layer in enumerate(LAYERS):
        for path in sorted((root / layer).rglob("*.[ch]*")):
            if path.suffix not in (".h", ".cpp", ".c"):
                continue
            for name in INCLUDE.findall(path.read_text()):
                first = name.split("/")[0]
                if first in LAYERS[at + 1:] + ["examples", "tests"]:
                    found.append(f"{path.relative_to(root)} includes {name}, which stands to its right")
    for path in sorted((root / "examples").rglob("*.[ch]*")):
        for name in INCLUDE.findall(path.read_text()) if path.suffix in (".h", ".cpp", ".c") else []:
            if name.split("/")[0] in LAYERS:
                found.append(f"{path.relative_to(root)} includes {name} instead of the public header")
    return found


def would_notice():
    """The check can fail: a tree with one breach of each kind has three."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name in LAYERS + ["examples"]:
            (root / name).mkdir()
        (root / "helpers").mkdir()
        (root / "core/a.h").write_text('#include "sync/b.h"\n')
        (root / "examples/c.cpp").write_text('#include "core/a.h"\n')
        return len(breaches(root)) == 3


if __name__ == "__main__":
    if not would_notice():
        sys.exit("the check does not notice breaches")
    found = breaches(pathlib.Path(__file__).resolve().parent.parent)
    print("\n".join(found) or "layers hold")
    sys.exit(bool(found))
