#!/bin/sh
# Builds and runs the benchmark; prints a table and writes build/bench.json. Options: see --help.
set -eu
cd "$(dirname "$0")/../.."
sh tests/setup.sh
cmake --preset release >/dev/null
cmake --build --preset release -j "$(nproc)" --target cinnabar_bench -- --quiet
exec build/release/tests/cinnabar_bench --out build/bench.json "$@"
