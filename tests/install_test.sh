#!/bin/sh
# What is installed is enough for a C program, by pkg-config and by find_package, and only cnb_ names leave the library.
set -eu
build=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cmake --install "$build" --prefix "$folder/usr" >/dev/null
library=$(find "$folder/usr" -name 'libcinnabar.so' | head -1)
others=$(nm -D --defined-only "$library" | awk '{print $3}' | grep -v '^cnb_' || true)
[ -z "$others" ] || { echo "names that should stay inside:"; echo "$others" | head; exit 1; }

cat > "$folder/main.c" <<'C'
#include <cinnabar.h>
#include <cinnabar_names.h>
#include <stdio.h>
int main(void) {
  cnb_buffer json = {0, 0};
  if (cnb_schema(0, &json) != CNB_OK) return 1;
  printf("%s: %u bytes of schema\n", cnb_version(), (unsigned)json.length);
  cnb_buffer_free(&json);
  if (cnb_schema_entity(0, (cnb_text){CNB_INCOMING_DOCUMENT, sizeof CNB_INCOMING_DOCUMENT - 1}, &json) != CNB_OK) return 1;
  cnb_buffer_free(&json);
  return 0;
}
C
export PKG_CONFIG_PATH="$(dirname "$(find "$folder/usr" -name cinnabar.pc)")"
export LD_LIBRARY_PATH="$(dirname "$library")"
# shellcheck disable=SC2046
cc -std=c99 -pedantic -Werror "$folder/main.c" -o "$folder/by-pkg-config" $(pkg-config --cflags --libs cinnabar)
"$folder/by-pkg-config"

cat > "$folder/CMakeLists.txt" <<'C'
cmake_minimum_required(VERSION 3.25)
project(host C)
find_package(cinnabar REQUIRED)
add_executable(host main.c)
target_link_libraries(host PRIVATE cinnabar::cinnabar)
C
cmake -S "$folder" -B "$folder/out" -DCMAKE_PREFIX_PATH="$folder/usr" >/dev/null
cmake --build "$folder/out" >/dev/null
"$folder/out/host"
