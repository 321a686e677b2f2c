#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <fstream>

#include "core/base/error.h"
#include "core/keys/entry.h"
#include "core/keys/lock.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;

namespace {

constexpr std::string_view clerksWords = "clerk's own words";
const KdfCost cheap = KdfCost::cheapForTests();

VaultKeys keysUpTo(Level highest, Random& random) {
  VaultKeys keys;
  for (const Level level : allLevels)
    if (level <= highest) keys.emplace(level, SecretBytes::random(keySize, random));
  return keys;
}

std::string failure(Code code, const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    BOOST_TEST((error.code() == code), "it failed with " << wordOf(error.code()) << ": " << error.what());
    return error.what();
  }
  BOOST_ERROR("it did not fail");
  return "";
}

bool sameKeys(const UnlockedPerson& a, const UnlockedPerson& b) {
  const auto same = [](const auto& x, const auto& y) {
    return x.first == y.first && sameBytes(x.second.view(), y.second.view());
  };
  return std::equal(a.vaultKeys.begin(), a.vaultKeys.end(), b.vaultKeys.begin(), b.vaultKeys.end(), same) &&
         sameBytes(a.signing.secretKey.view(), b.signing.secretKey.view()) &&
         sameBytes(a.box.secretKey.view(), b.box.secretKey.view()) && a.signing.publicKey == b.signing.publicKey &&
         a.box.publicKey == b.box.publicKey && a.name == b.name && a.clearance == b.clearance;
}

// A key for each slot, as an operating system's keystore keeps them.
SlotSecret tokenOf(std::uint8_t owner) {
  return {{}, [owner](BytesView slot) {
            SecretBytes key(keySize);
            std::copy(slot.begin(), slot.end(), key.span().begin());
            key.span()[31] = owner;
            return key;
          }};
}

// How often a key stands in this process's writable memory. It is given and compared behind a mask, and the
// search's own buffer is left out, so that the search finds nothing of its own.
constexpr Byte mask = 0xA5;
std::size_t copiesInMemory(const Bytes& maskedKey) {
  constexpr std::size_t overlap = 128;
  constexpr auto largest = 1ULL << 30;  // a sanitizer's shadow is terabytes, and holds no program's bytes
  SecretBytes buffer(std::size_t{1} << 20);
  const auto own = reinterpret_cast<std::uintptr_t>(buffer.data());
  std::size_t copies = 0;
  const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  BOOST_REQUIRE(memory >= 0);
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned long long begin = 0, end = 0;
    char access[5] = "";
    if (std::sscanf(line.c_str(), "%llx-%llx %4s", &begin, &end, access) != 3) continue;
    if (access[0] != 'r' || access[1] != 'w' || (begin <= own && own < end) || end - begin > largest) continue;
    for (auto at = begin; at < end; at += buffer.size() - overlap) {
      const ssize_t n =
          ::pread(memory, buffer.span().data(), std::min<std::size_t>(buffer.size(), end - at), static_cast<off_t>(at));
      if (n <= 0) break;
      const auto part = buffer.span().first(static_cast<std::size_t>(n));
      // By words, and with the library's search: a sanitized process has gigabytes to look through.
      auto* words = reinterpret_cast<std::uint64_t*>(part.data());
      for (std::size_t i = 0; i < (part.size() + 7) / 8; ++i) words[i] ^= mask * 0x0101010101010101ULL;
      // What begins in the overlap is counted with the next part.
      const Byte* const stop = part.data() + part.size();
      const Byte* const last = at + part.size() < end ? stop - overlap : stop;
      const auto next = [&](const Byte* from) {
        return static_cast<const Byte*>(
            ::memmem(from, static_cast<std::size_t>(stop - from), maskedKey.data(), maskedKey.size()));
      };
      for (const Byte* found = part.data(); (found = next(found)) != nullptr && found < last; ++found) ++copies;
    }
  }
  ::close(memory);
  return copies;
}

Bytes masked(BytesView key) {
  Bytes out(key.begin(), key.end());
  for (Byte& byte : out) byte ^= mask;
  return out;
}

// Passes everything on, until replacing is to fail before or after it happened.
class FailingFiles : public Files {
 public:
  explicit FailingFiles(std::shared_ptr<Files> real) : real_(std::move(real)) {}
  enum class Fail { never, before, after } fail = Fail::never;

  void replace(const std::string& path, BytesView bytes) override {
    if (fail == Fail::before) throw Error(Code::diskFull, "no room for " + path);
    real_->replace(path, bytes);
    if (fail == Fail::after) throw Error(Code::io, "cannot sync the folder of " + path);
  }
  Bytes read(const std::string& path, std::size_t most) override { return real_->read(path, most); }
  Bytes readPart(const std::string& path, std::uint64_t offset, std::size_t most) override {
    return real_->readPart(path, offset, most);
  }
  void note(const std::string& path, BytesView bytes) override { real_->note(path, bytes); }
  std::unique_ptr<Appender> append(const std::string& path) override { return real_->append(path); }
  std::uint64_t size(const std::string& path) override { return real_->size(path); }
  bool exists(const std::string& path) override { return real_->exists(path); }
  bool isFolder(const std::string& path) override { return real_->isFolder(path); }
  void remove(const std::string& path) override { real_->remove(path); }
  void rename(const std::string& from, const std::string& to) override { real_->rename(from, to); }
  void makeFolder(const std::string& path) override { real_->makeFolder(path); }
  void removeFolder(const std::string& path) override { real_->removeFolder(path); }
  std::vector<std::string> list(const std::string& folder) override { return real_->list(folder); }
  void syncFile(const std::string& path) override { real_->syncFile(path); }
  void overwrite(const std::string& path) override { real_->overwrite(path); }
  std::unique_ptr<FolderHold> hold(const std::string& folder) override { return real_->hold(folder); }
  const char* vfs() const override { return real_->vfs(); }

 private:
  std::shared_ptr<Files> real_;
};

struct Fixture {
  Folder folder;
  Environment environment = environmentOf(7);
  std::string path = folder / "keyring";
  UnlockedPerson chief = Keyring::create(environment, path, "chief", secretOf(), Level::secret,
                                         keysUpTo(Level::internal, *environment.random), cheap);

  Keyring reopen() const { return {environment, path}; }
  UnlockedPerson unlock(const std::string& person, std::string_view words = passphrase) const {
    return reopen().unlock(person, secretOf(words));
  }
  UnlockedPerson addClerk(Level clearance) {
    reopen().add(chief, "clerk", secretOf(clerksWords), clearance, cheap);
    return unlock("clerk", clerksWords);
  }
  Bytes file() const { return environment.files->read(path, KeyringFile::longest_bytes); }
  void put(const Bytes& bytes) const { environment.files->note(path, bytes); }

  // What somebody does who holds `lowest` and can write the file.
  void forge(const SecretBytes& lowest, const std::function<void(KeyringFile&)>& change) const {
    KeyringFile forged = KeyringFile::parse(file());
    change(forged);
    forged.seal = forged.sealUnder(lowest);
    put(forged.bytes());
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(keyring, Fixture)

BOOST_AUTO_TEST_CASE(a_person_gets_back_the_keys_that_he_was_given) {
  BOOST_TEST(sameKeys(unlock("chief"), chief));
  BOOST_TEST(unlock("chief").vaultKeys.size() == 2u);
  BOOST_TEST(sameKeys(unlock(""), chief));
  addClerk(Level::open);
  failure(Code::badKey, [&] { unlock(""); });
}

BOOST_AUTO_TEST_CASE(a_keyring_is_never_made_over_another) {
  const auto again = [&](const std::string& at, const std::string& person, std::string_view words, VaultKeys keys) {
    Keyring::create(environment, at, person, secretOf(words), Level::internal, std::move(keys), cheap);
  };
  Random& random = *environment.random;
  failure(Code::refused, [&] { again(path, "other", passphrase, keysUpTo(Level::open, random)); });
  failure(Code::refused, [&] { again(folder / "b", "other", "seven77", keysUpTo(Level::open, random)); });
  failure(Code::invalidArgument, [&] { again(folder / "b", "", passphrase, keysUpTo(Level::open, random)); });
  failure(Code::invalidArgument, [&] { again(folder / "b", "other", passphrase, {}); });
  failure(Code::invalidArgument, [&] { again(folder / "b", "other", passphrase, keysUpTo(Level::secret, random)); });
  BOOST_TEST(!environment.files->exists(folder / "b"));
  failure(Code::notFound, [&] { Keyring(environment, folder / "b"); });
}

BOOST_AUTO_TEST_CASE(s05_an_unknown_person_and_a_wrong_secret_get_the_same_answer) {
  reopen().add(chief, "token", tokenOf(1), Level::open, cheap);
  const std::string answer = failure(Code::badKey, [&] { unlock("nobody"); });
  BOOST_TEST(answer == failure(Code::badKey, [&] { unlock("chief", "another passphrase"); }));
  BOOST_TEST(answer == failure(Code::badKey, [&] { unlock("chief", ""); }));
  BOOST_TEST(answer == failure(Code::badKey, [&] { unlock("token"); }));
  for (const char* person : {"chief", "token", "nobody"}) {
    BOOST_TEST(answer == failure(Code::badKey, [&] { reopen().unlock(person, tokenOf(2)); }));
    const SlotSecret absent{{}, [](BytesView) -> SecretBytes { throw Error(Code::badKey, "no such key here"); }};
    BOOST_TEST(answer == failure(Code::badKey, [&] { reopen().unlock(person, absent); }));
  }
}

BOOST_AUTO_TEST_CASE(s05_an_unknown_person_costs_what_one_of_the_known_costs) {
  const KdfCost dearer{2, std::size_t{64} << 10};
  reopen().add(chief, "clerk", secretOf(clerksWords), Level::open, dearer);
  const KeyringFile parsed = KeyringFile::parse(file());
  bool sawCheap = false, sawDearer = false;
  for (int i = 0; i < 64; ++i) {
    const std::string name = "nobody" + std::to_string(i);
    const Slot decoy = decoyFor(name, parsed), again = decoyFor(name, parsed);
    BOOST_TEST((decoy.salt == again.salt && decoy.id == again.id && decoy.cost.operations == again.cost.operations));
    sawCheap |= decoy.cost.operations == cheap.operations && decoy.cost.memory_bytes == cheap.memory_bytes;
    sawDearer |= decoy.cost.operations == dearer.operations && decoy.cost.memory_bytes == dearer.memory_bytes;
  }
  BOOST_TEST((sawCheap && sawDearer));
}

BOOST_AUTO_TEST_CASE(a_passphrase_has_at_least_eight_characters_not_bytes) {
  const auto addWith = [&](std::string_view words) { reopen().add(chief, "new", secretOf(words), Level::open, cheap); };
  failure(Code::refused, [&] { addWith("朱砂朱砂朱砂朱"); });
  failure(Code::refused, [&] { addWith("seven77"); });
  failure(Code::refused, [&] { addWith(""); });
  failure(Code::refused, [&] { reopen().changeSecret(chief, secretOf("seven77"), cheap); });
  addWith("朱砂朱砂朱砂朱砂");
  BOOST_TEST(unlock("new", "朱砂朱砂朱砂朱砂").name == "new");
}

BOOST_AUTO_TEST_CASE(a_cost_that_no_reader_would_bear_is_not_written) {
  for (const KdfCost cost :
       {KdfCost{17, 8192}, KdfCost{1, (std::size_t{1} << 30) + 1}, KdfCost{0, 8192}, KdfCost{1, 8191}})
    failure(Code::invalidArgument, [&] { reopen().changeSecret(chief, secretOf(), cost); });
  BOOST_TEST((KdfCost::moderate().memory_bytes >= std::size_t{256} << 20));
}

BOOST_AUTO_TEST_CASE(another_person_holds_only_what_he_is_cleared_for) {
  Keyring k = reopen();
  k.add(chief, "clerk", secretOf(clerksWords), Level::open, cheap);
  const UnlockedPerson clerk = k.unlock("clerk", secretOf(clerksWords));
  BOOST_TEST(clerk.vaultKeys.size() == 1u);
  BOOST_TEST((clerk.clearance == Level::open));
  BOOST_TEST(sameBytes(clerk.vaultKeys.at(Level::open).view(), chief.vaultKeys.at(Level::open).view()));
  failure(Code::refused, [&] { k.add(clerk, "friend", secretOf(), Level::internal, cheap); });
  failure(Code::refused, [&] { k.clear(clerk, "clerk", Level::internal); });
  failure(Code::refused, [&] { k.clear(clerk, "chief", Level::open); });
  failure(Code::refused, [&] { k.remove(clerk, "chief"); });
  failure(Code::refused, [&] { k.add(chief, "clerk", secretOf(), Level::open, cheap); });
  failure(Code::notFound, [&] { k.clear(chief, "nobody", Level::open); });
  failure(Code::notFound, [&] { k.remove(chief, "nobody"); });
}

BOOST_AUTO_TEST_CASE(a_clearance_goes_up_and_down_without_the_persons_secret) {
  const UnlockedPerson before = addClerk(Level::open);
  for (const Level level : {Level::internal, Level::open, Level::secret, Level::internal}) {
    reopen().clear(chief, "clerk", level);
    const UnlockedPerson clerk = unlock("clerk", clerksWords);
    BOOST_TEST((clerk.clearance == level));
    BOOST_TEST(clerk.vaultKeys.size() == (level == Level::open ? 1u : 2u));
    BOOST_TEST(sameBytes(clerk.signing.secretKey.view(), before.signing.secretKey.view()));
  }
}

BOOST_AUTO_TEST_CASE(who_has_unlocked_sees_who_else_there_is) {
  addClerk(Level::open);
  const std::vector<PersonEntry> persons = reopen().persons(unlock("clerk", clerksWords));
  BOOST_REQUIRE(persons.size() == 2u);
  BOOST_TEST(persons[0].name == "chief");
  BOOST_TEST((persons[0].clearance == Level::secret && persons[0].signingKey == chief.signing.publicKey));
  BOOST_TEST(persons[1].name == "clerk");
}

BOOST_AUTO_TEST_CASE(a_removed_person_opens_nothing) {
  const UnlockedPerson clerk = addClerk(Level::internal);
  Keyring k = reopen();
  k.remove(chief, "clerk");
  failure(Code::badKey, [&] { unlock("clerk", clerksWords); });
  failure(Code::refused, [&] { reopen().add(clerk, "friend", secretOf(), Level::open, cheap); });
  failure(Code::refused, [&] { k.remove(chief, "chief"); });
  k.add(chief, "clerk", secretOf(clerksWords), Level::internal, cheap);
  failure(Code::refused, [&] { reopen().add(clerk, "friend", secretOf(), Level::open, cheap); });
}

BOOST_AUTO_TEST_CASE(no_vault_key_goes_with_the_last_who_holds_it) {
  addClerk(Level::open);
  failure(Code::refused, [&] { reopen().remove(chief, "chief"); });
  failure(Code::refused, [&] { reopen().clear(chief, "chief", Level::open); });
  reopen().clear(chief, "clerk", Level::internal);
  reopen().clear(chief, "chief", Level::open);
  BOOST_TEST(unlock("chief").vaultKeys.size() == 1u);
}

BOOST_AUTO_TEST_CASE(changing_a_secret_leaves_the_keys_as_they_were) {
  const UnlockedPerson clerk = addClerk(Level::open);
  Keyring k = reopen();
  k.changeSecret(clerk, secretOf("an entirely new one"), cheap);
  failure(Code::badKey, [&] { unlock("clerk", clerksWords); });
  BOOST_TEST(sameKeys(unlock("clerk", "an entirely new one"), clerk));
  k.changeSecret(clerk, tokenOf(1), cheap);
  failure(Code::badKey, [&] { unlock("clerk", "an entirely new one"); });
  BOOST_TEST(sameKeys(reopen().unlock("clerk", tokenOf(1)), clerk));
  BOOST_TEST(sameKeys(unlock("chief"), chief));
}

BOOST_AUTO_TEST_CASE(a_provider_opens_its_slot_by_the_slots_id) {
  Bytes asked;
  const SlotSecret token{{}, [&](BytesView slot) {
                           asked.assign(slot.begin(), slot.end());
                           return tokenOf(1).provider(slot);
                         }};
  reopen().add(chief, "token", token, Level::internal, cheap);
  const Bytes atAdding = asked;
  BOOST_TEST(atAdding.size() == 16u);
  BOOST_TEST(reopen().unlock("token", token).vaultKeys.size() == 2u);
  BOOST_TEST(asked == atAdding);
  reopen().changeSecret(reopen().unlock("token", token), token, cheap);
  BOOST_TEST(asked == atAdding);
  const SlotSecret shortKey{{}, [](BytesView) { return SecretBytes(16); }};
  failure(Code::invalidArgument, [&] { reopen().unlock("token", shortKey); });
}

BOOST_AUTO_TEST_CASE(a_new_vaults_key_goes_to_everybody_cleared_for_it) {
  addClerk(Level::internal);
  reopen().add(chief, "deputy", secretOf("the deputy's words"), Level::secret, cheap);
  const SecretBytes key = SecretBytes::random(keySize, *environment.random);
  failure(Code::refused, [&] { reopen().addVaultKey(chief, Level::topSecret, key); });
  failure(Code::refused, [&] { reopen().addVaultKey(chief, Level::internal, key); });
  reopen().addVaultKey(chief, Level::secret, key);
  BOOST_TEST(sameBytes(chief.vaultKeys.at(Level::secret).view(), key.view()));
  BOOST_TEST(sameKeys(unlock("chief"), chief));
  BOOST_TEST(sameBytes(unlock("deputy", "the deputy's words").vaultKeys.at(Level::secret).view(), key.view()));
  BOOST_TEST(!unlock("clerk", clerksWords).vaultKeys.contains(Level::secret));
  reopen().clear(chief, "clerk", Level::secret);
  BOOST_TEST(sameBytes(unlock("clerk", clerksWords).vaultKeys.at(Level::secret).view(), key.view()));
}

BOOST_AUTO_TEST_CASE(a_vaults_new_key_goes_to_everybody_who_held_the_old_one) {
  const UnlockedPerson clerk = addClerk(Level::open);
  UnlockedPerson by = unlock("chief");
  VaultKeys fresh = keysUpTo(Level::internal, *environment.random);
  const VaultKeys wanted = keysUpTo(Level::internal, *environment.random);
  for (const auto& [level, key] : wanted) fresh[level] = key.clone();
  reopen().changeVaultKeys(by, std::move(fresh));
  for (const UnlockedPerson& person : {unlock("chief"), unlock("clerk", clerksWords)})
    for (const auto& [level, key] : person.vaultKeys) BOOST_TEST(sameBytes(key.view(), wanted.at(level).view()));
  BOOST_TEST(sameKeys(unlock("chief"), by));
  BOOST_TEST(unlock("clerk", clerksWords).vaultKeys.size() == 1u);
  BOOST_TEST(reopen().persons(by).size() == 2u);
  // Who unlocked before has to unlock again, and nobody changes what he does not hold.
  failure(Code::damaged, [&] { reopen().remove(clerk, "clerk"); });
  UnlockedPerson low = unlock("clerk", clerksWords);
  VaultKeys above;
  above.emplace(Level::internal, SecretBytes::random(keySize, *environment.random));
  failure(Code::refused, [&] { reopen().changeVaultKeys(low, std::move(above)); });
}

BOOST_AUTO_TEST_CASE(a_vaults_new_key_is_not_boxed_to_whom_nobody_vouched_for) {
  const UnlockedPerson clerk = addClerk(Level::open);
  UnlockedPerson by = unlock("chief");
  const BoxPair strangers = BoxPair::make(*environment.random);
  forge(clerk.vaultKeys.at(Level::open), [&](KeyringFile& file) { file.find("chief")->boxKey = strangers.publicKey; });
  VaultKeys fresh;
  fresh.emplace(Level::internal, SecretBytes::random(keySize, *environment.random));
  BOOST_CHECK_THROW(reopen().changeVaultKeys(by, std::move(fresh)), Error);
}

BOOST_AUTO_TEST_CASE(any_flipped_bit_is_damage) {
  const Bytes good = file();
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
    put(bad);
    failure(Code::damaged, [&] { unlock("chief"); });
  }
  for (std::size_t size = 0; size < good.size(); ++size) {
    put({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)});
    failure(Code::damaged, [&] { reopen(); });
  }
  Bytes longer = good;
  longer.push_back(0);
  put(longer);
  failure(Code::damaged, [&] { reopen(); });
}

BOOST_AUTO_TEST_CASE(a_bit_flipped_by_a_stranger_who_corrects_the_checksum_is_an_error_too) {
  addClerk(Level::internal);
  Bytes good = file();
  good.resize(good.size() - sizeof(Hash));
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
    append(bad, checksumOf(bad));
    put(bad);
    try {
      unlock("chief");
      BOOST_ERROR("bit " << bit << " was not noticed");
    } catch (const Error& error) {
      const Code code = error.code();
      BOOST_TEST((code == Code::damaged || code == Code::badKey || code == Code::newerFormat || code == Code::limit));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_stranger_changes_nothing_between_unlocking_and_the_next_change) {
  addClerk(Level::internal);
  KeyringFile forged = KeyringFile::parse(file());
  forged.slots.pop_back();
  put(forged.bytes());
  failure(Code::damaged, [&] { reopen().add(chief, "third", secretOf(), Level::open, cheap); });
  failure(Code::damaged, [&] { reopen().remove(chief, "clerk"); });
  failure(Code::damaged, [&] { reopen().persons(chief); });
  failure(Code::damaged, [&] { reopen().changeSecret(chief, secretOf(), cheap); });
}

BOOST_AUTO_TEST_CASE(a_clerk_cannot_raise_his_clearance_in_the_file) {
  const UnlockedPerson clerk = addClerk(Level::open);
  const SecretBytes& lowest = clerk.vaultKeys.at(Level::open);
  forge(lowest, [&](KeyringFile& f) {
    Slot& own = *f.find("clerk");
    const PersonEntry raised{"clerk", Level::secret, clerk.signing.publicKey};
    sealEntry(own, raised, lowest, *environment.random);
    share(own, raised, Level::open, lowest);
  });
  const SecretBytes key = SecretBytes::random(keySize, *environment.random);
  failure(Code::damaged, [&] { reopen().addVaultKey(chief, Level::secret, key); });
  BOOST_TEST(!chief.vaultKeys.contains(Level::secret));
}

BOOST_AUTO_TEST_CASE(a_clerk_cannot_have_anothers_next_key_boxed_to_himself) {
  const UnlockedPerson clerk = addClerk(Level::open);
  reopen().add(chief, "third", secretOf("third one's words"), Level::open, cheap);
  const SecretBytes& lowest = clerk.vaultKeys.at(Level::open);
  forge(lowest, [&](KeyringFile& f) {
    Slot& third = *f.find("third");
    const PersonEntry entry = openEntry(third, lowest);
    third.boxKey = clerk.box.publicKey;
    share(third, entry, Level::open, lowest);
  });
  failure(Code::damaged, [&] { reopen().clear(chief, "third", Level::internal); });
}

BOOST_AUTO_TEST_CASE(a_clerk_cannot_lower_his_chief_unnoticed) {
  const UnlockedPerson clerk = addClerk(Level::open);
  const SecretBytes& lowest = clerk.vaultKeys.at(Level::open);
  forge(lowest, [&](KeyringFile& f) {
    Slot& slot = *f.find("chief");
    PersonEntry entry = openEntry(slot, lowest);
    entry.clearance = Level::internal;
    sealEntry(slot, entry, lowest, *environment.random);
    share(slot, entry, Level::open, lowest);
  });
  failure(Code::damaged, [&] { unlock("chief"); });
}

BOOST_AUTO_TEST_CASE(whom_only_a_clerk_vouches_for_is_not_raised_above_that_clerk) {
  const UnlockedPerson clerk = addClerk(Level::open);
  reopen().add(clerk, "friend", secretOf("a friend's words"), Level::open, cheap);
  failure(Code::refused, [&] { reopen().clear(chief, "friend", Level::internal); });
  reopen().clear(chief, "friend", Level::open);
  failure(Code::refused, [&] { reopen().clear(chief, "friend", Level::internal); });
  reopen().remove(chief, "friend");
  reopen().add(chief, "friend", secretOf("a friend's words"), Level::internal, cheap);
  BOOST_TEST(unlock("friend", "a friend's words").vaultKeys.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_failure_in_replacing_leaves_the_old_file_or_the_new) {
  const auto failing = std::make_shared<FailingFiles>(environment.files);
  Environment faulty = environment;
  faulty.files = failing;
  const Bytes before = file();
  Keyring k(faulty, path);
  failing->fail = FailingFiles::Fail::before;
  failure(Code::diskFull, [&] { k.add(chief, "clerk", secretOf(clerksWords), Level::open, cheap); });
  const SecretBytes key = SecretBytes::random(keySize, *environment.random);
  failure(Code::diskFull, [&] { k.addVaultKey(chief, Level::secret, key); });
  BOOST_TEST(file() == before);
  BOOST_TEST(k.persons(chief).size() == 1u);
  BOOST_TEST(!chief.vaultKeys.contains(Level::secret));

  failing->fail = FailingFiles::Fail::after;
  failure(Code::io, [&] { k.add(chief, "clerk", secretOf(clerksWords), Level::open, cheap); });
  BOOST_TEST(unlock("clerk", clerksWords).name == "clerk");
  failing->fail = FailingFiles::Fail::never;
  failure(Code::busy, [&] { k.changeSecret(chief, secretOf(), cheap); });
}

BOOST_AUTO_TEST_CASE(a_change_by_another_program_meanwhile_is_not_undone) {
  addClerk(Level::open);
  Keyring early = reopen();
  reopen().remove(chief, "clerk");
  failure(Code::busy, [&] { early.changeSecret(chief, secretOf("a newer passphrase"), cheap); });
  failure(Code::badKey, [&] { unlock("clerk", clerksWords); });
}

BOOST_AUTO_TEST_CASE(a_keyring_of_a_later_format_is_said_to_be_one) {
  Bytes later = file();
  later.resize(later.size() - sizeof(Hash));
  later[8] = 2;
  append(later, checksumOf(later));
  put(later);
  failure(Code::newerFormat, [&] { reopen(); });
}

BOOST_AUTO_TEST_CASE(s31_a_slot_that_states_an_unbearable_cost_is_not_computed) {
  for (const KdfCost cost :
       {KdfCost{17, 8192}, KdfCost{1, (std::size_t{1} << 30) + 1}, KdfCost{1, 1}, KdfCost{0, 8192}}) {
    KeyringFile hostile = KeyringFile::parse(file());
    hostile.slots[0].cost = cost;
    failure(Code::damaged, [&] { KeyringFile::parse(hostile.bytes()); });
  }
}

BOOST_AUTO_TEST_CASE(s31_a_file_beyond_every_limit_is_damaged) {
  put(Bytes(KeyringFile::longest_bytes + 1));
  failure(Code::damaged, [&] { reopen(); });
}

BOOST_AUTO_TEST_CASE(the_largest_keyring_can_be_read_again) {
  KeyringFile full = KeyringFile::parse(file());
  Slot& slot = full.slots.front();
  slot.person.resize(1024);
  slot.entry.resize(1024);
  for (const Level level : allLevels) slot.shares[level].sealedKey.resize(keySize + crypto_box_SEALBYTES);
  full.slots.resize(KeyringFile::mostPersons, slot);
  BOOST_TEST(full.bytes().size() <= KeyringFile::longest_bytes);
  BOOST_TEST(KeyringFile::parse(full.bytes()).bytes() == full.bytes());
}

BOOST_AUTO_TEST_CASE(s06_what_was_unlocked_leaves_nothing_behind_in_memory) {
  const Bytes signing = masked(chief.signing.secretKey.view().first(32)), box = masked(chief.box.secretKey.view()),
              vault = masked(chief.vaultKeys.at(Level::internal).view()), words = masked(viewOf(clerksWords));
  reopen().changeSecret(chief, secretOf(clerksWords), cheap);
  chief = UnlockedPerson{};
  const std::size_t before = copiesInMemory(words);  // the test's own constant may stand in writable memory
  {
    const UnlockedPerson person = unlock("chief", clerksWords);
    BOOST_TEST(copiesInMemory(vault) == 1u);
    BOOST_TEST(copiesInMemory(box) == 1u);
    BOOST_TEST(copiesInMemory(signing) == 1u);
  }
  for (const Bytes* key : {&signing, &box, &vault}) BOOST_TEST(copiesInMemory(*key) == 0u);
  BOOST_TEST(copiesInMemory(words) == before);
}

// What is freed and taken again at once shows nothing; so slots of several sizes are tried.
BOOST_AUTO_TEST_CASE(s06_what_was_unlocked_leaves_nothing_behind_however_long_its_slot_is) {
  for (const std::size_t length : {40, 100, 180, 250}) {
    const std::string name(length, 'n');
    reopen().add(chief, name, secretOf(clerksWords), Level::open, cheap);
    UnlockedPerson person = unlock(name, clerksWords);
    const Bytes signing = masked(person.signing.secretKey.view().first(32)), box = masked(person.box.secretKey.view());
    person = UnlockedPerson{};
    for (const Bytes* key : {&signing, &box}) BOOST_TEST(copiesInMemory(*key) == 0u, length);
  }
}

BOOST_AUTO_TEST_CASE(s01_the_file_shows_no_name_no_passphrase_and_no_key) {
  const UnlockedPerson clerk = addClerk(Level::internal);
  const std::string text(textOf(file()));
  const auto shows = [&](BytesView bytes) { return text.find(textOf(bytes)) != std::string::npos; };
  for (const std::string_view word : {std::string_view("chief"), std::string_view("clerk"), passphrase, clerksWords})
    BOOST_TEST(!shows(viewOf(word)));
  for (const UnlockedPerson* person : {static_cast<const UnlockedPerson*>(&chief), &clerk}) {
    for (const auto& [level, key] : person->vaultKeys) BOOST_TEST(!shows(key.view()));
    BOOST_TEST(!shows(person->signing.secretKey.view().first(32)));
    BOOST_TEST(!shows(person->box.secretKey.view()));
    BOOST_TEST(!shows(person->signing.publicKey));
  }
}

BOOST_AUTO_TEST_SUITE_END()
