// The formats that are hashed or signed: what is read is written as the same bytes, all else is refused.
#include "core/log/changeset.h"
#include "sync/certificate.h"
#include "sync/merger.h"
#include "sync/peer.h"
#include "tests/fuzz/target.h"

namespace cinnabar::fuzz {
namespace {

Header someHeader() {
  Header h;
  h.compartment = {Level::secret, {"road", "水利"}};
  h.author = {SiteId{}, 3};
  h.sequence = 77;
  h.lamport = 300;
  h.at = -5;
  h.actor = "央金";
  h.dependencies = {{{SiteId{}, 1}, 9}, {{SiteId{}, 2}, 128}};
  h.epoch = 2;
  h.items = 2;
  return h;
}

Item someItem() {
  Item item;
  item.creates = true;
  item.writes = {{0, Operation::set, std::string("题"), {}},
                 {1, Operation::raise, std::int64_t{-4}, std::int64_t{2}},
                 {2, Operation::append, Bytes{1, 2, 3}, {}},
                 {periodRegister, Operation::set, std::string("10y"), {}}};
  return item;
}

}  // namespace

std::vector<Bytes> seeds() {
  Certificate certificate;
  certificate.number = 4;
  certificate.name = "gar";
  certificate.title = "噶尔县";
  certificate.clearance = Level::confidential;
  certificate.circleTags = {{1}, {2}};
  certificate.validUntil = "2099-12-31";
  Acknowledgement acknowledgement;
  acknowledgement.seen[{Level::internal, {"road"}}] = {{{SiteId{}, 1}, 5}, {{SiteId{}, 2}, 900}};
  acknowledgement.received = 3;
  acknowledgement.lacks = {{{{Level::internal, {}}, {SiteId{}, 1}, 7}, RecordId{}}};
  SignedHead head;
  head.compartment = {Level::topSecret, {}};
  head.sequence = 12;
  Bytes frames;
  Writer w(frames);
  w.number(3 << 1);
  w.raw(Bytes{1, 2, 3});
  w.number(sizeof(Hash) << 1 | 1);
  w.raw(Bytes(sizeof(Hash)));
  return {chosen(0, encode(certificate)),
          chosen(1, encode(Delegation{})),
          chosen(2, encode(acknowledgement)),
          chosen(3, encode(head)),
          chosen(4, encodeHeader(someHeader())),
          chosen(5, encodeItem(someItem())),
          chosen(6, frames)};
}

}  // namespace cinnabar::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* given, std::size_t size_bytes) {
  using namespace cinnabar;
  if (size_bytes == 0) return 0;
  const Bytes bytes(given + 1, given + size_bytes);
  fuzz::orError({Code::invalidInput, Code::newerFormat, Code::forged}, [&] {
    switch (given[0] % 7) {
      case 0: return fuzz::claim(encode(decodeCertificate(bytes)) == bytes);
      case 1: return fuzz::claim(encode(decodeDelegation(bytes)) == bytes);
      case 2: return fuzz::claim(encode(decodeAcknowledgement(bytes)) == bytes);
      case 3: return fuzz::claim(encode(decodeSignedHead(bytes)) == bytes);
      case 4: return fuzz::claim(encodeHeader(decodeHeader(bytes)) == bytes);
      case 5: return fuzz::claim(encodeItem(decodeItem(bytes)) == bytes);
      default: {
        std::size_t size = 0;
        for (const SealedItem& item : splitItems(bytes, 2)) size += item.bytes.size();
        fuzz::claim(size < bytes.size());
      }
    }
  });
  return 0;
}
