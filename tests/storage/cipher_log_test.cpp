// Raw SQLCipher writes its log to standard error. What silences it has to be said before the first key of the
// process, so each case looks at a process of its own: this executable, running the same case as the child.
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>

#include "core/base/error.h"
#include "tests/builder/prefecture.h"
#include "tests/fault/raw_cipher.h"

using namespace cinnabar;
using namespace cinnabar::test;

namespace {

constexpr const char* statementsOfChild = "CINNABAR_TEST_CIPHER_LOG";

// Says `statements` on a connection without a key, then makes a vault and opens it with the wrong key.
void openWithWrongKeyAfter(const char* statements) {
  const Folder folder;
  const std::string path = folder / "vault";
  sqlite3* db = nullptr;
  sqlite3_open(":memory:", &db);
  BOOST_REQUIRE_EQUAL(sqlite3_exec(db, statements, nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(db);
  int status = SQLITE_OK;
  for (const char digit : {'a', 'b'}) {
    sqlite3_open(path.c_str(), &db);
    sqlite3_key(db, rawKeyOf(digit).data(), 67);
    status = sqlite3_exec(db, "CREATE TABLE IF NOT EXISTS t(a)", nullptr, nullptr, nullptr);
    sqlite3_close(db);
  }
  BOOST_REQUIRE_EQUAL(status, SQLITE_NOTADB);
}

std::string standardErrorOf(const std::string& command) {
  std::string out;
  FILE* pipe = popen((command + " 2>&1 >/dev/null").c_str(), "r");
  BOOST_REQUIRE(pipe != nullptr);
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out += static_cast<char>(c);
  BOOST_REQUIRE_EQUAL(pclose(pipe), 0);
  return out;
}

// In the child: acts, and is done. Otherwise: what the child wrote to standard error.
std::string standardErrorAfter(const std::string& statements) {
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  const std::string name = boost::unit_test::framework::current_test_case().full_name();
  return standardErrorOf(std::string(statementsOfChild) + "='" + statements + "' '" + self + "' --run_test=" + name +
                         " --log_sink=stdout --report_sink=stdout --log_level=error");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cipher_log)

BOOST_AUTO_TEST_CASE(raw_sqlcipher_writes_to_standard_error_by_default) {
  if (const char* statements = std::getenv(statementsOfChild)) return openWithWrongKeyAfter(statements);
  BOOST_TEST(standardErrorAfter("").find("hmac check failed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(raw_sqlcipher_turns_its_log_on_again_at_the_first_key_when_only_level_and_target_were_off) {
  if (const char* statements = std::getenv(statementsOfChild)) return openWithWrongKeyAfter(statements);
  BOOST_TEST(standardErrorAfter("PRAGMA cipher_log_level=NONE; PRAGMA cipher_log=off").find("hmac check failed") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(raw_sqlcipher_is_silent_when_no_source_is_logged) {
  if (const char* statements = std::getenv(statementsOfChild)) return openWithWrongKeyAfter(statements);
  BOOST_TEST(standardErrorAfter("PRAGMA cipher_log_source=NONE") == "");
}

BOOST_AUTO_TEST_CASE(s48_the_product_writes_nothing_to_standard_error_when_a_vault_does_not_open) {
  if (std::getenv(statementsOfChild) != nullptr) {
    Prefecture p({});
    SecretBytes wrong = SecretBytes::random(keySize, *p.environment.random);
    const std::string vault = vaultFileOf(p.folder("hq"), Level::open);
    BOOST_CHECK_THROW(Database({vault, &wrong, p.environment.files->vfs(), false}), Error);
    return;
  }
  BOOST_TEST(standardErrorAfter("") == "");
}

BOOST_AUTO_TEST_SUITE_END()
