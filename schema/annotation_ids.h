// The ids of annotations.capnp, by which reflection finds them.
#pragma once
#include <cstdint>

namespace cinnabar::annotation {

constexpr std::uint64_t base = 0xb1d2c3a4e5f60700;
enum Id : std::uint64_t {
  entity = base + 0x01,
  regulation,
  kind,
  label,
  labelRule,
  series,
  keep,
  ownerUnit,
  ownedByOffice,
  index,
  machine,
  article,
  initial,
  appendOnly,
  circle,
  title = base + 0x10,
  merge,
  required,
  search,
  indexed,
  computed,
  ownerOnly,
  earliest,
  key,
  numbered,
  date,
  instant,
  money,
  minutes,
  metres,
  millilitres,
  ref,
  blob,
  reading,
  least,
  most,
  format,
  unit,
  numberForm,
  numberWhen,
  prohibited = base + 0x40,
  barred,
  clash,
  needed,
};

}  // namespace cinnabar::annotation
