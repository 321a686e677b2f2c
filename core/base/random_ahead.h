// Random bytes for what is no secret, such as ids, drawn for many at once: the system's generator answers by the call.
#pragma once
#include <algorithm>
#include <array>

#include "core/base/environment.h"

namespace cinnabar {

class RandomAhead : public Random {
 public:
  explicit RandomAhead(Random& from) : from_(from) {}
  void fill(std::span<Byte> out) override {
    if (out.size() > left_.size()) {
      from_.fill(drawn_);
      left_ = drawn_;
    }
    std::copy_n(left_.begin(), out.size(), out.begin());
    left_ = left_.subspan(out.size());
  }

 private:
  Random& from_;
  std::array<Byte, 512> drawn_;  // at least what is asked for at once
  std::span<const Byte> left_;
};

}  // namespace cinnabar
