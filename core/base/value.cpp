#include "core/base/value.h"

#include "core/base/error.h"

namespace cinnabar {

void writeValue(Writer& out, const Value& value) {
  const auto* longText = std::get_if<std::string>(&value);
  if (longText != nullptr && longText->size() > longestValue_bytes)
    throw Error(Code::limit, "one value may have at most " + std::to_string(longestValue_bytes >> 20) + " MiB");
  out.number(value.index());
  if (const auto* number = std::get_if<std::int64_t>(&value)) out.signedNumber(*number);
  if (const auto* text = std::get_if<std::string>(&value)) out.text(*text);
  if (const auto* bytes = std::get_if<Bytes>(&value)) out.bytes(*bytes);
}

Value readValue(Reader& in) {
  switch (in.numberUpTo(3)) {
    case 1: return in.signedNumber();
    case 2: return std::string(in.text(longestValue_bytes));
    case 3: {
      const BytesView bytes = in.bytes(longestValue_bytes);
      return Bytes(bytes.begin(), bytes.end());
    }
    default: return std::monostate{};
  }
}

}  // namespace cinnabar
