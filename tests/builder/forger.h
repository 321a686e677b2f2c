// A member that has turned: it writes bundles with the product's own writer and with every key that its site
// really holds, but says in them whatever it likes.
#pragma once
#include "core/log/seal.h"
#include "sync/bundle.h"
#include "sync/merger.h"
#include "tests/builder/prefecture.h"

namespace cinnabar::test {

// An author's changes in a compartment, as the forger goes on with them.
struct Chain {
  Compartment compartment;
  Author author;
  Sequence sequence = 0;
  Lamport lamport = 0;
  Hash hash{};
};

struct PartContent {
  Part part;
  Bytes content;
};

class Forger {
 public:
  Forger(Prefecture& prefecture, std::string site) : p_(prefecture), site_(std::move(site)) {}

  // The chain as it stands at this site. `of`: another site, whose changes it has, too.
  Chain chain(const Compartment& compartment, const std::string& of = "");
  // Adds a changeset; `tweak` changes the header before it is sealed, `blemish` the sealed bytes.
  using Tweak = std::function<void(Header&)>;
  using Blemish = std::function<void(SealedChangeset&)>;
  PartContent change(Chain& chain, const std::vector<Item>& items, const Tweak& tweak = {},
                     const Blemish& blemish = {});
  // Signed with this site's key, whosever the chain is.
  PartContent head(const Chain& chain, const Hash& before = {});
  // The last head of another that came here, with his true signature.
  PartContent trueHead(const Compartment& compartment, const std::string& of);
  // As the product writes what this site has of `of`.
  std::vector<PartContent> trueChanges(const Compartment& compartment, const std::string& of, Sequence from);

  // A whole bundle, signed and sealed; returns the file.
  std::string bundle(const std::string& to, Level level, const std::vector<PartContent>& parts);
  std::string bundle(const std::string& to, Level level, const std::vector<PartContent>& parts,
                     const std::function<void(Cover&)>& tweak);

  // A new record of an entity.
  Item record(const std::string& entity, std::vector<Write> writes);

 private:
  Prefecture& p_;
  std::string site_;
  std::uint64_t number_ = 100;
};

Bytes acknowledgement(const Seen& seen);

}  // namespace cinnabar::test
