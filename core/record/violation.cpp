#include "core/record/violation.h"

namespace cinnabar {

std::string detailText(const nlohmann::json& detail) {
  return detail.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void settle(Vault& vault, const std::string& kind, const RecordId& record, const std::string& field) {
  vault.database()
      .query("DELETE FROM violation WHERE kind=?1 AND record=?2 AND field=?3")
      .with(kind, record, field)
      .run();
}

void note(Vault& vault, Violation v, BytesView cause) {
  const Hash hash = Hasher("cinnabar violation")
                        .add(hashOf("kind", viewOf(v.kind)))
                        .add(v.record.view())
                        .add(hashOf("field", viewOf(v.field)))
                        .add(cause)
                        .finish();
  std::memcpy(v.id.data(), hash.data(), v.id.size());
  vault.database()
      .query("INSERT OR IGNORE INTO violation VALUES(?1,?2,?3,?4,?5,?6,?7)")
      .with(BytesView(v.id), v.compartment, v.kind, v.record, v.field, v.rule, v.detail)
      .run();
}

void noteAfterDestruction(Vault& vault, CompartmentNumber compartment, const RecordId& record, const Dot& change) {
  const EntityType* entity = vault.catalog().findTag(entityTagOf(record));
  Violation v;
  v.compartment = compartment;
  v.kind = "changedAfterDestruction";
  v.record = record;
  v.entity = entity == nullptr ? "" : entity->name;
  v.rule = "destroyed is for good";
  v.detail = detailText({{"site", change.author.site.text()}, {"lamport", change.lamport}});
  Bytes cause;
  Writer w(cause);
  w.dot(change);
  note(vault, std::move(v), cause);
}

void notePutBack(Vault& vault, const std::string& site, nlohmann::json shown) {
  Violation v;
  v.compartment = vault.stateOf(Compartment{vault.level(), {}}).number;
  v.kind = "rolledBack";
  v.rule = "storage does not go back";
  shown["site"] = site;
  v.detail = detailText(shown);
  const Bytes cause(v.detail.begin(), v.detail.end());
  note(vault, std::move(v), cause);
}

}  // namespace cinnabar
