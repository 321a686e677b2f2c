#include "schema/reference/reference.h"

namespace cinnabar {
namespace {

void add(std::string& to, const std::string& word) { to += (to.empty() ? "" : "; ") + word; }

}  // namespace

std::string typeInWords(const ValueType& type) {
  switch (type.kind) {
    case Kind::money: return "money (fen)";
    case Kind::reference: return "ref " + type.target;
    case Kind::list: return "list of " + typeInWords(*type.item);
    case Kind::enumeration: {
      std::string out;
      for (const std::string& v : type.values) out += (out.empty() ? "" : " | ") + v;
      return out;
    }
    case Kind::structure: {
      std::string out;
      for (const Member& m : type.members)
        out += (out.empty() ? "" : ", ") + m.name + " " + m.title + " " + typeInWords(m.type);
      return "{" + out + "}";
    }
    default: return std::string(wordOf(type.kind));
  }
}

std::string marksInWords(const Field& field) {
  std::string out;
  if (field.required) add(out, "required");
  if (field.computed) add(out, "computed");
  if (field.merge != MergeClass::lastWriter) add(out, std::string(wordOf(field.merge)));
  if (field.earliest) add(out, field.type.kind == Kind::enumeration ? "first wins" : "earliest wins");
  if (field.owner && field.merge != MergeClass::owner) add(out, "owner");
  if (field.search) add(out, "searched");
  if (field.indexed) add(out, "indexed");
  if (field.least) add(out, "≥ " + std::to_string(*field.least));
  if (field.most) add(out, "≤ " + std::to_string(*field.most));
  if (!field.unit.empty()) add(out, field.unit);
  if (!field.format.empty()) add(out, "as " + field.format);
  if (!field.article.empty()) add(out, field.article);
  if (!field.reading.empty()) add(out, "reading: " + field.reading);
  return out;
}

std::vector<std::string> stepsInWords(const EntityType& entity) {
  std::vector<std::string> out;
  const auto same = [](const Transition& x, const Transition& y) {
    return x.field == y.field && x.to == y.to && x.who == y.who && x.article == y.article && x.reason == y.reason;
  };
  for (std::size_t at = 0; at < entity.transitions.size();) {
    const Transition& first = entity.transitions[at];
    std::string sources, conditions;
    for (; at < entity.transitions.size() && same(first, entity.transitions[at]); ++at)
      sources += (sources.empty() ? "" : ", ") + entity.transitions[at].from;
    if (!first.who.empty()) add(conditions, first.who);
    if (!first.article.empty()) add(conditions, first.article);
    if (first.reason) add(conditions, "with a reason");
    out.push_back((first.field == entity.stateField ? "" : first.field + ": ") + sources + " → " + first.to +
                  (conditions.empty() ? "" : " (" + conditions + ")"));
  }
  return out;
}

}  // namespace cinnabar
