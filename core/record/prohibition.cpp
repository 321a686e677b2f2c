#include "core/record/prohibition.h"

#include "core/record/json.h"
#include "core/record/violation.h"

namespace cinnabar {
namespace {

bool clashes(const Register& reg) {
  // Two moves to the same state are two moves all the same; two of the same value are no conflict.
  return reg.operation == Operation::transition ? reg.siblings.size() > 1 : inConflict(reg);
}

Violation violationOf(const EntityType& entity, const Row& row, std::string kind, std::string field) {
  Violation v;
  v.compartment = row.compartment;
  v.kind = std::move(kind);
  v.record = row.id;
  v.entity = entity.name;
  v.field = std::move(field);
  return v;
}

}  // namespace

void checkProhibitions(Vault& vault, const EntityType& entity, const Row& row) {
  for (const Prohibition& one : entity.prohibitions) {
    bool is = false;
    nlohmann::json detail = {{"is", one.when}};
    {
      Query q =
          vault.database().query("SELECT " + (one.count.empty() ? "1" : one.count) + " FROM " +
                                 identifier(entity.name) + " WHERE id=?1 AND _gone IS NULL AND (" + one.when + ")");
      q.with(row.id);
      is = q.step();
      if (is && !one.count.empty()) detail["count"] = q->integer(0);
    }
    Violation v = violationOf(entity, row, one.name, one.field);
    v.rule = one.article;
    v.detail = detailText(detail);
    if (!is || !one.count.empty()) settle(vault, v.kind, v.record, v.field);
    if (is) note(vault, std::move(v), {});
  }
}

void checkClash(Vault& vault, const EntityType& entity, const Field& field, const Row& row, const Register& before,
                const Register& now) {
  // What stands now, not what stood on the way: so that it is the same in whatever order things came.
  if (clashes(before)) settle(vault, field.clash, row.id, field.name);
  if (!clashes(now)) return;
  for (std::size_t i = 0; i < now.siblings.size(); ++i)
    for (std::size_t j = i + 1; j < now.siblings.size(); ++j) {
      const Sibling *a = &now.siblings[i], *b = &now.siblings[j];
      Dot first{vault.authorOf(a->dot.author), a->dot.lamport}, second{vault.authorOf(b->dot.author), b->dot.lamport};
      if (second < first) {
        std::swap(first, second);
        std::swap(a, b);
      }
      Violation v = violationOf(entity, row, field.clash, field.name);
      v.rule = entity.article;
      v.detail = detailText({{"sites", {first.author.site.text(), second.author.site.text()}},
                             {"values", {jsonOf(field, a->value), jsonOf(field, b->value)}}});
      Bytes cause;
      Writer w(cause);
      w.dot(first);
      w.dot(second);
      note(vault, std::move(v), cause);
    }
}

}  // namespace cinnabar
