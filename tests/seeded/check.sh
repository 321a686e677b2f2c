#!/bin/sh
# Every seeded fault still applies to the sources, in one place of the product, and names tests that are there.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root/tests/seeded"
tests=$(grep -rhoE --include='*.cpp' 'TEST_(CASE|SUITE)\(\w+' "$root/tests")
failures=0
wrong() {
  failures=$((failures + 1))
  echo "$1: $2"
}
for diff in leaks/*.patch merges/*.patch; do
  for word in broken against find; do
    [ "$(grep -c "^# $word: ." "$diff")" = 1 ] || wrong "$diff" "its head does not say '$word'"
  done
  [ "$(grep -c '^@@ ' "$diff")" = 1 ] || wrong "$diff" "it changes more than one place"
  case $(sed -n 's,^+++ b/,,p' "$diff") in
    schema/* | core/* | sync/* | capi/*) ;;
    *) wrong "$diff" "it changes no file of the product" ;;
  esac
  patch --dry-run -p1 -F0 -s -f -d "$root" -i "$root/tests/seeded/$diff" > /dev/null || wrong "$diff" "it does not apply"
  for name in $(sed -n 's/^# find: .*--run_test=//p' "$diff" | tr '/,*' '   '); do
    case $tests in
      *"($name"*) ;;
      *) wrong "$diff" "there is no test '$name'" ;;
    esac
  done
done
leaks=$(find leaks -name '*.patch' | wc -l)
merges=$(find merges -name '*.patch' | wc -l)
[ "$leaks" -ge 40 ] || wrong leaks "fewer than 40"
[ "$merges" -ge 20 ] || wrong merges "fewer than 20"
[ "$failures" = 0 ] && echo "$leaks leaks and $merges wrong merge rules apply"
exit "$failures"
