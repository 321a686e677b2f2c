// Whatever the bytes: refused with invalidInput, or nothing of the text is lost.
#include <cstdint>
#include <cstdlib>

#include "core/base/error.h"
#include "core/regulations/compilation.h"
#include "core/regulations/line.h"
#include "tests/fuzz/target.h"

std::vector<cinnabar::Bytes> cinnabar::fuzz::seeds() {
  return {
      bytesOf("目录\n会议制度\n\n\n\n会议制度\n\n\n第一章 总则\n第一条 召集。\n（一）甲；\n1. "
              "乙\n\n\n公文办法\n\n\n一、收文\n第二条 登记。\n")};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size_bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size_bytes);
  try {
    if (textOf(cinnabar::parseCompilation(text)) != cinnabar::withoutWhiteSpace(text)) std::abort();
  } catch (const cinnabar::Error& error) {
    if (error.code() != cinnabar::Code::invalidInput) std::abort();
  }
  return 0;
}
