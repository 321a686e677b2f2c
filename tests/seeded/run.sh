#!/bin/sh
# Seeds one fault after another into a copy of the sources and says whether the tests find it:
#   sh tests/seeded/run.sh [FOLDER] [NAME…]      a NAME: leaks, merges/counter_forgets, …; none: all
# FOLDER (build/seeded) holds the copy, its build and what each run said; it can be kept for the next time.
# A fault is a unified diff whose head says what it breaks, what that is against, and which test is to find it.
set -euf  # no names of files in what a fault selects
root=$(cd "$(dirname "$0")/../.." && pwd)
work=${1:-$root/build/seeded}
[ $# = 0 ] || shift
limit_s=${CINNABAR_LIMIT_S:-300}
mkdir -p "$work/said"
work=$(cd "$work" && pwd)
# The tests sync files many thousand times; in memory that costs nothing.
if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ]; then export TMPDIR=/dev/shm; fi

faults() {
  cd "$root/tests/seeded"
  [ $# -gt 0 ] || set -- leaks merges
  for name in "$@"; do
    if [ -d "$name" ]; then find "$name" -name '*.patch' | sort
    elif [ -f "$name.patch" ]; then echo "$name.patch"
    else echo "there is no fault '$name'" >&2; exit 2
    fi
  done
}

# By content, and never with an older time than what was built of a fault.
copy_sources() {
  cd "$root"
  find schema core sync capi examples tests CMakeLists.txt CMakePresets.json -type f ! -path '*__pycache__*' > "$work/files"
  while read -r file; do
    cmp -s "$file" "$work/$file" && continue
    mkdir -p "$work/$(dirname "$file")"
    cp "$file" "$work/$file"
  done < "$work/files"
  cd "$work"
  find schema core sync capi examples tests -type f | while read -r file; do [ -f "$root/$file" ] || rm "$file"; done
}

# build SUITE
build() { cmake --build "$work/build/release" --target "cinnabar_$1_tests" -- --quiet; }

# judge [VARIABLE=VALUE…] SUITE [ARGUMENT…]: the exit code of the selected tests, 124 at the time limit.
judge() {
  variables=
  while case $1 in *=*) true ;; *) false ;; esac; do variables="$variables $1"; shift; done
  suite=$1
  shift
  # shellcheck disable=SC2086
  (cd "$work/build/release" && env $variables timeout "$limit_s" "tests/cinnabar_${suite}_tests" "$@")
}
suite_of() { for word in "$@"; do case $word in *=*) ;; *) echo "$word"; return ;; esac; done; }
find_of() { sed -n 's/^# find: //p' "$1"; }

list=$(faults "$@")
copy_sources
cmake -S "$work" --preset release > "$work/said/configure"

# A check that fails without a fault finds nothing.
echo "$list" | while read -r patch; do find_of "$root/tests/seeded/$patch"; done | sort -u > "$work/selections"
while read -r selection; do
  # shellcheck disable=SC2086
  { build "$(suite_of $selection)" && judge $selection; } > "$work/said/whole" 2>&1 < /dev/null || {
    echo "without any fault this does not pass: $selection (see $work/said/whole)"
    exit 1
  }
done < "$work/selections"
echo "$(wc -l < "$work/selections") selections of tests pass without a fault"

all=0
found=0
for patch in $list; do
  name=${patch%.patch}
  diff=$root/tests/seeded/$patch
  said=$work/said/$name
  mkdir -p "$(dirname "$said")"
  file=$(sed -n 's,^+++ b/,,p' "$diff")
  selection=$(find_of "$diff")
  began_s=$(date +%s)
  if ! patch -p1 -F0 -s -f -d "$work" --no-backup-if-mismatch -i "$diff" > "$said" 2>&1; then
    verdict="does not apply"
  # shellcheck disable=SC2086
  elif ! build "$(suite_of $selection)" >> "$said" 2>&1; then
    verdict="does not build"
  else
    status=0
    # shellcheck disable=SC2086
    judge $selection > "$said" 2>&1 < /dev/null || status=$?
    case $status in
      0) verdict="NOT FOUND" ;;
      124) verdict="found, by the time limit" ;;
      1 | 201)
        verdict="found"
        if grep -q 'signal: \|memory access violation' "$said"; then verdict="found, by a crash"; fi ;;
      129 | 13[0-9]) verdict="found, by a crash" ;;
      *) verdict="NOT JUDGED, the tests ended with $status" ;;
    esac
  fi
  # A copy with a newer time: what was built of the fault is built anew.
  cp "$root/$file" "$work/$file"
  all=$((all + 1))
  case $verdict in found*) found=$((found + 1)) ;; esac
  printf '%-26s %s (%s s)\n' "$verdict" "$name" "$(($(date +%s) - began_s))"
done
echo "$found of $all seeded faults were found"
[ "$found" = "$all" ]
