// A reader's SQL and conditions: an answer or an error, and nothing is written. The first byte chooses.
#include "core/record/read_connection.h"
#include "core/record/transaction.h"
#include "tests/builder/prefecture.h"
#include "tests/fuzz/target.h"

namespace cinnabar::fuzz {
namespace {

test::Prefecture& prefecture() {
  static test::Prefecture one({});
  [[maybe_unused]] static const RecordId unit =
      one.put("hq", "OrgUnit", {{"code", "a"}, {"name", "办公室"}, {"level", "county"}});
  return one;
}

}  // namespace

std::vector<Bytes> seeds() {
  return {
      chosen(0, bytesOf("SELECT code, count(*) FROM OrgUnit GROUP BY code ORDER BY 1 LIMIT 3")),
      chosen(0, bytesOf("SELECT text(id), json_extract(name,'$') FROM OrgUnit WHERE id=id('x') OR name LIKE '%办%'")),
      chosen(0, bytesOf("WITH u AS (SELECT * FROM OrgUnit) SELECT max(code) FROM u")),
      chosen(0, bytesOf("SELECT * FROM sqlite_schema")),
      chosen(1, bytesOf("code='a' AND name LIKE '办%'")),
      chosen(1, bytesOf("1) OR (1")),
      chosen(2, bytesOf("[\"x\"]"))};
}

}  // namespace cinnabar::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* given, std::size_t size_bytes) {
  using namespace cinnabar;
  if (size_bytes == 0) return 0;
  test::Prefecture& p = fuzz::prefecture();
  const std::string text(reinterpret_cast<const char*>(given) + 1, size_bytes - 1);
  const auto before = p.office().lowest().lastArrival();
  fuzz::orError({Code::invalidInput, Code::refused, Code::limit, Code::invalidArgument, Code::notFound}, [&] {
    Page page;
    switch (given[0] % 3) {
      case 0: p.office().reading().sql(text, 1000); return;
      case 1: page.where = text; break;
      default: page.after = text;
    }
    p.office().reading().list("OrgUnit", page);
  });
  fuzz::claim(p.office().lowest().lastArrival() == before);
  return 0;
}
