#include "core/record/intent.h"

#include "core/base/error.h"

namespace cinnabar {
namespace {

constexpr std::size_t mostChanges = mostItems * 4;

Bytes encode(const Intent& intent) {
  Bytes out;
  Writer w(out);
  w.text(intent.person);
  w.number(intent.changes.size());
  for (const auto& [compartment, item] : intent.changes) {
    writeCompartment(w, compartment);
    w.bytes(encodeItem(item));
  }
  return out;
}

Intent decode(BytesView transaction, BytesView bytes) {
  Reader in(bytes, "intent");
  Intent intent;
  std::memcpy(intent.transaction.data(), transaction.data(), intent.transaction.size());
  intent.person = in.text();
  const auto count = static_cast<std::size_t>(in.numberUpTo(mostChanges));
  for (std::size_t i = 0; i < count; ++i) {
    Compartment compartment = readCompartment(in);
    intent.changes.emplace_back(std::move(compartment), decodeItem(in.bytes()));
  }
  in.end();
  return intent;
}

}  // namespace

// Sealed with a tag of its own: a long row's damaged end would read as zeros without an error.
void writeIntent(Vault& highest, const Intent& intent) {
  const Bytes sealed = sealValue(encode(intent), intent.transaction, highest.spillKey().view(), highest.random());
  highest.database().query("INSERT INTO redo VALUES(?1,?2)").with(BytesView(intent.transaction), sealed).run();
}

void markApplied(Vault& lower, BytesView transaction) {
  lower.database().query("INSERT INTO applied VALUES(?1)").with(transaction).run();
}

bool wasApplied(Vault& lower, BytesView transaction) {
  Query q = lower.database().query("SELECT 1 FROM applied WHERE txid=?1");
  q.with(transaction);
  return q.step();
}

std::vector<Intent> intentsOf(Vault& vault) {
  std::vector<Intent> out;
  Query q = vault.database().query("SELECT txid,intent FROM redo");
  while (q.step()) {
    const BytesView transaction = q->blob(0);
    if (transaction.size() != 16) throw Error(Code::damaged, "an unfinished transaction is damaged");
    out.push_back(decode(transaction, openValue(q->blob(1), transaction, vault.spillKey().view())));
  }
  return out;
}

namespace {

bool forgetIn(Vault& vault, std::string_view deletion, BytesView transaction) {
  try {
    vault.begin();
    vault.database().query(deletion).with(transaction).run();
    vault.commit();
    return true;
  } catch (const Error&) {
    vault.rollback();  // it is found to be finished at the next opening
    return false;
  }
}

}  // namespace

bool clearIntent(Vault& highest, BytesView transaction) {
  return forgetIn(highest, "DELETE FROM redo WHERE txid=?1", transaction);
}

void clearApplied(Vault& lower, BytesView transaction) {
  forgetIn(lower, "DELETE FROM applied WHERE txid=?1", transaction);
}

}  // namespace cinnabar
