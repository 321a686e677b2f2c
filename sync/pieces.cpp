#include "sync/pieces.h"

#include "core/base/error.h"
#include "core/blob/blob.h"
#include "core/log/log.h"
#include "core/log/seal.h"

namespace cinnabar {
namespace {

SealedChangeset changesetAt(Vault& vault, Arrival at) {
  if (at > 0) return Log(vault).read(at).value().sealed;
  Query q = vault.database().query("SELECT header,items FROM waiting WHERE id=?1");
  q.with(-at);
  CNB_ASSERT(q.step());
  SealedChangeset sealed;
  sealed.header.assign(q->blob(0).begin(), q->blob(0).end());
  sealed.items.assign(q->blob(1).begin(), q->blob(1).end());
  return sealed;
}

}  // namespace

void ArrivingPieces::expect(ChangeId change, Arrival at) {
  change_ = std::move(change);
  at_ = at;
}

// They travel on with the change.
void ArrivingPieces::add(const ChangeId& change, const RecordId& blob, std::int64_t place, BytesView value) {
  if (change != change_) throw Error(Code::forged, "a piece of an attachment came without its change");
  if (at_ == 0) return;
  vault_.database()
      .query("INSERT OR IGNORE INTO chunk(blob,place,c,a,arrival,value) VALUES(?1,?2,?3,?4,?5,?6)")
      .with(blob, place, vault_.stateOf(change.compartment).number, vault_.numberOf(change.author), at_, value)
      .run();
  blobs_.insert(blob);
}

void ArrivingPieces::check() {
  if (blobs_.empty()) return;
  std::set<RecordId> open = std::exchange(blobs_, {});
  const SealedChangeset sealed = changesetAt(vault_, at_);
  const Header header = decodeHeader(sealed.header);
  if (!vault_.holdsKey(header.compartment, header.epoch))
    throw Error(Code::forged, "an attachment came under a key that this site does not hold");
  const Opener opener(header, vault_.compartmentKey(header.compartment, header.epoch));
  const std::vector<SealedItem> items = splitItems(sealed.items, header.items);
  for (std::size_t i = 0; i < items.size() && !open.empty(); ++i) {
    if (items[i].scrubbed) continue;
    const auto promised = promisedContent(vault_.catalog(), opener.open(items[i].bytes, i));
    if (!promised || open.erase(promised->blob) == 0) continue;
    const std::uint32_t author = vault_.numberOf(header.author);
    checkContent(vault_, header.compartment, author, *promised);
    vault_.database().query("DELETE FROM lacking WHERE a=?1 AND blob=?2").with(author, promised->blob).run();
  }
  if (!open.empty()) throw Error(Code::forged, "pieces of an attachment came that no change speaks of");
}

std::size_t noteLacking(Vault& vault, const std::vector<Promise>& promises) {
  std::size_t count = 0;
  for (const Promise& p : promises) {
    if (hasAllPieces(vault, p.author, p.blob)) continue;
    vault.database()
        .query("INSERT OR IGNORE INTO lacking VALUES(?1,?2,?3,?4,?5)")
        .with(p.compartment, p.author, p.sequence, p.blob, p.at)
        .run();
    ++count;
  }
  return count;
}

Lacks lackingHere(Vault& vault, const Shared& shared) {
  Lacks out;
  Query q = vault.database().query("SELECT c,a,seq,blob FROM lacking");
  while (out.size() < mostLacking && q.step()) {
    const Compartment& compartment = vault.compartmentOf(q->integer(0));
    if (!shared(compartment)) continue;
    const Author& author = vault.authorOf(static_cast<std::uint32_t>(q->integer(1)));
    out.push_back({{compartment, author, static_cast<Sequence>(q->integer(2))}, *RecordId::of(q->blob(3))});
  }
  return out;
}

Arrival placeOfLacking(Vault& vault, const ChangeId& change) {
  const CompartmentState* state = vault.find(change.compartment);
  const auto author = vault.knownNumberOf(change.author);
  if (state == nullptr || !author) return 0;
  Query q = vault.database().query("SELECT at FROM lacking WHERE c=?1 AND a=?2 AND seq=?3 LIMIT 1");
  q.with(state->number, *author, change.sequence);
  return q.step() ? q->integer(0) : 0;
}

Arrival placeOfPieces(Vault& vault, const Lack& lack) {
  const CompartmentState* state = vault.find(lack.change.compartment);
  const auto author = vault.knownNumberOf(lack.change.author);
  if (state == nullptr || !author) return 0;
  Query q = vault.database().query("SELECT arrival FROM chunk WHERE blob=?1 AND a=?2 AND c=?3 LIMIT 1");
  q.with(lack.blob, *author, state->number);
  if (!q.step() || q->integer(0) <= 0) return 0;
  const Arrival at = q->integer(0);
  const auto entry = Log(vault).read(at);
  const bool same = entry && entry->compartment == state->number && entry->author == *author &&
                    entry->sequence == lack.change.sequence;
  return same ? at : 0;
}

}  // namespace cinnabar
