#include <boost/test/unit_test.hpp>

#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

#include "core/base/error.h"
#include "core/log/seal.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;

namespace {

struct Sealing {
  SeededRandom random{3};
  SecretBytes key = SecretBytes::random(keySize, random);
  Header header;
  std::vector<Item> items;
  SealedChangeset sealed;

  Sealing() {
    header.compartment = {Level::secret, {"road"}};
    header.author.site.bytes[0] = 1;
    header.author.incarnation = 1;
    header.sequence = header.lamport = 1;
    header.actor = "clerk";
    for (int i = 0; i < 3; ++i) {
      Item item;
      random.fill(item.record.bytes);
      item.writes.push_back({1, Operation::assign, std::string("关于报送年度工作总结的通知"), {}});
      item.writes.push_back({3, Operation::transition, std::string("done"), std::string("open")});
      items.push_back(item);
    }
    sealed = Sealer::seal(header, items, key, random);
  }
  std::vector<Item> opened(const SealedChangeset& s) const {
    const Header h = decodeHeader(s.header);
    const Opener opener(h, key);
    std::vector<Item> out;
    const auto frames = splitItems(s.items, h.items);
    for (std::size_t i = 0; i < frames.size(); ++i) out.push_back(opener.open(frames[i].bytes, i));
    return out;
  }
};

// What items are bound to.
Bytes boundPartOf(Header header) {
  header.items = 0;
  return encodeHeader(header);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sealing, Sealing)

BOOST_AUTO_TEST_CASE(s31_an_item_that_unpacks_to_far_more_than_it_is_does_not_open) {
  // As a member with the key could seal it: ten million zeros in a few hundred bytes.
  const Bytes zeros(10'000'000);
  Bytes packed = {1};
  Writer(packed).number(zeros.size());
  const std::size_t head = packed.size();
  packed.resize(head + ZSTD_compressBound(zeros.size()));
  const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_format, ZSTD_f_zstd1_magicless);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, 0);
  packed.resize(head +
                ZSTD_compress2(context.get(), packed.data() + head, packed.size() - head, zeros.data(), zeros.size()));
  BOOST_REQUIRE(packed.size() * 1000 < zeros.size());
  const SecretBytes keys = deriveKey(key, "cinnabar changeset", header.nonce, 64);
  Bytes item;
  seal(item, packed, hashOf("cinnabar header", boundPartOf(header)), header.nonce, keys.view().subspan(32));
  const Opener opener(header, key);
  try {
    opener.open(item, 0);
    BOOST_ERROR("it opened");
  } catch (const Error& error) {
    BOOST_TEST((error.code() == Code::invalidInput));
    BOOST_TEST(std::string(error.what()).find("unpacks") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(what_was_sealed_is_opened_again) { BOOST_TEST((opened(sealed) == items)); }

BOOST_AUTO_TEST_CASE(any_flipped_bit_of_header_or_items_is_refused) {
  for (Bytes SealedChangeset::*part : {&SealedChangeset::header, &SealedChangeset::items})
    for (std::size_t bit = 0; bit < (sealed.*part).size() * 8; ++bit) {
      SealedChangeset bad = sealed;
      (bad.*part)[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
      BOOST_REQUIRE_THROW(opened(bad), Error);
    }
}

BOOST_AUTO_TEST_CASE(s60_no_changeset_opens_under_two_keys) {
  const SecretBytes other = SecretBytes::random(keySize, random);
  BOOST_CHECK_THROW(Opener(decodeHeader(sealed.header), other), Error);
}

BOOST_AUTO_TEST_CASE(s60_a_changeset_opens_under_no_key_that_its_header_does_not_commit_to) {
  // As whoever made two keys that open one item would seal it: all is right but the commitment.
  for (const bool committed : {true, false}) {
    Header claimed = header;
    if (!committed) claimed.commitment[0] ^= 1;
    const SecretBytes keys = deriveKey(key, "cinnabar changeset", claimed.nonce, 64);
    Bytes packed = {0};
    append(packed, encodeItem(items[0]));
    Bytes item;
    seal(item, packed, hashOf("cinnabar header", boundPartOf(claimed)), claimed.nonce, keys.view().subspan(32));
    if (committed)
      BOOST_TEST((Opener(claimed, key).open(item, 0) == items[0]));
    else
      BOOST_CHECK_THROW(Opener(claimed, key).open(item, 0), Error);
  }
}

BOOST_AUTO_TEST_CASE(items_cannot_change_places) {
  const auto frames = splitItems(sealed.items, 3);
  const Opener opener(decodeHeader(sealed.header), key);
  BOOST_CHECK_THROW(opener.open(frames[0].bytes, 1), Error);
}

BOOST_AUTO_TEST_CASE(a_scrubbed_item_leaves_the_chain_as_it_was) {
  auto frames = splitItems(sealed.items, 3);
  const Hash whole = entryHash({}, sealed.header, frames);
  const Hash gone = hashOf("cinnabar item", frames[1].bytes);
  frames[1] = {true, gone};
  BOOST_TEST((entryHash({}, sealed.header, frames) == whole));
}

// Short, longer than a frame's first window, incompressible, and longer than a block.
BOOST_AUTO_TEST_CASE(a_value_of_any_length_and_kind_is_opened_as_it_was_sealed) {
  std::string noise(3'000, ' ');
  random.fill({reinterpret_cast<Byte*>(noise.data()), noise.size()});
  std::string sentence;
  for (int i = 0; i < 8'000; ++i) sentence += "第" + std::to_string(i * 7919) + "号文件已按期办结；";
  for (const std::string& text :
       {std::string(), std::string("一"), sentence.substr(0, 900), sentence.substr(0, 5'000), sentence, noise}) {
    items = {Item{{}, ItemKind::write, true, {}, {}, {{1, Operation::set, text, {}}}}};
    sealed = Sealer::seal(header, items, key, random);
    BOOST_TEST((opened(sealed) == items), text.size() << " bytes");
  }
}

BOOST_AUTO_TEST_CASE(a_changed_field_takes_fewer_than_a_hundred_and_ten_bytes) {
  Header h = header;
  Item item;
  random.fill(item.record.bytes);
  item.writes.push_back({1, Operation::assign, std::string("关于进一步加强道路养护工作的通知"), {}});
  const SealedChangeset one = Sealer::seal(h, {item}, key, random);
  BOOST_TEST(one.items.size() <= 110u);
}

BOOST_AUTO_TEST_SUITE_END()
