// What is read as a mark is written again as the same label, and its stored period too.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/base/error.h"
#include "core/label/label.h"

namespace {

using namespace cinnabar;

void markIsStable(std::string_view text) {
  const Label label = parseMark(text);
  if (label.compartment.level != Level::open && parseMark(markOf(label)) != label) std::abort();
  if (parseStoredPeriod(storedForm(label.period)) != label.period) std::abort();
  const bool dated = label.period.unit != Period::Unit::none && label.period.unit != Period::Unit::untilEvent;
  if (dated == lastDayOf(label.period, "2028-02-29").empty()) std::abort();
}

void storedFormIsCanonical(std::string_view text) {
  if (storedForm(parseStoredPeriod(text)) != text) std::abort();
}

template <class Act>
void orError(Act act) {
  try {
    act();
  } catch (const Error& error) {
    if (error.code() != Code::invalidInput && error.code() != Code::refused) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size_bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size_bytes);
  orError([&] { markIsStable(text); });
  orError([&] { storedFormIsCanonical(text); });
  return 0;
}
