#include "schema/entity.h"

#include <capnp/dynamic.h>
#include <capnp/schema.capnp.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

#include "schema/annotation_ids.h"
#include "schema/check.h"

namespace cinnabar {
namespace {

constexpr std::array<std::string_view, 15> kindWords = {"text",    "bool",    "int",    "money",       "date",
                                                        "instant", "minutes", "metres", "millilitres", "label",
                                                        "blob",    "enum",    "ref",    "list",        "struct"};
constexpr std::array<std::string_view, 8> mergeWords = {"lastWriter", "conflict",   "ratchet", "counter",
                                                        "addWins",    "appendOnly", "owner",   "state"};

// The annotations of one node or field.
class Annotations {
 public:
  explicit Annotations(capnp::List<capnp::schema::Annotation>::Reader list) : list_(list) {}

  bool has(std::uint64_t id) const { return find(id).has_value(); }
  std::string text(std::uint64_t id) const {
    const auto found = find(id);
    return found ? std::string(found->getText().cStr()) : std::string();
  }
  std::uint16_t enumerant(std::uint64_t id) const {
    const auto found = find(id);
    return found ? found->getEnum() : std::uint16_t{0};
  }
  std::optional<std::int64_t> number(std::uint64_t id) const {
    const auto found = find(id);
    return found ? std::optional(found->getInt64()) : std::nullopt;
  }
  std::vector<std::string> texts(std::uint64_t id) const {
    std::vector<std::string> out;
    if (const auto found = find(id))
      for (const auto text : found->getList().getAs<capnp::List<capnp::Text>>()) out.emplace_back(text.cStr());
    return out;
  }
  std::optional<capnp::schema::Value::Reader> find(std::uint64_t id) const {
    for (const auto annotation : list_)
      if (annotation.getId() == id) return annotation.getValue();
    return std::nullopt;
  }

 private:
  capnp::List<capnp::schema::Annotation>::Reader list_;
};

ValueType typeOf(const std::string& where, capnp::Type type, const Annotations& a);

ValueType structureOf(const std::string& where, capnp::StructSchema schema) {
  ValueType out;
  out.kind = Kind::structure;
  for (const auto field : schema.getFields()) {
    const Annotations a(field.getProto().getAnnotations());
    Member member;
    member.name = field.getProto().getName().cStr();
    member.title = a.text(annotation::title);
    member.type = typeOf(where + "." + member.name, field.getType(), a);
    out.members.push_back(std::move(member));
  }
  return out;
}

ValueType typeOf(const std::string& where, capnp::Type type, const Annotations& a) {
  ValueType out;
  switch (type.which()) {
    case capnp::schema::Type::TEXT:
      out.kind = a.has(annotation::date) ? Kind::date : a.has(annotation::instant) ? Kind::instant : Kind::text;
      return out;
    case capnp::schema::Type::INT64:
      out.kind = a.has(annotation::money)         ? Kind::money
                 : a.has(annotation::minutes)     ? Kind::minutes
                 : a.has(annotation::metres)      ? Kind::metres
                 : a.has(annotation::millilitres) ? Kind::millilitres
                                                  : Kind::integer;
      return out;
    case capnp::schema::Type::DATA:
      out.kind = a.has(annotation::blob) ? Kind::blob : Kind::reference;
      out.target = a.text(annotation::ref);
      if (out.kind == Kind::reference && out.target.empty()) failSchema(where, "bytes need $ref or $blob");
      return out;
    case capnp::schema::Type::ENUM: {
      const std::vector<std::string> words = enumerantsOf(type.asEnum());
      if (words.empty() || words.front() != "unset") failSchema(where, "an enum begins with `unset`");
      if (words == std::vector<std::string>{"unset", "no", "yes"}) {
        out.kind = Kind::boolean;
      } else {
        out.kind = Kind::enumeration;
        out.values.assign(words.begin() + 1, words.end());
      }
      return out;
    }
    case capnp::schema::Type::LIST:
      out.kind = Kind::list;
      out.item = std::make_shared<const ValueType>(typeOf(where, type.asList().getElementType(), a));
      return out;
    case capnp::schema::Type::STRUCT: return structureOf(where, type.asStruct());
    default: failSchema(where, "a type that no record has");
  }
}

Field fieldOf(const EntityType& entity, capnp::StructSchema::Field schema) {
  const Annotations a(schema.getProto().getAnnotations());
  Field out;
  out.name = schema.getProto().getName().cStr();
  const std::string where = entity.name + "." + out.name;
  if (!schema.getProto().isSlot() || !schema.getProto().getOrdinal().isExplicit())
    failSchema(where, "groups and unions are not fields");
  out.number = schema.getProto().getOrdinal().getExplicit();
  const auto slot = schema.getProto().getSlot();
  out.slot = slot.getOffset();
  if (slot.getDefaultValue().isInt64()) out.slotDefault = slot.getDefaultValue().getInt64();
  if (slot.getDefaultValue().isEnum() && slot.getDefaultValue().getEnum() != 0)
    failSchema(where, "an enum that is not given is `unset`");
  out.title = a.text(annotation::title);
  if (out.title.empty()) failSchema(where, "it has no Chinese title");
  out.type = typeOf(where, schema.getType(), a);
  out.merge = static_cast<MergeClass>(std::min<std::size_t>(a.enumerant(annotation::merge), mergeWords.size() - 1));
  out.required = a.has(annotation::required);
  out.search = a.has(annotation::search);
  out.indexed = a.has(annotation::indexed);
  out.computed = a.has(annotation::computed);
  out.owner = out.merge == MergeClass::owner || a.has(annotation::ownerOnly);
  out.earliest = a.has(annotation::earliest);
  out.article = a.text(annotation::article);
  out.reading = a.text(annotation::reading);
  out.least = a.number(annotation::least);
  out.most = a.number(annotation::most);
  out.format = a.text(annotation::format);
  out.unit = a.text(annotation::unit);
  out.clash = a.text(annotation::clash);
  try {
    if (!out.format.empty()) out.form = std::make_shared<const TextForm>(out.format);
  } catch (const std::invalid_argument& error) {
    failSchema(where, std::string("$format: ") + error.what());
  }
  return out;
}

std::uint32_t tagOf(std::uint64_t typeId) {
  // Mixed, because the low bits of two ids in one file are not independent enough for 24 bits.
  std::uint64_t x = typeId * 0x9e3779b97f4a7c15ULL;
  x ^= x >> 32;
  return static_cast<std::uint32_t>(x & 0xFFFFFF);
}

Field commonField(FieldNumber number, const char* name, const char* title) {
  Field f;
  f.number = number;
  f.name = name;
  f.title = title;
  return f;
}

void readMachine(EntityType& entity, const Annotations& a, capnp::SchemaLoader& loader, std::uint64_t stepId) {
  const auto value = a.find(annotation::machine);
  if (!value) return;
  const auto steps = value->getList().getAs<capnp::DynamicList>(capnp::ListSchema::of(loader.get(stepId).asStruct()));
  for (const auto element : steps) {
    const auto step = element.as<capnp::DynamicStruct>();
    const auto text = [&](const char* name) { return std::string(step.get(name).as<capnp::Text>().cStr()); };
    entity.transitions.push_back(
        {text("from"), text("to"), text("who"), text("article"), step.get("reason").as<bool>(), text("field")});
  }
}

std::string textIn(capnp::DynamicStruct::Reader from, const char* name) {
  return from.get(name).as<capnp::Text>().cStr();
}

std::vector<std::string> textsIn(capnp::DynamicStruct::Reader from, const char* name) {
  std::vector<std::string> out;
  for (const auto text : from.get(name).as<capnp::DynamicList>()) out.emplace_back(text.as<capnp::Text>().cStr());
  return out;
}

// Calls `each` with the elements of an annotation that is a list of structs.
template <class Each>
void eachOf(const Annotations& a, std::uint64_t annotation, std::uint64_t structId, capnp::SchemaLoader& loader,
            Each each) {
  const auto value = a.find(annotation);
  if (!value) return;
  for (const auto element :
       value->getList().getAs<capnp::DynamicList>(capnp::ListSchema::of(loader.get(structId).asStruct())))
    each(element.as<capnp::DynamicStruct>());
}

void readProhibitions(EntityType& entity, const Annotations& a, capnp::SchemaLoader& loader, std::uint64_t structId) {
  eachOf(a, annotation::prohibited, structId, loader, [&](const capnp::DynamicStruct::Reader& of) {
    Prohibition one{textIn(of, "name"), textIn(of, "when"), textIn(of, "field"), textIn(of, "article"),
                    textIn(of, "count")};
    if (one.name.empty() || one.when.empty()) failSchema(entity.name, "a $prohibited needs a name and a condition");
    if (entity.find(one.field) == nullptr) failSchema(entity.name, "$prohibited names an unknown field: " + one.field);
    entity.prohibitions.push_back(std::move(one));
  });
}

void readBars(EntityType& entity, const Annotations& a, capnp::SchemaLoader& loader, std::uint64_t structId) {
  eachOf(a, annotation::barred, structId, loader, [&](const capnp::DynamicStruct::Reader& of) {
    const std::string by = textIn(of, "by");
    const auto dot = by.find('.');
    if (dot == std::string::npos) failSchema(entity.name, "$barred is by an entity's field: " + by);
    if (entity.stateField.empty()) failSchema(entity.name, "$barred needs a state");
    entity.bars.push_back({textsIn(of, "to"), by.substr(0, dot), by.substr(dot + 1), textsIn(of, "settled"),
                           textIn(of, "show"), textIn(of, "rule"), textIn(of, "article")});
  });
}

void readNeeds(EntityType& entity, const Annotations& a, capnp::SchemaLoader& loader, std::uint64_t structId) {
  eachOf(a, annotation::needed, structId, loader, [&](const capnp::DynamicStruct::Reader& of) {
    const std::string by = textIn(of, "by");
    const auto dot = by.find('.');
    if (dot == std::string::npos) failSchema(entity.name, "$needed is by an entity's field: " + by);
    if (entity.stateField.empty()) failSchema(entity.name, "$needed needs a state");
    entity.needs.push_back({textsIn(of, "to"), textIn(of, "when"), by.substr(0, dot), by.substr(dot + 1),
                            textIn(of, "having"), textIn(of, "what"), textIn(of, "rule"), textIn(of, "article")});
  });
}

void readIndexes(EntityType& entity, const Annotations& a) {
  for (const std::string& names : a.texts(annotation::index)) {
    std::vector<FieldNumber> numbers;
    for (std::size_t at = 0; at <= names.size();) {
      const std::size_t comma = std::min(names.find(',', at), names.size());
      const Field* field = entity.find(names.substr(at, comma - at));
      if (field == nullptr) failSchema(entity.name, "$index names an unknown field: " + names);
      numbers.push_back(field->number);
      at = comma + 1;
    }
    entity.indexes.push_back(std::move(numbers));
  }
}

void markIndexed(EntityType& entity) {
  std::vector<FieldNumber> all = entity.key;
  for (const auto& index : entity.indexes) all.insert(all.end(), index.begin(), index.end());
  for (Field& field : entity.fields) {
    field.inIndex = field.indexed || std::find(all.begin(), all.end(), field.number) != all.end();
    if (field.inIndex && (field.type.kind == Kind::list || field.type.kind == Kind::structure))
      failSchema(entity.name + "." + field.name, "what holds others has no index");
  }
}

// A series gives a number to a text that is indexed, so that one that was given is found again.
void readNumbering(EntityType& entity, const Field& field, const Annotations& a) {
  const std::string where = entity.name + "." + field.name;
  if (!entity.seriesField.empty()) failSchema(where, "a second field is $numbered");
  if (entity.series.empty()) failSchema(where, "$numbered needs $series");
  if (field.type.kind != Kind::text || !field.indexed || !field.owner || field.merge != MergeClass::owner)
    failSchema(where, "$numbered is for an $indexed text of merge class owner");
  entity.seriesField = field.name;
  entity.numberWhen = a.text(annotation::numberWhen);
  const std::string form = a.text(annotation::numberForm);
  try {
    entity.numberForm = NumberForm::parse(form.empty() ? "〔{year}〕{n}号" : form);
  } catch (const std::invalid_argument& error) {
    failSchema(where, std::string("$numberForm: ") + error.what());
  }
}

}  // namespace

void failSchema(const std::string& where, const std::string& why) { throw SchemaError(where + ": " + why); }

std::vector<std::string> enumerantsOf(capnp::EnumSchema schema) {
  std::vector<std::string> out;
  for (const auto enumerant : schema.getEnumerants()) out.emplace_back(enumerant.getProto().getName().cStr());
  return out;
}

bool isEntity(capnp::StructSchema schema) {
  return Annotations(schema.getProto().getAnnotations()).has(annotation::entity);
}

std::string_view wordOf(Kind kind) { return kindWords[static_cast<std::size_t>(kind)]; }
std::string_view wordOf(MergeClass merge) { return mergeWords[static_cast<std::size_t>(merge)]; }

const Field* EntityType::find(std::string_view fieldName) const {
  const auto found = byName.find(std::string(fieldName));
  return found == byName.end() ? nullptr : &fields[found->second];
}

const Field* EntityType::find(FieldNumber number) const {
  if (number < fields.size() && fields[number].number == number) return &fields[number];  // no gap before it
  const auto found = byNumber.find(number);
  return found == byNumber.end() ? nullptr : &fields[found->second];
}

EntityType entityOf(capnp::StructSchema schema, capnp::SchemaLoader& loader, const AnnotationTypes& types) {
  const auto proto = schema.getProto();
  const Annotations a(proto.getAnnotations());
  EntityType e;
  e.typeId = proto.getId();
  e.tag = tagOf(e.typeId);
  e.dataWords = proto.getStruct().getDataWordCount();
  e.pointers = proto.getStruct().getPointerCount();
  const std::string full(proto.getDisplayName().cStr());
  e.name = full.substr(full.find_last_of(":.") + 1);
  e.title = a.text(annotation::entity);
  if (e.title.empty()) failSchema(e.name, "it has no Chinese title");
  e.regulation = a.text(annotation::regulation);
  e.article = a.text(annotation::article);
  e.kind = a.text(annotation::kind);
  const std::uint16_t level = a.enumerant(annotation::label);
  e.defaultLabel = level == 0 || level >= types.levels.size() ? "internal" : types.levels[level];
  e.defaultCircles = a.texts(annotation::circle);
  e.labelRule = a.text(annotation::labelRule);
  e.reading = a.text(annotation::reading);
  e.series = a.text(annotation::series);
  e.keep = a.text(annotation::keep);
  e.owner = a.text(annotation::ownerUnit);
  e.appendOnly = a.has(annotation::appendOnly);
  e.initialStates = a.texts(annotation::initial);
  e.ownedByOffice = a.has(annotation::ownedByOffice);

  for (const auto field : schema.getFields()) {
    e.fields.push_back(fieldOf(e, field));
    const Annotations on(field.getProto().getAnnotations());
    if (on.has(annotation::key)) e.key.push_back(e.fields.back().number);
    if (on.has(annotation::numbered)) readNumbering(e, e.fields.back(), on);
  }
  Field note = commonField(noteField, "note", "备注");
  note.search = true;
  note.merge = MergeClass::conflict;
  Field archived = commonField(archivedField, "archived", "已归档");
  archived.type.kind = Kind::boolean;
  e.fields.push_back(std::move(note));
  e.fields.push_back(std::move(archived));
  std::sort(e.fields.begin(), e.fields.end(), [](const Field& x, const Field& y) { return x.number < y.number; });
  for (std::size_t i = 0; i < e.fields.size(); ++i) {
    checkField(e, e.fields[i]);
    if (!e.byName.emplace(e.fields[i].name, i).second) failSchema(e.name, "two fields are named " + e.fields[i].name);
    e.byNumber.emplace(e.fields[i].number, i);
  }
  for (const Field& f : e.fields)
    if (f.required && !f.computed && f.name != e.seriesField) e.required.push_back(f.number);
  readIndexes(e, a);
  markIndexed(e);
  readMachine(e, a, loader, types.step);
  checkMachines(e);
  checkNumbering(e);
  readProhibitions(e, a, loader, types.prohibition);
  readBars(e, a, loader, types.bar);
  readNeeds(e, a, loader, types.need);
  return e;
}

}  // namespace cinnabar
