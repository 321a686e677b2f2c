#include "core/record/newer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/record/applier.h"
#include "core/record/logged.h"
#include "core/record/prohibition.h"
#include "core/record/purge.h"
#include "core/record/refusal.h"

namespace cinnabar {
namespace {

constexpr std::string_view refusedStep = "refusedTransition";

bool isLawful(const EntityType& entity, const Field& field, const Value& from, const Value& to) {
  return !canJudge(field, from, to) || transitionAllowed(entity, field, from, to);
}

// A state as the record's changes in the log make it, judged by the schema of today.
class Replay {
 public:
  Replay(Vault& vault, SeenByAuthors& seen, const EntityType& entity, const Field& field, const Row& row)
      : vault_(vault), seen_(seen), entity_(entity), field_(field), row_(row), after_(authorOrderOf(vault)) {
    state_.operation = Operation::transition;
  }

  // False if the log does not hold all of the record's changes, or holds some that cannot be read: that is for `verify`
  // to tell, and keeps nobody from opening the site.
  bool run() {
    std::vector<std::uint64_t> places = placesFrom(vault_, row_.at);
    std::reverse(places.begin(), places.end());
    try {
      return std::all_of(places.begin(), places.end(),
                         [&](const std::uint64_t& place) { return take(place, &place == &places.front()); });
    } catch (const Error&) {
      return false;
    }
  }

  const Register& state() const { return state_; }
  const std::vector<std::pair<Write, LocalDot>>& refused() const { return refused_; }

 private:
  bool take(std::uint64_t place, bool first) {
    const auto change = loggedAt(vault_, place);
    if (!change) return false;
    const Item& item = change->item;
    if (first && !item.creates && item.kind != ItemKind::moveIn) return false;
    const LocalDot dot{change->author, change->header.lamport};
    const Covers covers = coversOf(item, dot);
    for (const Write& write : item.writes) {
      if (write.field != field_.number || write.operation != Operation::transition || !fits(field_, write)) continue;
      // What moved in or was carried was judged by who moved or carried it.
      if (item.kind == ItemKind::write && !isLawful(entity_, field_, write.auxiliary, write.value))
        refused_.emplace_back(write, dot);
      else
        apply(state_, write, dot, 0, covers, after_);
    }
    return true;
  }

  Covers coversOf(const Item& item, const LocalDot& own) {
    if (item.kind == ItemKind::moveIn) return [](const LocalDot&) { return false; };
    if (item.kind == ItemKind::carry) {
      std::optional<LocalDot> life;
      if (item.life) life = LocalDot{vault_.numberOf(item.life->author), item.life->lamport};
      return [life](const LocalDot& dot) { return life && dot == *life; };
    }
    return [this, own](const LocalDot& dot) { return seen_.covers(row_.compartment, own.author, own.lamport, dot); };
  }

  Vault& vault_;
  SeenByAuthors& seen_;
  const EntityType& entity_;
  const Field& field_;
  const Row& row_;
  AuthorAfter after_;
  Register state_;
  std::vector<std::pair<Write, LocalDot>> refused_;
};

// Writes the state and its part of the digest.
void put(Vault& vault, Rows& rows, Row& row, const Field& field, Register&& now) {
  StateDigest digest(vault);
  CompartmentState& state = vault.stateOf(row.compartment);
  state.sum -= digest.term(state, row.id, field.number, rows.registerOf(row, field.number));
  state.sum += digest.term(state, row.id, field.number, now);
  vault.save(state);
  rows.put(row, field.number, std::move(now));
}

}  // namespace

bool knowsWord(const Field& field, const Value& value) {
  const auto* word = std::get_if<std::string>(&value);
  return word == nullptr || field.type.kind != Kind::enumeration ||
         std::find(field.type.values.begin(), field.type.values.end(), *word) != field.type.values.end();
}

bool canJudge(const Field& field, const Value& from, const Value& to) {
  return isNull(from) || (knowsWord(field, from) && knowsWord(field, to));
}

bool SeenByAuthors::covers(CompartmentNumber compartment, std::uint32_t author, Lamport at, const LocalDot& dot) {
  if (!read_) {
    Log(vault_).scan(0, [&](LogEntry& entry) {
      for (const Dot& saw : decodeHeader(entry.sealed.header).dependencies) {
        Ascending& all = seen_[{entry.compartment, entry.author, vault_.numberOf(saw.author)}];
        all.emplace_back(entry.lamport, std::max(saw.lamport, all.empty() ? 0 : all.back().second));
      }
      return true;
    });
    read_ = true;
  }
  if (dot.author == author) return true;
  const auto found = seen_.find({compartment, author, dot.author});
  if (found == seen_.end()) return false;
  const auto next = std::upper_bound(found->second.begin(), found->second.end(), std::pair(at, Lamport(-1)));
  return next != found->second.begin() && std::prev(next)->second >= dot.lamport;
}

StepJudge::StepJudge(Vault& vault) : vault_(vault), seen_(vault) {
  Query q = vault.database().query("SELECT record,field,detail FROM violation WHERE kind=?1");
  q.with(refusedStep);
  while (q.step()) {
    const auto id = RecordId::of(q->blob(0));
    const EntityType* entity = id ? vault.catalog().findTag(entityTagOf(*id)) : nullptr;
    const Field* field = entity == nullptr ? nullptr : entity->find(q->text(1));
    const auto detail = nlohmann::json::parse(q->text(2), nullptr, false);
    if (field == nullptr || !detail.is_object()) continue;
    const auto from = detail.find("from"), to = detail.find("value");
    if (from == detail.end() || to == detail.end() || !from->is_string() || !to->is_string()) continue;
    if (isLawful(*entity, *field, from->get<std::string>(), to->get<std::string>()))
      lawfulNow_.emplace(*id, field->name);
  }
}

void StepJudge::judge(Rows& rows, Row& row) {
  std::vector<FieldNumber> changed;
  for (const Field& field : rows.entity()->fields)
    if (field.merge == MergeClass::state && judge(rows, row, field)) changed.push_back(field.number);
  if (changed.empty()) return;
  rows.update(row, changed);
  checkProhibitions(vault_, *rows.entity(), row);
}

bool StepJudge::judge(Rows& rows, Row& row, const Field& field) {
  const EntityType& entity = *rows.entity();
  Register now = rows.registerOf(row, field.number);
  const auto waited = [&](const Sibling& s) { return !isNull(s.auxiliary) && canJudge(field, s.auxiliary, s.value); };
  const bool settles = std::any_of(now.siblings.begin(), now.siblings.end(), waited);
  const bool falls = std::any_of(now.siblings.begin(), now.siblings.end(), [&](const Sibling& s) {
    return waited(s) && !isLawful(entity, field, s.auxiliary, s.value);
  });
  if (falls || lawfulNow_.contains({row.id, field.name})) {
    Replay replay(vault_, seen_, entity, field, row);
    if (!replay.run()) return false;
    settle(vault_, std::string(refusedStep), row.id, field.name);
    for (const auto& [write, dot] : replay.refused())
      note(vault_, Refusal{std::string(refusedStep),
                           row.id,
                           write,
                           &entity,
                           row.compartment,
                           {vault_.authorOf(dot.author), dot.lamport}});
    now = replay.state();
  } else if (!settles && shown(now, field, &entity, authorOrderOf(vault_)) == row.columns[field.number]) {
    return false;
  }
  put(vault_, rows, row, field, std::move(now));
  return true;
}

}  // namespace cinnabar
