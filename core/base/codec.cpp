#include "core/base/codec.h"

#include "core/base/error.h"

namespace cinnabar {

void Writer::signedNumber(std::int64_t value) {
  number(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
}

void Writer::bytes(BytesView value) {
  number(value.size());
  raw(value);
}

void Writer::author(const Author& value) {
  id(value.site);
  number(value.incarnation);
}

void Writer::dot(const Dot& value) {
  author(value.author);
  number(value.lamport);
}

void Reader::fail(const char* why) const {
  throw Error(Code::invalidInput, std::string("unreadable ") + what_ + ": " + why);
}

std::uint64_t Reader::number() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (in_.empty()) fail("it ends within a number");
    const Byte b = in_.front();
    in_ = in_.subspan(1);
    if (shift == 63 && b > 1) fail("a number is too large");
    value |= static_cast<std::uint64_t>(b & 0x7f) << shift;
    if (b < 0x80) {
      if (b == 0 && shift > 0) fail("a number is not in its shortest form");
      return value;
    }
  }
  fail("a number is too long");
}

std::size_t Reader::count() { return static_cast<std::size_t>(numberUpTo(in_.size())); }

std::uint64_t Reader::numberUpTo(std::uint64_t most) {
  const std::uint64_t value = number();
  if (value > most) fail("a number is over its limit");
  return value;
}

std::int64_t Reader::signedNumber() {
  const std::uint64_t zigzag = number();
  return static_cast<std::int64_t>(zigzag >> 1) ^ -static_cast<std::int64_t>(zigzag & 1);
}

BytesView Reader::bytes(std::size_t most) {
  const std::uint64_t size = number();
  if (size > most) fail("a value is over its limit");
  if (size > in_.size()) fail("it ends within a value");
  return raw(static_cast<std::size_t>(size));
}

BytesView Reader::raw(std::size_t size) {
  if (size > in_.size()) fail("it is too short");
  const BytesView out = in_.first(size);
  in_ = in_.subspan(size);
  return out;
}

Author Reader::author() {
  Author a;
  a.site = id<SiteId>();
  a.incarnation = static_cast<std::uint32_t>(numberUpTo(UINT32_MAX));
  return a;
}

Dot Reader::dot() {
  Dot d;
  d.author = author();
  d.lamport = number();
  return d;
}

void Reader::end() const {
  if (!in_.empty()) fail("something follows its end");
}

}  // namespace cinnabar
