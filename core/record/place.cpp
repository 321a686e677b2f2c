#include "core/record/place.h"

#include "core/base/error.h"

namespace cinnabar {
namespace {

std::string keyOf(std::string_view name) {
  if (name.empty() || name.size() > longestPlaceName_bytes)
    throw Error(Code::limit, "a place's name has 1 to " + std::to_string(longestPlaceName_bytes) + " bytes");
  return "place/" + std::string(name);
}

}  // namespace

void keepPlace(Transaction& transaction, Level level, std::string_view name, std::string_view place) {
  const std::string key = keyOf(name);
  if (place.size() > longestPlace_bytes)
    throw Error(Code::limit, "a place has at most " + std::to_string(longestPlace_bytes) + " bytes");
  Vault& vault = transaction.writing(level);
  if (place.empty())
    vault.database().query("DELETE FROM meta WHERE key=?1").with(key).run();
  else
    vault.setMeta(key, viewOf(place));
}

std::string placeOf(Store& store, std::string_view name) {
  const std::string key = keyOf(name);
  for (const Level level : store.levels())
    if (const auto place = store.vault(level).meta(key)) return std::string(textOf(*place));
  return "";
}

}  // namespace cinnabar
