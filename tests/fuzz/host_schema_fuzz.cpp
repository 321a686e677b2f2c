// A host's compiled schema makes a catalogue, or is refused with a SchemaError.
#include <fstream>
#include <iterator>

#include "schema/catalog.h"
#include "tests/fuzz/target.h"

std::vector<cinnabar::Bytes> cinnabar::fuzz::seeds() {
  std::ifstream in(HOST_SCHEMA, std::ios::binary);
  return {Bytes(std::istreambuf_iterator<char>(in), {})};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* given, std::size_t size_bytes) {
  using namespace cinnabar;
  try {
    const auto catalog = Catalog::withHostSchema({given, size_bytes});
    fuzz::claim(catalog->find("OrgUnit") != nullptr);
    for (const EntityType& entity : catalog->entities()) fuzz::claim(catalog->findTag(entity.tag) == &entity);
  } catch (const SchemaError&) {
  }
  return 0;
}
