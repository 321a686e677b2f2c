#include "core/record/applier.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/base/utf8.h"
#include "core/record/json.h"
#include "core/record/newer.h"
#include "core/record/number.h"
#include "core/record/origin.h"
#include "core/record/prohibition.h"
#include "core/record/refusal.h"
#include "core/record/standing.h"
#include "core/vault/tables.h"

namespace cinnabar {

SiteId ownerOf(const VaultIdentity& identity, const EntityType& entity, const Field& field, const SiteId& born) {
  return entity.ownedByOffice || field.name == entity.seriesField ? identity.office : born;
}

SiteId ownerOf(Vault& vault, const EntityType& entity, const Field& field, const Row& row) {
  const auto origin = originOf(row);
  return ownerOf(vault.identity(), entity, field, origin ? origin->site : vault.authorOf(row.born.author).site);
}

bool transitionAllowed(const EntityType& entity, const Field& field, const Value& from, const Value& to) {
  const auto* target = std::get_if<std::string>(&to);
  if (target == nullptr) return false;
  const auto* source = std::get_if<std::string>(&from);
  if (source == nullptr) return true;  // a record may begin where its case stands
  if (*source == *target) return true;
  return std::any_of(entity.transitions.begin(), entity.transitions.end(), [&](const Transition& t) {
    return t.field == field.name && t.from == *source && t.to == *target;
  });
}

namespace {

bool isText(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = codePointAt(text, at);
    if (!point.valid) return false;
    at += point.size_bytes;
  }
  return true;
}

// JSON as this product writes it: one form for one value, and never deeper than a reader can follow.
std::optional<nlohmann::json> canonicalJson(std::string_view text) {
  try {
    nlohmann::json parsed = parseJson(text);
    if (parsed.dump() == text) return parsed;
  } catch (const Error&) {
  }
  return std::nullopt;
}

bool fitsElement(const ValueType& type, const nlohmann::json& element) {
  switch (type.kind) {
    case Kind::boolean: return element.is_boolean();
    case Kind::integer:
    case Kind::money:
    case Kind::minutes:
    case Kind::metres:
    case Kind::millilitres: return element.is_number_integer();
    case Kind::reference:
    case Kind::blob: return element.is_string() && RecordId::parse(element.get_ref<const std::string&>());
    case Kind::list: return element.is_array();
    case Kind::structure: return element.is_object();
    default: return element.is_string();
  }
}

bool fitsList(const ValueType& type, const nlohmann::json& list) {
  return list.is_array() &&
         std::all_of(list.begin(), list.end(), [&](const nlohmann::json& e) { return fitsElement(*type.item, e); });
}

// Also one of a newer schema; short, so that no row overflows its page.
bool isWord(std::string_view text) {
  constexpr std::size_t longestWord_bytes = 64;
  return !text.empty() && text.size() <= longestWord_bytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; });
}

bool fitsValue(const Field& field, const Value& value) {
  if (isNull(value)) return true;
  const auto* text = std::get_if<std::string>(&value);
  switch (field.type.kind) {
    case Kind::boolean:
    case Kind::instant:
    case Kind::integer:
    case Kind::money:
    case Kind::minutes:
    case Kind::metres:
    case Kind::millilitres: return std::holds_alternative<std::int64_t>(value);
    case Kind::reference:
    case Kind::blob: {
      const auto* bytes = std::get_if<Bytes>(&value);
      return bytes != nullptr && bytes->size() == 16;
    }
    case Kind::list:
    case Kind::structure: {
      const auto parsed = text == nullptr ? std::nullopt : canonicalJson(*text);
      return parsed && (field.type.kind == Kind::list ? fitsList(field.type, *parsed) : parsed->is_object());
    }
    case Kind::enumeration: return text != nullptr && isWord(*text);
    case Kind::date: return text != nullptr && isDate(*text);
    default: return text != nullptr && isText(*text) && (!field.inIndex || text->size() <= longestIndexedText_bytes);
  }
}

bool fitsPeriod(const Write& write) {
  if (write.operation != Operation::set) return false;
  if (isNull(write.value)) return true;
  const auto* text = std::get_if<std::string>(&write.value);
  try {
    return text != nullptr && isText(*text) && storedForm(parseStoredPeriod(*text)) == *text;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

bool fits(const Field& field, const Write& write) {
  switch (write.operation) {
    case Operation::add:
    case Operation::remove:
    case Operation::append: {
      const auto* text = std::get_if<std::string>(&write.value);
      const auto element = text == nullptr ? std::nullopt : canonicalJson(*text);
      return element &&
             (field.type.kind == Kind::list ? fitsElement(*field.type.item, *element) : element->is_string());
    }
    case Operation::increment: return std::holds_alternative<std::int64_t>(write.value);
    case Operation::raise: {
      // The rank decides between sites, so nobody may make one up; a word of a newer schema has one of its own.
      const auto* rank = std::get_if<std::int64_t>(&write.auxiliary);
      const bool unknownWord =
          field.type.kind == Kind::enumeration && rankOf(field, write.value) == (field.earliest ? 1 : -1);
      return !isNull(write.value) && fitsValue(field, write.value) && rank != nullptr &&
             (unknownWord || *rank == rankOf(field, write.value));
    }
    default: return fitsValue(field, write.value);
  }
}

namespace {

// In a record that is new such a write says all there is of its field: nothing to merge with, no register to keep.
bool saysAll(const Write& write, const Field* field) {
  if (field == nullptr || isNull(write.value) || write.operation != operationOf(field->merge)) return false;
  switch (write.operation) {
    case Operation::set:
    case Operation::assign: return true;
    case Operation::transition: return isNull(write.auxiliary);
    case Operation::raise: return write.auxiliary == Value(rankOf(*field, write.value));
    default: return false;
  }
}

}  // namespace

Rows& Applier::rowsOf(const EntityType* entity) {
  auto& rows = rows_[entity];
  if (!rows) rows = std::make_unique<Rows>(vault_, entity);
  return *rows;
}

void Applier::violate(std::string kind, const Item& item, const Write& write, const EntityType* entity,
                      const Applying& applying) {
  note(vault_, Refusal{std::move(kind),
                       item.record,
                       write,
                       entity,
                       applying.state.number,
                       {vault_.authorOf(applying.dot.author), applying.dot.lamport}});
}

// Only what follows from the write itself and the schema: the same answer at every site, in any order.
bool Applier::allowed(const Item& item, const Write& write, const Row& row, const EntityType* entity,
                      const Applying& applying) {
  if (!applying.arrived || write.field == deletedRegister) return true;
  if (write.field == originRegister)
    return item.kind == ItemKind::moveIn || (violate("refusedWrite", item, write, entity, applying), false);
  if (write.field == movesAtOnceRegister)  // only the office carries
    return item.kind != ItemKind::write || (violate("refusedWrite", item, write, entity, applying), false);
  // Who could write these could let a record expire early: only who made it, who moved it here, and the office may.
  if ((write.field == periodRegister || write.field == sinceRegister) && item.kind == ItemKind::write &&
      !item.creates) {
    const SiteId& site = vault_.authorOf(applying.dot.author).site;
    const auto origin = originOf(row);
    if (site != vault_.identity().office && site != vault_.authorOf(row.born.author).site &&
        (!origin || origin->site != site))
      return violate("unauthorisedAuthor", item, write, entity, applying), false;
  }
  if (write.field == periodRegister)
    return fitsPeriod(write) || (violate("refusedWrite", item, write, entity, applying), false);
  if (entity == nullptr) return true;
  const Field* field = entity->find(write.field);
  if (field == nullptr) return true;
  if (kindOf(write.operation) != operationOf(field->merge))
    return violate("futureOperation", item, write, entity, applying), false;
  if (!fits(*field, write)) return violate("refusedWrite", item, write, entity, applying), false;
  if (item.kind != ItemKind::write) return true;  // whose right it was is judged by who moved or carried it
  if (field->owner && vault_.authorOf(applying.dot.author).site != ownerOf(vault_, *entity, *field, row) &&
      !(row.born == applying.dot && isProvisionalNumber(*entity, *field, write.value)))
    return violate("unauthorisedAuthor", item, write, entity, applying), false;
  if (write.operation == Operation::transition && canJudge(*field, write.auxiliary, write.value) &&
      !transitionAllowed(*entity, *field, write.auxiliary, write.value))
    return violate("refusedTransition", item, write, entity, applying), false;
  return true;
}

void Applier::noteConflict(const Row& row, FieldNumber field, bool conflict) {
  if (conflict)
    vault_.database()
        .query("INSERT OR IGNORE INTO conflict VALUES(?1,?2,?3)")
        .with(row.id, field, row.compartment)
        .run();
  else
    vault_.database()
        .query("DELETE FROM conflict WHERE record=?1 AND field=?2 AND c=?3")
        .with(row.id, field, row.compartment)
        .run();
}

std::uint64_t Applier::apply(const Item& item, std::uint32_t index, Applying& applying) {
  switch (item.kind) {
    case ItemKind::write: return write(item, index, applying, applying.covers);
    case ItemKind::moveIn: return moveIn(item, index, applying);
    case ItemKind::withdraw: return withdraw(item, index, applying);
    case ItemKind::carry: return carry(item, index, applying);
    case ItemKind::destroy: return destroy(item, applying);
  }
  return 0;
}

std::uint64_t Applier::write(const Item& item, std::uint32_t index, Applying& applying, const Covers& covers) {
  CompartmentState& state = applying.state;
  const EntityType* entity = vault_.catalog().findTag(entityTagOf(item.record));
  Rows& rows = rowsOf(entity);

  std::vector<FieldNumber> columns;
  columns.reserve(item.writes.size());
  for (const Write& write : item.writes)
    if (write.field != deletedRegister && rows.field(write.field) != nullptr &&
        (columns.empty() || columns.back() != write.field))
      columns.push_back(write.field);

  Row row;
  // A record that is made here has a new id; one that came may have come before, or by another way.
  const bool fresh = (item.creates && !applying.arrived) || !rows.find(item.record, state.number, columns, row);
  if (fresh && comesAfterTheEnd(item, index, applying)) return 0;
  if (comesLate(item, index, fresh ? nullptr : &row, applying)) return 0;
  if (fresh) {
    row.columns.reserve(columns.size());
    row.given.reserve(columns.size());
    row.id = item.record;
    row.compartment = state.number;
    row.born = applying.dot;
  }
  const std::uint64_t previous = row.at;
  Sum sum = state.sum;
  if (!fresh) sum -= digest_.headsTerm(state, row);

  Value deletes;
  std::uint32_t place = 0;
  for (std::size_t i = 0; i < item.writes.size();) {
    const FieldNumber number = item.writes[i].field;
    if (number == deletedRegister) {
      if (item.writes[i].value == Value{std::int64_t{1}}) deletes = std::int64_t{1};
      ++i;
      continue;
    }
    const Field* field = rows.field(number);
    if (fresh && saysAll(item.writes[i], field) &&
        (i + 1 == item.writes.size() || item.writes[i + 1].field != number)) {
      const Write& write = item.writes[i++];
      if (!allowed(item, write, row, entity, applying)) continue;
      ++place;
      sum += digest_.termOfOnly(state, row.id, number, write.operation, applying.dot, write.value);
      row.given.push_back(&write);
      continue;
    }
    Register reg = fresh ? Register{} : rows.registerOf(row, number);
    const bool wasConflict = reg.operation == Operation::assign && inConflict(reg);
    const Register before = field != nullptr && !field->clash.empty() ? reg : Register{};
    if (!fresh) sum -= digest_.term(state, row.id, number, reg);
    if (field != nullptr)
      reg.operation = operationOf(field->merge);
    else if (reg.siblings.empty() && reg.elements.empty())
      reg.operation = kindOf(item.writes[i].operation);
    for (; i < item.writes.size() && item.writes[i].field == number; ++i) {
      const Write& write = item.writes[i];
      if (!allowed(item, write, row, entity, applying)) continue;
      if (kindOf(write.operation) != reg.operation) {
        violate("futureOperation", item, write, entity, applying);
        continue;
      }
      cinnabar::apply(reg, write, applying.dot, place++, covers, after_);
    }
    const bool conflict = reg.operation == Operation::assign && inConflict(reg);
    sum += digest_.term(state, row.id, number, reg);
    if (reg.operation == Operation::transition && inConflict(reg))
      violate("concurrentTransition", item, item.writes[i - 1], entity, applying);
    if (conflict != wasConflict) noteConflict(row, number, conflict);
    if (field != nullptr && !field->clash.empty()) checkClash(vault_, *entity, *field, row, before, reg);
    rows.put(row, number, std::move(reg));
  }

  const bool wasContested = !fresh && row.contested();
  std::erase_if(row.heads, [&](const Sibling& s) { return covers(s.dot); });
  row.heads.push_back({applying.dot, deletes, {}});
  row.last = applying.dot;
  row.at = static_cast<std::uint64_t>(applying.arrival) << 14 | index;
  sum += digest_.headsTerm(state, row);
  if (row.contested() != wasContested) noteConflict(row, deletedRegister, row.contested());

  if (fresh)
    rows.insert(row);
  else
    rows.update(row, columns);
  state.sum = sum;
  if (item.kind == ItemKind::carry && wasMovedAtOnce(row)) noteMovedAtOnce(vault_, row);
  if (entity != nullptr && !entity->prohibitions.empty()) checkProhibitions(vault_, *entity, row);
  if (applying.arrived && entity != nullptr) checkArrived(item, row, *entity, applying);
  return previous;
}

// What breaks these rules counts all the same: a site with an older schema could write it in good faith, and all
// sites have to come to the same state. A person is told.
void Applier::checkArrived(const Item& item, const Row& row, const EntityType& entity, const Applying& applying) {
  const bool born = row.born == applying.dot;
  if (born) noteIfIncomplete(vault_, entity, row, item);
  const Write* changed = nullptr;
  for (const Write& write : item.writes) {
    if (write.field < commonFields || write.field == deletedRegister) changed = &write;
    const Field* field = entity.find(write.field);
    if (field == nullptr) continue;
    // A plain write of a new record goes to its row without a column of its own here.
    const auto column = row.columns.find(write.field);
    const Value& shown = column == row.columns.end() ? write.value : column->second;
    if (field->bounded()) noteIfUnmet(vault_, entity, *field, row, shown);
    if (!knowsWord(*field, shown)) noteUnknownWord(vault_, entity, *field, row);
    if (!born && field->required && isNull(write.value)) noteIfEmptied(vault_, entity, *field, row);
  }
  if (!born && entity.appendOnly && changed != nullptr) violate("changedAppendOnly", item, *changed, &entity, applying);
  if (!entity.key.empty()) checkUnique(row, entity, entity.key, item, applying);
  if (const Field* number = entity.find(entity.seriesField); number != nullptr)
    checkUnique(row, entity, {number->number}, item, applying);
}

// Two sites may have given one natural key to two records, or two lives of one site the same number: both stay, and
// a person is told.
void Applier::checkUnique(const Row& row, const EntityType& entity, const std::vector<FieldNumber>& fields,
                          const Item& item, const Applying& applying) {
  const bool touched = std::any_of(item.writes.begin(), item.writes.end(), [&](const Write& w) {
    return w.field == deletedRegister || std::find(fields.begin(), fields.end(), w.field) != fields.end();
  });
  if (!touched || !row.visible()) return;
  std::string where;
  for (const FieldNumber number : fields) {
    const std::string name = identifier(entity.find(number)->name);
    if (!where.empty()) where += " AND ";
    where.append("b.").append(name).append("=a.").append(name);
  }
  Query q = vault_.database().query("SELECT b.id FROM " + identifier(entity.name) + " a JOIN " +
                                    identifier(entity.name) + " b ON " + where +
                                    " WHERE a.id=?1 AND a._c=?2 AND b.id<>?1 AND b._c=?2 AND b._gone IS NULL");
  q.with(row.id, row.compartment);
  std::vector<RecordId> same;
  while (q.step())
    if (const auto id = RecordId::of(q->blob(0))) same.push_back(*id);
  for (const RecordId& other : same) {
    const RecordId first = std::min(row.id, other), second = std::max(row.id, other);
    Violation v;
    v.compartment = applying.state.number;
    v.kind = "duplicateKey";
    v.record = first;
    v.entity = entity.name;
    v.field = entity.find(fields.front())->name;
    v.rule = entity.article;
    v.detail = nlohmann::json({{"records", {first.text(), second.text()}}}).dump();
    note(vault_, std::move(v), second.view());
  }
}

}  // namespace cinnabar
