// Founding, joining, opening and people.
#include "capi/boundary.h"
#include "core/base/instant.h"
#include "core/record/json.h"
#include "core/search/index.h"
#include "sync/roster.h"

using namespace cinnabar;
using namespace cinnabar::capi;
using nlohmann::json;

namespace {

json describe(Store& store) {
  const Roster roster(store);
  json levels = json::array();
  for (const Level level : store.levels()) levels.push_back(wordOf(level));
  return {{"site", roster.self().name},
          {"siteId", store.identity().site.text()},
          {"group", store.identity().group.text()},
          {"person", store.access().person},
          {"title", roster.self().title},
          {"clearance", wordOf(store.access().clearance)},
          {"office", roster.isOffice()},
          {"levels", std::move(levels)}};
}

Level levelIn(cnb_text text) {
  const auto level = parseLevel(capi::viewOf(text));
  if (!level) throw Error(Code::invalidArgument, "there is no such level");
  return *level;
}

Keyring keyringOf(cnb_site& site) { return {site.environment, keyringFileOf(site.store->folder())}; }

std::string tenYearsOn(const Now& now) {
  const std::string today = dateOf(now);
  return std::to_string(std::stoi(today.substr(0, 4)) + 10) + today.substr(4, 3) + "-28";
}

}  // namespace

cnb_status cnb_office_create(cnb_text dir, const cnb_options* options, cnb_text site, cnb_text title,
                             cnb_buffer* root_key, cnb_buffer* out) {
  return guarded({root_key, out}, [&] {
    const Opening opening = openingOf(dir, options);
    const SecretBytes root = foundOffice(opening, {stringOf(site), stringOf(title)});
    const auto store = openSite(opening);
    if (root_key != nullptr) {
      SecretBytes text(sodium_base64_ENCODED_LEN(crypto_sign_SECRETKEYBYTES, sodium_base64_VARIANT_ORIGINAL));
      sodium_bin2base64(reinterpret_cast<char*>(text.span().data()), text.size(), root.data(), root.size(),
                        sodium_base64_VARIANT_ORIGINAL);
      give(root_key, textOf(text.view().first(text.size() - 1)));
    }
    give(out, describe(*store));
  });
}

cnb_status cnb_join_request(cnb_text dir, const cnb_options* options, cnb_text site, cnb_text title,
                            cnb_buffer* request) {
  return guarded({request}, [&] {
    const Bytes bytes = requestToJoin(openingOf(dir, options), {stringOf(site), stringOf(title)});
    give(request, textOf(bytes));
  });
}

cnb_status cnb_join_approve(cnb_site* office, cnb_text request, cnb_text clearance, cnb_text circles, cnb_text until,
                            cnb_buffer* grant) {
  return guarded({grant}, [&] {
    Store& store = writableStoreOf(office);
    Admission admission;
    admission.clearance = levelIn(clearance);
    admission.circles = circlesOf(circles);
    admission.validUntil = until.length > 0 ? stringOf(until) : tenYearsOn(store.environment().clock->now());
    if (!isDate(admission.validUntil)) throw Error(Code::invalidArgument, "until is a date like 2036-11-23");
    const Bytes bytes = admit(store, cinnabar::viewOf(capi::viewOf(request)), admission);
    give(grant, textOf(bytes));
  });
}

cnb_status cnb_join_accept(cnb_text dir, const cnb_options* options, cnb_text grant, cnb_buffer* out) {
  return guarded({out}, [&] {
    const Opening opening = openingOf(dir, options);
    acceptGrant(opening, cinnabar::viewOf(capi::viewOf(grant)));
    give(out, describe(*openSite(opening)));
  });
}

cnb_status cnb_open(cnb_text dir, const cnb_options* options, cnb_site** out) {
  return guarded([&] {
    required(out) = nullptr;
    const Opening opening = openingOf(dir, options);
    auto site = std::make_unique<cnb_site>();
    site->environment = opening.environment;
    site->progress = progressOf(known(options));
    site->store = openSite(opening, Rollback::refuse, &site->person);
    *out = site.release();
  });
}

void cnb_close(cnb_site* site) {
  if (site == nullptr) return;
  if (site->open != nullptr) {
    site->open->transaction.reset();
    site->open->site = nullptr;
  }
  // A reader never writes, not even the index of what others wrote.
  if (site->wrote) {
    guarded([&] { clearUpAfter(*site->store); });
    guarded([&] { SearchIndex(*site->store).catchUpAll(); });
  }
  delete site;
}

cnb_status cnb_snapshot(cnb_site* site, cnb_site** out) {
  return guarded([&] {
    required(out) = nullptr;
    auto snapshot = std::make_unique<cnb_site>();
    snapshot->environment = required(site).environment;
    snapshot->progress = site->progress;
    snapshot->store = storeOf(site).snapshot();
    snapshot->snapshot = true;
    *out = snapshot.release();
  });
}

cnb_status cnb_describe(cnb_site* site, cnb_buffer* out) {
  return guarded({out}, [&] { give(out, describe(storeOf(site))); });
}

cnb_status cnb_site_list(cnb_site* site, cnb_buffer* out) {
  return guarded({out}, [&] {
    json sites = json::array();
    Store& store = storeOf(site);
    const Roster roster(store);
    for (const Certificate* c : roster.all()) {
      json circles = json::array();
      for (const std::string& circle : c->circles)
        if (store.sees({Level::open, {circle}})) circles.push_back(circle);
      sites.push_back({{"site", c->name},
                       {"title", c->title},
                       {"siteId", c->site.text()},
                       {"clearance", wordOf(c->clearance)},
                       {"circles", std::move(circles)},
                       {"until", c->validUntil},
                       {"office", c->office}});
    }
    give(out, json{{"sites", std::move(sites)}});
  });
}

cnb_status cnb_person_list(cnb_site* site, cnb_buffer* out) {
  return guarded({out}, [&] {
    storeOf(site);
    const UnlockedPerson& by = personOf(*site);
    json persons = json::array();
    for (const PersonEntry& p : keyringOf(*site).persons(by))
      persons.push_back({{"person", p.name}, {"clearance", wordOf(p.clearance)}});
    give(out, json{{"persons", std::move(persons)}});
  });
}

cnb_status cnb_person_add(cnb_site* site, cnb_text person, cnb_text passphrase, cnb_text clearance) {
  return guarded([&] {
    UnlockedPerson& by = unlocked(site);
    const SlotSecret secret{SecretBytes::copy(cinnabar::viewOf(capi::viewOf(passphrase))), {}};
    changeKeyring(*site->store,
                  [&](Keyring& k) { k.add(by, stringOf(person), secret, levelIn(clearance), KdfCost::moderate()); });
  });
}

cnb_status cnb_person_clear(cnb_site* site, cnb_text person, cnb_text clearance) {
  return guarded([&] {
    const UnlockedPerson& by = unlocked(site);
    changeKeyring(*site->store, [&](Keyring& k) { k.clear(by, stringOf(person), levelIn(clearance)); });
  });
}

cnb_status cnb_person_remove(cnb_site* site, cnb_text person) {
  return guarded([&] {
    const UnlockedPerson& by = unlocked(site);
    changeKeyring(*site->store, [&](Keyring& k) { k.remove(by, stringOf(person)); });
  });
}

cnb_status cnb_passphrase_change(cnb_site* site, cnb_text passphrase) {
  return guarded([&] {
    UnlockedPerson& person = unlocked(site);
    const SlotSecret secret{SecretBytes::copy(cinnabar::viewOf(capi::viewOf(passphrase))), {}};
    changeKeyring(*site->store, [&](Keyring& k) { k.changeSecret(person, secret, KdfCost::moderate()); });
  });
}
