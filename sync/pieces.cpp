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

void ArrivingPieces::expect(Change change, Arrival at) {
  change_ = std::move(change);
  at_ = at;
}

// They travel on with the change.
void ArrivingPieces::add(const Change& change, const RecordId& blob, std::int64_t place, BytesView value) {
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
  const Opener opener(header, sealed.header, vault_.compartmentKey(header.compartment, header.epoch));
  const std::vector<SealedItem> items = splitItems(sealed.items, header.items);
  for (std::size_t i = 0; i < items.size() && !open.empty(); ++i) {
    if (items[i].scrubbed) continue;
    const auto promised = promisedContent(vault_.catalog(), opener.open(items[i].bytes, i));
    if (promised && open.erase(promised->blob) > 0)
      checkContent(vault_, header.compartment, vault_.numberOf(header.author), *promised);
  }
  if (!open.empty()) throw Error(Code::forged, "pieces of an attachment came that no change speaks of");
}

}  // namespace cinnabar
