#include "sync/receipt.h"

#include "core/base/error.h"
#include "core/log/changeset.h"

namespace cinnabar {
namespace {

void writeBody(Writer& w, const Receipt& r) {
  writeCompartment(w, r.compartment);
  w.id(r.record);
  w.id(r.move);
  w.signedNumber(r.at);
}

Bytes signedBytes(const Receipt& r, const GroupId& group) {
  Bytes out;
  Writer w(out);
  w.id(group);
  writeBody(w, r);
  return out;
}

}  // namespace

Bytes encode(const Receipt& r) {
  Bytes out;
  Writer w(out);
  writeBody(w, r);
  w.raw(r.signature);
  return out;
}

Receipt decodeReceipt(BytesView bytes) {
  Reader in(bytes, "receipt");
  Receipt r;
  r.compartment = readCompartment(in);
  r.record = in.id<RecordId>();
  r.move = in.id<MoveId>();
  r.at = in.signedNumber();
  std::memcpy(r.signature.data(), in.raw(r.signature.size()).data(), r.signature.size());
  in.end();
  return r;
}

void signReceipt(Receipt& r, const GroupId& group, const SecretBytes& key) {
  r.signature = sign("cinnabar receipt", signedBytes(r, group), key);
}

bool verifyReceipt(const Receipt& r, const GroupId& group, const SigningKey& key) {
  return verify("cinnabar receipt", signedBytes(r, group), r.signature, key);
}

void keepReceipt(Vault& vault, const SiteId& from, const Receipt& r) {
  vault.database()
      .query(
          "INSERT INTO receipt VALUES(?1,?2,?3,?4,?5,?6,0)"
          " ON CONFLICT(record,c,move,site) DO UPDATE SET told=0")
      .with(r.record, vault.stateOf(r.compartment).number, r.move, from, r.at, BytesView(r.signature))
      .run();
}

std::vector<Receipt> receiptsToConfirm(Vault& vault, const SiteId& site) {
  std::vector<Receipt> out;
  Query q = vault.database().query("SELECT record,c,move,at,signature FROM receipt WHERE site=?1 AND told=0");
  q.with(site);
  while (q.step()) {
    Receipt r;
    const auto record = RecordId::of(q->blob(0));
    const auto move = MoveId::of(q->blob(2));
    if (!record || !move || q->blob(4).size() != r.signature.size())
      throw Error(Code::damaged, "a receipt is unreadable");
    r.record = *record;
    r.compartment = vault.compartmentOf(q->integer(1));
    r.move = *move;
    r.at = q->integer(3);
    std::memcpy(r.signature.data(), q->blob(4).data(), r.signature.size());
    out.push_back(std::move(r));
  }
  return out;
}

void confirmed(Vault& vault, const SiteId& site, const Receipt& r) {
  vault.database()
      .query("UPDATE receipt SET told=1 WHERE record=?1 AND c=?2 AND move=?3 AND site=?4")
      .with(r.record, vault.stateOf(r.compartment).number, r.move, site)
      .run();
}

}  // namespace cinnabar
