#include "core/record/schema_json.h"

namespace cinnabar {
namespace {

using nlohmann::json;

json typeJson(const ValueType& type) {
  json out = {{"type", wordOf(type.kind)}};
  if (type.kind == Kind::enumeration) out["values"] = type.values;
  if (type.kind == Kind::reference) out["target"] = type.target;
  if (type.kind == Kind::list) out["item"] = typeJson(*type.item);
  if (type.kind == Kind::structure) {
    json members = json::array();
    for (const Member& member : type.members) {
      json m = typeJson(member.type);
      m["name"] = member.name;
      m["title"] = member.title;
      members.push_back(std::move(m));
    }
    out["fields"] = std::move(members);
  }
  return out;
}

json fieldJson(const Field& field) {
  json out = typeJson(field.type);
  out["name"] = field.name;
  out["number"] = field.number;
  out["title"] = field.title;
  out["merge"] = wordOf(field.merge);
  out["required"] = field.required;
  out["computed"] = field.computed;
  out["search"] = field.search;
  out["index"] = field.indexed;
  out["owner"] = field.owner;
  if (field.earliest) out["order"] = "earliest";
  if (field.number >= commonFields) out["common"] = true;
  out["article"] = field.article;
  if (!field.reading.empty()) out["reading"] = field.reading;
  if (field.least) out["least"] = *field.least;
  if (field.most) out["most"] = *field.most;
  if (!field.format.empty()) out["format"] = field.format;
  if (!field.unit.empty()) out["unit"] = field.unit;
  if (!field.clash.empty()) out["clash"] = field.clash;
  return out;
}

}  // namespace

json schemaJson(const EntityType& entity) {
  json out = {{"name", entity.name},
              {"title", entity.title},
              {"regulation", entity.regulation},
              {"article", entity.article},
              {"reading", entity.reading},
              {"label", entity.defaultLabel},
              {"circles", entity.defaultCircles},
              {"labelRule", entity.labelRule},
              {"kind", entity.kind},
              {"series", entity.series},
              {"keep", entity.keep},
              {"owner", entity.owner},
              {"appendOnly", entity.appendOnly}};
  json fields = json::array(), key = json::array();
  for (const Field& field : entity.fields) {
    fields.push_back(fieldJson(field));
    if (field.name != entity.seriesField) continue;
    fields.back()["numbered"] = true;
    if (!entity.numberWhen.empty()) fields.back()["numberedWhen"] = entity.numberWhen;
  }
  for (const FieldNumber number : entity.key) key.push_back(entity.find(number)->name);
  out["fields"] = std::move(fields);
  out["key"] = std::move(key);
  json indexes = json::array();
  for (const auto& numbers : entity.indexes) {
    json names = json::array();
    for (const FieldNumber number : numbers) names.push_back(entity.find(number)->name);
    indexes.push_back(std::move(names));
  }
  out["indexes"] = std::move(indexes);
  const Field* state = entity.find(entity.stateField);
  out["states"] = state == nullptr ? json::array() : json(state->type.values);
  out["stateField"] = entity.stateField;
  out["initial"] = !entity.initialStates.empty() ? json(entity.initialStates)
                   : state == nullptr            ? json::array()
                                                 : json::array({state->type.values.front()});
  json transitions = json::array();
  for (const Transition& t : entity.transitions)
    transitions.push_back({{"field", t.field},
                           {"from", t.from},
                           {"to", t.to},
                           {"who", t.who},
                           {"article", t.article},
                           {"reason", t.reason}});
  out["transitions"] = std::move(transitions);
  json prohibitions = json::array(), bars = json::array(), needs = json::array();
  for (const Prohibition& b : entity.prohibitions)
    prohibitions.push_back({{"name", b.name}, {"when", b.when}, {"field", b.field}, {"article", b.article}});
  for (const Bar& b : entity.bars)
    bars.push_back({{"to", b.to},
                    {"by", b.entity + "." + b.field},
                    {"settled", b.settled},
                    {"rule", b.rule},
                    {"article", b.article}});
  for (const Need& n : entity.needs)
    needs.push_back({{"to", n.to},
                     {"when", n.when},
                     {"by", n.entity + "." + n.field},
                     {"what", n.what},
                     {"rule", n.rule},
                     {"article", n.article}});
  out["needs"] = std::move(needs);
  out["prohibitions"] = std::move(prohibitions);
  out["bars"] = std::move(bars);
  return out;
}

json schemaJson(const Catalog& catalog) {
  json entities = json::array();
  for (const EntityType& entity : catalog.entities()) entities.push_back(schemaJson(entity));
  return {{"version", catalog.version()}, {"hash", catalog.hash()}, {"entities", std::move(entities)}};
}

}  // namespace cinnabar
