#include "core/record/relabel.h"

#include "core/base/error.h"
#include "core/blob/blob.h"
#include "core/record/logged.h"
#include "core/record/origin.h"
#include "core/record/purge.h"

namespace cinnabar {
namespace {

constexpr std::string_view attachmentEntity = "Attachment";

void addRegister(std::vector<Write>& out, FieldNumber number, const Register& reg) {
  switch (reg.operation) {
    case Operation::increment:
      if (reg.sum != 0) out.push_back({number, Operation::increment, reg.sum, {}});
      return;
    case Operation::add:
    case Operation::remove:
    case Operation::append:
      for (const Element& e : reg.elements) out.push_back({number, reg.operation, e.value, {}});
      return;
    default:
      for (const Sibling& s : reg.siblings)
        if (!isNull(s.value) || reg.siblings.size() > 1) {
          const bool ranked = reg.operation == Operation::raise;
          out.push_back({number, reg.operation, s.value, ranked ? s.auxiliary : Value{}});
        }
  }
}

// Everything that stands, values side by side included; the label's period is the new one.
std::vector<Write> stateOf(const Rows& rows, const Row& row, const Period& period, const Origin& origin,
                           const std::string& since) {
  FlatMap<FieldNumber, Register> registers;
  for (const FieldNumber number : rows.allColumns()) registers[number] = rows.registerOf(row, number);
  for (const auto& [number, reg] : row.kept)
    if (rows.field(number) == nullptr) registers[number] = reg;
  registers.erase(periodRegister);
  registers.erase(originRegister);
  if (!since.empty() || period.unit == Period::Unit::none) registers.erase(sinceRegister);
  std::vector<Write> out;
  for (const auto& [number, reg] : registers) addRegister(out, number, reg);
  if (period.unit != Period::Unit::none) out.push_back({periodRegister, Operation::set, storedForm(period), {}});
  out.push_back({originRegister, Operation::set, storedForm(origin), {}});
  if (!since.empty()) out.push_back({sinceRegister, Operation::set, since, {}});
  if (row.contested()) out.push_back({deletedRegister, Operation::assign, std::int64_t{1}, {}});
  std::stable_sort(out.begin(), out.end(), [](const Write& a, const Write& b) { return a.field < b.field; });
  return out;
}

// Seals the content for its new compartment and writes its new id into the state.
void moveContent(Transaction& t, const Store::Found& found, const Compartment& to, const MoveId& move,
                 std::vector<Write>& writes) {
  const Field* content = found.rows->entity()->find("content");
  CNB_ASSERT(content != nullptr);
  const Register named = found.rows->registerOf(found.row, content->number);
  const auto* bytes = named.siblings.empty() ? nullptr : std::get_if<Bytes>(&named.siblings.front().value);
  const auto blob = bytes == nullptr ? std::nullopt : RecordId::of(*bytes);
  if (!blob) return;
  const RecordId under = movedContent(*blob, move);
  const Arrival arrival = t.arrivalOf(to, found.row.id);
  Vault& target = t.writing(to.level);
  const ContentPlace from{found.vault, found.vault->compartmentOf(found.row.compartment),
                          named.siblings.front().dot.author};
  copyContent(from, *blob, {&target, to, target.numberOf(target.self())}, arrival, under);
  for (Write& write : writes)
    if (write.field == content->number) write.value = Bytes(under.bytes.begin(), under.bytes.end());
}

void changePeriod(Transaction& t, const Store::Found& found, const Period& period, const std::string& since) {
  const auto column = found.row.columns.find(periodRegister);
  Value wanted;
  if (period.unit != Period::Unit::none) wanted = storedForm(period);
  if (since.empty() && column != found.row.columns.end() && column->second == wanted) return;
  Item item;
  item.record = found.row.id;
  item.writes.push_back({periodRegister, Operation::set, std::move(wanted), {}});
  if (!since.empty()) item.writes.push_back({sinceRegister, Operation::set, since, {}});
  t.write(found.vault->compartmentOf(found.row.compartment), std::move(item));
}

void moveOne(Transaction& t, const RecordId& id, const Compartment& from, const Label& to, const std::string& since) {
  Store& store = t.store();
  Vault& vault = t.writing(from.level);  // what counts is what is there once no other can write
  Rows& rows = store.applier(from.level).rowsOf(store.catalog().findTag(entityTagOf(id)));
  Store::Found found{&vault, &rows, {}};
  const CompartmentState* state = vault.find(from);
  if (rows.entity() == nullptr || state == nullptr || !store.sees(from) ||
      !rows.find(id, state->number, rows.allColumns(), found.row) || !found.row.visible())
    throw Error(Code::notFound, "no such record");
  if (from == to.compartment) return changePeriod(t, found, to.period, since);
  if (!store.sees(to.compartment) || !store.holds(to.compartment.level))
    throw Error(Code::notFound, "this site and person hold no such label");
  t.writing(to.compartment.level);
  t.checkReferencesOf(*found.rows->entity(), found.row.columns, to.compartment);

  auto origin = originOf(found.row);
  if (!origin) origin.emplace(Origin{found.vault->authorOf(found.row.born.author).site, {}});
  if (origin->moves.size() >= mostMoves) throw Error(Code::limit, "a record may be moved at most 256 times");
  MoveId move;
  store.environment().random->fill(move.bytes);
  origin->moves.push_back(move);

  Item enters;
  enters.record = id;
  enters.kind = ItemKind::moveIn;
  enters.writes = stateOf(*found.rows, found.row, to.period, *origin, since);
  if (found.rows->entity()->name == attachmentEntity) moveContent(t, found, to.compartment, move, enters.writes);
  Item leaves;
  leaves.record = id;
  leaves.kind = ItemKind::withdraw;
  leaves.move = move;
  if (isMovedIn(found.row)) leaves.life = Dot{found.vault->authorOf(found.row.born.author), found.row.born.lamport};
  t.write(to.compartment, std::move(enters));
  t.write(from, std::move(leaves));
}

// Where they are and what they are to bear.
std::vector<std::tuple<RecordId, Compartment, Label>> attachmentsOf(Store& store, const RecordId& id,
                                                                    const Compartment& from, const Label& to) {
  std::vector<std::tuple<RecordId, Compartment, Label>> out;
  const EntityType* entity = store.catalog().find(attachmentEntity);
  if (entity == nullptr) return out;
  for (Vault* vault : store.vaultsHolding(*entity)) {
    Query q = vault->database().query("SELECT id,_c,_period FROM Attachment WHERE record=?1 AND _gone IS NULL");
    q.with(id);
    while (q.step()) {
      const auto attachment = RecordId::of(q->blob(0));
      const Compartment& own = vault->compartmentOf(q->integer(1));
      if (!attachment || !store.sees(own)) continue;
      if (own == from)
        out.emplace_back(*attachment, own, to);
      else if (!dominates(own, to.compartment))
        out.emplace_back(*attachment, own, join(Label{own, parseStoredPeriod(q->text(2))}, to));
    }
  }
  return out;
}

}  // namespace

void relabel(Transaction& t, const RecordId& id, const Label& to, const std::string& since) {
  const auto found = t.store().find(id);
  if (!found) throw Error(Code::notFound, "no such record");
  const Compartment from = found->vault->compartmentOf(found->row.compartment);
  const auto attachments = attachmentsOf(t.store(), id, from, to);
  moveOne(t, id, from, to, since);
  for (const auto& [attachment, own, label] : attachments) moveOne(t, attachment, own, label, since);
}

void relabelAt(Transaction& t, const RecordId& id, const Compartment& from, const Label& to) {
  moveOne(t, id, from, to, {});
}

void recoverContent(Transaction& t, const Compartment& compartment, const Item& item) {
  Store& store = t.store();
  const auto promised = promisedContent(store.catalog(), item);
  std::optional<Origin> origin;
  for (const Write& write : item.writes)
    if (write.field == originRegister) origin = parseOrigin(write.value);
  if (item.kind != ItemKind::moveIn || !promised || !origin) return;
  for (const Level level : store.levels()) {
    Vault& vault = store.vault(level);
    for (const Leftover& left : scrubsIn(vault)) {
      if (left.record != item.record || left.move != origin->moves.back()) continue;
      const auto change = loggedAt(vault, left.place);
      if (!change) continue;
      const auto old = promisedContent(store.catalog(), change->item);
      if (!old || movedContent(old->blob, origin->moves.back()) != promised->blob) continue;
      Vault& target = t.writing(compartment.level);
      const Arrival arrival = t.arrivalOf(compartment, item.record);
      copyContent({&vault, change->header.compartment, change->author}, old->blob,
                  {&target, compartment, target.numberOf(target.self())}, arrival, promised->blob);
    }
  }
}

}  // namespace cinnabar
