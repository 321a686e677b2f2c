#include "core/record/json.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/base/instant.h"

namespace cinnabar {
namespace {

using nlohmann::json;

struct Place {
  const EntityType& entity;
  const Field& field;
};

[[noreturn]] void refuse(const Place& place, const std::string& expected) {
  throw Unreadable(place.entity, place.field, expected);
}

const std::string& textIn(const Place& place, const json& value, const char* expected) {
  if (!value.is_string()) refuse(place, expected);
  return value.get_ref<const std::string&>();
}

std::int64_t wholeIn(const Place& place, const json& value) {
  if (!value.is_number_integer() || (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX))
    refuse(place, "a whole number");
  return value.get<std::int64_t>();
}

Value scalarOf(const Place& place, const ValueType& type, std::string_view text) {
  switch (type.kind) {
    case Kind::date:
      if (!isDate(text)) refuse(place, "a date like 2026-11-23");
      break;
    case Kind::instant: {
      const auto instant = parseInstant(text);
      if (!instant) refuse(place, "an instant like 2026-11-23T08:00:00+08:00");
      return *instant;
    }
    case Kind::enumeration:
      if (std::find(type.values.begin(), type.values.end(), text) == type.values.end()) {
        std::string words;
        for (const std::string& v : type.values) words += (words.empty() ? "" : ", ") + v;
        refuse(place, "one of " + words);
      }
      break;
    case Kind::reference:
    case Kind::blob: {
      const auto id = RecordId::parse(text);
      if (!id) refuse(place, "a record's id");
      return Bytes(id->bytes.begin(), id->bytes.end());
    }
    default: break;
  }
  return std::string(text);
}

const char* expectedOf(Kind kind) {
  switch (kind) {
    case Kind::date: return "a date";
    case Kind::instant: return "an instant";
    case Kind::enumeration: return "a word";
    case Kind::reference:
    case Kind::blob: return "a record's id";
    default: return "a text";
  }
}

// Checks what lies within a list or a structure, and gives its canonical JSON.
json checked(const Place& place, const ValueType& type, const json& value) {
  switch (type.kind) {
    case Kind::boolean:
      if (!value.is_boolean()) refuse(place, "true or false");
      return value;
    case Kind::integer:
    case Kind::money:
    case Kind::minutes:
    case Kind::metres:
    case Kind::millilitres: return wholeIn(place, value);
    case Kind::list: {
      if (!value.is_array()) refuse(place, "a list");
      json out = json::array();
      for (const json& element : value) out.push_back(checked(place, *type.item, element));
      return out;
    }
    case Kind::structure: {
      if (!value.is_object()) refuse(place, "an object");
      for (const auto& [name, member] : value.items()) {
        const auto known = std::find_if(type.members.begin(), type.members.end(),
                                        [&, n = name](const Member& m) { return m.name == n; });
        if (known == type.members.end()) refuse(place, "an object without '" + name + "'");
        if (!member.is_null()) checked(place, known->type, member);
      }
      return value;
    }
    default: scalarOf(place, type, textIn(place, value, expectedOf(type.kind))); return value;
  }
}

}  // namespace

Unreadable::Unreadable(const EntityType& entity, const Field& field, const std::string& expected)
    : Error(
          Code::invalidInput, entity.name + "." + field.name + ": " + expected + " is expected",
          json({{"entity", entity.name}, {"field", field.name}, {"rule", "type"}, {"article", field.article}}).dump()),
      expected(expected) {}

Value valueOf(const EntityType& entity, const Field& field, const json& value) {
  if (value.is_null()) return {};
  const Place place{entity, field};
  switch (field.type.kind) {
    case Kind::boolean: return std::int64_t{checked(place, field.type, value).get<bool>() ? 1 : 0};
    case Kind::integer:
    case Kind::money:
    case Kind::minutes:
    case Kind::metres:
    case Kind::millilitres: return wholeIn(place, value);
    case Kind::list:
    case Kind::structure: return checked(place, field.type, value).dump();
    default: return scalarOf(place, field.type, textIn(place, value, expectedOf(field.type.kind)));
  }
}

Value valueOf(const EntityType& entity, const Field& field, std::string_view text) {
  return scalarOf({entity, field}, field.type, text);
}

FieldValues valuesOf(const EntityType& entity, const json& fields) {
  if (!fields.is_object()) throw Error(Code::invalidInput, "a record's fields are a JSON object");
  FieldValues out;
  out.reserve(fields.size() + 2);
  for (const auto& [name, value] : fields.items()) {
    const Field* field = entity.find(std::string_view(name));
    if (field == nullptr)
      throw Error(Code::invalidInput,
                  entity.name + " has no field '" + name + "': see `schema show " + entity.name + "`",
                  json({{"entity", entity.name}, {"field", name}, {"rule", "unknownField"}}).dump());
    out[field->number] = valueOf(entity, *field, value);
  }
  return out;
}

json jsonOf(const Field& field, const Value& value) {
  if (isNull(value)) return nullptr;
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (field.type.kind == Kind::boolean) return *number != 0;
    if (field.type.kind == Kind::instant) return instantText(*number);
    return *number;
  }
  if (const auto* bytes = std::get_if<Bytes>(&value)) {
    const auto id = RecordId::of(*bytes);
    return id ? json(id->text()) : json(hexOf(*bytes));
  }
  const std::string& text = std::get<std::string>(value);
  if (field.type.kind == Kind::list || field.type.kind == Kind::structure) {
    return jsonOrText(text);
  }
  return text;
}

json jsonOf(const EntityType& entity, const FieldValues& values) {
  json out = json::object();
  for (const Field& field : entity.fields) {
    const auto value = values.find(field.number);
    if (value != values.end() && !isNull(value->second)) out[field.name] = jsonOf(field, value->second);
  }
  return out;
}

json jsonOrText(std::string_view text) {
  try {
    return parseJson(text);
  } catch (const Error&) {
    return text;
  }
}

json parseJson(std::string_view text) {
  if (text.size() > longestJson_bytes)
    throw Error(Code::limit, "JSON is longer than " + std::to_string(longestJson_bytes >> 20) + " MiB");
  int depth = 0;
  bool tooDeep = false;
  // The parser keeps its own stack on the heap; what is refused here is what others would recurse on.
  const auto callback = [&](int, json::parse_event_t event, json&) {
    if (event == json::parse_event_t::object_start || event == json::parse_event_t::array_start)
      tooDeep = ++depth > deepestJson || tooDeep;
    if (event == json::parse_event_t::object_end || event == json::parse_event_t::array_end) --depth;
    return !tooDeep;
  };
  try {
    json out = json::parse(text, callback);
    if (tooDeep) throw Error(Code::limit, "JSON is nested deeper than " + std::to_string(deepestJson));
    return out;
  } catch (const json::exception& error) {
    // The library's message may quote the input, which may be secret: only its place is told.
    const auto* parse = dynamic_cast<const json::parse_error*>(&error);
    throw Error(Code::invalidInput,
                "the JSON is broken" + (parse != nullptr ? " at byte " + std::to_string(parse->byte) : ""));
  }
}

}  // namespace cinnabar
