#include "core/base/ids.h"

#include "core/base/environment.h"

namespace cinnabar {

RecordId makeRecordId(std::int64_t now_ms, std::uint32_t entityTag, Random& random) {
  RecordId id;
  const auto time = static_cast<std::uint64_t>(now_ms < 0 ? 0 : now_ms);
  for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<Byte>(time >> (40 - 8 * i));
  for (std::size_t i = 0; i < 3; ++i) id.bytes[6 + i] = static_cast<Byte>(entityTag >> (16 - 8 * i));
  random.fill(std::span(id.bytes).subspan(9));
  return id;
}

std::uint32_t entityTagOf(const RecordId& id) {
  return static_cast<std::uint32_t>(id.bytes[6]) << 16 | static_cast<std::uint32_t>(id.bytes[7]) << 8 | id.bytes[8];
}

std::int64_t createdMsOf(const RecordId& id) {
  std::int64_t time = 0;
  for (std::size_t i = 0; i < 6; ++i) time = time << 8 | id.bytes[i];
  return time;
}

}  // namespace cinnabar
