// A fuzz target is one entry that takes bytes and aborts when a claim breaks, and the seeds to begin from, which
// the product itself makes. replay.cpp runs it in every build, libFuzzer in the preset `fuzz`.
#pragma once
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size_bytes);

namespace cinnabar::fuzz {

// Defined by each target.
std::vector<Bytes> seeds();

inline Bytes bytesOf(std::string_view text) { return {text.begin(), text.end()}; }

// One of several parsers in one target: the first byte says which.
inline Bytes chosen(Byte which, BytesView rest) {
  Bytes out{which};
  append(out, rest);
  return out;
}

inline void claim(bool holds) {
  if (!holds) std::abort();
}

// Runs `act`; an error must be one of `allowed`. Any other exception ends the process.
template <class Act>
void orError(std::initializer_list<Code> allowed, Act act) {
  try {
    act();
  } catch (const Error& error) {
    for (const Code code : allowed)
      if (error.code() == code) return;
    std::abort();
  }
}

}  // namespace cinnabar::fuzz
