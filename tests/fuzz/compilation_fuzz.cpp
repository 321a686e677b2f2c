// Whatever the bytes: refused with invalidInput, or nothing of the text is lost.
#include <cstdint>
#include <cstdlib>

#include "core/base/error.h"
#include "core/regulations/compilation.h"
#include "core/regulations/line.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size_bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size_bytes);
  try {
    if (textOf(cinnabar::parseCompilation(text)) != cinnabar::withoutWhiteSpace(text)) std::abort();
  } catch (const cinnabar::Error& error) {
    if (error.code() != cinnabar::Code::invalidInput) std::abort();
  }
  return 0;
}
