#!/bin/sh
# clang-tidy over the product's own sources, with the flags of the build given: sh tests/tidy.sh [BUILD] [FILE]…
set -eu
cd "$(dirname "$0")/.."
build=${1:-build/dev}
[ $# = 0 ] || shift
[ -f "$build/compile_commands.json" ] || { echo "configure first: cmake --preset $(basename "$build")"; exit 2; }
files=${*:-$(git ls-files 'schema/*.cpp' 'core/*.cpp' 'sync/*.cpp' 'capi/*.cpp' 'examples/*.cpp')}
echo "$files" | tr ' ' '\n' | xargs -P "$(nproc)" -n 1 clang-tidy --quiet -p "$build" --extra-arg=-Wno-unknown-warning-option 2>/dev/null
