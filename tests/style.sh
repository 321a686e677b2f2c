#!/bin/sh
# Every source reads as .clang-format writes it. With --fix it is made so.
set -eu
cd "$(dirname "$0")/.."
# Another version writes other line breaks: such a machine does not judge.
clang-format --version | grep -q ' 14\.' || { echo "clang-format 14 is not here: not judged"; exit 77; }
mode="--dry-run -Werror"
[ "${1:-}" != --fix ] || mode=-i
# shellcheck disable=SC2086
find schema core sync capi examples tests \( -name '*.cpp' -o -name '*.h' -o -name '*.c' \) -print0 |
  xargs -0 clang-format $mode
