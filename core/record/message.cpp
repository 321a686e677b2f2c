#include "core/record/message.h"

#include <capnp/dynamic.h>
#include <capnp/message.h>
#include <capnp/serialize.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/base/instant.h"
#include "core/base/utf8.h"
#include "core/record/json.h"

namespace cinnabar {
namespace {

using nlohmann::json;

constexpr std::int64_t absent = INT64_MIN;
constexpr std::string_view unset = "unset";

json idJson(capnp::Data::Reader data, const std::string& name) {
  const auto id = RecordId::of({data.begin(), data.size()});
  if (!id) throw Error(Code::invalidInput, name + ": a reference has 16 bytes");
  return id->text();
}

json jsonFrom(const ValueType& type, const capnp::DynamicValue::Reader& value, const std::string& name) {
  switch (value.getType()) {
    case capnp::DynamicValue::TEXT: return std::string(value.as<capnp::Text>().cStr());
    case capnp::DynamicValue::DATA: return idJson(value.as<capnp::Data>(), name);
    case capnp::DynamicValue::INT:
    case capnp::DynamicValue::UINT: {
      const auto number = value.as<std::int64_t>();
      return number == absent ? json() : json(number);
    }
    case capnp::DynamicValue::ENUM: {
      KJ_IF_MAYBE (enumerant, value.as<capnp::DynamicEnum>().getEnumerant()) {
        const std::string word(enumerant->getProto().getName().cStr());
        if (word == unset) return nullptr;
        if (type.kind == Kind::boolean) return word == "yes";
        return word;
      }
      throw Error(Code::invalidInput, name + ": an unknown word of a later schema");
    }
    case capnp::DynamicValue::LIST: {
      json out = json::array();
      for (const auto element : value.as<capnp::DynamicList>()) out.push_back(jsonFrom(*type.item, element, name));
      return out;
    }
    case capnp::DynamicValue::STRUCT: {
      json out = json::object();
      const auto reader = value.as<capnp::DynamicStruct>();
      for (const Member& member : type.members) {
        const auto field = reader.getSchema().getFieldByName(member.name);
        if (!reader.has(field)) continue;
        json inner = jsonFrom(member.type, reader.get(field), name);
        if (!inner.is_null()) out[member.name] = std::move(inner);
      }
      return out;
    }
    default: throw Error(Code::invalidInput, name + ": a type that no record has");
  }
}

bool isNumber(Kind kind) {
  return kind == Kind::integer || kind == Kind::money || kind == Kind::minutes || kind == Kind::metres ||
         kind == Kind::millilitres;
}

// Scalars directly; what holds others by way of its JSON, which is how it is stored.
Value valueFrom(const EntityType& entity, const Field& field, const capnp::DynamicValue::Reader& value) {
  switch (value.getType()) {
    case capnp::DynamicValue::TEXT: {
      const auto text = value.as<capnp::Text>();
      const std::string_view view(text.begin(), text.size());
      if (!isUtf8(view)) throw Error(Code::invalidInput, entity.name + "." + field.name + ": it is no UTF-8");
      return valueOf(entity, field, view);
    }
    case capnp::DynamicValue::DATA: {
      const auto data = value.as<capnp::Data>();
      if (data.size() != sizeof(RecordId))
        throw Error(Code::invalidInput, entity.name + "." + field.name + ": a reference has 16 bytes");
      return Bytes(data.begin(), data.end());
    }
    case capnp::DynamicValue::INT:
    case capnp::DynamicValue::UINT: {
      const auto number = value.as<std::int64_t>();
      return number == absent ? Value{} : Value{number};
    }
    case capnp::DynamicValue::ENUM: {
      const unsigned word = value.as<capnp::DynamicEnum>().getRaw();
      if (word == 0) return {};
      if (field.type.kind == Kind::boolean && word <= 2) return std::int64_t{word == 2};
      if (field.type.kind == Kind::enumeration && word <= field.type.values.size()) return field.type.values[word - 1];
      throw Error(Code::invalidInput, entity.name + "." + field.name + ": an unknown word of a later schema");
    }
    default: return valueOf(entity, field, jsonFrom(field.type, value, entity.name + "." + field.name));
  }
}

// An enum's words stand in the order of their numbers, after `unset`.
std::uint16_t numberOf(const Field& field, const std::string& word) {
  const auto at = std::find(field.type.values.begin(), field.type.values.end(), word);
  return at == field.type.values.end() ? std::uint16_t{0}
                                       : static_cast<std::uint16_t>(at - field.type.values.begin() + 1);
}

void fill(capnp::DynamicStruct::Builder to, capnp::StructSchema::Field slot, const Field& field, const Value& value) {
  switch (field.type.kind) {
    case Kind::boolean:
      to.set(slot, capnp::DynamicEnum(slot.getType().asEnum(), std::get<std::int64_t>(value) != 0 ? 2 : 1));
      return;
    case Kind::instant: to.set(slot, capnp::Text::Reader(instantText(std::get<std::int64_t>(value)).c_str())); return;
    case Kind::integer:
    case Kind::money:
    case Kind::minutes:
    case Kind::metres:
    case Kind::millilitres: to.set(slot, std::get<std::int64_t>(value)); return;
    case Kind::reference:
    case Kind::blob: {
      const Bytes& bytes = std::get<Bytes>(value);
      to.set(slot, capnp::Data::Reader(bytes.data(), bytes.size()));
      return;
    }
    case Kind::enumeration:
      to.set(slot, capnp::DynamicEnum(slot.getType().asEnum(), numberOf(field, std::get<std::string>(value))));
      return;
    case Kind::list:
    case Kind::structure: return;  // filled by fillList
    default:
      to.set(slot, capnp::Text::Reader(std::get<std::string>(value).c_str(), std::get<std::string>(value).size()));
  }
}

void fillElement(capnp::DynamicList::Builder list, unsigned at, const ValueType& type, const json& element);

void fillMember(capnp::DynamicStruct::Builder to, const Member& member, const json& value) {
  if (value.is_null()) return;
  const auto slot = to.getSchema().getFieldByName(member.name);
  switch (member.type.kind) {
    case Kind::boolean:
      to.set(slot, capnp::DynamicEnum(slot.getType().asEnum().getEnumerantByName(value.get<bool>() ? "yes" : "no")));
      return;
    case Kind::integer:
    case Kind::money:
    case Kind::minutes:
    case Kind::metres:
    case Kind::millilitres: to.set(slot, value.get<std::int64_t>()); return;
    case Kind::reference:
    case Kind::blob: {
      const auto id = RecordId::parse(value.get<std::string>());
      to.set(slot, capnp::Data::Reader(id->bytes.data(), id->bytes.size()));
      return;
    }
    case Kind::enumeration:
      to.set(slot, capnp::DynamicEnum(slot.getType().asEnum().getEnumerantByName(value.get<std::string>().c_str())));
      return;
    case Kind::list: {
      auto list = to.init(slot, static_cast<unsigned>(value.size())).as<capnp::DynamicList>();
      for (unsigned i = 0; i < list.size(); ++i) fillElement(list, i, *member.type.item, value[i]);
      return;
    }
    case Kind::structure: return;
    default: to.set(slot, capnp::Text::Reader(value.get<std::string>().c_str()));
  }
}

void fillElement(capnp::DynamicList::Builder list, unsigned at, const ValueType& type, const json& element) {
  switch (type.kind) {
    case Kind::reference:
    case Kind::blob: {
      const auto id = RecordId::parse(element.get<std::string>());
      list.set(at, capnp::Data::Reader(id->bytes.data(), id->bytes.size()));
      return;
    }
    case Kind::enumeration: {
      const auto word = list.getSchema().getEnumElementType().findEnumerantByName(element.get<std::string>().c_str());
      KJ_IF_MAYBE (enumerant, word) list.set(at, capnp::DynamicEnum(*enumerant));
      return;
    }
    case Kind::structure: {
      auto inner = list[at].as<capnp::DynamicStruct>();
      for (const Member& member : type.members)
        if (element.contains(member.name)) fillMember(inner, member, element.at(member.name));
      return;
    }
    case Kind::integer:
    case Kind::money:
    case Kind::minutes:
    case Kind::metres:
    case Kind::millilitres: list.set(at, element.get<std::int64_t>()); return;
    default: list.set(at, capnp::Text::Reader(element.get<std::string>().c_str()));
  }
}

}  // namespace

FieldValues valuesOf(const Catalog& catalog, const EntityType& entity, BytesView message) {
  if (message.size() > longestMessage_bytes || message.size() % sizeof(capnp::word) != 0)
    throw Error(Code::invalidInput, "a Cap'n Proto message has whole words, at most 16 MiB");
  // The reader wants aligned words; a caller's bytes may lie anywhere.
  kj::Array<capnp::word> copy;
  kj::ArrayPtr<const capnp::word> words(reinterpret_cast<const capnp::word*>(message.data()),
                                        message.size() / sizeof(capnp::word));
  if (reinterpret_cast<std::uintptr_t>(message.data()) % alignof(capnp::word) != 0) {
    copy = kj::heapArray<capnp::word>(words.size());
    std::memcpy(copy.begin(), message.data(), message.size());
    words = copy;
  }
  try {
    capnp::ReaderOptions options;
    options.traversalLimitInWords = longestMessage_bytes / sizeof(capnp::word) * 2;
    options.nestingLimit = 16;
    capnp::FlatArrayMessageReader reader(words, options);
    const auto root = reader.getRoot<capnp::DynamicStruct>(catalog.structOf(entity));
    const auto slots = root.getSchema().getFields();
    FieldValues out;
    out.reserve(slots.size() + 2);
    for (unsigned i = 0; i < slots.size(); ++i) {
      const Kind kind = entity.fields[i].type.kind;
      const bool inPlace =
          isNumber(kind) || kind == Kind::boolean || kind == Kind::enumeration;  // says itself if it is absent
      if (!inPlace && !root.has(slots[i])) continue;
      Value value = valueFrom(entity, entity.fields[i], root.get(slots[i]));
      if (!isNull(value)) out[entity.fields[i].number] = std::move(value);
    }
    return out;
  } catch (const kj::Exception&) {
    throw Error(Code::invalidInput, "the bytes are no Cap'n Proto message of " + entity.name);
  }
}

Bytes messageOf(const Catalog& catalog, const EntityType& entity, const FieldValues& columns) {
  capnp::word scratch[512] = {};
  capnp::MallocMessageBuilder builder(kj::arrayPtr(scratch, std::size(scratch)));
  auto root = builder.initRoot<capnp::DynamicStruct>(catalog.structOf(entity));
  const auto slots = root.getSchema().getFields();
  for (unsigned i = 0; i < slots.size(); ++i) {
    const Field& field = entity.fields[i];
    const auto column = columns.find(field.number);
    if (column == columns.end() || isNull(column->second)) continue;
    if (field.type.kind == Kind::list) {
      const json elements = json::parse(std::get<std::string>(column->second));
      auto list = root.init(slots[i], static_cast<unsigned>(elements.size())).as<capnp::DynamicList>();
      for (unsigned at = 0; at < list.size(); ++at) fillElement(list, at, *field.type.item, elements[at]);
    } else {
      fill(root, slots[i], field, column->second);
    }
  }
  Bytes out(capnp::computeSerializedSizeInWords(builder) * sizeof(capnp::word));
  kj::ArrayOutputStream stream(kj::arrayPtr(out.data(), out.size()));
  capnp::writeMessage(stream, builder);
  return out;
}

}  // namespace cinnabar
