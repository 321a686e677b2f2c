#!/bin/sh
# Runs every fuzz target, or those named, under libFuzzer: sh tests/fuzz/run.sh [SECONDS] [TARGET]…
# The same seed each time; what is found lies in build/fuzz/found and makes the command fail.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-20}
[ $# = 0 ] || shift
sh tests/setup.sh
cmake --preset fuzz >/dev/null
targets=${*:-$(for source in tests/fuzz/*_fuzz.cpp; do basename "$source" .cpp; done)}
# shellcheck disable=SC2046
cmake --build --preset fuzz -j "$(nproc)" --target $(for target in $targets; do echo "$target" "${target}_replay"; done) -- --quiet
mkdir -p build/fuzz/found
failed=0
for target in $targets; do
  corpus=build/fuzz/corpus/$target
  "build/fuzz/tests/${target}_replay" --write "$corpus"
  log=build/fuzz/found/$target.log
  # Slow inputs count as findings, too. 2 GiB: a host schema is whole files of tables.
  if "build/fuzz/tests/$target" -seed=1 -max_total_time="$seconds" -timeout=25 -rss_limit_mb=2048 -max_len=65536 \
      -artifact_prefix="build/fuzz/found/$target-" "$corpus" >"$log" 2>&1; then
    echo "$target: $(grep -o 'Done [0-9]* runs' "$log" | tail -1), nothing found"
  else
    failed=1
    echo "$target: FAILED, see $log"
    grep -E 'ERROR|SUMMARY|Test unit written' "$log" | head -5
  fi
done
exit "$failed"
