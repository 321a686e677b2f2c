// What lies inside a valid seal: a member that has turned can pack what it likes. An item comes out or an error, and
// what is unpacked is bounded.
#include "core/base/environment.h"
#include "core/log/seal.h"
#include "tests/fuzz/target.h"

namespace cinnabar::fuzz {
namespace {

struct Sealing {
  Environment environment = Environment::system();
  SecretBytes key = SecretBytes::random(keySize, *environment.random);
  Header header;
  SealedChangeset sealed;
  Hash headerHash{};
  SecretBytes inner;

  Sealing() {
    header.sequence = header.lamport = 1;
    Item item;
    item.writes = {{0, Operation::set, std::string(300, 'a'), {}}};
    sealed = Sealer::seal(header, {item}, key, *environment.random);
    Header bound = header;
    bound.items = 0;
    headerHash = hashOf("cinnabar header", encodeHeader(bound));
    inner = deriveKey(key, "cinnabar changeset", header.nonce, 64);
  }
};

const Sealing& sealing() {
  static const Sealing one;
  return one;
}

Bytes ofKind(ItemKind kind, std::optional<Dot> life) {
  Item item;
  item.kind = kind;
  item.life = life;
  if (kind != ItemKind::withdraw)
    item.writes = {{1, Operation::assign, std::string("a"), {}}, {1, Operation::assign, std::string("b"), {}}};
  return chosen(0, encodeItem(item));
}
Bytes movedIn() { return ofKind(ItemKind::moveIn, std::nullopt); }
Bytes withdrawn() { return ofKind(ItemKind::withdraw, Dot{{{}, 1}, 7}); }
Bytes ended() {
  Item item;
  item.kind = ItemKind::destroy;
  return chosen(0, encodeItem(item));
}
Bytes carried() { return ofKind(ItemKind::carry, std::nullopt); }

}  // namespace

std::vector<Bytes> seeds() {
  const Sealing& s = sealing();
  const std::vector<SealedItem> items = splitItems(s.sealed.items, 1);
  Item item;
  item.writes = {{3, Operation::add, std::string("x"), {}}};
  return {open(items[0].bytes, s.headerHash, s.header.nonce, s.inner.view().subspan(32)),
          chosen(0, encodeItem(item)),
          movedIn(),
          withdrawn(),
          carried(),
          ended()};
}

}  // namespace cinnabar::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* given, std::size_t size_bytes) {
  using namespace cinnabar;
  const fuzz::Sealing& s = fuzz::sealing();
  const Opener opener(s.header, s.key);
  Bytes sealed;
  seal(sealed, {given, size_bytes}, s.headerHash, s.header.nonce, s.inner.view().subspan(32));
  fuzz::orError({Code::invalidInput, Code::limit}, [&] {
    const Item item = opener.open(sealed, 0);
    fuzz::claim(item.writes.size() <= mostWrites);
  });
  return 0;
}
