// A member that has turned, or whoever holds the stick: bundles, requests and grants that are not what was made.
#include <boost/test/unit_test.hpp>
#include <random>

#include "core/base/error.h"
#include "tests/builder/turned.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

BOOST_FIXTURE_TEST_SUITE(hostile, Turned)

BOOST_AUTO_TEST_CASE(s22_what_a_sender_may_not_send_is_refused_with_nothing_changed) {
  const Compartment secret{Level::secret, {}}, road{Level::internal, {"road"}}, water{Level::internal, {"water"}};
  const auto refused = [&](const char* what, const std::string& file, std::initializer_list<Code> others = {}) {
    const Code code = refusal("hq", file);
    BOOST_TEST(forgedOr(code, others), what << ": " << wordOf(code));
  };
  const Bytes prekey = Bytes(32, 7);
  for (const std::uint64_t suite : {0, 2, 1'000'000})
    refused("a suite that was negotiated down or up",
            gar.bundle("hq", Level::internal, {}, [&](Cover& cover) { cover.suite = suite; }), {Code::newerFormat});
  refused("a level that the sender is not cleared for", gar.bundle("hq", Level::secret, {{Part::prekey, prekey}}));
  refused("an empty one above the sender", gar.bundle("hq", Level::topSecret, {}));

  Bytes key;
  Writer(key).text("road");
  Writer(key).number(2);
  Writer(key).bytes(Bytes(32, 1));
  refused("keys from who is no office", gar.bundle("hq", Level::internal, {{Part::epochKey, key}}));

  Prefecture other({{"gar", Level::topSecret, {}}}, 9);
  Certificate certificate = *Roster(other.office()).find("gar");
  refused("a certificate of another group", gar.bundle("hq", Level::open, {{Part::certificate, encode(certificate)}}));
  certificate = *Roster(office()).find("gar");
  certificate.clearance = Level::topSecret;
  certificate.number = 99;
  refused("a certificate that the sender raised himself",
          gar.bundle("hq", Level::open, {{Part::certificate, encode(certificate)}}));
  signCertificate(certificate, office().identity().group, secrets::signing((*this)["gar"].lowest()).secretKey);
  refused("a certificate that the sender signed",
          gar.bundle("hq", Level::open, {{Part::certificate, encode(certificate)}}));
  refused("a roster entry above its level",
          gar.bundle("hq", Level::internal, {{Part::certificate, encode(*Roster(office()).find("gar"))}}));

  Chain own = gar.chain(internal);
  own.compartment = secret;
  Bytes headAbove = gar.head(own).content;
  refused("a head of another level", gar.bundle("hq", Level::internal, {{Part::head, headAbove}}));
  own.compartment = water;
  refused("a head of a circle that is not the sender's", gar.bundle("hq", Level::internal, {gar.head(own)}));

  const auto change = [&](const char* what, const Forger::Tweak& tweak, const Forger::Blemish& blemish = {}) {
    Chain chain = gar.chain(internal);
    const Hash before = chain.hash;
    std::vector<PartContent> parts = {gar.change(chain, {gar.record("MealCard", cardWrites())}, tweak, blemish)};
    parts.push_back(gar.head(chain, before));
    refused(what, gar.bundle("hq", Level::internal, parts), {Code::invalidInput, Code::newerFormat});
  };
  change("a change of another level", [](Header& h) { h.compartment.level = Level::secret; });
  change("a change of another's circle", [](Header& h) { h.compartment.circles = {"water"}; });
  change("a counter that uses the numbers up", [](Header& h) { h.lamport = (Lamport{1} << 48) - 1; });
  change("a counter one too far", [](Header& h) { h.lamport += 1; });
  change("a counter that goes back", [](Header& h) { h.lamport = 1; });
  change("a life that no site has", [](Header& h) {
    h.author.incarnation = 100'000;
    h.sequence = 1;
  });
  change("a life before the first", [](Header& h) { h.author.incarnation = 0; });
  change("an item that was exchanged", {}, [](SealedChangeset& s) { s.items.back() ^= 1; });
  change("an item that is cut", {}, [](SealedChangeset& s) { s.items.pop_back(); });
  change("a header that was changed after sealing", {}, [](SealedChangeset& s) { s.header[40] ^= 1; });
  change("a header behind which something follows", {}, [](SealedChangeset& s) { s.header.push_back(0); });
  change("a later format", {}, [](SealedChangeset& s) { s.header[0] = 2; });

  const auto part = [&](const char* what, Part kind, const Bytes& content) {
    refused(what, gar.bundle("hq", Level::internal, {{kind, content}}), {Code::invalidInput, Code::limit});
  };
  const Bytes many = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};
  for (const Part kind : {Part::certificate, Part::prekey, Part::seen, Part::changeset, Part::chunk, Part::head,
                          Part::digest, Part::padding}) {
    part("nothing at all", kind, {});
    part("an absurd count", kind, many);
    part("noise", kind, Bytes(300, 0xA5));
  }
  part("a part of a later version", static_cast<Part>(200), {});
}

BOOST_AUTO_TEST_CASE(s22_a_bundle_that_comes_again_changes_no_byte_and_a_late_one_takes_nothing_back) {
  put("gar", "MealCard", {{"holder", "一"}, {"staff", true}});
  const auto early = pack("gar", "hq");
  put("gar", "MealCard", {{"holder", "二"}, {"staff", true}});
  const auto late = pack("gar", "hq");
  for (const std::string& file : late) take("hq", file);
  const auto peerOf = [&] {
    const Peer peer = Peer::load(office().vault(Level::internal), gar.chain(internal).author.site);
    return std::tuple(peer.seen, peer.acked, peer.prekey, peer.received);
  };
  const auto before = peerOf();
  for (const std::string& file : early) take("hq", file);
  BOOST_TEST((peerOf() == before), "what a late bundle says of its sender's state counts no more");
  for (const auto& files : {early, late})
    for (const std::string& file : files) {
      close("hq");
      const auto bytes = bytesOf(folder("hq"));
      BOOST_TEST(takeBundle(office(), file, Apply::reallyApply, {}).status == "known");
      close("hq");
      BOOST_TEST((bytesOf(folder("hq")) == bytes));
    }
  settle();
  mustGoOn();
}

BOOST_AUTO_TEST_CASE(s22_frames_that_are_cut_reordered_or_repeated_are_refused) {
  std::string body;
  for (int i = 0; i < 40'000; ++i) body += static_cast<char>('a' + static_cast<int>(randombytes_uniform(26)));
  for (int i = 0; i < 6; ++i) put("gar", "MealCard", {{"holder", body + std::to_string(i)}, {"staff", true}});
  const auto files = pack("gar", "hq");
  const std::string file = files.back();
  const Bytes good = Environment::system().files->read(file, 1 << 24);
  constexpr std::size_t frame = 65'536 + crypto_secretstream_xchacha20poly1305_ABYTES;
  const std::size_t frames = (good.size() + frame - 1) / frame;
  BOOST_REQUIRE(frames >= 3u);
  const std::size_t cover = good.size() - (good.size() / frame) * frame;  // at least some of it
  close("hq");
  const auto before = bytesOf(folder("hq"));
  const auto refused = [&](const Bytes& bytes) {
    Environment::system().files->note(file, bytes);
    try {
      takeBundle(office(), file, Apply::reallyApply, {});
    } catch (const Error& error) {
      return forgedOr(error.code(), {Code::foreign, Code::misdirected, Code::badKey, Code::newerFormat});
    }
    return false;
  };
  std::size_t start = 0;  // of the first frame: where a cut behind it is noticed only by the stream
  {
    const BundleReader reader(environment, file);
    start = good.size() - reader.fileSize_bytes() + (4 + 1 + 1 + 1 + 4 + 3 + 32 + 32 + 32 + 24 + 64);
  }
  BOOST_TEST_MESSAGE("frames " << frames << ", cover about " << start << ", rest " << cover);
  for (std::size_t at = start; at < good.size(); at += frame) {
    for (const std::ptrdiff_t off : {-1, 0, 1, 17, 300}) {
      const auto size = static_cast<std::ptrdiff_t>(at) + off;
      if (size < static_cast<std::ptrdiff_t>(good.size()))
        BOOST_TEST(refused(Bytes(good.begin(), good.begin() + size)));
    }
  }
  const auto piece = [&](std::size_t i) {
    return BytesView(good).subspan(start + i * frame, std::min(frame, good.size() - start - i * frame));
  };
  const auto joined = [&](std::initializer_list<std::size_t> order) {
    Bytes out(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(start));
    for (const std::size_t i : order) append(out, piece(i));
    return out;
  };
  BOOST_TEST(refused(joined({1, 0, 2})));
  BOOST_TEST(refused(joined({0, 0, 1, 2})));
  BOOST_TEST(refused(joined({0, 2})));
  BOOST_TEST(refused(joined({0})));
  close("hq");
  BOOST_TEST((bytesOf(folder("hq")) == before));
  Environment::system().files->note(file, good);
  take("hq", file);
}

BOOST_AUTO_TEST_CASE(s60_a_bundle_opens_only_for_whom_its_cover_names_and_under_the_cover_that_was_signed) {
  // Gar signs the cover anew, for another number, level or receiver, over the stream that was sealed for Ritu.
  put("gar", "MealCard", {{"holder", "一"}, {"staff", true}});
  const std::string file = gar.bundle("ritu", Level::internal, {});
  const std::string other = gar.bundle("ritu", Level::internal, {}, [](Cover& c) { c.number = 7; });
  const Bytes a = Environment::system().files->read(file, 1 << 20),
              b = Environment::system().files->read(other, 1 << 20);
  const std::size_t body = 4096 + crypto_secretstream_xchacha20poly1305_ABYTES;
  Bytes mixed(a.begin(), a.end() - static_cast<std::ptrdiff_t>(body));
  append(mixed, BytesView(b).last(body));
  Environment::system().files->note(file, mixed);
  BOOST_TEST(forgedOr(refusal("ritu", file)));
}

BOOST_AUTO_TEST_CASE(s60_a_bundle_opens_under_no_key_that_its_cover_does_not_commit_to) {
  // The stream is right and the cover well signed, but commits to another key.
  const std::string file = gar.bundle("hq", Level::internal, {});
  const Bytes good = Environment::system().files->read(file, 1 << 20);
  constexpr std::size_t signature = crypto_sign_BYTES, behind = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
  Bytes cover = BundleReader(environment, file).coverBytes();
  const std::size_t length = cover.size();
  cover.resize(length - signature);
  cover[cover.size() - behind - 1] ^= 1;
  const Signature anew = sign("cinnabar cover", cover, secrets::signing((*this)["gar"].lowest()).secretKey);
  append(cover, anew);
  append(cover, BytesView(good).subspan(length));
  Environment::system().files->note(file, cover);
  BOOST_TEST(forgedOr(refusal("hq", file)));
}

BOOST_AUTO_TEST_CASE(s22_nothing_is_hidden_behind_a_bundles_end) {
  BOOST_TEST(
      forgedOr(refusal("hq", gar.bundle("hq", Level::internal, {{Part::end, {}}, {Part::prekey, Bytes(32, 9)}}))));
}

BOOST_AUTO_TEST_CASE(s28_an_older_certificate_that_comes_again_counts_no_more) {
  const Certificate older = *Roster(office()).find("ritu");
  Certificate newer = older;
  newer.number = Roster(office()).lastNumber() + 1;
  newer.clearance = Level::open;
  signCertificate(newer, office().identity().group, secrets::delegateKey(office().lowest()));
  for (const Certificate& certificate : {newer, older, newer})
    take("zhada", gar.bundle("zhada", Level::open, {{Part::certificate, encode(certificate)}}));
  BOOST_TEST(Roster((*this)["zhada"]).find("ritu")->number == newer.number);
  take("zhada", gar.bundle("zhada", Level::open, {{Part::certificate, encode(older)}}));
  BOOST_TEST((Roster((*this)["zhada"]).find("ritu")->clearance == Level::open));
}

BOOST_AUTO_TEST_CASE(s22_a_request_or_grant_with_any_bit_changed_is_refused) {
  const Bytes request = requestToJoin(opening("coqen"), {"coqen", "措勤"});
  const Admission admission{Level::internal, {"road"}, "2099-12-31"};
  close("hq");
  const auto before = bytesOf(folder("hq"));
  for (std::size_t bit = 0; bit < request.size() * 8; ++bit) {
    Bytes bad = request;
    bad[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
    BOOST_CHECK_THROW(admit(office(), bad, admission), Error);
  }
  for (std::size_t size = 0; size < request.size(); ++size)
    BOOST_CHECK_THROW(admit(office(), BytesView(request).first(size), admission), Error);
  close("hq");
  BOOST_TEST((bytesOf(folder("hq")) == before));

  const Bytes grant = admit(office(), request, admission);
  const auto waiting = bytesOf(folder("coqen"));
  const auto refused = [&](BytesView bytes) {
    try {
      acceptGrant(opening("coqen"), bytes);
    } catch (const Error& error) {
      return forgedOr(error.code(), {Code::invalidInput, Code::misdirected, Code::newerFormat});
    }
    return false;
  };
  for (std::size_t bit = 0; bit < grant.size() * 8; bit += bit < 400 ? 1 : 61) {
    Bytes bad = grant;
    bad[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
    BOOST_REQUIRE_MESSAGE(refused(bad), "bit " << bit);
  }
  for (std::size_t size = 0; size < grant.size(); size += 41) BOOST_REQUIRE(refused(BytesView(grant).first(size)));
  BOOST_TEST((bytesOf(folder("coqen")) == waiting));
  acceptGrant(opening("coqen"), grant);
  const auto joined = bytesOf(folder("coqen"));
  BOOST_CHECK_THROW(acceptGrant(opening("coqen"), grant), Error);
  requestToJoin(opening("gegyai"), {"gegyai", "革吉"});
  BOOST_CHECK_THROW(acceptGrant(opening("gegyai"), grant), Error);
  BOOST_TEST((bytesOf(folder("coqen")) == joined));
  carry("hq", "coqen");
  BOOST_TEST(!get("coqen", card).is_null());
}

BOOST_AUTO_TEST_CASE(a_bad_file_on_the_stick_keeps_no_other_from_being_taken) {
  const RecordId id = put("hq", "MealCard", {{"holder", "一"}, {"staff", true}});
  const RecordId open = put("hq", "OrgUnit", {{"code", "o"}, {"name", "署"}, {"level", "county"}}, "public");
  const std::string stick = std::filesystem::path(pack("hq", "gar").at(0)).parent_path();
  Environment::system().files->note(stick + "/0-noise.cnb", Bytes(5000, 3));
  std::filesystem::copy_file(gar.bundle("hq", Level::internal, {}), stick + "/1-for-another.cnb");
  Bytes broken = Environment::system().files->read(pack("hq", "gar").at(0), 1 << 20);
  broken.back() ^= 1;
  Environment::system().files->note(stick + "/2-broken.cnb", broken);
  try {
    importFrom((*this)["gar"], stick, Apply::reallyApply, {});
    BOOST_ERROR("what was wrong was not told");
  } catch (const Error& error) {
    BOOST_TEST(forgedOr(error.code()), error.what());
  }
  BOOST_TEST(get("gar", id).at("holder") == "一");
  BOOST_TEST(get("gar", open).at("code") == "o");
}

BOOST_AUTO_TEST_CASE(s32_any_byte_that_a_member_changes_in_what_it_rightly_signs_is_refused_or_harmless) {
  std::mt19937 dice(8);
  const Author self = gar.chain(internal).author;
  for (int i = 0; i < 400; ++i) {
    Chain chain = gar.chain(internal);
    const Hash before = chain.hash;
    std::vector<PartContent> parts = {{Part::prekey, Bytes(32, 9)},
                                      {Part::seen, acknowledgement({{internal, {{self, 1}}}})}};
    parts.push_back(gar.change(
        chain, {gar.record("MealCard", cardWrites()),
                gar.record("Post", {{field("Post", "roles"), Operation::add, std::string("\"cook\""), {}}})}));
    parts.push_back(gar.head(chain, before));
    for (int n = 0; n < 1 + i % 3; ++n) {
      Bytes& content = parts[dice() % parts.size()].content;
      switch (dice() % 4) {
        case 0: content[dice() % content.size()] = static_cast<Byte>(dice()); break;
        case 1: content[dice() % content.size()] ^= static_cast<Byte>(1U << dice() % 8); break;
        case 2: content.resize(1 + dice() % content.size()); break;
        default:
          content.insert(content.begin() + static_cast<std::ptrdiff_t>(dice() % content.size()),
                         static_cast<Byte>(dice()));
      }
    }
    try {
      takeBundle(office(), gar.bundle("hq", Level::internal, parts), Apply::onlyTry, {});
    } catch (const Error& error) {
      BOOST_TEST(
          (error.code() == Code::forged || error.code() == Code::invalidInput || error.code() == Code::newerFormat),
          error.what());
    }
  }
  mustGoOn();
}

BOOST_AUTO_TEST_SUITE_END()
