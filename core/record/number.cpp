#include "core/record/number.h"

#include <algorithm>

#include "core/record/transaction.h"

namespace cinnabar {
namespace {

constexpr std::string_view provisionalMark = "临〔";
constexpr std::string_view behindProvisional = "临〕";  // the next character: the end of a range in the index
constexpr std::size_t mostInTransaction = 10'000;

struct Written {
  std::string before, after;  // {n}
  std::string scope;          // what tells this series from the entity's others, beside the year
};

Written writtenBy(const EntityType& entity, const FieldValues& values, const std::string& year) {
  Written out;
  std::string* at = &out.before;
  for (const NumberForm::Piece& piece : entity.numberForm.pieces) {
    switch (piece.kind) {
      case NumberForm::Piece::Kind::literal: *at += piece.text; break;
      case NumberForm::Piece::Kind::year: *at += year; break;
      case NumberForm::Piece::Kind::n: at = &out.after; break;
      case NumberForm::Piece::Kind::field: {
        const auto value = values.find(entity.find(piece.text)->number);
        const auto* text = value == values.end() ? nullptr : std::get_if<std::string>(&value->second);
        if (text != nullptr) *at += *text;
        out.scope += "/" + (text == nullptr ? "" : *text);
      }
    }
  }
  return out;
}

const std::string* stateIn(const EntityType& entity, const FieldValues& values) {
  const Field* state = entity.find(entity.stateField);
  const auto value = state == nullptr ? values.end() : values.find(state->number);
  return value == values.end() ? nullptr : std::get_if<std::string>(&value->second);
}

// Those of one level that a person who opened the site may see, the oldest first.
std::vector<RecordId> provisionalOnes(Store& store, Vault& vault, const EntityType& entity) {
  const std::string number = identifier(entity.seriesField);
  Query q = vault.database().query("SELECT id,_c FROM " + identifier(entity.name) + " WHERE " + number + ">=?1 AND " +
                                   number + "<?2 AND _gone IS NULL");
  q.with(provisionalMark, behindProvisional);
  std::vector<RecordId> out;
  while (q.step())
    if (const auto id = RecordId::of(q->blob(0)); id && store.sees(vault.compartmentOf(q->integer(1))))
      out.push_back(*id);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

bool isProvisionalNumber(const EntityType& entity, const Field& field, const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr && field.name == entity.seriesField && entity.numberWhen.empty() &&
         text->starts_with(provisionalMark);
}

bool numbersHere(const VaultIdentity& identity) { return identity.site == identity.office; }

bool mayBearNumber(const EntityType& entity, const FieldValues& values) {
  const std::string* state = stateIn(entity, values);
  return state == nullptr ||
         std::find(entity.beforeNumber.begin(), entity.beforeNumber.end(), *state) == entity.beforeNumber.end();
}

bool numberIsDue(const EntityType& entity, const FieldValues& values) {
  const std::string* state = stateIn(entity, values);
  return entity.numberWhen.empty() || (state != nullptr && *state == entity.numberWhen);
}

bool numberFalls(const EntityType& entity, const FieldValues& before, const FieldValues& wanted) {
  const Field* number = entity.find(entity.seriesField);
  if (number == nullptr) return false;
  const auto given = wanted.find(number->number);
  if (given != wanted.end())
    return isNull(given->second) && (numberIsDue(entity, wanted) || mayBearNumber(entity, before));
  const auto stands = before.find(number->number);
  const std::string* state = stateIn(entity, wanted);
  return state != nullptr && *state == entity.numberWhen && (stands == before.end() || isNull(stands->second));
}

std::int64_t& Numbers::counterOf(const std::string& series) {
  const auto [at, fresh] = next_.try_emplace(series, 1);
  if (fresh) {
    Query q = vault_.database().query("SELECT next FROM series WHERE name=?1");
    q.with(series);
    if (q.step()) at->second = q->integer(0);
  }
  return at->second;
}

bool Numbers::taken(const EntityType& entity, CompartmentNumber compartment, const std::string& number) {
  return numberIsTaken(vault_, entity, compartment, {}, number);
}

Numbers::Next Numbers::real(const EntityType& entity, CompartmentNumber compartment, const FieldValues& values,
                            const std::string& year) {
  const Written written = writtenBy(entity, values, year);
  std::int64_t& next = counterOf(entity.series + "/" + std::to_string(compartment) + "/" + year + written.scope);
  const auto text = [&] { return written.before + std::to_string(next) + written.after; };
  while (taken(entity, compartment, text())) ++next;
  return {text(), &next};
}

Numbers::Next Numbers::provisional(const EntityType& entity, CompartmentNumber compartment, std::string_view site,
                                   const std::string& year) {
  std::int64_t& next = counterOf("临/" + entity.series + "/" + std::to_string(compartment) + "/" + year);
  const auto text = [&] {
    return std::string(provisionalMark) + year + "〕" + std::string(site) + "-" + std::to_string(next);
  };
  while (taken(entity, compartment, text())) ++next;
  return {text(), &next};
}

void Numbers::save() {
  for (const auto& [series, next] : next_)
    vault_.database()
        .query("INSERT INTO series VALUES(?1,?2) ON CONFLICT(name) DO UPDATE SET next=excluded.next")
        .with(series, next)
        .run();
}

// A number stays given when its record is deleted.
bool numberIsTaken(Vault& vault, const EntityType& entity, CompartmentNumber compartment, const RecordId& but,
                   const std::string& number) {
  if (!vault.holdsTableOf(entity)) return false;
  Query q = vault.database().query("SELECT 1 FROM " + identifier(entity.name) + " WHERE " +
                                   identifier(entity.seriesField) + "=?1 AND _c=?2 AND id<>?3");
  q.with(number, compartment, but);
  return q.step();
}

std::size_t issueNumbers(Store& store, Level level, const std::string& actor) {
  if (!numbersHere(store.identity())) return 0;
  Vault& vault = store.vault(level);
  std::vector<RecordId> waiting;
  for (const EntityType& entity : vault.catalog().entities()) {
    if (entity.seriesField.empty() || !vault.holdsTableOf(entity)) continue;
    const std::vector<RecordId> some = provisionalOnes(store, vault, entity);
    waiting.insert(waiting.end(), some.begin(), some.end());
  }
  for (std::size_t from = 0; from < waiting.size(); from += mostInTransaction) {
    Transaction transaction(store, actor);
    for (std::size_t i = from; i < std::min(from + mostInTransaction, waiting.size()); ++i)
      transaction.number(waiting[i]);
    transaction.commit();
  }
  return waiting.size();
}

}  // namespace cinnabar
