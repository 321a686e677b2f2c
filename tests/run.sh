#!/bin/sh
# Passes every test: once as released, once under the address and undefined-behaviour sanitizers. Ends with
# the number of executed cases. CINNABAR_PRESETS chooses other presets.
set -eu
cd "$(dirname "$0")/.."
sh tests/setup.sh
jobs=$(nproc)
# The tests sync files many thousand times. In memory that costs nothing, and a power cut is modelled, not awaited.
roomy_kib=2000000
if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ] && [ "$(df -Pk /dev/shm | awk 'NR==2 {print $4}')" -gt "$roomy_kib" ]; then
  export TMPDIR=/dev/shm
fi
failed=0
for preset in ${CINNABAR_PRESETS:-release asan}; do
  cmake --preset "$preset" >/dev/null
  cmake --build --preset "$preset" -j "$jobs" -- --quiet
  ctest --preset "$preset" -j "$jobs" --output-junit ctest.xml || failed=1
done
python3 tests/count.py ${CINNABAR_PRESETS:-release asan}
exit "$failed"
