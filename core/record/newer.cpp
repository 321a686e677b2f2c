#include "core/record/newer.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/log/log.h"
#include "core/log/seal.h"
#include "core/record/applier.h"
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
  Replay(Vault& vault, const EntityType& entity, const Field& field, const Row& row)
      : vault_(vault), entity_(entity), field_(field), row_(row), after_(authorOrderOf(vault)) {
    state_.operation = Operation::transition;
  }

  // False if the log does not hold all of the record's changes, or holds some that cannot be read: that is for `verify`
  // to tell, and keeps nobody from opening the site. Cost: one pass over the log.
  bool run() {
    try {
      return replay();
    } catch (const Error&) {
      return false;
    }
  }

  const Register& state() const { return state_; }
  const std::vector<std::pair<Write, LocalDot>>& refused() const { return refused_; }

 private:
  bool replay() {
    std::vector<std::uint64_t> places = placesFrom(vault_, row_.at);
    std::reverse(places.begin(), places.end());
    auto next = places.begin();
    bool complete = true;
    Log(vault_).scan(0, [&](LogEntry& entry) {
      if (entry.compartment != row_.compartment) return true;
      const Header header = decodeHeader(entry.sealed.header);
      auto& seen = seen_[entry.author];
      for (const Dot& dot : header.dependencies) {
        Lamport& lamport = seen[vault_.numberOf(dot.author)];
        lamport = std::max(lamport, dot.lamport);
      }
      if (arrivalOf(*next) != entry.arrival) return true;
      complete = take(entry, header, indexOf(*next), next == places.begin());
      return ++next != places.end() && complete;
    });
    return complete && next == places.end();
  }

  bool take(const LogEntry& entry, const Header& header, std::size_t index, bool first) {
    const auto items = splitItems(entry.sealed.items, header.items);
    if (index >= items.size() || items[index].scrubbed) return false;
    const Opener opener(header, entry.sealed.header, vault_.compartmentKey(header.compartment, header.epoch));
    const Item item = opener.open(items[index].bytes, index);
    if (first && !item.creates && item.kind != ItemKind::moveIn) return false;
    const LocalDot dot{entry.author, entry.lamport};
    const Covers covers = coversOf(item, entry.author);
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

  Covers coversOf(const Item& item, std::uint32_t author) {
    if (item.kind == ItemKind::moveIn) return [](const LocalDot&) { return false; };
    if (item.kind == ItemKind::carry) {
      std::optional<LocalDot> life;
      if (item.life) life = LocalDot{vault_.numberOf(item.life->author), item.life->lamport};
      return [life](const LocalDot& dot) { return life && dot == *life; };
    }
    return [this, author](const LocalDot& dot) {
      const auto& seen = seen_[author];
      const auto at = seen.find(dot.author);
      return dot.author == author || (at != seen.end() && at->second >= dot.lamport);
    };
  }

  Vault& vault_;
  const EntityType& entity_;
  const Field& field_;
  const Row& row_;
  AuthorAfter after_;
  std::map<std::uint32_t, std::map<std::uint32_t, Lamport>> seen_;
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

bool judge(Vault& vault, Rows& rows, Row& row, const Field& field, bool refusedBefore) {
  const EntityType& entity = *rows.entity();
  Register now = rows.registerOf(row, field.number);
  const auto waited = [&](const Sibling& s) { return !isNull(s.auxiliary) && canJudge(field, s.auxiliary, s.value); };
  const bool settles = std::any_of(now.siblings.begin(), now.siblings.end(), waited);
  const bool falls = std::any_of(now.siblings.begin(), now.siblings.end(), [&](const Sibling& s) {
    return waited(s) && !isLawful(entity, field, s.auxiliary, s.value);
  });
  if (falls || refusedBefore) {
    Replay replay(vault, entity, field, row);
    if (!replay.run()) return false;
    settle(vault, std::string(refusedStep), row.id, field.name);
    for (const auto& [write, dot] : replay.refused())
      note(vault, Refusal{std::string(refusedStep),
                          row.id,
                          write,
                          &entity,
                          row.compartment,
                          {vault.authorOf(dot.author), dot.lamport}});
    now = replay.state();
  } else if (!settles && shown(now, field, &entity, authorOrderOf(vault)) == row.columns[field.number]) {
    return false;
  }
  put(vault, rows, row, field, std::move(now));
  return true;
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

RefusedSteps refusedSteps(Vault& vault) {
  RefusedSteps out;
  Query q = vault.database().query("SELECT record,field FROM violation WHERE kind=?1");
  q.with(refusedStep);
  while (q.step())
    if (const auto id = RecordId::of(q->blob(0))) out.emplace(*id, q->text(1));
  return out;
}

void judgeSteps(Vault& vault, Rows& rows, Row& row, const RefusedSteps& refused) {
  std::vector<FieldNumber> changed;
  for (const Field& field : rows.entity()->fields)
    if (field.merge == MergeClass::state && judge(vault, rows, row, field, refused.contains({row.id, field.name})))
      changed.push_back(field.number);
  if (changed.empty()) return;
  rows.update(row, changed);
  checkProhibitions(vault, *rows.entity(), row);
}

}  // namespace cinnabar
