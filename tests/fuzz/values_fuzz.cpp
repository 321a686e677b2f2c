// Texts that become values: instants, dates, ids, and JSON as the fields of a record. What is taken is given back.
#include "core/base/ids.h"
#include "core/base/instant.h"
#include "core/record/json.h"
#include "schema/catalog.h"
#include "tests/fuzz/target.h"

namespace cinnabar::fuzz {
namespace {

const Catalog& catalog() {
  static const std::shared_ptr<const Catalog> one = Catalog::builtIn();
  return *one;
}

void fieldsComeBack(std::string_view text) {
  const nlohmann::json fields = parseJson(text);
  if (!fields.is_object()) return;
  for (const EntityType& entity : catalog().entities())
    for (const auto& member : fields.items()) {
      const Field* field = entity.find(member.key());
      if (field == nullptr) continue;
      orError({Code::invalidInput, Code::refused, Code::limit}, [&] {
        const Value stored = valueOf(entity, *field, member.value());
        if (!isNull(stored)) claim(jsonOf(*field, stored) == member.value());
      });
    }
}

}  // namespace

std::vector<Bytes> seeds() {
  return {
      bytesOf("2026-11-23T08:00:00+08:00"),
      bytesOf("2026-11-23T08:00:00.120Z"),
      bytesOf("1600-02-29T23:59:59-11:30"),
      bytesOf("2028-02-29"),
      bytesOf(RecordId{}.text()),
      bytesOf(
          R"({"code":"a","name":"办","level":"county","parent":null,"leaderPosts":3,"active":true,"validFrom":"2026-01-01"})"),
      bytesOf(
          R"({"title":"x","receivedAt":"2026-11-23T08:00:00+08:00","urgency":"urgent","pages":-1,"circles":["a","b"],"items":[{"name":"x"}]})")};
}

}  // namespace cinnabar::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* given, std::size_t size_bytes) {
  using namespace cinnabar;
  const std::string_view text(reinterpret_cast<const char*>(given), size_bytes);
  if (const auto instant = parseInstant(text)) fuzz::claim(parseInstant(instantText(*instant)) == instant);
  if (isDate(text)) fuzz::claim(text.size() == 10);
  if (const auto id = RecordId::parse(text)) fuzz::claim(RecordId::parse(id->text()) == id);
  fuzz::orError({Code::invalidInput, Code::limit}, [&] { fuzz::fieldsComeBack(text); });
  return 0;
}
