// What is read as a mark is written again as the same label, and its stored period too.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/base/error.h"
#include "core/label/label.h"
#include "tests/fuzz/target.h"

namespace {

using namespace cinnabar;

void markIsStable(std::string_view text) {
  const Label label = parseMark(text, SpecialRule::cited);
  if (label.compartment.level != Level::open && parseMark(markOf(label), SpecialRule::cited) != label) std::abort();
  markWarnings(text);
  if (label.compartment.level != Level::open && label.period.unit != Period::Unit::untilEvent &&
      !markWarnings(markOf(label)).empty())
    std::abort();
  if (parseStoredPeriod(storedForm(label.period)) != label.period) std::abort();
  const bool dated = label.period.unit != Period::Unit::none && label.period.unit != Period::Unit::untilEvent &&
                     label.period.unit != Period::Unit::longTerm;
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

std::vector<cinnabar::Bytes> cinnabar::fuzz::seeds() {
  std::vector<Bytes> out;
  for (const char* text : {"秘密★十年", "机密★六个月", "绝密★至2030年1月1日", "机密☆至工程完工", "内部",
                           "secret ★ 20年", "秘密★长期", "10y", "6m", "2030-01-01", "event:x", "long"})
    out.push_back(bytesOf(text));
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size_bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size_bytes);
  orError([&] { markIsStable(text); });
  orError([&] { storedFormIsCanonical(text); });
  return 0;
}
