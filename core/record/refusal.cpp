#include "core/record/refusal.h"

#include "core/record/applier.h"
#include "core/record/json.h"

namespace cinnabar {

void note(Vault& vault, const Refusal& refusal) {
  const Write& write = refusal.write;
  const EntityType* entity = refusal.entity;
  const Field* field = entity == nullptr ? nullptr : entity->find(write.field);
  Violation v;
  v.compartment = refusal.compartment;
  v.kind = refusal.kind;
  v.record = refusal.record;
  v.entity = entity == nullptr ? "" : entity->name;
  v.field = field != nullptr ? field->name : write.field == originRegister ? "" : std::to_string(write.field);
  v.rule = field == nullptr ? "" : field->article;
  nlohmann::json detail = {{"site", refusal.dot.author.site.text()}, {"lamport", refusal.dot.lamport}};
  static const Field plain;
  detail["value"] = jsonOf(field != nullptr && fits(*field, write) ? *field : plain, write.value);
  if (write.operation == Operation::transition) detail["from"] = jsonOf(plain, write.auxiliary);
  v.detail = detailText(detail);
  Bytes cause;
  Writer w(cause);
  w.dot(refusal.dot);
  note(vault, std::move(v), cause);
}

}  // namespace cinnabar
