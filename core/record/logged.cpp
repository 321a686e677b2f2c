#include "core/record/logged.h"

#include "core/base/error.h"

namespace cinnabar {

std::optional<Logged> loggedAt(Vault& vault, std::uint64_t place) {
  const auto entry = Log(vault).read(arrivalOf(place));
  if (!entry) return std::nullopt;
  Logged out{entry->arrival, decodeHeader(entry->sealed.header), entry->author, {}};
  const std::vector<SealedItem> items = splitItems(entry->sealed.items, out.header.items);
  if (indexOf(place) >= items.size() || items[indexOf(place)].scrubbed) return std::nullopt;
  const Opener opener(out.header, vault.compartmentKey(out.header.compartment, out.header.epoch));
  out.item = opener.open(items[indexOf(place)].bytes, indexOf(place));
  return out;
}

std::vector<Item> itemsAt(Vault& vault, Arrival arrival) {
  std::vector<Item> out;
  const auto entry = Log(vault).read(arrival);
  CNB_ASSERT(entry);
  const Header header = decodeHeader(entry->sealed.header);
  const Opener opener(header, vault.compartmentKey(header.compartment, header.epoch));
  for (const SealedItem& item : splitItems(entry->sealed.items, header.items))
    out.push_back(opener.open(item.bytes, out.size()));
  return out;
}

}  // namespace cinnabar
