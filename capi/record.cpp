// Schema, writing and reading of records.
#include "capi/boundary.h"
#include "core/base/instant.h"
#include "core/record/json.h"
#include "core/record/message.h"
#include "core/record/place.h"
#include "core/record/read_connection.h"
#include "core/record/schema_json.h"
#include "core/search/index.h"
#include "sync/enrolment.h"

using namespace cinnabar;
using namespace cinnabar::capi;
using nlohmann::json;

namespace {

const EntityType& entityNamed(const Catalog& catalog, cnb_text name) {
  const EntityType* entity = catalog.find(capi::viewOf(name));
  if (entity == nullptr)
    throw Error(Code::invalidInput, "there is no entity '" + stringOf(name).substr(0, 64) + "': see `schema list`");
  return *entity;
}

json written(cnb_transaction& t, const RecordId& id, cnb_text mark = {}) {
  json conflicts = json::array();
  Store& store = *t.site->store;
  if (const auto found = store.find(id)) conflicts = store.conflictsOf(*found);
  json warnings = warningsOf(mark);
  for (const std::string& warning : t.transaction->warnings()) warnings.push_back(warning);
  return {{"id", id.text()}, {"conflicts", std::move(conflicts)}, {"warnings", std::move(warnings)}};
}

Transaction& openOne(cnb_transaction* transaction) { return required(required(transaction).transaction.get()); }

// At the office a circle comes to be by being named; elsewhere only the office can give its key.
Label usableLabel(cnb_transaction& t, cnb_text mark, cnb_text circles, const EntityType& entity) {
  Label label = labelOf(mark, circles, entity);
  if (!label.compartment.circles.empty() && t.transaction->written() == 0 && t.site->store->identity().ofOffice())
    for (const std::string& circle : label.compartment.circles) ensureCircle(*t.site->store, circle);
  return label;
}

}  // namespace

cnb_status cnb_schema(const cnb_options* options, cnb_buffer* out) {
  return guarded({out}, [&] { give(out, schemaJson(*catalogOf(options))); });
}

cnb_status cnb_schema_entity(const cnb_options* options, cnb_text entity, cnb_buffer* out) {
  return guarded({out}, [&] {
    const auto catalog = catalogOf(options);
    give(out, schemaJson(entityNamed(*catalog, entity)));
  });
}

cnb_status cnb_begin(cnb_site* site, cnb_transaction** out) {
  return guarded([&] {
    required(out) = nullptr;
    Store& store = writableStoreOf(site);
    auto transaction = std::make_unique<cnb_transaction>();
    transaction->transaction = store.begin();
    transaction->site = site;
    site->open = transaction.get();
    site->wrote = true;
    *out = transaction.release();
  });
}

cnb_status cnb_commit(cnb_transaction* transaction) {
  const std::unique_ptr<cnb_transaction> owned(transaction);
  return guarded([&] {
    Transaction& open = openOne(transaction);
    open.commit();
    if (owned->clears) clearUpAfter(open.store());
  });
}

void cnb_rollback(cnb_transaction* transaction) { delete transaction; }

cnb_status cnb_put(cnb_transaction* transaction, cnb_text entity, cnb_text fields, cnb_text label, cnb_text circles,
                   cnb_buffer* out) {
  return guarded({out}, [&] {
    Transaction& t = openOne(transaction);
    const EntityType& type = entityNamed(t.store().catalog(), entity);
    const Label l = usableLabel(*transaction, label, circles, type);
    give(out, written(*transaction, t.put(type, parseJson(capi::viewOf(fields)), l), label));
  });
}

cnb_status cnb_set(cnb_transaction* transaction, cnb_text id, cnb_text fields, cnb_buffer* out) {
  return guarded({out}, [&] {
    const RecordId record = recordIdOf(id);
    openOne(transaction).set(record, parseJson(capi::viewOf(fields)));
    give(out, written(*transaction, record));
  });
}

cnb_status cnb_validate(cnb_site* site, cnb_text entity, cnb_text id, cnb_text fields, cnb_text label, cnb_text circles,
                        cnb_buffer* out) {
  return guarded({out}, [&] {
    Store& store = storeOf(site);
    const json given = parseJson(capi::viewOf(fields));
    if (id.length == 0) {
      const EntityType& type = entityNamed(store.catalog(), entity);
      json found = checkNew(store, type, given, labelOf(label, circles, type).compartment);
      for (std::string& warning : warningsOf(label)) found["warnings"].push_back(std::move(warning));
      return give(out, found);
    }
    if (label.length > 0 || circles.length > 0)
      throw Error(Code::invalidArgument, "a record that is there has its label: give none");
    const RecordId record = recordIdOf(id);
    if (entity.length > 0 && store.catalog().findTag(entityTagOf(record)) != &entityNamed(store.catalog(), entity))
      throw Error(Code::notFound, "no such record");
    give(out, checkEdit(store, record, given));
  });
}

cnb_status cnb_delete(cnb_transaction* transaction, cnb_text id) {
  return guarded([&] { openOne(transaction).remove(recordIdOf(id)); });
}

cnb_status cnb_put_message(cnb_transaction* transaction, cnb_text entity, const void* message, size_t length,
                           cnb_text label, cnb_text circles, uint8_t id[16]) {
  return guarded([&] {
    Transaction& t = openOne(transaction);
    std::uint8_t* const place = &required(id);
    const EntityType& type = entityNamed(t.store().catalog(), entity);
    const BytesView bytes(static_cast<const Byte*>(message), length);
    const Label l = usableLabel(*transaction, label, circles, type);
    const RecordId made = t.put(type, valuesOf(t.store().catalog(), type, bytes), l);
    std::memcpy(place, made.bytes.data(), made.bytes.size());
  });
}

cnb_status cnb_place_keep(cnb_transaction* transaction, cnb_text label, cnb_text name, cnb_text place) {
  return guarded([&] {
    Transaction& t = openOne(transaction);
    const Level level = parseMark(capi::viewOf(label)).compartment.level;
    mustHold(t.store(), {level, {}});
    keepPlace(t, level, capi::viewOf(name), capi::viewOf(place));
  });
}

cnb_status cnb_place(cnb_site* site, cnb_text name, cnb_buffer* out) {
  return guarded({out}, [&] { give(out, std::string_view(placeOf(storeOf(site), capi::viewOf(name)))); });
}

cnb_status cnb_get(cnb_site* site, cnb_text id, cnb_buffer* out) {
  return guarded({out}, [&] { give(out, storeOf(site).get(recordIdOf(id)).document); });
}

cnb_status cnb_get_message(cnb_site* site, const uint8_t id[16], cnb_buffer* out) {
  return guarded({out}, [&] {
    Store& store = storeOf(site);
    const auto record = RecordId::of({&required(id), 16});
    const auto found = store.read(*record);
    const Bytes message = messageOf(store.catalog(), *found.rows->entity(), found.row.columns);
    give(out, textOf(message));
  });
}

cnb_status cnb_history(cnb_site* site, cnb_text id, cnb_buffer* out) {
  return guarded({out}, [&] { give(out, idleStoreOf(site).history(recordIdOf(id))); });
}

cnb_status cnb_list(cnb_site* site, cnb_text entity, const cnb_page* page, cnb_buffer* out) {
  return guarded({out}, [&] {
    const cnb_page p = known(page);
    Page wanted{stringOf(p.where), stringOf(p.order), p.limit == 0 ? 50 : p.limit, stringOf(p.after)};
    give(out, storeOf(site).reading().list(stringOf(entity), wanted));
  });
}

cnb_status cnb_sql(cnb_site* site, cnb_text statement, cnb_buffer* out) {
  constexpr std::int64_t mostRows = 1'000'000;
  return guarded({out}, [&] { give(out, storeOf(site).reading().sql(stringOf(statement), mostRows)); });
}

cnb_status cnb_find(cnb_site* site, cnb_text words, cnb_text entity, int64_t limit, cnb_text after, cnb_buffer* out) {
  return guarded({out}, [&] {
    SearchIndex index(storeOf(site));
    // A reader never writes, and a writer not within its transaction; nor between the pages of one search.
    if (site->wrote && site->open == nullptr && after.length == 0) index.catchUpIfLong();
    give(out, index.find(capi::viewOf(words), capi::viewOf(entity), limit == 0 ? 50 : limit, capi::viewOf(after)));
  });
}

cnb_status cnb_observe(cnb_site* site, cnb_observer observer, void* user, uint64_t* number) {
  return guarded([&] {
    if (observer == nullptr) throw Error(Code::invalidArgument, "the observer is missing");
    required(number) = storeOf(site).observe([observer, user](const RecordId& id, const Compartment&) {
      const std::string text = id.text();
      observer(user, {text.data(), text.size()});
    });
  });
}

cnb_status cnb_unobserve(cnb_site* site, uint64_t number) {
  return guarded([&] { storeOf(site).unobserve(number); });
}
