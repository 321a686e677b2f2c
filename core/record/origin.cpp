#include "core/record/origin.h"

#include "core/base/instant.h"
#include "core/record/violation.h"

namespace cinnabar {

Value storedForm(const Origin& origin) {
  Bytes out(origin.site.bytes.begin(), origin.site.bytes.end());
  for (const MoveId& move : origin.moves) append(out, move.view());
  return out;
}

std::optional<Origin> parseOrigin(const Value& value) {
  const auto* bytes = std::get_if<Bytes>(&value);
  if (bytes == nullptr || bytes->size() < 32 || bytes->size() % 16 != 0 || bytes->size() > 16 * (mostMoves + 1))
    return std::nullopt;
  Origin out;
  const BytesView view(*bytes);
  out.site = *SiteId::of(view.first(16));
  for (std::size_t at = 16; at < view.size(); at += 16) out.moves.push_back(*MoveId::of(view.subspan(at, 16)));
  return out;
}

void noteMovedAtOnce(Vault& vault, const Row& row) {
  settle(vault, std::string(movedAtOnce), row.id, "");
  const EntityType* entity = vault.catalog().findTag(entityTagOf(row.id));
  Violation v;
  v.compartment = row.compartment;
  v.kind = movedAtOnce;
  v.record = row.id;
  v.entity = entity == nullptr ? "" : entity->name;
  v.rule = "the higher of two labels stands";
  v.detail = "{}";
  note(vault, std::move(v), {});
}

std::string classifiedOn(const Row& row) {
  if (const auto kept = row.kept.find(sinceRegister); kept != row.kept.end() && !kept->second.siblings.empty())
    if (const auto* text = std::get_if<std::string>(&kept->second.siblings.front().value); text && isDate(*text))
      return *text;
  constexpr int offset_minutes = 480;
  return dateOf(Now{createdMsOf(row.id), offset_minutes});
}

std::optional<Origin> originOf(const Row& row) {
  const auto kept = row.kept.find(originRegister);
  if (kept == row.kept.end() || kept->second.siblings.empty()) return std::nullopt;
  return parseOrigin(kept->second.siblings.front().value);
}

}  // namespace cinnabar
