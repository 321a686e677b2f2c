#include "sync/guard.h"

#include <array>

namespace cinnabar {
namespace {

struct ChannelRule {
  std::string_view word;
  Level ceiling;
};
constexpr std::array<ChannelRule, 4> rules = {{{"internet", Level::open},
                                               {"governmentNetwork", Level::internal},
                                               {"courier", Level::secret},
                                               {"dedicatedCourier", Level::topSecret}}};

}  // namespace

std::optional<Channel> parseChannel(std::string_view word) {
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (rules[i].word == word) return static_cast<Channel>(i);
  return std::nullopt;
}

std::string_view wordOf(Channel channel) { return rules[static_cast<std::size_t>(channel)].word; }
Level ceilingOf(Channel channel) { return rules[static_cast<std::size_t>(channel)].ceiling; }

// Only the office's clock ends a certificate: a site's own could be years off, and a wrong clock stops no sync.
bool Guard::valid(const Certificate& to) const { return !self_.office || to.validUntil >= today_; }

bool Guard::maySend(const Compartment& c, const Certificate& to, Channel channel) const {
  return self_.entitles(c) && to.entitles(c) && valid(to) && c.level <= ceilingOf(channel);
}

bool Guard::mayAccept(const Compartment& c, const Certificate& from) const {
  return self_.entitles(c) && from.entitles(c);
}

bool Guard::mayHaveWritten(const Compartment& c, const Certificate& author) const { return author.entitles(c); }

}  // namespace cinnabar
