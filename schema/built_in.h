// The compiled schema that the library carries: what `capnp compile -o-` writes for schema/*.capnp.
#pragma once
#include <cstdint>
#include <span>

namespace cinnabar {

std::span<const std::uint8_t> builtInSchema();

}  // namespace cinnabar
