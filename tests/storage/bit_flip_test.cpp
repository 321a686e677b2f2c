// s41: any single bit flipped in any file of a site: the right answer or an error, never a wrong answer with success.
//
// By default one bit of every 500th byte or so, other ones by another CINNABAR_SEED, and in each page the bytes at its
// ends. CINNABAR_FLIPS=all flips every bit of every byte; CINNABAR_FLIPS=N takes every Nth byte.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <random>

#include "core/base/error.h"
#include "core/record/read_connection.h"
#include "sync/backup.h"
#include "sync/verify.h"
#include "tests/fault/raw_cipher.h"
#include "tests/storage/small_site.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

BOOST_AUTO_TEST_SUITE(flipped_bits)

BOOST_AUTO_TEST_CASE(s41_any_flipped_bit_gives_the_right_answer_or_an_error) {
  SmallSite site;
  const char* flips = std::getenv("CINNABAR_FLIPS");
  const bool all = flips != nullptr && std::string(flips) == "all";
  const std::uint64_t stride = all ? 1 : numberFrom("CINNABAR_FLIPS", 500);
  std::mt19937_64 dice(numberFrom("CINNABAR_SEED", 1));
  std::uint64_t flipped = 0, noticed = 0;
  for (const auto& [name, content] : site.files()) {
    const std::string path = site.folder() + "/" + name;
    const auto flip = [&](std::uint64_t at, unsigned bit) {
      Bytes bytes = content;
      bytes[at] = static_cast<Byte>(bytes[at] ^ (1U << bit));
      setContent(path, bytes);
      const int errors = errorsIn(site.answers(), site.right());
      BOOST_REQUIRE_MESSAGE(errors >= 0,
                            "a wrong answer with success: bit " << bit << " of byte " << at << " of " << name);
      ++flipped;
      noticed += errors > 0;
      setContentOfFolder(site.folder(), site.files());
    };
    if (all) {
      for (std::uint64_t at = 0; at < content.size(); ++at)
        for (unsigned bit = 0; bit < 8; ++bit) flip(at, bit);
      continue;
    }
    for (std::uint64_t at = dice() % stride; at < content.size(); at += 1 + dice() % (2 * stride))
      flip(at, static_cast<unsigned>(dice() % 8));
    // Where a page, a frame or a file ends is where a check is most easily forgotten.
    for (std::uint64_t page = 0; page < content.size(); page += 8192 * (1 + dice() % 8))
      flip(page, static_cast<unsigned>(dice() % 8));
    if (!content.empty()) flip(content.size() - 1, static_cast<unsigned>(dice() % 8));
  }
  BOOST_TEST_MESSAGE(flipped << " bits flipped, " << noticed << " noticed in an answer");
  BOOST_TEST(noticed > flipped / 10);
}

// What SQLCipher itself gets wrong, at the product: the last overflow page of a long value reads as zeros with OK, so
// no value may end there unchecked, and no copy may be made of it.
BOOST_AUTO_TEST_CASE(s40_s46_a_damaged_long_value_is_an_error_and_is_not_backed_up) {
  SmallSite site;
  openSite(site.opening());  // brings the WAL into the files
  const FolderContent whole = contentOfFolder(site.folder());
  const Bytes& vault = whole.at("internal.vault");
  int readErrors = 0, backups = 0;
  for (std::uint64_t page = 8192; page < vault.size(); page += 8192) {
    Bytes bytes = vault;
    bytes[page + 4000] ^= 1;
    setContent(site.folder() + "/internal.vault", bytes);
    const int errors = errorsIn(site.answers(), site.right());
    BOOST_REQUIRE_GE(errors, 0);
    readErrors += errors > 0;
    const std::string copy = site.folder() + "-backup";
    try {
      const auto store = openSite(site.opening());
      backupSite(*store, copy, {});
      ++backups;
    } catch (const Error& error) {
      BOOST_TEST((error.code() == Code::damaged));
    }
    BOOST_TEST(!std::filesystem::exists(copy));
    BOOST_TEST(!std::filesystem::exists(copy + ".copy"));
    setContentOfFolder(site.folder(), whole);
  }
  BOOST_TEST(readErrors > 10);
  BOOST_TEST(backups == 0);
}

BOOST_AUTO_TEST_CASE(s46_a_backup_restores_to_an_equal_digest) {
  SmallSite site;
  Prefecture& p = site.prefecture();
  const json before = p.digests("gar");
  const std::string file = p.root() / "gar.backup";
  backupSite(p["gar"], file, {});
  Opening o = site.opening();
  o.folder = p.root() / "again";
  restoreSite(o, file);
  const auto restored = openSite(o);
  BOOST_TEST(verifySite(*restored, {}).at("ok") == true);
  for (const RecordId& id : site.records()) BOOST_TEST(restored->get(id).document == p["gar"].get(id).document);
  BOOST_TEST(restored->reading().sql("SELECT count(*) FROM OrgUnit", 1) ==
             p["gar"].reading().sql("SELECT count(*) FROM OrgUnit", 1));
}

BOOST_AUTO_TEST_SUITE_END()
