#include "schema/catalog.h"

#include <capnp/dynamic.h>
#include <capnp/message.h>
#include <capnp/schema-loader.h>
#include <capnp/schema.capnp.h>
#include <capnp/serialize.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <set>

#include "schema/annotation_ids.h"
#include "schema/built_in.h"

namespace cinnabar {
namespace {

constexpr std::size_t longestSchema_bytes = std::size_t{16} << 20;

constexpr std::array<std::string_view, 15> kindWords = {"text", "bool", "int", "money", "date", "instant", "minutes",
                                                        "metres", "millilitres", "label", "blob", "enum", "ref", "list",
                                                        "struct"};
constexpr std::array<std::string_view, 8> mergeWords = {"lastWriter", "conflict", "ratchet", "counter",
                                                        "addWins", "appendOnly", "owner", "state"};

[[noreturn]] void fail(const std::string& where, const std::string& why) { throw SchemaError(where + ": " + why); }

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
  std::optional<capnp::schema::Value::Reader> find(std::uint64_t id) const {
    for (const auto annotation : list_)
      if (annotation.getId() == id) return annotation.getValue();
    return std::nullopt;
  }

 private:
  capnp::List<capnp::schema::Annotation>::Reader list_;
};

// The loader names what it is checking when a check fails; a name that cannot be read then fails while it is being
// told, again and again until the stack ends. So they are all read first.
void readNames(capnp::schema::Node::Reader node) {
  node.getDisplayName();
  if (node.isStruct())
    for (const auto field : node.getStruct().getFields()) field.getName();
  if (node.isEnum())
    for (const auto enumerant : node.getEnum().getEnumerants()) enumerant.getName();
  if (node.isInterface())
    for (const auto method : node.getInterface().getMethods()) method.getName();
}

std::vector<std::string> wordsOf(capnp::EnumSchema schema) {
  std::vector<std::string> out;
  for (const auto enumerant : schema.getEnumerants()) out.emplace_back(enumerant.getProto().getName().cStr());
  return out;
}

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
      if (out.kind == Kind::reference && out.target.empty()) fail(where, "bytes need $ref or $blob");
      return out;
    case capnp::schema::Type::ENUM: {
      const std::vector<std::string> words = wordsOf(type.asEnum());
      if (words.empty() || words.front() != "unset") fail(where, "an enum begins with `unset`");
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
    default: fail(where, "a type that no record has");
  }
}

Field fieldOf(const EntityType& entity, capnp::StructSchema::Field schema) {
  const Annotations a(schema.getProto().getAnnotations());
  Field out;
  out.name = schema.getProto().getName().cStr();
  const std::string where = entity.name + "." + out.name;
  if (!schema.getProto().isSlot() || !schema.getProto().getOrdinal().isExplicit()) fail(where, "groups and unions are not fields");
  out.number = schema.getProto().getOrdinal().getExplicit();
  out.title = a.text(annotation::title);
  if (out.title.empty()) fail(where, "it has no Chinese title");
  out.type = typeOf(where, schema.getType(), a);
  out.merge = static_cast<MergeClass>(std::min<std::size_t>(a.enumerant(annotation::merge), mergeWords.size() - 1));
  out.required = a.has(annotation::required);
  out.search = a.has(annotation::search);
  out.indexed = a.has(annotation::indexed);
  out.computed = a.has(annotation::computed);
  out.owner = out.merge == MergeClass::owner || a.has(annotation::ownerOnly);
  out.earliest = a.has(annotation::earliest);
  out.article = a.text(annotation::article);
  return out;
}

bool counts(Kind kind) {
  return kind == Kind::integer || kind == Kind::money || kind == Kind::minutes || kind == Kind::metres || kind == Kind::millilitres;
}

void checkField(const EntityType& entity, const Field& f) {
  const std::string where = entity.name + "." + f.name;
  switch (f.merge) {
    case MergeClass::counter:
      if (!counts(f.type.kind)) fail(where, "a counter is a whole number");
      break;
    case MergeClass::addWins:
      if (f.type.kind != Kind::list) fail(where, "a set is a list");
      break;
    case MergeClass::appendOnly:
      if (f.type.kind != Kind::list && f.type.kind != Kind::text) fail(where, "what only grows is a list or a text");
      break;
    case MergeClass::state:
      if (f.type.kind != Kind::enumeration) fail(where, "a state is an enum");
      break;
    case MergeClass::ratchet:
      if (f.type.kind != Kind::enumeration && f.type.kind != Kind::instant && f.type.kind != Kind::boolean && !counts(f.type.kind))
        fail(where, "a ratchet needs an order");
      break;
    default: break;
  }
  if (f.earliest && f.merge != MergeClass::ratchet) fail(where, "$earliest is for a ratchet");
  if (f.search && f.type.kind != Kind::text) fail(where, "only a text is searched");
}

std::string hexOf(const unsigned char* bytes, std::size_t size) {
  std::string out(size * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), bytes, size);
  out.pop_back();
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

}  // namespace

std::string_view wordOf(Kind kind) { return kindWords[static_cast<std::size_t>(kind)]; }
std::string_view wordOf(MergeClass merge) { return mergeWords[static_cast<std::size_t>(merge)]; }

const Field* EntityType::find(std::string_view fieldName) const {
  const auto found = byName.find(std::string(fieldName));
  return found == byName.end() ? nullptr : &fields[found->second];
}

const Field* EntityType::find(FieldNumber number) const {
  const auto found = byNumber.find(number);
  return found == byNumber.end() ? nullptr : &fields[found->second];
}

struct Catalog::Loaded {
  capnp::SchemaLoader loader;
  std::unordered_map<std::uint64_t, capnp::StructSchema> structs;
};

Catalog::Catalog() : loaded_(std::make_unique<Loaded>()) {}
Catalog::~Catalog() = default;

namespace {

void readMachine(EntityType& entity, const Annotations& a, capnp::SchemaLoader& loader, std::uint64_t stepId) {
  const auto value = a.find(annotation::machine);
  if (!value) return;
  const auto steps = value->getList().getAs<capnp::DynamicList>(capnp::ListSchema::of(loader.get(stepId).asStruct()));
  for (const auto element : steps) {
    const auto step = element.as<capnp::DynamicStruct>();
    const auto text = [&](const char* name) { return std::string(step.get(name).as<capnp::Text>().cStr()); };
    entity.transitions.push_back({text("from"), text("to"), text("who"), text("article"), step.get("reason").as<bool>()});
  }
}

void readIndexes(EntityType& entity, const Annotations& a) {
  const auto value = a.find(annotation::index);
  if (!value) return;
  for (const auto text : value->getList().getAs<capnp::List<capnp::Text>>()) {
    std::vector<FieldNumber> numbers;
    const std::string names(text.cStr());
    for (std::size_t at = 0; at <= names.size();) {
      const std::size_t comma = std::min(names.find(',', at), names.size());
      const Field* field = entity.find(names.substr(at, comma - at));
      if (field == nullptr) fail(entity.name, "$index names an unknown field: " + names);
      numbers.push_back(field->number);
      at = comma + 1;
    }
    entity.indexes.push_back(std::move(numbers));
  }
}

void checkMachine(EntityType& entity) {
  for (const Field& field : entity.fields) {
    if (field.merge != MergeClass::state) continue;
    if (!entity.stateField.empty()) fail(entity.name, "it has two states: " + entity.stateField + " and " + field.name);
    entity.stateField = field.name;
  }
  if (entity.stateField.empty()) {
    if (!entity.transitions.empty()) fail(entity.name, "it has a $machine but no state");
    return;
  }
  const std::vector<std::string>& states = entity.find(entity.stateField)->type.values;
  if (entity.transitions.empty()) fail(entity.name, "its state needs a $machine");
  for (const Transition& t : entity.transitions)
    for (const std::string& s : {t.from, t.to})
      if (std::find(states.begin(), states.end(), s) == states.end()) fail(entity.name, "$machine names an unknown state: " + s);
}

EntityType entityOf(capnp::StructSchema schema, capnp::SchemaLoader& loader, std::uint64_t stepId,
                    const std::vector<std::string>& levels) {
  const auto proto = schema.getProto();
  const Annotations a(proto.getAnnotations());
  EntityType e;
  e.typeId = proto.getId();
  e.tag = tagOf(e.typeId);
  const std::string full(proto.getDisplayName().cStr());
  e.name = full.substr(full.find_last_of(":.") + 1);
  e.title = a.text(annotation::entity);
  if (e.title.empty()) fail(e.name, "it has no Chinese title");
  e.regulation = a.text(annotation::regulation);
  e.article = a.text(annotation::article);
  e.kind = a.text(annotation::kind);
  const std::uint16_t level = a.enumerant(annotation::label);
  e.defaultLabel = level == 0 || level >= levels.size() ? "internal" : levels[level];
  e.series = a.text(annotation::series);
  e.keep = a.text(annotation::keep);
  e.owner = a.text(annotation::ownerUnit);
  e.ownedByOffice = a.has(annotation::ownedByOffice);

  for (const auto field : schema.getFields()) {
    e.fields.push_back(fieldOf(e, field));
    const Annotations on(field.getProto().getAnnotations());
    if (on.has(annotation::key)) e.key.push_back(e.fields.back().number);
    if (on.has(annotation::numbered)) e.seriesField = e.fields.back().name;
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
    if (!e.byName.emplace(e.fields[i].name, i).second) fail(e.name, "two fields are named " + e.fields[i].name);
    e.byNumber.emplace(e.fields[i].number, i);
  }
  if (!e.seriesField.empty() && e.series.empty()) fail(e.name, "$numbered needs $series");
  readIndexes(e, a);
  readMachine(e, a, loader, stepId);
  checkMachine(e);
  return e;
}

void addType(std::string& out, const ValueType& type) {
  out += wordOf(type.kind);
  for (const std::string& v : type.values) out += "," + v;
  out += ">" + type.target;
  if (type.item) addType(out, *type.item);
  for (const Member& m : type.members) {
    out += m.name;
    addType(out, m.type);
  }
}

// Also over what decides tables: a new index is a new schema.
std::string hashOf(const std::vector<EntityType>& entities) {
  std::vector<const EntityType*> sorted;
  for (const EntityType& e : entities) sorted.push_back(&e);
  std::sort(sorted.begin(), sorted.end(), [](const auto* x, const auto* y) { return x->name < y->name; });
  std::string all;
  for (const EntityType* e : sorted) {
    all += "\n" + e->name + "#" + std::to_string(e->typeId);
    for (const Field& f : e->fields) {
      all += "\n" + std::to_string(f.number) + f.name + "/" + std::string(wordOf(f.merge)) + (f.indexed ? "i" : "") + ":";
      addType(all, f.type);
    }
    for (const auto& index : e->indexes) {
      all += "|";
      for (const FieldNumber n : index) all += std::to_string(n) + ",";
    }
  }
  unsigned char digest[16];
  crypto_generichash(digest, sizeof digest, reinterpret_cast<const unsigned char*>(all.data()), all.size(), nullptr, 0);
  return hexOf(digest, sizeof digest);
}

}  // namespace

std::shared_ptr<const Catalog> Catalog::load(std::span<const std::span<const std::uint8_t>> requests) {
  const std::shared_ptr<Catalog> catalog(new Catalog());
  capnp::SchemaLoader& loader = catalog->loaded_->loader;
  std::set<std::uint64_t> structs;
  std::uint64_t stepId = 0;
  std::vector<std::string> levels;
  try {
    std::vector<std::uint64_t> inOrder;
    for (const auto request : requests) {
      if (request.size() > longestSchema_bytes || request.size() % sizeof(capnp::word) != 0)
        fail("schema", "it is no compiled schema of at most 16 MiB");
      auto words = kj::heapArray<capnp::word>(request.size() / sizeof(capnp::word));
      if (!request.empty()) std::memcpy(words.begin(), request.data(), request.size());
      capnp::ReaderOptions options;
      options.traversalLimitInWords = longestSchema_bytes;
      capnp::FlatArrayMessageReader reader(words, options);
      for (const auto node : reader.getRoot<capnp::schema::CodeGeneratorRequest>().getNodes()) {
        readNames(node);
        loader.load(node);
        if (node.isStruct() && structs.insert(node.getId()).second) inOrder.push_back(node.getId());
        if (node.isAnnotation() && node.getId() == annotation::machine)
          stepId = node.getAnnotation().getType().getList().getElementType().getStruct().getTypeId();
        if (node.isAnnotation() && node.getId() == annotation::label) {
          const auto id = node.getAnnotation().getType().getEnum().getTypeId();
          KJ_IF_MAYBE(schema, loader.tryGet(id)) levels = wordsOf(schema->asEnum());
          else for (const auto other : reader.getRoot<capnp::schema::CodeGeneratorRequest>().getNodes())
            if (other.getId() == id) { loader.load(other); levels = wordsOf(loader.get(id).asEnum()); }
        }
      }
    }
    for (const std::uint64_t id : inOrder) {
      const capnp::StructSchema schema = loader.get(id).asStruct();
      if (!Annotations(schema.getProto().getAnnotations()).has(annotation::entity)) continue;
      catalog->entities_.push_back(entityOf(schema, loader, stepId, levels));
      catalog->loaded_->structs.emplace(id, schema);
    }
  } catch (const kj::Exception& error) {
    fail("schema", std::string("it cannot be read: ") + error.getDescription().cStr());
  }
  std::sort(catalog->entities_.begin(), catalog->entities_.end(),
            [](const EntityType& x, const EntityType& y) { return x.name < y.name; });
  for (std::size_t i = 0; i < catalog->entities_.size(); ++i) {
    const EntityType& e = catalog->entities_[i];
    if (!catalog->byName_.emplace(e.name, i).second) fail(e.name, "two entities have this name");
    if (!catalog->byTag_.emplace(e.tag, i).second) fail(e.name, "its id gives the same tag as another's: give it another id");
  }
  catalog->hash_ = hashOf(catalog->entities_);
  return catalog;
}

std::shared_ptr<const Catalog> Catalog::builtIn() {
  static const std::shared_ptr<const Catalog> catalog = [] {
    const std::array<std::span<const std::uint8_t>, 1> requests = {builtInSchema()};
    return load(requests);
  }();
  return catalog;
}

std::shared_ptr<const Catalog> Catalog::withHostSchema(std::span<const std::uint8_t> compiled) {
  const std::array<std::span<const std::uint8_t>, 2> requests = {builtInSchema(), compiled};
  return load(requests);
}

const EntityType* Catalog::find(std::string_view name) const {
  const auto found = byName_.find(name);
  return found == byName_.end() ? nullptr : &entities_[found->second];
}

const EntityType* Catalog::findTag(std::uint32_t tag) const {
  const auto found = byTag_.find(tag);
  return found == byTag_.end() ? nullptr : &entities_[found->second];
}

capnp::StructSchema Catalog::structOf(const EntityType& entity) const { return loaded_->structs.at(entity.typeId); }

}  // namespace cinnabar
