#include "core/record/logged.h"

namespace cinnabar {

std::optional<Logged> loggedAt(Vault& vault, std::uint64_t place) {
  const auto entry = Log(vault).read(arrivalOf(place));
  if (!entry) return std::nullopt;
  Logged out{entry->arrival, decodeHeader(entry->sealed.header), entry->author, {}};
  const std::vector<SealedItem> items = splitItems(entry->sealed.items, out.header.items);
  if (indexOf(place) >= items.size() || items[indexOf(place)].scrubbed) return std::nullopt;
  const Opener opener(out.header, entry->sealed.header, vault.compartmentKey(out.header.compartment, out.header.epoch));
  out.item = opener.open(items[indexOf(place)].bytes, indexOf(place));
  return out;
}

}  // namespace cinnabar
