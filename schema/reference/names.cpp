#include <cctype>
#include <set>

#include "schema/reference/reference.h"

namespace cinnabar {
namespace {

// IncomingDocument, dueAt: INCOMING_DOCUMENT, DUE_AT.
std::string constantOf(const std::string& name) {
  std::string out;
  for (const char c : name) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0 && !out.empty()) out += '_';
    out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return out;
}

std::string defined(const std::string& constant, const std::string& value, const std::string& title) {
  return "#define CNB_" + constant + " \"" + value + "\" /* " + title + " */\n";
}

}  // namespace

std::string namesHeader(const Catalog& catalog) {
  std::set<std::string> entities, taken;
  for (const EntityType& entity : catalog.entities()) entities.insert(constantOf(entity.name));
  std::string out =
      "/* The names of entities and their fields, for cnb_put, cnb_set, cnb_list and SQL. Written from the schema.\n"
      " * CNB_ENTITY is an entity, CNB_ENTITY_FIELD its field; where that is an entity of its own (a meeting's plan\n"
      " * and a MeetingPlan) the field has two underscores: CNB_MEETING__PLAN. */\n"
      "#ifndef CINNABAR_NAMES_H\n#define CINNABAR_NAMES_H\n\n"
      "#define CNB_SCHEMA_HASH \"" +
      catalog.hash() + "\" /* of the schema that this was written from */\n";
  for (const EntityType& entity : catalog.entities()) {
    const std::string name = constantOf(entity.name);
    out += "\n" + defined(name, entity.name, entity.title);
    if (!taken.insert(name).second) throw SchemaError(entity.name + ": two constants have the name CNB_" + name);
    for (const Field& field : entity.fields) {
      std::string constant = name + "_" + constantOf(field.name);
      if (entities.contains(constant)) constant = name + "__" + constantOf(field.name);
      if (!taken.insert(constant).second)
        throw SchemaError(entity.name + "." + field.name + ": two constants have the name CNB_" + constant);
      out += defined(constant, field.name, field.title);
    }
  }
  return out + "\n#endif\n";
}

}  // namespace cinnabar
