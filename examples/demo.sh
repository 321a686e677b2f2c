#!/bin/sh
# A small prefecture goes through a day. An argument: a compilation of regulations to load instead of the sample.
set -eu
cd "$(dirname "$0")/.."
sh tests/setup.sh
[ -f build/release/build.ninja ] || cmake --preset release >/dev/null
cmake --build --preset release --target cinnabar_command -- --quiet
exec build/release/examples/command/cinnabar demo --regulations "${1:-tests/data/regulations-sample.zh.txt}"
