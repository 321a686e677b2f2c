// A Cap'n Proto message becomes fields that the schema takes, or is refused; the first byte chooses the entity.
#include "core/record/json.h"
#include "core/record/message.h"
#include "tests/fuzz/target.h"

namespace cinnabar::fuzz {
namespace {

const Catalog& catalog() {
  static const std::shared_ptr<const Catalog> one = Catalog::builtIn();
  return *one;
}

Value someValue(const Field& field) {
  switch (field.type.kind) {
    case Kind::text: return std::string("题 text");
    case Kind::date: return std::string("2026-11-23");
    case Kind::boolean: return std::int64_t{1};
    case Kind::instant: return std::int64_t{1'780'000'000'000} << 12;
    case Kind::reference:
    case Kind::blob: return Bytes(16, 7);
    case Kind::enumeration: return field.type.values.back();
    case Kind::integer:
    case Kind::money: return std::int64_t{-12};
    default: return {};
  }
}

}  // namespace

std::vector<Bytes> seeds() {
  std::vector<Bytes> out;
  for (std::size_t i = 0; i < catalog().entities().size() && i < 256; ++i) {
    const EntityType& entity = catalog().entities()[i];
    FieldValues values;
    for (const Field& field : entity.fields) {
      Value value = someValue(field);
      if (!isNull(value)) values[field.number] = std::move(value);
    }
    out.push_back(chosen(static_cast<Byte>(i), messageOf(catalog(), entity, values)));
  }
  return out;
}

}  // namespace cinnabar::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* given, std::size_t size_bytes) {
  using namespace cinnabar;
  if (size_bytes == 0) return 0;
  const Catalog& catalog = fuzz::catalog();
  const EntityType& entity = catalog.entities()[given[0] % catalog.entities().size()];
  fuzz::orError({Code::invalidInput, Code::limit}, [&] {
    const FieldValues values = valuesOf(catalog, entity, {given + 1, size_bytes - 1});
    for (const auto& [number, value] : values) {
      const Field* field = entity.find(number);
      fuzz::claim(field != nullptr);
      fuzz::claim(isNull(value) || valueOf(entity, *field, jsonOf(*field, value)) == value);
    }
  });
  return 0;
}
