#include "sync/shipment.h"

#include <algorithm>

#include "sync/pieces.h"

namespace cinnabar {

Sequence Shipment::provenTo(CompartmentNumber compartment, std::uint32_t author) const {
  const auto& heads = vault.stateOf(compartment).heads;
  const auto head = heads.find(author);
  return head == heads.end() ? 0 : head->second.proven;
}

bool Shipment::covered(const LogEntry& entry, const Compartment& compartment) const {
  const auto authors = peer.seen.find(compartment);
  if (authors == peer.seen.end()) return false;
  const auto at = authors->second.find(vault.authorOf(entry.author));
  return at != authors->second.end() && at->second >= entry.sequence;
}

bool Shipment::goes(const LogEntry& entry) const {
  const Compartment& compartment = vault.compartmentOf(entry.compartment);
  return mayGo(compartment) && !covered(entry, compartment) &&
         !incomplete.contains({entry.compartment, entry.author}) &&
         (own(entry.author) || entry.sequence <= provenTo(entry.compartment, entry.author));
}

std::vector<std::string> Shipment::circles() const {
  std::vector<std::string> out;
  for (const std::string& circle : to.circles)
    if (mayGo({vault.level(), {circle}})) out.push_back(circle);
  return out;
}

std::uint64_t Shipment::keys() const {
  Query q = vault.database().query("SELECT count(*) FROM epoch_key WHERE circle=''");
  q.step();
  std::uint64_t out = static_cast<std::uint64_t>(q->integer(0));
  for (const std::string& circle : circles()) {
    Query c = vault.database().query("SELECT count(*) FROM epoch_key WHERE circle=?1");
    c.with(circle);
    c.step();
    out += static_cast<std::uint64_t>(c->integer(0));
  }
  return out;
}

void Shipment::findIncomplete() {
  if (roster.isOffice() || !vault.meta(scrubbedMark)) return;
  Log(vault).scan(peer.acked, [&](LogEntry& entry) {
    const auto items = splitItems(entry.sealed.items, decodeHeader(entry.sealed.header).items);
    if (!own(entry.author) && goes(entry) &&
        std::any_of(items.begin(), items.end(), [](const SealedItem& item) { return item.scrubbed; }))
      incomplete.emplace(entry.compartment, entry.author);
    return true;
  });
}

News Shipment::news() const {
  News found = News::none;
  Log(vault).scan(peer.acked, [&](LogEntry& entry) {
    if (goes(entry))
      found =
          decodeHeader(entry.sealed.header).actor == registrar ? std::max(found, News::registrations) : News::records;
    return found != News::records;
  });
  return found;
}

std::vector<Withdrawal> Shipment::receiptsDue() const {
  std::vector<Withdrawal> out;
  if (!to.office || !vault.knowsWithdrawals()) return out;
  for (Withdrawal& w : withdrawalsIn(vault, Leaving::clean))
    if (mayGo(vault.compartmentOf(w.compartment))) out.push_back(std::move(w));
  return out;
}

bool Shipment::newsToAcknowledge() const {
  if (peer.told == Peer::owing || !receiptsDue().empty()) return true;
  Query q = vault.database().query("SELECT c,a FROM log WHERE arrival>?1");
  q.with(peer.told);
  while (q.step())
    if (!own(static_cast<std::uint32_t>(q->integer(1))) && mayGo(vault.compartmentOf(q->integer(0)))) return true;
  return false;
}

std::vector<std::pair<Arrival, ChangeId>> Shipment::piecesDue() const {
  std::vector<std::pair<Arrival, ChangeId>> out;
  for (const Lack& lack : peer.lacks) {
    const ChangeId& change = lack.change;
    if (change.compartment.level != vault.level() || !mayGo(change.compartment)) continue;
    const Arrival place = placeOfPieces(vault, lack);
    if (place > 0 && (out.empty() || out.back().first != place)) out.emplace_back(place, change);
  }
  return out;
}

}  // namespace cinnabar
