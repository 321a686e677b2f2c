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
  throw Error(Code::invalidInput, place.entity.name + "." + place.field.name + ": " + expected + " is expected",
              json({{"entity", place.entity.name}, {"field", place.field.name}, {"rule", "type"},
                    {"article", place.field.article}})
                  .dump());
}

const std::string& textIn(const Place& place, const json& value, const char* expected) {
  if (!value.is_string()) refuse(place, expected);
  return value.get_ref<const std::string&>();
}

// Checks one value against a type and gives its canonical JSON; scalars inside lists stay JSON.
json checked(const Place& place, const ValueType& type, const json& value) {
  switch (type.kind) {
    case Kind::text:
    case Kind::label: return textIn(place, value, "a text");
    case Kind::boolean:
      if (!value.is_boolean()) refuse(place, "true or false");
      return value;
    case Kind::integer:
    case Kind::money:
    case Kind::minutes:
    case Kind::metres:
    case Kind::millilitres:
      if (!value.is_number_integer() || (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX))
        refuse(place, "a whole number");
      return value.get<std::int64_t>();
    case Kind::date:
      if (!isDate(textIn(place, value, "a date"))) refuse(place, "a date like 2026-11-23");
      return value;
    case Kind::instant:
      if (!parseInstant(textIn(place, value, "an instant"))) refuse(place, "an instant like 2026-11-23T08:00:00+08:00");
      return value;
    case Kind::enumeration: {
      const std::string& word = textIn(place, value, "a word");
      if (std::find(type.values.begin(), type.values.end(), word) == type.values.end()) {
        std::string words;
        for (const std::string& v : type.values) words += (words.empty() ? "" : ", ") + v;
        refuse(place, "one of " + words);
      }
      return value;
    }
    case Kind::reference:
    case Kind::blob:
      if (!RecordId::parse(textIn(place, value, "a record's id"))) refuse(place, "a record's id");
      return value;
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
  }
  refuse(place, "another type");
}

}  // namespace

Value valueOf(const EntityType& entity, const Field& field, const json& value) {
  if (value.is_null()) return {};
  const json good = checked({entity, field}, field.type, value);
  switch (field.type.kind) {
    case Kind::boolean: return std::int64_t{good.get<bool>() ? 1 : 0};
    case Kind::integer:
    case Kind::money:
    case Kind::minutes:
    case Kind::metres:
    case Kind::millilitres: return good.get<std::int64_t>();
    case Kind::instant: return *parseInstant(good.get_ref<const std::string&>());
    case Kind::reference:
    case Kind::blob: {
      const auto id = RecordId::parse(good.get_ref<const std::string&>());
      return Bytes(id->bytes.begin(), id->bytes.end());
    }
    case Kind::list:
    case Kind::structure: return good.dump();
    default: return good.get<std::string>();
  }
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
    throw Error(Code::invalidInput, "the JSON is broken" + (parse != nullptr ? " at byte " + std::to_string(parse->byte) : ""));
  }
}

}  // namespace cinnabar
