#include "schema/check.h"

#include <algorithm>

#include "schema/entity.h"

namespace cinnabar {
namespace {

bool counts(Kind kind) {
  return kind == Kind::integer || kind == Kind::money || kind == Kind::minutes || kind == Kind::metres ||
         kind == Kind::millilitres;
}

}  // namespace

void checkField(const EntityType& entity, const Field& f) {
  const std::string where = entity.name + "." + f.name;
  switch (f.merge) {
    case MergeClass::counter:
      if (!counts(f.type.kind)) failSchema(where, "a counter is a whole number");
      break;
    case MergeClass::addWins:
      if (f.type.kind != Kind::list) failSchema(where, "a set is a list");
      break;
    case MergeClass::appendOnly:
      if (f.type.kind != Kind::list && f.type.kind != Kind::text)
        failSchema(where, "what only grows is a list or a text");
      break;
    case MergeClass::state:
      if (f.type.kind != Kind::enumeration) failSchema(where, "a state is an enum");
      break;
    case MergeClass::ratchet:
      if (f.type.kind != Kind::enumeration && f.type.kind != Kind::instant && f.type.kind != Kind::date &&
          f.type.kind != Kind::boolean && !counts(f.type.kind))
        failSchema(where, "a ratchet needs an order");
      break;
    default: break;
  }
  if (f.earliest && f.merge != MergeClass::ratchet) failSchema(where, "$earliest is for a ratchet");
  if (f.least && !counts(f.type.kind)) failSchema(where, "$least is for a whole number");
  if (f.most && !counts(f.type.kind) && f.type.kind != Kind::list)
    failSchema(where, "$most is for a whole number or a list");
  if (f.least && f.most && *f.least > *f.most) failSchema(where, "$least is above $most");
  if (!f.format.empty() && f.type.kind != Kind::text) failSchema(where, "$format is for a text");
  if (!f.unit.empty() && !counts(f.type.kind)) failSchema(where, "$unit is for a whole number");
  if (!f.clash.empty() && f.merge != MergeClass::conflict && f.merge != MergeClass::state)
    failSchema(where, "$clash is for a conflict or a state");
  if (f.search && f.type.kind != Kind::text) failSchema(where, "only a text is searched");
}

// A record may have several states, each with a machine of its own; the one named `state`, or the only
// one, is the record's.
void checkMachines(EntityType& entity) {
  std::vector<const Field*> machines;
  for (const Field& field : entity.fields)
    if (field.merge == MergeClass::state) machines.push_back(&field);
  if (machines.size() == 1) entity.stateField = machines.front()->name;
  for (const Field* field : machines)
    if (field->name == "state") entity.stateField = field->name;
  if (machines.empty() && !entity.transitions.empty()) failSchema(entity.name, "it has a $machine but no state");
  if (!machines.empty() && entity.stateField.empty())
    failSchema(entity.name, "it has several states and none named `state`");

  for (Transition& t : entity.transitions) {
    if (t.field.empty()) t.field = entity.stateField;
    const Field* field = entity.find(t.field);
    if (field == nullptr || field->merge != MergeClass::state)
      failSchema(entity.name, "$machine names no state: " + t.field);
    for (const std::string& s : {t.from, t.to})
      if (std::find(field->type.values.begin(), field->type.values.end(), s) == field->type.values.end())
        failSchema(entity.name, "$machine names an unknown state: " + s);
  }
  for (const Field* field : machines)
    if (std::none_of(entity.transitions.begin(), entity.transitions.end(),
                     [&](const Transition& t) { return t.field == field->name; }))
      failSchema(entity.name, "its " + field->name + " needs a $machine");
  if (machines.empty() && !entity.initialStates.empty()) failSchema(entity.name, "$initial needs a state");
  for (const std::string& s : entity.initialStates) {
    const std::vector<std::string>& states = entity.find(entity.stateField)->type.values;
    if (std::find(states.begin(), states.end(), s) == states.end())
      failSchema(entity.name, "$initial names an unknown state: " + s);
  }
}

void checkNumbering(EntityType& entity) {
  for (const NumberForm::Piece& piece : entity.numberForm.pieces) {
    if (piece.kind != NumberForm::Piece::Kind::field) continue;
    const Field* field = entity.find(piece.text);
    if (field == nullptr || (field->type.kind != Kind::text && field->type.kind != Kind::enumeration) ||
        field->name == entity.seriesField)
      failSchema(entity.name, "$numberForm names no text or enum of the record: " + piece.text);
  }
  if (entity.numberWhen.empty()) return;
  const Field* state = entity.find(entity.stateField);
  if (state == nullptr ||
      std::find(state->type.values.begin(), state->type.values.end(), entity.numberWhen) == state->type.values.end())
    failSchema(entity.name, "$numberWhen names an unknown state: " + entity.numberWhen);
  std::vector<std::string>& before = entity.beforeNumber;
  const auto isBefore = [&](const std::string& s) {
    return std::find(before.begin(), before.end(), s) != before.end();
  };
  for (bool more = true; more;) {
    more = false;
    for (const Transition& t : entity.transitions) {
      if (t.field != entity.stateField || t.from == entity.numberWhen || isBefore(t.from)) continue;
      if (t.to != entity.numberWhen && !isBefore(t.to)) continue;
      before.push_back(t.from);
      more = true;
    }
  }
}

}  // namespace cinnabar
