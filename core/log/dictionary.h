// The compression dictionary that every item is packed with. Trained on invented text only; shipped, so
// that no site's content ever shapes another's. A change is a new format version.
#pragma once
#include <cstdint>
#include <span>

namespace cinnabar {

std::span<const std::uint8_t> shippedDictionary();

}  // namespace cinnabar
