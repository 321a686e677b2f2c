#include "schema/catalog.h"

#include <capnp/message.h>
#include <capnp/schema-loader.h>
#include <capnp/schema.capnp.h>
#include <capnp/serialize.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>

#include "schema/annotation_ids.h"
#include "schema/built_in.h"
#include "schema/entity.h"

namespace cinnabar {
namespace {

constexpr std::size_t longestSchema_bytes = std::size_t{16} << 20;

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

std::string hexOf(const unsigned char* bytes, std::size_t size) {
  std::string out(size * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), bytes, size);
  out.pop_back();
  return out;
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

// Also over what decides tables and judgements: a new index or a new step of a machine is a new schema.
std::string hashOf(const std::vector<EntityType>& entities) {
  std::vector<const EntityType*> sorted;
  sorted.reserve(entities.size());
  for (const EntityType& e : entities) sorted.push_back(&e);
  std::sort(sorted.begin(), sorted.end(), [](const auto* x, const auto* y) { return x->name < y->name; });
  std::string all;
  for (const EntityType* e : sorted) {
    all += "\n" + e->name + "#" + std::to_string(e->typeId);
    for (const Field& f : e->fields) {
      all +=
          "\n" + std::to_string(f.number) + f.name + "/" + std::string(wordOf(f.merge)) + (f.indexed ? "i" : "") + ":";
      addType(all, f.type);
    }
    for (const Transition& t : e->transitions) all += "|" + t.field + ":" + t.from + ">" + t.to;
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

struct Catalog::Loaded {
  capnp::SchemaLoader loader;
  std::unordered_map<std::uint64_t, capnp::StructSchema> structs;
};

Catalog::Catalog() : loaded_(std::make_unique<Loaded>()) {}
Catalog::~Catalog() = default;

std::shared_ptr<const Catalog> Catalog::load(std::span<const std::span<const std::uint8_t>> requests) {
  const std::shared_ptr<Catalog> catalog(new Catalog());
  capnp::SchemaLoader& loader = catalog->loaded_->loader;
  std::set<std::uint64_t> structs;
  AnnotationTypes types;
  try {
    std::vector<std::uint64_t> inOrder;
    for (const auto request : requests) {
      if (request.size() > longestSchema_bytes || request.size() % sizeof(capnp::word) != 0)
        failSchema("schema", "it is no compiled schema of at most 16 MiB");
      auto words = kj::heapArray<capnp::word>(request.size() / sizeof(capnp::word));
      if (!request.empty()) std::memcpy(words.begin(), request.data(), request.size());
      capnp::ReaderOptions options;
      options.traversalLimitInWords = longestSchema_bytes;
      capnp::FlatArrayMessageReader reader(words, options);
      for (const auto node : reader.getRoot<capnp::schema::CodeGeneratorRequest>().getNodes()) {
        readNames(node);
        loader.load(node);
        if (node.isStruct() && structs.insert(node.getId()).second) inOrder.push_back(node.getId());
        const auto structsOf = [&](std::uint64_t list, std::uint64_t& id) {
          if (node.isAnnotation() && node.getId() == list)
            id = node.getAnnotation().getType().getList().getElementType().getStruct().getTypeId();
        };
        structsOf(annotation::machine, types.step);
        structsOf(annotation::prohibited, types.prohibition);
        structsOf(annotation::barred, types.bar);
        structsOf(annotation::needed, types.need);
        if (node.isAnnotation() && node.getId() == annotation::label) {
          const auto id = node.getAnnotation().getType().getEnum().getTypeId();
          KJ_IF_MAYBE (schema, loader.tryGet(id))
            types.levels = enumerantsOf(schema->asEnum());
          else
            for (const auto other : reader.getRoot<capnp::schema::CodeGeneratorRequest>().getNodes())
              if (other.getId() == id) {
                readNames(other);
                loader.load(other);
                types.levels = enumerantsOf(loader.get(id).asEnum());
              }
        }
      }
    }
    for (const std::uint64_t id : inOrder) {
      const capnp::StructSchema schema = loader.get(id).asStruct();
      if (!isEntity(schema)) continue;
      catalog->entities_.push_back(entityOf(schema, loader, types));
      catalog->loaded_->structs.emplace(id, schema);
    }
  } catch (const kj::Exception& error) {
    failSchema("schema", std::string("it cannot be read: ") + error.getDescription().cStr());
  }
  std::sort(catalog->entities_.begin(), catalog->entities_.end(),
            [](const EntityType& x, const EntityType& y) { return x.name < y.name; });
  for (std::size_t i = 0; i < catalog->entities_.size(); ++i) {
    const EntityType& e = catalog->entities_[i];
    if (!catalog->byName_.emplace(e.name, i).second) failSchema(e.name, "two entities have this name");
    if (!catalog->byTag_.emplace(e.tag, i).second)
      failSchema(e.name, "its id gives the same tag as another's: give it another id");
  }
  for (const EntityType& e : catalog->entities_)
    for (const Bar& bar : e.bars) catalog->barsRaised_[bar.entity].push_back(&bar);
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

std::span<const Bar* const> Catalog::barsRaisedBy(const EntityType& entity) const {
  const auto found = barsRaised_.find(entity.name);
  if (found == barsRaised_.end()) return {};
  return found->second;
}

capnp::StructSchema Catalog::structOf(const EntityType& entity) const { return loaded_->structs.at(entity.typeId); }

}  // namespace cinnabar
