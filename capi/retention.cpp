// How long records are kept, and what is decided about those whose time is over.
#include "capi/boundary.h"
#include "core/base/instant.h"
#include "core/record/json.h"
#include "core/retention/held.h"
#include "core/retention/schedule.h"
#include "sync/disposing.h"
#include "sync/erasure.h"
#include "sync/remains.h"

using namespace cinnabar;
using namespace cinnabar::capi;
using nlohmann::json;

cnb_status cnb_retention_due(cnb_site* site, cnb_text record, cnb_text date, cnb_buffer* out) {
  return guarded({out}, [&] {
    Store& store = idleStoreOf(site);
    const std::string on = date.length > 0 ? stringOf(date) : dateOf(store.environment().clock->now());
    if (!isDate(on)) throw Error(Code::invalidArgument, "the day is a date like 2036-11-23");
    std::vector<Keeping> all;
    if (record.length > 0) {
      const RecordId id = recordIdOf(record);
      if (!store.exists(id)) store.notThere(id);
      all.push_back(keepingOf(store, id));
    } else {
      all = dueOn(store, on);
    }
    json rows = json::array();
    for (const Keeping& keeping : all) {
      rows.push_back(documentOf(store, keeping));
      rows.back()["due"] = isDue(keeping, on);
    }
    give(out, json{{"date", on}, {"records", std::move(rows)}});
  });
}

cnb_status cnb_retention_act(cnb_transaction* transaction, cnb_text act, cnb_text details, cnb_buffer* out) {
  return guarded({out}, [&] {
    Transaction& t = required(required(transaction).transaction.get());
    const std::string_view word = capi::viewOf(act);
    json result = actOnRetention(t, personOf(*transaction->site), word, parseJson(capi::viewOf(details)));
    if (word == "witness" || word == "lift") transaction->clears = true;
    give(out, result);
  });
}

cnb_status cnb_retention_prove(cnb_site* site, cnb_text certificate, cnb_buffer* out) {
  return guarded({out}, [&] { give(out, proveDestroyed(idleStoreOf(site), recordIdOf(certificate))); });
}

cnb_status cnb_retention_held(cnb_site* site, cnb_text record, cnb_buffer* out) {
  return guarded({out}, [&] { give(out, heldContent(idleStoreOf(site), recordIdOf(record))); });
}

namespace {

Erasure erasureOf(cnb_text certificate, cnb_text details) {
  Erasure out;
  out.certificate = recordIdOf(certificate);
  const json given = parseJson(capi::viewOf(details));
  if (!given.is_object()) throw Error(Code::invalidInput, "the details are a JSON object");
  for (const auto& [name, value] : given.items()) {
    if (name == "backupsDestroyed" && value.is_boolean())
      out.backupsDestroyed = value;
    else
      throw Error(Code::invalidInput, "'" + name.substr(0, 64) + "' is no member of the details, or of another kind");
  }
  return out;
}

}  // namespace

cnb_status cnb_retention_erase(cnb_text dir, const cnb_options* options, cnb_text certificate, cnb_text details,
                               cnb_buffer* out) {
  return guarded({out}, [&] {
    const Erasure erasure = erasureOf(certificate, details);
    give(out, eraseKeys(openingOf(dir, options), erasure, progressOf(known(options))));
  });
}
