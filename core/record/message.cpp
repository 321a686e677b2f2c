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

// Where a message holds a field.
enum class Storage { number, word, pointer };

Storage storageOf(Kind kind) {
  switch (kind) {
    case Kind::integer:
    case Kind::money:
    case Kind::minutes:
    case Kind::metres:
    case Kind::millilitres: return Storage::number;
    case Kind::boolean:
    case Kind::enumeration: return Storage::word;
    default: return Storage::pointer;
  }
}

bool isNested(Kind kind) { return kind == Kind::list || kind == Kind::structure; }

// Zero for what lies beyond the end, as in a message of a schema with fewer fields.
template <class Integer>
Integer dataAt(capnp::Data::Reader data, std::size_t place) {
  Integer out = 0;
  if ((place + 1) * sizeof out <= data.size()) std::memcpy(&out, data.begin() + place * sizeof out, sizeof out);
  return out;
}
template <class Integer>
void putData(capnp::Data::Builder data, std::size_t place, Integer value) {
  std::memcpy(data.begin() + place * sizeof value, &value, sizeof value);
}

Value wordFrom(const EntityType& entity, const Field& field, std::uint16_t word) {
  if (word == 0) return {};
  if (field.type.kind == Kind::boolean && word <= 2) return std::int64_t{word == 2};
  if (field.type.kind == Kind::enumeration && word <= field.type.values.size()) return field.type.values[word - 1];
  throw Error(Code::invalidInput, entity.name + "." + field.name + ": an unknown word of a later schema");
}

Value pointerFrom(const EntityType& entity, const Field& field, capnp::AnyPointer::Reader pointer) {
  if (field.type.kind == Kind::reference || field.type.kind == Kind::blob) {
    const auto bytes = pointer.getAs<capnp::Data>();
    if (bytes.size() != sizeof(RecordId))
      throw Error(Code::invalidInput, entity.name + "." + field.name + ": a reference has 16 bytes");
    return Bytes(bytes.begin(), bytes.end());
  }
  const auto text = pointer.getAs<capnp::Text>();
  const std::string_view view(text.begin(), text.size());
  if (!isUtf8(view)) throw Error(Code::invalidInput, entity.name + "." + field.name + ": it is no UTF-8");
  return valueOf(entity, field, view);
}

// An enum's words stand in the order of their numbers, after `unset`; a truth is a word, too.
std::uint16_t wordOf(const Field& field, const Value& value) {
  if (field.type.kind == Kind::boolean) return std::get<std::int64_t>(value) != 0 ? 2 : 1;
  const std::string& word = std::get<std::string>(value);
  const auto at = std::find(field.type.values.begin(), field.type.values.end(), word);
  return at == field.type.values.end() ? std::uint16_t{0}
                                       : static_cast<std::uint16_t>(at - field.type.values.begin() + 1);
}

void fillPointer(capnp::AnyPointer::Builder to, const Field& field, const Value& value) {
  if (const auto* bytes = std::get_if<Bytes>(&value)) return to.setAs<capnp::Data>({bytes->data(), bytes->size()});
  const auto put = [&](const std::string& text) { to.setAs<capnp::Text>({text.c_str(), text.size()}); };
  if (field.type.kind == Kind::instant)
    put(instantText(std::get<std::int64_t>(value)));
  else
    put(std::get<std::string>(value));
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
    case Kind::enumeration: {
      // A word of a newer schema has no number here: the message leaves it out.
      const auto word = slot.getType().asEnum().findEnumerantByName(value.get<std::string>().c_str());
      KJ_IF_MAYBE (enumerant, word) to.set(slot, capnp::DynamicEnum(*enumerant));
      return;
    }
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

void fillNested(capnp::DynamicStruct::Builder root, unsigned place, const ValueType& type, const std::string& stored) {
  const auto slot = root.getSchema().getFields()[place];
  const json value = json::parse(stored);
  if (type.kind == Kind::list) {
    auto list = root.init(slot, static_cast<unsigned>(value.size())).as<capnp::DynamicList>();
    for (unsigned at = 0; at < list.size(); ++at) fillElement(list, at, *type.item, value[at]);
  } else {
    auto inner = root.init(slot).as<capnp::DynamicStruct>();
    for (const Member& member : type.members)
      if (value.contains(member.name)) fillMember(inner, member, value.at(member.name));
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
    const auto root = reader.getRoot<capnp::AnyStruct>();
    const auto data = root.getDataSection();
    const auto pointers = root.getPointerSection();
    const std::size_t held = entity.fields.size() - commonFieldCount;
    FieldValues out;
    out.reserve(held + 2);
    for (std::size_t i = 0; i < held; ++i) {
      const Field& field = entity.fields[i];
      Value value;
      switch (storageOf(field.type.kind)) {
        case Storage::number: {
          const std::int64_t number = dataAt<std::int64_t>(data, field.slot) ^ field.slotDefault;
          if (number != absent) value = number;
          break;
        }
        case Storage::word: value = wordFrom(entity, field, dataAt<std::uint16_t>(data, field.slot)); break;
        case Storage::pointer: {
          if (field.slot >= pointers.size() || pointers[field.slot].isNull()) break;
          if (isNested(field.type.kind)) {
            const auto whole = root.as<capnp::DynamicStruct>(catalog.structOf(entity));
            const auto nested = whole.get(whole.getSchema().getFields()[static_cast<unsigned>(i)]);
            value = valueOf(entity, field, jsonFrom(field.type, nested, entity.name + "." + field.name));
          } else {
            value = pointerFrom(entity, field, pointers[field.slot]);
          }
        }
      }
      if (!isNull(value)) out[field.number] = std::move(value);
    }
    return out;
  } catch (const kj::Exception&) {
    throw Error(Code::invalidInput, "the bytes are no Cap'n Proto message of " + entity.name);
  }
}

Bytes messageOf(const Catalog& catalog, const EntityType& entity, const FieldValues& columns) {
  capnp::word scratch[512] = {};
  capnp::MallocMessageBuilder builder(kj::arrayPtr(scratch, std::size(scratch)));
  auto root = builder.getRoot<capnp::AnyPointer>().initAsAnyStruct(entity.dataWords, entity.pointers);
  auto data = root.getDataSection();
  auto pointers = root.getPointerSection();
  for (std::size_t i = 0; i + commonFieldCount < entity.fields.size(); ++i) {
    const Field& field = entity.fields[i];
    const auto column = columns.find(field.number);
    const bool given = column != columns.end() && !isNull(column->second);
    switch (storageOf(field.type.kind)) {
      case Storage::number:
        putData(data, field.slot, (given ? std::get<std::int64_t>(column->second) : absent) ^ field.slotDefault);
        break;
      case Storage::word:
        if (given) putData(data, field.slot, wordOf(field, column->second));
        break;
      case Storage::pointer:
        if (!given) break;
        if (isNested(field.type.kind))
          fillNested(root.as<capnp::DynamicStruct>(catalog.structOf(entity)), static_cast<unsigned>(i), field.type,
                     std::get<std::string>(column->second));
        else
          fillPointer(pointers[field.slot], field, column->second);
    }
  }
  Bytes out(capnp::computeSerializedSizeInWords(builder) * sizeof(capnp::word));
  kj::ArrayOutputStream stream(kj::arrayPtr(out.data(), out.size()));
  capnp::writeMessage(stream, builder);
  return out;
}

}  // namespace cinnabar
