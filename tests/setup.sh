#!/bin/sh
# Brings a Debian 12 or 13 to a building and testing machine: installs what is missing and nothing else.
# Quick when all is there. Needs root, or sudo without a question, only when something has to be installed.
set -eu

apt_folder="${CINNABAR_APT_FOLDER:-/etc/apt}"
packages="g++ cmake ninja-build ccache pkg-config capnproto libcapnp-dev libsodium-dev libzstd-dev zstd
 libboost-test-dev librapidcheck-dev libcli11-dev nlohmann-json3-dev libbenchmark-dev python3 clang clang-format
 clang-tidy abigail-tools patch"
sqlcipher="libsqlcipher-dev sqlcipher"

say() { printf 'setup: %s\n' "$*" >&2; }

missing_of() {
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || printf '%s ' "$package"
  done
}

# SQLCipher 4.6 or later (its package file names the SQLite inside): the one in Debian 12's main archive is years older.
sqlcipher_is_new() { pkg-config --atleast-version=3.46 sqlcipher 2>/dev/null; }

# The machine's own mirror, as a deb822 stanza for the backports of Debian 12. Prints nothing if none is named.
backports_stanza() {
  for file in "$apt_folder"/sources.list.d/*.sources; do
    [ -f "$file" ] || continue
    awk '
      function done() {
        if (types ~ /(^| )deb( |$)/ && suites ~ /(^| )bookworm( |$)/ && uris != "") {
          split(uris, u, " ")
          print "Types: deb\nURIs: " u[1] "\nSuites: bookworm-backports\nComponents: main"
          if (signed != "") print "Signed-By: " signed
          found = 1
          exit
        }
        types = uris = suites = signed = ""
      }
      /^[ \t]*$/ { done(); next }
      /^#/ { next }
      tolower($1) == "types:" { sub(/^[^:]*:[ \t]*/, ""); types = $0 }
      tolower($1) == "uris:" { sub(/^[^:]*:[ \t]*/, ""); uris = $0 }
      tolower($1) == "suites:" { sub(/^[^:]*:[ \t]*/, ""); suites = $0 }
      tolower($1) == "signed-by:" { sub(/^[^:]*:[ \t]*/, ""); signed = $0 }
      END { if (!found) done() }
    ' "$file" | grep . && return 0
  done
  for file in "$apt_folder"/sources.list "$apt_folder"/sources.list.d/*.list; do
    [ -f "$file" ] || continue
    awk '
      /^[ \t]*deb[ \t]/ {
        line = $0
        signed = ""
        if (match(line, /\[[^]]*\]/)) {
          options = substr(line, RSTART + 1, RLENGTH - 2)
          line = substr(line, 1, RSTART - 1) " " substr(line, RSTART + RLENGTH)
          n = split(options, o, " ")
          for (i = 1; i <= n; i++) if (o[i] ~ /^signed-by=/) signed = substr(o[i], 11)
        }
        split(line, part, /[ \t]+/)
        first = part[1] == "deb" ? 2 : 3
        if (part[first + 1] == "bookworm") {
          print "Types: deb\nURIs: " part[first] "\nSuites: bookworm-backports\nComponents: main"
          if (signed != "") print "Signed-By: " signed
          exit
        }
      }
    ' "$file" | grep . && return 0
  done
  return 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    sudo "$@"
  else
    say "cannot install without root; missing: $wanted"
    exit 1
  fi
}

install_all() {
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get update -qq
  if [ -n "$1" ]; then
    say "installing $1"
    # shellcheck disable=SC2086
    as_root apt-get install -y -qq --no-install-recommends $1 >/dev/null
  fi
}

if [ "${1:-}" = --print-backports ]; then
  backports_stanza
  exit
fi

# shellcheck disable=SC2086
wanted=$(missing_of $packages)
[ -z "$wanted" ] || install_all "$wanted"
if ! sqlcipher_is_new; then
  wanted="$sqlcipher"
  release=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  if [ "$release" = bookworm ]; then
    stanza=$(backports_stanza) || { say "no Debian mirror is named in $apt_folder; add bookworm-backports by hand"; exit 1; }
    if ! grep -rqs 'bookworm-backports' "$apt_folder/sources.list" "$apt_folder/sources.list.d"; then
      printf '%s\n' "$stanza" | as_root tee "$apt_folder/sources.list.d/cinnabar-backports.sources" >/dev/null
    fi
    install_all ""
    # shellcheck disable=SC2086
    as_root apt-get install -y -qq --no-install-recommends -t bookworm-backports $sqlcipher >/dev/null
  else
    install_all "$sqlcipher"
  fi
  sqlcipher_is_new || { say "SQLCipher 4.6 or later is needed and could not be installed"; exit 1; }
fi
