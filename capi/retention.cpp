// How long records are kept, and what is decided about those whose time is over.
#include "capi/boundary.h"
#include "core/base/instant.h"
#include "core/record/json.h"
#include "core/retention/disposal.h"
#include "core/retention/schedule.h"

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
    give(out, actOnRetention(t, capi::viewOf(act), parseJson(capi::viewOf(details))));
  });
}
