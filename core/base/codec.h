// The one byte format below Cap'n Proto: varints and length-prefixed strings, canonical and bounded.
// Used where every byte must have one form because it is hashed (headers, items, certificates).
#pragma once
#include "core/base/bytes.h"
#include "core/base/ids.h"

namespace cinnabar {

class Writer {
 public:
  explicit Writer(Bytes& out) : out_(out) {}
  void number(std::uint64_t value) {  // LEB128, shortest form
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<Byte>(value | 0x80));
    out_.push_back(static_cast<Byte>(value));
  }
  void signedNumber(std::int64_t value);  // zigzag
  void bytes(BytesView value);            // length, then bytes
  void text(std::string_view value) { bytes(viewOf(value)); }
  void raw(BytesView value) { append(out_, value); }
  template <class Tag>
  void id(const Id16<Tag>& value) {
    raw(value.view());
  }
  void author(const Author& value);
  void dot(const Dot& value);

 private:
  Bytes& out_;
};

// Throws Error{invalidInput} at the first byte that breaks the format; views point into what was given.
class Reader {
 public:
  explicit Reader(BytesView in, const char* what = "message") : in_(in), what_(what) {}
  std::uint64_t number();
  // A count of things that each take at least one byte: never more than what is left.
  std::size_t count();
  std::uint64_t numberUpTo(std::uint64_t most);
  std::int64_t signedNumber();
  BytesView bytes(std::size_t most = SIZE_MAX);
  std::string_view text(std::size_t most = SIZE_MAX) { return textOf(bytes(most)); }
  BytesView raw(std::size_t size);
  template <class Id>
  Id id() {
    return *Id::of(raw(16));
  }
  Author author();
  Dot dot();
  bool atEnd() const { return in_.empty(); }
  std::size_t left() const { return in_.size(); }
  // Throws unless everything was read.
  void end() const;
  [[noreturn]] void fail(const char* why) const;

 private:
  BytesView in_;
  const char* what_;
};

}  // namespace cinnabar
