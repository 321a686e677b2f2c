#include "core/audit/audit.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/record/json.h"
#include "core/record/store.h"

namespace cinnabar {
namespace {

using nlohmann::json;

constexpr std::int64_t pause_ms = 1000;  // reads further apart than this are no burst
constexpr std::string_view notedKey = "audit";

Bytes encodeHeads(const std::vector<std::pair<Compartment, AuditHead>>& heads) {
  Bytes out;
  Writer w(out);
  w.number(heads.size());
  for (const auto& [compartment, head] : heads) {
    writeCompartment(w, compartment);
    w.number(head.place);
    w.raw(head.hash);
  }
  return out;
}

std::vector<std::pair<Compartment, AuditHead>> decodeHeads(BytesView bytes) {
  Reader in(bytes, "note of the audit");
  std::vector<std::pair<Compartment, AuditHead>> out;
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count; ++i) {
    Compartment compartment = readCompartment(in);
    AuditHead head;
    head.place = in.number();
    std::memcpy(head.hash.data(), in.raw(head.hash.size()).data(), head.hash.size());
    out.emplace_back(std::move(compartment), head);
  }
  in.end();
  return out;
}

std::string shortened(std::string_view text) { return std::string(text.substr(0, longestDetail_bytes)); }

json documentOf(const AuditEntry& e) {
  return {{"at", instantText(e.at)},
          {"person", e.person},
          {"act", wordOf(e.act)},
          {"record", e.record.isZero() ? json() : json(e.record.text())},
          {"entity", e.entity.empty() ? json() : json(e.entity)},
          {"count", e.count},
          {"detail", e.detail},
          {"level", wordOf(e.compartment.level)},
          {"circles", e.compartment.circles},
          {"place", e.place}};
}

}  // namespace

Audit::~Audit() {
  try {
    flush();
  } catch (const Error&) {
    // Nobody is left to be told. The reads of a burst that are lost so are those that no disk would take.
  }
}

AuditEntry Audit::entryOf(Act act, const Compartment& compartment, std::string_view entity) const {
  AuditEntry entry;
  entry.compartment = compartment;
  entry.at = instantOf(store_.environment().clock->now());
  entry.act = act;
  entry.person = store_.access().person;
  entry.entity = entity;
  return entry;
}

void Audit::accessed(Act act, const Compartment& compartment, const RecordId& record, std::string_view entity,
                     std::string_view detail) {
  if (!covers(compartment.level)) return;
  AuditEntry entry = entryOf(act, compartment, entity);
  entry.record = record;
  entry.detail = shortened(detail);
  add(std::move(entry));
}

void Audit::accessedPage(Act act, std::string_view entity, const std::vector<OnPage>& shown) {
  std::map<Compartment, std::int64_t> counts;
  std::vector<AuditEntry> topSecret;
  for (const OnPage& one : shown) {
    if (one.compartment.level == Level::topSecret) {
      topSecret.push_back(entryOf(act, one.compartment, entity));
      topSecret.back().record = one.record;
    } else if (covers(one.compartment.level)) {
      ++counts[one.compartment];
    }
  }
  for (const auto& [compartment, count] : counts) {
    AuditEntry entry = entryOf(act, compartment, entity);
    entry.count = count;
    add(std::move(entry));
  }
  if (topSecret.empty()) return;
  std::vector<AuditEntry>& pending = pending_[Level::topSecret].entries;
  pending.insert(pending.end(), topSecret.begin(), topSecret.end());
  write(Level::topSecret);
}

void Audit::queried(const std::set<std::pair<Level, std::string>>& reached) {
  for (const auto& [level, entity] : reached)
    if (covers(level)) add(entryOf(Act::queried, {level, {}}, entity));
}

// The label of who tried: his highest level and all his circles. Anybody else could take from it what he knows of.
Compartment Audit::labelOfReader() {
  Compartment out{store_.levels().back(), {}};
  if (store_.access().circles) {
    out.circles.assign(store_.access().circles->begin(), store_.access().circles->end());
    return out;
  }
  Query q = store_.vault(out.level).database().query(
      "SELECT DISTINCT circle FROM epoch_key WHERE circle<>'' ORDER BY circle");
  while (q.step()) out.circles.emplace_back(q->text(0));
  return out;
}

void Audit::triedInVain(const RecordId& record) {
  AuditEntry entry = entryOf(Act::triedInVain, labelOfReader(), "");
  entry.record = record;
  entry.count = 0;
  try {
    add(std::move(entry));
  } catch (const Error&) {
    // He is told that it is not there in any case; the entry is written with the next one.
  }
}

void Audit::told(Act act, const Compartment& compartment, const RecordId& record, std::string_view entity,
                 std::string_view detail) {
  AuditEntry entry = entryOf(act, compartment, entity);
  entry.record = record;
  entry.detail = shortened(detail);
  pending_[compartment.level].entries.push_back(std::move(entry));
  write(compartment.level);
}

void Audit::left(Act act, const Compartment& compartment, std::int64_t count, std::string_view detail) {
  if (!covers(compartment.level)) return;
  AuditEntry entry = entryOf(act, compartment, "");
  entry.count = count;
  entry.detail = shortened(detail);
  pending_[compartment.level].entries.push_back(std::move(entry));
  write(compartment.level);
}

void Audit::add(AuditEntry entry) {
  const Level level = entry.compartment.level;
  Pending& pending = pending_[level];
  const std::int64_t now_ms = millisecondsOf(entry.at);
  const bool inBurst = pending.written_ms && now_ms - *pending.written_ms < pause_ms && now_ms >= *pending.written_ms;
  pending.entries.push_back(std::move(entry));
  const std::size_t count = pending.entries.size();
  if (level == Level::topSecret) return write(level);
  // After a failure it is not tried again with each read, but once a burst.
  if (inBurst && count % burst != 0) return;
  pending.written_ms = now_ms;
  try {
    write(level);
  } catch (const Error&) {
    if (count >= mostUnwritten) throw;
  }
}

// What could not be written stays: the reader at topSecret gets nothing then, and his try is noted later.
void Audit::write(Level level) {
  Pending& pending = pending_[level];
  if (pending.entries.empty()) return;
  trail(level).append(pending.entries);
  pending.entries.clear();
  pending.ahead = true;
}

void Audit::flush() {
  for (auto& [level, pending] : pending_)
    if (store_.holds(level)) write(level);
}

Trail& Audit::trail(Level level) {
  auto& open = trails_[level];
  if (!open) {
    const SecretBytes key = deriveKey(store_.vault(level).spillKey(), "cinnabar audit");
    open = std::make_unique<Trail>(store_.environment(), auditFileOf(store_.folder(), level), key, level);
  }
  return *open;
}

Trail* Audit::trailIfAny(Level level) {
  if (!trails_.contains(level) && !store_.environment().files->exists(auditFileOf(store_.folder(), level)))
    return nullptr;
  return &trail(level);
}

bool Audit::holdsWhatWasNoted(Vault& vault) {
  const auto noted = vault.meta(notedKey);
  if (!noted) return true;
  Trail* trail = trailIfAny(vault.level());
  const auto heads = decodeHeads(*noted);
  return std::all_of(heads.begin(), heads.end(),
                     [&](const auto& head) { return trail != nullptr && trail->contains(head.first, head.second); });
}

// A file that was put back or taken away is seen by what the vault knows of it; that is never overwritten by less.
void Audit::noteIn(Vault& vault) {
  const auto at = pending_.find(vault.level());
  if (at == pending_.end()) return;
  try {
    write(vault.level());
  } catch (const Error&) {
    return;  // it is tried again: a record is not refused because somebody had read another
  }
  if (!at->second.ahead) return;
  if (holdsWhatWasNoted(vault)) vault.setMeta(notedKey, encodeHeads(trail(vault.level()).heads()));
  at->second.ahead = false;
}

AuditHead Audit::headOf(const Compartment& compartment) {
  if (pending_.contains(compartment.level)) write(compartment.level);
  Trail* trail = trailIfAny(compartment.level);
  return trail == nullptr ? AuditHead{} : trail->headOf(compartment);
}

bool Audit::contains(const Compartment& compartment, const AuditHead& head) {
  Trail* trail = trailIfAny(compartment.level);
  return trail == nullptr ? head.place == 0 : trail->contains(compartment, head);
}

std::string Audit::check(Level level) {
  if (pending_.contains(level)) write(level);
  if (!holdsWhatWasNoted(store_.vault(level)))
    throw Error(Code::damaged, "the audit lacks entries that the vault has noted: its file was put back or taken away");
  Trail* trail = trailIfAny(level);
  return std::to_string(trail == nullptr ? 0 : trail->check()) + " entries";
}

json Audit::entries(const AuditQuestion& question) {
  if (question.limit < 1 || question.limit > 10'000)
    throw Error(Code::invalidArgument, "a page of the audit has 1 to 10000 entries");
  flush();
  std::vector<AuditEntry> all;
  for (const Level level : store_.levels()) {
    Trail* trail = trailIfAny(level);
    if (trail == nullptr) continue;
    for (AuditEntry& entry : trail->page(question, [&](const Compartment& c) { return store_.sees(c); }))
      all.push_back(std::move(entry));
  }
  std::stable_sort(all.begin(), all.end(), [](const AuditEntry& a, const AuditEntry& b) {
    return std::pair(a.at, a.compartment.level) < std::pair(b.at, b.compartment.level);
  });
  json rows = json::array();
  json next;
  for (const AuditEntry& entry : all) {
    if (rows.size() >= question.limit) {
      const AuditEntry& last = all[rows.size() - 1];
      next = json::array({last.at, last.compartment.level, circlesTextOf(last.compartment), last.place}).dump();
      break;
    }
    rows.push_back(documentOf(entry));
  }
  return {{"entries", std::move(rows)}, {"next", std::move(next)}};
}

AuditCursor parseAuditCursor(std::string_view text) {
  const json given = parseJson(text);
  const auto number = [&](std::size_t at) { return given[at].is_number_integer(); };
  if (!given.is_array() || given.size() != 4 || !number(0) || !number(1) || !given[2].is_string() || !number(3) ||
      given[1].get<std::int64_t>() < 0 || given[1].get<std::int64_t>() >= static_cast<std::int64_t>(allLevels.size()))
    throw Error(Code::invalidInput, "the cursor is not one that the audit gave");
  return {given[0].get<std::int64_t>(), static_cast<Level>(given[1].get<std::int64_t>()), given[2].get<std::string>(),
          given[3].get<std::uint64_t>()};
}

}  // namespace cinnabar
