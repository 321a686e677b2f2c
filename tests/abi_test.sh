#!/bin/sh
# The library's interface is the one whose dump is kept, or adds to it: sh tests/abi_test.sh BUILD [--renew]
# A change that breaks hosts fails; renew the dump only with a new SOVERSION, or after adding.
set -eu
build=$1
here=$(dirname "$0")
kept=$here/capi/libcinnabar.abi
library=$build/capi/libcinnabar.so
if ! command -v abidw >/dev/null || ! command -v abidiff >/dev/null; then
  echo "abidiff is not installed (package abigail-tools): the interface was NOT compared"
  exit 77
fi
dump() { abidw --exported-interfaces-only --no-elf-needed --headers-dir "$here/../capi/include" --drop-private-types --no-corpus-path --no-comp-dir-path --type-id-style hash "$1"; }
if [ "${2:-}" = --renew ]; then
  dump "$library" > "$kept"
  echo "$(grep -c '<function-decl' "$kept") functions are kept in $kept"
  exit
fi
status=0
abidiff --headers-dir2 "$here/../capi/include" --drop-private-types "$kept" "$library" || status=$?
# Bits: 1 error, 2 wrong use, 4 any change, 8 a change that breaks hosts.
[ $((status & 11)) = 0 ] || { echo "the interface breaks hosts that were built before"; exit 1; }
[ "$status" = 0 ] || { echo "the interface has changed; if it has only grown: sh tests/abi_test.sh $build --renew"; exit 1; }
echo "the interface is the one that is kept"
