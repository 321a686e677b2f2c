#include "core/record/transaction.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/log/seal.h"
#include "core/record/constraint.h"
#include "core/record/intent.h"
#include "core/record/logged.h"
#include "core/record/need.h"
#include "core/record/number.h"

namespace cinnabar {

using nlohmann::json;

namespace {

// What failed half-way may not be committed, nor gone on with: storage may have ended the transaction by itself.
template <class Write>
void orFail(std::optional<Error>& failed, const Write& write) {
  try {
    write();
  } catch (const Error& error) {
    failed = error;
    throw;
  }
}

}  // namespace

// A changeset being written: one compartment, each record at most once.
struct Transaction::Draft {
  Header header;
  CompartmentState* state = nullptr;
  LocalDot dot;
  Arrival arrival = 0;
  std::unique_ptr<Sealer> sealer;
  std::vector<std::uint64_t> previous;
  std::unordered_set<RecordId> records;
};

struct Transaction::Touched {
  Vault* vault = nullptr;
  Applier* applier = nullptr;
  std::map<Compartment, Draft> drafts;
  Arrival nextArrival = 0;
  std::vector<RecordId> changed;
  std::unique_ptr<Numbers> numbers;                       // made with the first one that is given
  std::vector<std::pair<Compartment, Arrival>> finished;  // changesets, for the intent if this is a lower vault
};

Transaction::Transaction(Store& store, std::string actor)
    : store_(store), actor_(std::move(actor)), references_(store), idBytes_(*store.environment().random) {
  if (actor_.empty()) actor_ = store.access().person;
  store_.finishIntents();
  store_.drafting(this);
}

Transaction::~Transaction() {
  store_.drafting(nullptr);
  if (done_) return;
  for (auto& [level, touched] : touched_) touched->vault->rollback();
}

Transaction::Touched& Transaction::touch(Level level) {
  if (const auto open = touched_.find(level); open != touched_.end()) return *open->second;
  Vault& vault = store_.vault(level);
  vault.begin();
  auto& touched = touched_[level] = std::make_unique<Touched>();
  touched->vault = &vault;
  touched->applier = &store_.applier(level);
  touched->nextArrival = vault.lastArrival() + 1;
  return *touched;
}

const Header* Transaction::drafted(Level level, Arrival arrival) const {
  const auto touched = touched_.find(level);
  if (touched == touched_.end()) return nullptr;
  for (const auto& [compartment, draft] : touched->second->drafts)
    if (draft.arrival == arrival) return &draft.header;
  return nullptr;
}

void Transaction::mayWriteBelow(Level level) {
  if (read_ && *read_ > level)
    throw Error(Code::refused, "this transaction has read " + std::string(wordOf(*read_)) +
                                   " records and may not write below that level: use another one");
}

// A record that is changed twice gets a second changeset, so that every change has its own dot.
Transaction::Draft& Transaction::nextDraft(const Compartment& compartment) {
  Touched& touched = touch(compartment.level);
  const auto open = touched.drafts.find(compartment);
  finish(touched, open->second);
  touched.drafts.erase(open);
  return draftOf(compartment);
}

Transaction::Draft& Transaction::draftOf(const Compartment& compartment) {
  Touched& touched = touch(compartment.level);
  if (const auto open = touched.drafts.find(compartment); open != touched.drafts.end()) return open->second;
  Vault& vault = *touched.vault;
  Draft draft;
  draft.state = &vault.stateOf(compartment);
  const Author& self = vault.self();
  draft.header.compartment = compartment;
  draft.header.author = self;
  draft.header.epoch = vault.currentEpoch();
  const SecretBytes& key =
      vault.compartmentKey(compartment, draft.header.epoch);  // notFound before anything is written
  draft.header.actor = actor_;
  draft.header.at = instantOf(store_.environment().clock->now());
  draft.header.sequence = draft.state->own.sequence + 1;
  draft.header.lamport = draft.state->lamport + 1;
  draft.dot = {vault.numberOf(self), draft.header.lamport};
  draft.arrival = touched.nextArrival++;
  for (const std::uint32_t author : draft.state->unseen) {
    const Lamport lamport = draft.state->heads.at(author).lamport;
    draft.header.dependencies.push_back({vault.authorOf(author), lamport});
    vault.raiseSeen(draft.state->number, draft.dot.author, author, lamport);
  }
  std::sort(draft.header.dependencies.begin(), draft.header.dependencies.end());
  draft.sealer = std::make_unique<Sealer>(draft.header, key, vault.random());
  draft.state->unseen.clear();
  // The next draft in this transaction goes on from here.
  draft.state->own.sequence = draft.header.sequence;
  draft.state->own.lamport = draft.header.lamport;
  draft.state->lamport = draft.header.lamport;
  return touched.drafts.emplace(compartment, std::move(draft)).first->second;
}

void Transaction::finish(Touched& touched, Draft& draft) {
  Vault& vault = *touched.vault;
  CompartmentState& state = *draft.state;
  LogEntry entry;
  entry.arrival = draft.arrival;
  entry.compartment = state.number;
  entry.author = draft.dot.author;
  entry.sequence = draft.header.sequence;
  entry.lamport = draft.header.lamport;
  entry.sealed = draft.sealer->finish(draft.header);
  entry.previous = std::move(draft.previous);
  state.own.hash = entryHash(state.own.hash, entry.sealed.header, splitItems(entry.sealed.items, draft.header.items));
  entry.chain = state.own.hash;
  entry.before = std::exchange(state.own.at, entry.arrival);
  orFail(failed_, [&] {
    Log(vault).append(entry);
    vault.save(state);
  });
  touched.finished.emplace_back(draft.header.compartment, draft.arrival);
}

void Transaction::append(const Compartment& compartment, Item&& item) {
  mustBeWhole();
  Draft* open = &draftOf(compartment);
  if (!open->records.insert(item.record).second) {
    open = &nextDraft(compartment);
    open->records.insert(item.record);
  }
  Draft& draft = *open;
  Touched& touched = *touched_.at(compartment.level);
  static const Covers all = [](const LocalDot&) { return true; };
  Applying applying{*draft.state, draft.dot, all, draft.arrival, false};
  const auto index = static_cast<std::uint32_t>(draft.sealer->count());
  draft.sealer->add(item);
  orFail(failed_, [&] { draft.previous.push_back(touched.applier->apply(item, index, applying)); });
  if (store_.observed()) touched.changed.push_back(item.record);
  ++written_;
}

void Transaction::mustBeWhole() const {
  if (failed_) throw Error(*failed_);
}

RecordId Transaction::put(const EntityType& entity, const json& fields, const Label& label) {
  Change change(entity);
  FieldValues values = readFields(entity, fields, change);
  return putChange(entity, values, label, std::move(change));
}

RecordId Transaction::put(const EntityType& entity, FieldValues values, const Label& label) {
  return putChange(entity, values, label, Change(entity));
}

RecordId Transaction::make(const EntityType& entity, const json& fields, const Label& label,
                           const std::optional<RecordId>& id) {
  Change change(entity, By::core);
  if (id) change.item.record = *id;
  FieldValues values = readFields(entity, fields, change);
  return putChange(entity, values, label, std::move(change));
}

RecordId Transaction::putChange(const EntityType& entity, FieldValues& values, const Label& label, Change change) {
  const Compartment& compartment = label.compartment;
  mustHold(store_, compartment);
  mayWriteBelow(compartment.level);
  Touched& touched = touch(compartment.level);
  Vault& vault = *touched.vault;
  fillIn(entity, values);
  if (change.item.record.isZero())
    change.item.record = makeRecordId(store_.environment().clock->now().ms, entity.tag, idBytes_);
  const Field* number = entity.find(entity.seriesField);
  const bool numberless = number != nullptr && isNull(values[number->number]) && numberIsDue(entity, values);
  warnOfNeeds(entity, values, compartment, change);
  create(store_, references_, vault, entity, values, compartment, change);
  change.breaches.throwIfAny();
  std::int64_t* counter = nullptr;
  if (numberless) counter = giveNumber(touched, entity, vault.stateOf(compartment).number, {}, change);
  if (label.period.unit != Period::Unit::none)
    change.item.writes.push_back({periodRegister, Operation::set, storedForm(label.period), {}});
  const RecordId id = change.item.record;
  append(compartment, std::move(change.item));
  if (counter != nullptr) ++*counter;  // only now: what is refused gives its number back
  warnings_ = std::move(change.warnings);
  return id;
}

// A record may begin where its case stands: what it would have needed on the way is told, not asked for.
void Transaction::warnOfNeeds(const EntityType& entity, const FieldValues& values, const Compartment& compartment,
                              Change& change) {
  const Field* state = entity.needs.empty() ? nullptr : entity.find(entity.stateField);
  if (state == nullptr) return;
  const auto begins = values.find(state->number);
  const auto* word = begins == values.end() ? nullptr : std::get_if<std::string>(&begins->second);
  if (word == nullptr) return;
  if (const Need* need = missingNeed(store_, entity, change.item.record, compartment, values, *word))
    change.warnings.push_back(need->rule + " (" + need->article + "): it is '" + *word + "' without " + need->what);
}

void Transaction::set(const RecordId& id, const json& fields) { setBy(By::caller, id, fields); }

void Transaction::revise(const RecordId& id, const json& fields) { setBy(By::core, id, fields); }

void Transaction::setBy(By by, const RecordId& id, const json& fields) {
  Store::Found found = store_.findWhole(id);
  const Level level = found.vault->level();
  mayWriteBelow(level);
  if (!touched_.contains(level)) {
    touch(level);
    found = store_.findWhole(id);  // what counts is what is there once no other can write
  }
  read_ = std::max(read_.value_or(level), level);
  Change change(*found.rows->entity(), by);
  const FieldValues wanted = readFields(*found.rows->entity(), fields, change);
  edit(store_, references_, found, wanted, change);
  change.breaches.throwIfAny();
  checkState(store_, found, wanted);
  std::int64_t* counter = nullptr;
  if (numberFalls(*found.rows->entity(), found.row.columns, wanted))
    counter = giveNumber(*touched_.at(level), *found.rows->entity(), found.row.compartment, found.row.columns, change);
  if (!change.item.writes.empty()) append(found.vault->compartmentOf(found.row.compartment), std::move(change.item));
  if (counter != nullptr) ++*counter;
  warnings_ = std::move(change.warnings);
}

void Transaction::number(const RecordId& id) {
  Store::Found found = store_.findWhole(id);
  const Level level = found.vault->level();
  mayWriteBelow(level);
  Touched& touched = touch(level);
  read_ = std::max(read_.value_or(level), level);
  const EntityType& entity = *found.rows->entity();
  CNB_ASSERT(!entity.seriesField.empty() && numbersHere(store_.identity()));
  Change change(entity);
  change.item.record = id;
  std::int64_t* counter = giveNumber(touched, entity, found.row.compartment, found.row.columns, change);
  append(found.vault->compartmentOf(found.row.compartment), std::move(change.item));
  ++*counter;
}

std::int64_t* Transaction::giveNumber(Touched& touched, const EntityType& entity, CompartmentNumber compartment,
                                      FieldValues values, Change& change) {
  const Field& field = *entity.find(entity.seriesField);
  std::vector<Write>& writes = change.item.writes;
  for (const NumberForm::Piece& piece : entity.numberForm.pieces) {
    if (piece.kind != NumberForm::Piece::Kind::field) continue;
    const FieldNumber named = entity.find(piece.text)->number;
    for (const Write& w : writes)
      if (w.field == named && (w.operation == Operation::set || w.operation == Operation::assign))
        values[named] = w.value;
  }
  if (year_.empty()) year_ = dateOf(store_.environment().clock->now()).substr(0, 4);
  if (!touched.numbers) touched.numbers = std::make_unique<Numbers>(*touched.vault);
  const bool real = numbersHere(store_.identity());
  const Numbers::Next next =
      real ? touched.numbers->real(entity, compartment, values, year_)
           : touched.numbers->provisional(entity, compartment, store_.siteName(store_.identity().site), year_);
  if (const auto unmet = unmetBy(field, next.text); unmet && real) {
    change.breaches.add(field, "numbering", "the series gives a number of another form: " + unmet->message, next.text);
    change.breaches.throwIfAny();
  }
  if (!real)
    change.warnings.push_back(entity.name + "." + field.name + ": " + next.text +
                              " is provisional until the office gives the number");
  const auto at = std::find_if(writes.begin(), writes.end(), [&](const Write& w) { return w.field >= field.number; });
  if (at != writes.end() && at->field == field.number)
    at->value = next.text;
  else
    writes.insert(at, {field.number, Operation::set, next.text, {}});
  return next.counter;
}

void Transaction::remove(const RecordId& id) {
  if (!store_.exists(id)) store_.notThere(id);
  if (const EntityType* entity = store_.catalog().findTag(entityTagOf(id)); entity != nullptr && entity->appendOnly)
    throw Error(Code::refused, entity->name + ": its records are never deleted",
                json({{"entity", entity->name}, {"rule", "appendOnly"}, {"article", entity->article}}).dump());
  settle(id, deletedRegister, std::int64_t{1});
}

void Transaction::settle(const RecordId& id, FieldNumber field, const Value& value) {
  const auto found = store_.find(id);
  if (!found) store_.notThere(id);
  const Level level = found->vault->level();
  mayWriteBelow(level);
  touch(level);
  read_ = std::max(read_.value_or(level), level);
  const Field* known = found->rows->field(field);
  if (const EntityType* entity = found->rows->entity(); known != nullptr && entity != nullptr) {
    Breaches breaches(*entity);
    if (const auto unmet = unmetBy(*known, value)) breaches.add(*known, unmet->rule, unmet->message, value);
    if (known->required && isNull(value)) breaches.add(*known, "required", "it cannot be emptied");
    breaches.throwIfAny();
  }
  Item item;
  item.record = id;
  item.writes.push_back({field, known != nullptr ? operationOf(known->merge) : Operation::assign, value, {}});
  append(found->vault->compartmentOf(found->row.compartment), std::move(item));
  warnings_.clear();
}

Vault& Transaction::writing(Level level) { return *touch(level).vault; }

Arrival Transaction::nextArrival(Level level) { return touch(level).nextArrival; }

Arrival Transaction::arrivalOf(const Compartment& compartment, const RecordId& record) {
  Draft& draft = draftOf(compartment);
  return (draft.records.contains(record) ? nextDraft(compartment) : draft).arrival;
}

void Transaction::checkReferencesOf(const EntityType& entity, const FieldValues& values, const Compartment& from) {
  Change change(entity);
  checkReferences(references_, *touch(from.level).vault, values, from, entity, change);
  change.breaches.throwIfAny();
}

void Transaction::write(const Compartment& compartment, Item item) { append(compartment, std::move(item)); }

void Transaction::commit() {
  CNB_ASSERT(!done_);
  mustBeWhole();
  for (auto& [level, touched] : touched_) {
    for (auto& [compartment, draft] : touched->drafts) finish(*touched, draft);
    touched->drafts.clear();
    if (touched->numbers) touched->numbers->save();
    store_.audit().noteIn(*touched->vault);
  }
  std::array<Byte, 16> transaction{};
  const bool several = touched_.size() > 1;
  if (several) {
    store_.environment().random->fill(transaction);
    Intent intent{transaction, actor_, {}};
    const Level highest = touched_.rbegin()->first;
    for (auto& [level, touched] : touched_) {
      if (level == highest) continue;
      for (const auto& [compartment, arrival] : touched->finished)
        for (Item& item : itemsAt(*touched->vault, arrival)) intent.changes.emplace_back(compartment, std::move(item));
      markApplied(*touched->vault, transaction);
    }
    writeIntent(*touched_.rbegin()->second->vault, intent);
  }
  std::vector<std::pair<Level, std::vector<RecordId>>> changed;
  // From here on it counts: the highest vault's commit decides for all. A lower one that fails afterwards is no
  // failure of the transaction: the intent stands, and the store finishes it before it shows anything.
  bool finished = true;
  for (auto it = touched_.rbegin(); it != touched_.rend(); ++it) {
    try {
      it->second->vault->commit();
    } catch (const Error&) {
      if (it == touched_.rbegin()) throw;
      it->second->vault->rollback();
      finished = false;
      continue;
    }
    changed.emplace_back(it->first, std::move(it->second->changed));
  }
  done_ = true;
  if (!finished) {
    store_.leaveUnfinished();
  } else if (several && clearIntent(*touched_.rbegin()->second->vault, transaction)) {
    for (auto it = touched_.begin(); it != std::prev(touched_.end()); ++it)
      clearApplied(*it->second->vault, transaction);
  }
  store_.committed(changed);
}

}  // namespace cinnabar
