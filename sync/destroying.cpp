#include "sync/destroying.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/record/json.h"
#include "core/record/lives.h"
#include "core/record/purge.h"
#include "core/record/withdrawal.h"
#include "core/retention/destruction.h"
#include "core/retention/schedule.h"
#include "sync/acts.h"
#include "sync/disposing.h"
#include "sync/exchange.h"

namespace cinnabar {
namespace {

using nlohmann::json;
using retention::Doomed;

constexpr std::size_t batch = 500;  // changes scrubbed in one transaction

// Of an entity, all that are of use here: with their fields, where they lie.
struct Kept {
  RecordId id;
  Compartment compartment;
  json fields;
};
std::vector<Kept> allOf(Store& store, const char* name, const char* where) {
  std::vector<Kept> out;
  const EntityType* entity = store.catalog().find(name);
  if (entity == nullptr) return out;
  for (Vault* vault : store.vaultsHolding(*entity)) {
    std::vector<std::pair<RecordId, CompartmentNumber>> ids;
    {
      Query q = vault->database().query("SELECT id,_c FROM " + identifier(name) + " WHERE _gone IS NULL AND " + where);
      while (q.step())
        if (const auto id = RecordId::of(q->blob(0))) ids.emplace_back(*id, q->integer(1));
    }
    Rows& rows = store.applier(vault->level()).rowsOf(entity);
    for (const auto& [id, c] : ids) {
      Row row;
      if (!rows.find(id, c, rows.allColumns(), row)) continue;
      out.push_back({id, vault->compartmentOf(c), jsonOf(*entity, row.columns)});
    }
  }
  return out;
}

std::vector<RecordId> recordsOf(const Kept& certificate) {
  return retention::recordsNamed(certificate.fields.value("records", json::array()));
}

const Kept* naming(const std::vector<Kept>& certificates, const RecordId& record) {
  for (const Kept& certificate : certificates) {
    const auto records = recordsOf(certificate);
    if (std::find(records.begin(), records.end(), record) != records.end()) return &certificate;
  }
  return nullptr;
}

// What was destroyed under one label and has come under another, or was attached meanwhile.
std::set<RecordId> stragglersIn(Store& store) {
  std::set<RecordId> out;
  for (const Level level : store.levels()) {
    Vault& vault = store.vault(level);
    if (!vault.knowsWithdrawals()) continue;
    for (const RecordId& record : movedAndDestroyed(vault))
      if (!livesOf(store, record).empty()) out.insert(record);
    for (const RecordId& record : destroyedWithAttachments(vault)) out.insert(record);
  }
  return out;
}

// The office's own signature: no person signed for what came after its destruction, and it is not said that one did.
std::string followedUp(Store& store, const retention::Part& part) {
  const Roster roster(store);
  const SigningPair own = secrets::signing(store.lowest());
  const Signer office = signerOf(store, registrar, own);
  const SiteKeys keys = keysOf(roster);
  return signedBy({office, keys}, store, declarationOnPart(retention::Step::follow, part, {}), {});
}

void destroyToo(Store& store, const RecordId& record, const Kept& first) {
  Transaction transaction(store, std::string(registrar));
  carrier::Book book(transaction);
  std::map<Compartment, std::vector<Doomed>> byLabel;
  for (Doomed& doomed : retention::placesOf(store, record)) {
    if (!holdsOn(store, doomed.record, retention::labelOfCertificate(doomed.compartment)).empty()) continue;
    byLabel[doomed.compartment].push_back(std::move(doomed));
  }
  for (const auto& [compartment, doomed] : byLabel) {
    retention::Part part = retention::partOf(first.fields);
    part.records = retention::recordsOf(doomed);
    json more = fieldsOf(part);
    more["followUp"] = followedUp(store, part);
    for (const char* who : {"listedBy", "approvedBy", "destroyedBy", "witness"}) more[who] = first.fields.at(who);
    more["destroyedAt"] = book.now();
    more["remark"] = "补销毁";  // came after its destruction
    retention::certify(transaction, book, doomed, std::move(more));
  }
  if (!byLabel.empty()) transaction.commit();
}

}  // namespace

void scrubDestroyed(Store& store, Vault& vault) {
  const Seen office = store.identity().ofOffice() ? Seen{} : Peer::load(vault, store.identity().office).seen;
  std::vector<Leftover> goes;
  std::optional<RecordId> looked;
  bool held = false;
  std::vector<Leftover> all = scrubsIn(vault);
  std::sort(all.begin(), all.end(), [](const Leftover& a, const Leftover& b) {
    return std::tie(a.record, a.place) < std::tie(b.record, b.place);
  });
  for (const Leftover& left : all) {
    const bool destroyed = left.move == destructionOf(left.record);
    // At the office what a move left behind of it is not needed for any other move.
    if (!destroyed && !(store.identity().ofOffice() && isDestroyed(store, left.record))) continue;
    if (looked != left.record) {
      looked = left.record;
      const Compartment& where = vault.compartmentOf(left.compartment);
      held = !holdsOn(store, left.record, retention::labelOfCertificate(where)).empty();
    }
    if (!held && (store.identity().ofOffice() || acknowledged(vault, office, left.place))) goes.push_back(left);
  }
  for (std::size_t begin = 0; begin < goes.size(); begin += batch) {
    std::vector<std::uint64_t> places;
    within(vault, [&] {
      for (std::size_t i = begin; i < std::min(goes.size(), begin + batch); ++i) {
        places.push_back(goes[i].place);
        forgetScrub(vault, goes[i]);
      }
      scrub(vault, places);
    });
  }
}

void destroyStragglers(Store& store) {
  if (!store.identity().ofOffice()) return;
  const std::set<RecordId> stragglers = stragglersIn(store);
  if (stragglers.empty()) return;
  const std::vector<Kept> certificates = allOf(store, "DisposalCertificate", "1");
  for (const RecordId& record : stragglers)
    if (const Kept* first = naming(certificates, record)) destroyToo(store, record, *first);
}

void certifyDestroyed(Store& store) {
  if (!store.identity().ofOffice()) return;
  for (const Kept& certificate : allOf(store, "DisposalCertificate", "state='pending'")) {
    if (!flawOfCertificate(store, certificate.fields).empty()) continue;  // written by hand
    const std::vector<RecordId> records = recordsOf(certificate);
    const std::vector<Level> levels = store.levels();
    const bool left = std::any_of(records.begin(), records.end(), [&](const RecordId& record) {
      return std::any_of(levels.begin(), levels.end(),
                         [&](Level level) { return leavesAnything(store.vault(level), record); });
    });
    if (left) continue;
    Transaction transaction(store, std::string(registrar));
    carrier::Book book(transaction);
    book.set(certificate.id, {{"state", "certified"}, {"certifiedAt", book.now()}, {"done", "scrubbed"}});
    transaction.commit();
  }
}

void reportHeldAndDestroyed(Store& store) {
  constexpr std::string_view kind = "heldAndDestroyed";
  std::map<Level, std::map<RecordId, Violation>> wanted;  // by hold
  std::optional<std::vector<Kept>> certificates;
  for (const Kept& hold : allOf(store, "RetentionHold", "ifnull(state,'')<>'lifted'")) {
    const auto record = RecordId::parse(hold.fields.value("record", ""));
    if (!record || !isDestroyed(store, *record)) continue;
    if (!certificates) certificates = allOf(store, "DisposalCertificate", "1");
    const Kept* certificate = naming(*certificates, *record);
    if (certificate != nullptr && !dominates(hold.compartment, certificate->compartment)) certificate = nullptr;
    Violation v;
    v.compartment = store.vault(hold.compartment.level).stateOf(hold.compartment).number;
    v.kind = kind;
    v.record = *record;
    if (const EntityType* entity = store.catalog().findTag(entityTagOf(*record))) v.entity = entity->name;
    v.rule = retention::keepRule;
    v.detail = detailText({{"hold", hold.id.text()},
                           {"setBy", hold.fields.value("setBy", "")},
                           {"reason", hold.fields.value("reason", "")},
                           {"certificate", certificate == nullptr ? json() : json(certificate->id.text())}});
    wanted[hold.compartment.level].emplace(hold.id, std::move(v));
  }
  for (const Level level : store.levels()) {
    Vault& vault = store.vault(level);
    std::map<RecordId, std::pair<Bytes, std::string>> there;  // by hold: the row and what it says
    {
      Query q = vault.database().query("SELECT id,detail FROM violation WHERE kind=?1");
      q.with(kind);
      while (q.step()) {
        const json detail = json::parse(q->text(1), nullptr, false);
        if (const auto hold = detail.is_object() ? RecordId::parse(detail.value("hold", "")) : std::nullopt)
          there[*hold] = {Bytes(q->blob(0).begin(), q->blob(0).end()), std::string(q->text(1))};
      }
    }
    const auto& here = wanted[level];
    const bool same = there.size() == here.size() && std::all_of(here.begin(), here.end(), [&](const auto& at) {
                        const auto found = there.find(at.first);
                        return found != there.end() && found->second.second == at.second.detail;
                      });
    if (same) continue;
    within(vault, [&] {
      for (const auto& [hold, row] : there)
        vault.database().query("DELETE FROM violation WHERE id=?1").with(BytesView(row.first)).run();
      for (const auto& [hold, violation] : here) note(vault, violation, hold.view());
    });
  }
}

}  // namespace cinnabar
