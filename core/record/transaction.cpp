#include "core/record/transaction.h"

#include <algorithm>
#include <unordered_set>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/log/seal.h"
#include "core/record/intent.h"
#include "core/record/json.h"
#include "core/vault/tables.h"

namespace cinnabar {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const EntityType& entity, const Field& field, const std::string& rule,
                         const std::string& why) {
  throw Error(
      Code::refused, entity.name + "." + field.name + " (" + field.title + "): " + why,
      json({{"entity", entity.name}, {"field", field.name}, {"rule", rule}, {"article", field.article}}).dump());
}

// A set holds each element once; one given twice would be lost without a word.
std::vector<std::string> elementsOf(const EntityType& entity, const Field& field, const Value& value) {
  std::vector<std::string> out;
  if (isNull(value)) return out;
  for (const json& element : json::parse(std::get<std::string>(value))) {
    out.push_back(element.dump());
    if (field.merge == MergeClass::addWins && std::find(out.begin(), out.end() - 1, out.back()) != out.end() - 1)
      refuse(entity, field, "set", "an element stands twice");
  }
  return out;
}

}  // namespace

// A changeset being written: one compartment, each record at most once.
struct Transaction::Draft {
  Header header;
  CompartmentState* state = nullptr;
  LocalDot dot;
  Arrival arrival = 0;
  std::vector<Item> items;
  std::vector<std::uint64_t> previous;
  std::unordered_set<RecordId> records;
};

// A series of numbers as this transaction goes on with it; written with the commit.
struct Transaction::Series {
  std::string name;
  std::int64_t next = 1;
};

struct Transaction::Touched {
  Vault* vault = nullptr;
  Applier* applier = nullptr;
  std::map<Compartment, Draft> drafts;
  Arrival nextArrival = 0;
  std::vector<RecordId> changed;
  std::map<std::pair<std::string_view, CompartmentNumber>, Series> series;  // by the series' name
  // What a lower vault's part of an intent is made of; only kept when another vault may be touched as well.
  std::vector<std::pair<Compartment, std::vector<Item>>> finished;
};

Transaction::Transaction(Store& store, std::string actor)
    : store_(store), actor_(actor.empty() ? store.access().person : std::move(actor)) {
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
Transaction::Draft& Transaction::draftOf(const Compartment& compartment, const RecordId& record) {
  Touched& touched = touch(compartment.level);
  if (const auto open = touched.drafts.find(compartment); open != touched.drafts.end()) {
    if (!open->second.records.contains(record)) return open->second;
    finish(touched, open->second);
    touched.drafts.erase(open);
  }
  Vault& vault = *touched.vault;
  Draft draft;
  draft.state = &vault.stateOf(compartment);
  const Author& self = vault.self();
  draft.header.compartment = compartment;
  draft.header.author = self;
  draft.header.epoch = vault.currentEpoch();
  vault.compartmentKey(compartment, draft.header.epoch);  // throws notFound before anything is written
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
  entry.sealed = Sealer::seal(draft.header, draft.items,
                              vault.compartmentKey(draft.header.compartment, draft.header.epoch), vault.random());
  entry.previous = std::move(draft.previous);
  state.own.hash = entryHash(state.own.hash, entry.sealed.header, splitItems(entry.sealed.items, draft.items.size()));
  entry.chain = state.own.hash;
  Log(vault).append(entry);
  vault.save(state);
  if (!store_.oneLevel()) touched.finished.emplace_back(draft.header.compartment, std::move(draft.items));
}

void Transaction::append(const Compartment& compartment, Item&& item) {
  Draft& draft = draftOf(compartment, item.record);
  Touched& touched = *touched_.at(compartment.level);
  static const Covers all = [](const LocalDot&) { return true; };
  Applying applying{*draft.state, draft.dot, all, draft.arrival, false};
  if (draft.items.size() >= mostItems)
    throw Error(Code::limit, "a transaction may change at most " + std::to_string(mostItems) +
                                 " records of one compartment: split it");
  draft.previous.push_back(touched.applier->apply(item, static_cast<std::uint32_t>(draft.items.size()), applying));
  draft.records.insert(item.record);
  if (store_.observed()) touched.changed.push_back(item.record);
  draft.items.push_back(std::move(item));
  ++written_;
}

void Transaction::addWrites(std::vector<Write>& out, const EntityType& entity, const Field& field, Value value,
                            const Row* row, Rows* rows, const SiteId& creator) {
  if (field.computed) refuse(entity, field, "computed", "it is computed and cannot be written");
  if (field.owner && creator != store_.identity().site)
    refuse(entity, field, "owner", "only the owning site may write it");
  if (field.indexed && std::holds_alternative<std::string>(value) &&
      std::get<std::string>(value).size() > longestIndexedText_bytes)
    refuse(entity, field, "length",
           "it is indexed and may have at most " + std::to_string(longestIndexedText_bytes) + " bytes");
  Register now;
  if (row != nullptr) now = rows->registerOf(*row, field.number);
  switch (operationOf(field.merge)) {
    case Operation::increment: {
      const auto* wanted = std::get_if<std::int64_t>(&value);
      if (wanted == nullptr && !isNull(value)) refuse(entity, field, "type", "a whole number is expected");
      out.push_back({field.number, Operation::increment, (wanted == nullptr ? 0 : *wanted) - now.sum, {}});
      break;
    }
    case Operation::add: {
      const std::vector<std::string> wanted = elementsOf(entity, field, value);
      for (const Element& e : now.elements)
        if (std::find(wanted.begin(), wanted.end(), std::get<std::string>(e.value)) == wanted.end())
          out.push_back({field.number, Operation::remove, e.value, {}});
      for (const std::string& w : wanted)
        if (std::none_of(now.elements.begin(), now.elements.end(),
                         [&](const Element& e) { return e.value == Value(w); }))
          out.push_back({field.number, Operation::add, w, {}});
      break;
    }
    case Operation::append: {
      std::vector<std::string> wanted;
      if (field.type.kind == Kind::list) {
        wanted = elementsOf(entity, field, value);
        for (std::size_t i = 0; i < now.elements.size(); ++i)
          if (i >= wanted.size() || now.elements[i].value != Value(wanted[i]))
            refuse(entity, field, "appendOnly", "it only grows: give what stands there, then what is new");
      } else if (!isNull(value)) {
        for (const Element& e : now.elements) wanted.push_back(std::get<std::string>(e.value));
        wanted.push_back(json(std::get<std::string>(value)).dump());
      }
      for (std::size_t i = now.elements.size(); i < wanted.size(); ++i)
        out.push_back({field.number, Operation::append, wanted[i], {}});
      break;
    }
    case Operation::raise: {
      const std::int64_t rank = rankOf(field, value);
      if (!now.siblings.empty() && (isNull(value) || rank < rankOf(field, now.siblings.front().value)))
        refuse(entity, field, "ratchet", field.earliest ? "it can only become earlier" : "it can only rise");
      if (!isNull(value)) out.push_back({field.number, Operation::raise, std::move(value), rank});
      break;
    }
    case Operation::transition: {
      const Value from =
          row == nullptr ? Value{} : shown(now, field, &entity, touched_.begin()->second->applier->authorOrder());
      if (!transitionAllowed(entity, field, from, value)) {
        std::string next;
        for (const Transition& t : entity.transitions)
          if (t.field == field.name && from == Value(t.from)) next += (next.empty() ? "" : ", ") + t.to;
        refuse(entity, field, "transition",
               "from '" + (isNull(from) ? "" : std::get<std::string>(from)) + "' it leads to " +
                   (next.empty() ? "nothing more" : next));
      }
      out.push_back({field.number, Operation::transition, std::move(value), from});
      break;
    }
    default: out.push_back({field.number, operationOf(field.merge), std::move(value), {}});
  }
}

RecordId Transaction::put(const EntityType& entity, const json& fields, const Label& label) {
  return put(entity, valuesOf(entity, fields), label);
}

RecordId Transaction::put(const EntityType& entity, FieldValues values, const Label& label) {
  const Compartment& compartment = label.compartment;
  if (!store_.sees(compartment) || !store_.holds(compartment.level))
    throw Error(Code::notFound, "this site and person hold no such label");
  if (compartment.circles.size() > mostCircles)
    throw Error(Code::limit, "a label names at most " + std::to_string(mostCircles) + " circles");
  mayWriteBelow(compartment.level);
  Touched& touched = touch(compartment.level);
  Vault& vault = *touched.vault;
  const SiteId self = store_.identity().site;

  if (const Field* state = entity.find(entity.stateField); state != nullptr && isNull(values[state->number]))
    values[state->number] = entity.initialStates.empty() ? state->type.values.front() : entity.initialStates.front();
  if (const Field* number = entity.find(entity.seriesField); number != nullptr && isNull(values[number->number])) {
    if (self == store_.identity().office)
      values[number->number] = nextNumber(touched, entity, compartment);
    else
      warnings_.push_back(entity.name + "." + number->name + ": the office gives the number");
  }
  std::string missing;
  for (const Field& field : entity.fields) {
    if (!field.required || field.computed || field.name == entity.seriesField) continue;
    if (const auto value = values.find(field.number); value == values.end() || isNull(value->second))
      missing += (missing.empty() ? "" : ", ") + field.name + " (" + field.title + ")";
  }
  if (!missing.empty())
    throw Error(
        Code::refused, entity.name + " needs " + missing,
        json({{"entity", entity.name}, {"field", missing}, {"rule", "required"}, {"article", entity.article}}).dump());

  Item item;
  item.record = makeRecordId(store_.environment().clock->now().ms, entity.tag, vault.random());
  item.creates = true;
  item.writes.reserve(values.size() + 1);
  checkKey(vault, entity, item.record, compartment, values);
  for (auto& [number, value] : values) {
    if (isNull(value)) continue;
    const Field& field = *entity.find(number);
    const SiteId owner =
        field.owner && (entity.ownedByOffice || field.name == entity.seriesField) ? store_.identity().office : self;
    checkReferences(entity, field, value, compartment);
    addWrites(item.writes, entity, field, std::move(value), nullptr, nullptr, owner);
  }
  if (label.period.unit != Period::Unit::none)
    item.writes.push_back({periodRegister, Operation::set, storedForm(label.period), {}});
  const RecordId id = item.record;
  append(compartment, std::move(item));
  return id;
}

void Transaction::set(const RecordId& id, const json& fields) {
  Store::Found found = store_.findWhole(id);
  const Level level = found.vault->level();
  mayWriteBelow(level);
  if (!touched_.contains(level)) {
    touch(level);
    found = store_.findWhole(id);  // what counts is what is there once no other can write
  }
  const EntityType& entity = *found.rows->entity();
  const Row& row = found.row;
  read_ = std::max(read_.value_or(level), level);
  const Compartment compartment = found.vault->compartmentOf(row.compartment);
  const FieldValues wanted = valuesOf(entity, fields);

  Item item;
  item.record = id;
  bool keyTouched = false;
  for (const auto& [number, value] : wanted) {
    const Field& field = *entity.find(number);
    if (field.required && isNull(value)) refuse(entity, field, "required", "it cannot be emptied");
    checkReferences(entity, field, value, compartment);
    const SiteId owner = ownerOf(*found.vault, entity, field, row);
    addWrites(item.writes, entity, field, value, &row, found.rows, owner);
    keyTouched = keyTouched || std::find(entity.key.begin(), entity.key.end(), number) != entity.key.end();
  }
  if (keyTouched) {
    FieldValues values = row.columns;
    for (const auto& [number, value] : wanted) values[number] = value;
    checkKey(*found.vault, entity, id, compartment, values);
  }
  if (!item.writes.empty()) append(compartment, std::move(item));
}

void Transaction::remove(const RecordId& id) {
  if (!store_.exists(id)) throw Error(Code::notFound, "no such record");
  settle(id, deletedRegister, std::int64_t{1});
}

void Transaction::settle(const RecordId& id, FieldNumber field, const Value& value) {
  const auto found = store_.find(id);
  if (!found) throw Error(Code::notFound, "no such record");
  const Level level = found->vault->level();
  mayWriteBelow(level);
  touch(level);
  read_ = std::max(read_.value_or(level), level);
  const Field* known = found->rows->field(field);
  Item item;
  item.record = id;
  item.writes.push_back({field, known != nullptr ? operationOf(known->merge) : Operation::assign, value, {}});
  append(found->vault->compartmentOf(found->row.compartment), std::move(item));
}

Vault& Transaction::writing(Level level) { return *touch(level).vault; }

Arrival Transaction::nextArrival(Level level) { return touch(level).nextArrival; }

Arrival Transaction::arrivalOf(const Compartment& compartment, const RecordId& record) {
  return draftOf(compartment, record).arrival;
}

void Transaction::checkReferencesOf(const EntityType& entity, const FieldValues& values, const Compartment& from) {
  for (const auto& [number, value] : values)
    if (const Field* field = entity.find(number)) checkReferences(entity, *field, value, from);
}

void Transaction::write(const Compartment& compartment, Item item) { append(compartment, std::move(item)); }

void Transaction::checkReferences(const EntityType& entity, const Field& field, const Value& value,
                                  const Compartment& from) {
  if (isNull(value)) return;
  if (field.type.kind == Kind::reference) {
    checkReference(entity, field, field.type.target, *RecordId::of(std::get<Bytes>(value)), from);
  } else if (field.type.kind == Kind::list && field.type.item->kind == Kind::reference) {
    for (const json& element : json::parse(std::get<std::string>(value)))
      checkReference(entity, field, field.type.item->target, *RecordId::parse(element.get<std::string>()), from);
  }
}

// A record refers only to what it dominates, and the answer does not tell whether a higher record is there.
void Transaction::checkReference(const EntityType& entity, const Field& field, const std::string& target,
                                 const RecordId& id, const Compartment& from) {
  if (const EntityType* wanted = store_.catalog().find(target); wanted != nullptr && wanted->tag != entityTagOf(id))
    refuse(entity, field, "reference", "it refers to a " + target + " only");
  auto known = references_.find(id);
  if (known == references_.end() || !known->second) {
    Compartment where;
    const bool there = store_.exists(id, &where);
    known = references_.insert_or_assign(id, there ? std::optional(where) : std::nullopt).first;
  }
  if (!known->second || !dominates(from, *known->second))
    refuse(entity, field, "reference", "there is no such record that this label may refer to");
}

void Transaction::checkKey(Vault& vault, const EntityType& entity, const RecordId& id, const Compartment& compartment,
                           const FieldValues& values) {
  if (entity.key.empty() || !vault.holdsTableOf(entity)) return;
  std::string sql = "SELECT 1 FROM " + identifier(entity.name) + " WHERE _c=?1 AND id<>?2 AND _gone IS NULL";
  int at = 2;
  for (const FieldNumber number : entity.key)
    sql += " AND " + identifier(entity.find(number)->name) + "=?" + std::to_string(++at);
  Query q = vault.database().query(sql);
  const CompartmentState* state = vault.find(compartment);
  if (state == nullptr) return;
  q->bind(1, state->number);
  q->bind(2, id.view());
  at = 2;
  for (const FieldNumber number : entity.key) {
    const auto value = values.find(number);
    ++at;
    if (value == values.end() || isNull(value->second)) return;
    if (const auto* integer = std::get_if<std::int64_t>(&value->second)) q->bind(at, *integer);
    if (const auto* text = std::get_if<std::string>(&value->second)) q->bind(at, std::string_view(*text));
    if (const auto* bytes = std::get_if<Bytes>(&value->second)) q->bind(at, BytesView(*bytes));
  }
  if (q.step()) refuse(entity, *entity.find(entity.key.front()), "key", "another record has the same key");
}

// Per series, compartment and year; gapless, because a transaction that fails gives its numbers back.
std::string Transaction::nextNumber(Touched& touched, const EntityType& entity, const Compartment& compartment) {
  if (year_.empty()) year_ = dateOf(store_.environment().clock->now()).substr(0, 4);
  const auto [series, fresh] = touched.series.try_emplace({entity.series, touched.vault->stateOf(compartment).number});
  if (fresh) {
    series->second.name = entity.series + "/" + std::to_string(series->first.second) + "/" + year_;
    Query q = touched.vault->database().query("SELECT next FROM series WHERE name=?1");
    q.with(series->second.name);
    if (q.step()) series->second.next = q->integer(0);
  }
  return "〔" + year_ + "〕" + std::to_string(series->second.next++) + "号";
}

void Transaction::commit() {
  CNB_ASSERT(!done_);
  for (auto& [level, touched] : touched_) {
    for (auto& [compartment, draft] : touched->drafts) finish(*touched, draft);
    touched->drafts.clear();
    for (const auto& [key, series] : touched->series)
      touched->vault->database()
          .query("INSERT INTO series VALUES(?1,?2) ON CONFLICT(name) DO UPDATE SET next=excluded.next")
          .with(series.name, series.next)
          .run();
  }
  std::array<Byte, 16> transaction{};
  const bool several = touched_.size() > 1;
  if (several) {
    store_.environment().random->fill(transaction);
    Intent intent{transaction, actor_, {}};
    const Level highest = touched_.rbegin()->first;
    for (auto& [level, touched] : touched_) {
      if (level == highest) continue;
      for (auto& [compartment, items] : touched->finished)
        for (Item& item : items) intent.changes.emplace_back(compartment, std::move(item));
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
