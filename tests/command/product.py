"""The command under test: the first of the words that a test is called with."""
import json
import os
import subprocess
import sys

TOOL = sys.argv.pop(1)
PASSPHRASE = "朱砂 correct horse 1"
ENV = {**os.environ, "CINNABAR_PASSPHRASE": PASSPHRASE}


def call(*words, env=ENV, stdin=""):
    return subprocess.run([TOOL, *map(str, words)], capture_output=True, text=True, env=env, input=stdin, timeout=300)


def run(*words, status=0, env=ENV, stdin=None):
    """What it says with --json, if anything; `status`: the exit status, or a tuple of those that are allowed."""
    done = call(*words, "--json", env=env, stdin=stdin)
    allowed = status if isinstance(status, tuple) else (status,)
    assert done.returncode in allowed, f"{words}: {done.returncode} {done.stderr} {done.stdout}"
    return json.loads(done.stdout) if done.stdout.strip() else None
