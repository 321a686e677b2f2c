#include <boost/test/unit_test.hpp>
#include <fstream>

#include "core/base/error.h"
#include "core/keys/keyring.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;

namespace {

std::map<Level, SecretBytes> twoKeys(Random& random) {
  std::map<Level, SecretBytes> keys;
  keys.emplace(Level::open, SecretBytes::random(32, random));
  keys.emplace(Level::internal, SecretBytes::random(32, random));
  return keys;
}

struct Fixture {
  Folder folder;
  Environment environment = environmentOf(7);
  std::string path = folder / "keyring";
  UnlockedPerson chief = Keyring::create(environment, path, "chief", secretOf(), Level::internal, twoKeys(*environment.random),
                                         KdfCost::cheapForTests());
  Keyring reopen() const { return {environment, path}; }
};

std::string failure(const std::function<void()>& act, Code code) {
  try {
    act();
  } catch (const Error& error) {
    BOOST_TEST((error.code() == code));
    return error.what();
  }
  BOOST_ERROR("it did not fail");
  return "";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(keyring, Fixture)

BOOST_AUTO_TEST_CASE(a_person_gets_back_the_keys_that_he_was_given) {
  const UnlockedPerson again = reopen().unlock("chief", secretOf());
  for (const Level level : {Level::open, Level::internal})
    BOOST_TEST(sameBytes(again.vaultKeys.at(level).view(), chief.vaultKeys.at(level).view()));
  BOOST_TEST((again.signing.publicKey == chief.signing.publicKey));
}

BOOST_AUTO_TEST_CASE(s05_an_unknown_person_and_a_wrong_passphrase_get_the_same_answer) {
  const std::string unknown = failure([&] { reopen().unlock("nobody", secretOf()); }, Code::badKey);
  const std::string wrong = failure([&] { reopen().unlock("chief", secretOf("another passphrase")); }, Code::badKey);
  BOOST_TEST(unknown == wrong);
}

BOOST_AUTO_TEST_CASE(a_passphrase_has_at_least_eight_characters_not_bytes) {
  failure([&] { reopen().add(chief, "short", secretOf("朱砂朱砂朱砂朱"), Level::open, KdfCost::cheapForTests()); }, Code::refused);
  Keyring k = reopen();
  k.add(chief, "long", secretOf("朱砂朱砂朱砂朱砂"), Level::open, KdfCost::cheapForTests());
  BOOST_TEST(k.persons(chief).size() == 2u);
}

BOOST_AUTO_TEST_CASE(another_person_holds_only_what_he_is_cleared_for) {
  Keyring k = reopen();
  k.add(chief, "clerk", secretOf("clerk's own words"), Level::open, KdfCost::cheapForTests());
  UnlockedPerson clerk = k.unlock("clerk", secretOf("clerk's own words"));
  BOOST_TEST(clerk.vaultKeys.size() == 1u);
  failure([&] { k.add(clerk, "friend", secretOf(), Level::internal, KdfCost::cheapForTests()); }, Code::refused);
  k.clear(chief, "clerk", Level::internal);
  BOOST_TEST(reopen().unlock("clerk", secretOf("clerk's own words")).vaultKeys.size() == 2u);
  k.clear(chief, "clerk", Level::open);
  BOOST_TEST(reopen().unlock("clerk", secretOf("clerk's own words")).vaultKeys.size() == 1u);
  k.remove(chief, "clerk");
  failure([&] { reopen().unlock("clerk", secretOf("clerk's own words")); }, Code::badKey);
  failure([&] { k.remove(chief, "chief"); }, Code::refused);
}

BOOST_AUTO_TEST_CASE(changing_a_passphrase_leaves_the_keys_as_they_were) {
  Keyring k = reopen();
  k.changeSecret(chief, secretOf("an entirely new one"), KdfCost::cheapForTests());
  failure([&] { reopen().unlock("chief", secretOf()); }, Code::badKey);
  BOOST_TEST(sameBytes(reopen().unlock("chief", secretOf("an entirely new one")).vaultKeys.at(Level::open).view(),
                       chief.vaultKeys.at(Level::open).view()));
}

BOOST_AUTO_TEST_CASE(a_provider_opens_a_slot_without_a_passphrase) {
  const SlotSecret token{{}, [](BytesView slot) {
                           SecretBytes key(32);
                           std::copy(slot.begin(), slot.end(), key.span().begin());
                           return key;
                         }};
  Keyring k = reopen();
  k.add(chief, "token", token, Level::internal, KdfCost::cheapForTests());
  BOOST_TEST(reopen().unlock("token", token).vaultKeys.size() == 2u);
  failure([&] { reopen().unlock("token", secretOf()); }, Code::badKey);
}

BOOST_AUTO_TEST_CASE(any_flipped_bit_is_an_error_and_never_another_answer) {
  const Bytes good = environment.files->read(path, 1 << 20);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
    environment.files->note(path, bad);
    BOOST_REQUIRE_THROW(reopen().unlock("chief", secretOf()), Error);
  }
}

BOOST_AUTO_TEST_CASE(s01_the_file_shows_no_name_no_passphrase_and_no_key) {
  const Bytes file = environment.files->read(path, 1 << 20);
  const std::string text(textOf(file));
  BOOST_TEST(text.find("chief") == std::string::npos);
  BOOST_TEST(text.find(passphrase) == std::string::npos);
  BOOST_TEST(text.find(textOf(chief.vaultKeys.at(Level::open).view())) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
