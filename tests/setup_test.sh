#!/bin/sh
# The backports' stanza is derived from whatever form the machine's own sources have.
set -eu
here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

expect() {
  mkdir -p "$folder/sources.list.d"
  actual=$(CINNABAR_APT_FOLDER="$folder" sh "$here/setup.sh" --print-backports || true)
  if [ "$actual" != "$2" ]; then
    failures=$((failures + 1))
    printf 'FAILED %s: got\n%s\ninstead of\n%s\n' "$1" "$actual" "$2"
  fi
  rm -rf "$folder/sources.list" "$folder/sources.list.d"
}

mkdir -p "$folder/sources.list.d"
printf '# a comment\nTypes: deb\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\nSigned-By: /usr/share/keyrings/a.gpg\n\nTypes: deb\nURIs: http://mirror.example/security\nSuites: bookworm-security\nComponents: main\n' > "$folder/sources.list.d/debian.sources"
expect "deb822" "Types: deb
URIs: http://mirror.example/debian
Suites: bookworm-backports
Components: main
Signed-By: /usr/share/keyrings/a.gpg"

printf 'deb-src http://wrong.example/debian bookworm main\ndeb [arch=amd64 signed-by=/k.gpg] https://mirror.example/d bookworm main contrib\n' > "$folder/sources.list"
expect "one line with options" "Types: deb
URIs: https://mirror.example/d
Suites: bookworm-backports
Components: main
Signed-By: /k.gpg"

printf 'deb http://mirror.example/debian trixie main\n' > "$folder/sources.list"
expect "another release" ""

[ "$failures" = 0 ] && echo "3 forms of sources are understood"
exit "$failures"
