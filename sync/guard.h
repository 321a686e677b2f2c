// The one place where it is decided whether something may leave to, or be accepted from, a site over a
// channel. No other code path serialises to or applies from outside.
#pragma once
#include <string_view>

#include "sync/certificate.h"

namespace cinnabar {

enum class Channel : std::uint8_t { internet, governmentNetwork, courier, dedicatedCourier };

std::optional<Channel> parseChannel(std::string_view word);
std::string_view wordOf(Channel channel);
// The highest level that may travel so: 《涉密载体保密管理暂行规定》.
Level ceilingOf(Channel channel);

class Guard {
 public:
  // `today`: ISO date by this site's clock, for the certificates' validity.
  Guard(const Certificate& self, std::string today) : self_(self), today_(std::move(today)) {}

  bool maySend(const Compartment& compartment, const Certificate& to, Channel channel) const;
  bool mayAccept(const Compartment& compartment, const Certificate& from) const;
  // Whether a change that `author` made there counts: it had to be cleared for it.
  bool mayHaveWritten(const Compartment& compartment, const Certificate& author) const;

 private:
  bool valid(const Certificate& to) const;
  const Certificate& self_;
  std::string today_;
};

}  // namespace cinnabar
