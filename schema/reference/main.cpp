// Writes what is derived from the built-in schema: cinnabar_schema_reference NAMES.h REFERENCE.md REFERENCE.html
#include <cstdio>
#include <fstream>

#include "schema/reference/reference.h"

namespace {

void write(const char* path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) throw std::runtime_error(std::string(path) + " cannot be written");
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) {
    std::fputs("usage: cinnabar_schema_reference NAMES.h REFERENCE.md REFERENCE.html\n", stderr);
    return 2;
  }
  try {
    const auto catalog = cinnabar::Catalog::builtIn();
    write(arguments[1], cinnabar::namesHeader(*catalog));
    write(arguments[2], cinnabar::markdownReference(*catalog));
    write(arguments[3], cinnabar::htmlReference(*catalog));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cinnabar_schema_reference: %s\n", error.what());
    return 1;
  }
  return 0;
}
