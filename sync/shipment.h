// What this site has for another at one level: what of the log goes, and what there is to say beside it.
#pragma once
#include <set>

#include "core/log/log.h"
#include "core/record/withdrawal.h"
#include "sync/exchange.h"

namespace cinnabar {

enum class News { none, registrations, records };

struct Shipment {
  Store& store;
  const Roster& roster;
  const Guard& guard;
  Vault& vault;
  const Certificate& to;
  const ExportOrder& order;
  Peer peer;
  std::set<std::pair<CompartmentNumber, std::uint32_t>>
      incomplete{};  // other authors of whose changes some is scrubbed

  bool mayGo(const Compartment& compartment) const { return guard.maySend(compartment, to, order.channel); }
  bool own(std::uint32_t author) const { return vault.authorOf(author).site == store.identity().site; }
  // What its author's signature does not prove yet stays behind: nobody would take it.
  Sequence provenTo(CompartmentNumber compartment, std::uint32_t author) const;
  bool covered(const LogEntry& entry, const Compartment& compartment) const;
  bool goes(const LogEntry& entry) const;

  std::vector<std::string> circles() const;  // of which the receiver gets the keys
  std::uint64_t keys() const;                // how many there are for him
  // What others wrote and this site has scrubbed only the office may pass on: nobody would take it from another.
  void findIncomplete();
  // Stops at the first entry that is more than a registration.
  News news() const;
  // What of the records that were withdrawn from here the office has no word of yet.
  std::vector<Withdrawal> receiptsDue() const;
  // Something came from elsewhere since we last told.
  bool newsToAcknowledge() const;
  // What the receiver has without its pieces, and this site with them.
  std::vector<std::pair<Arrival, ChangeId>> piecesDue() const;
};

}  // namespace cinnabar
