// What peers and hosts say about audit and carriers: 0 an audit's head, 1 a cursor of the audit, 2 an act's details.
#include "core/carrier/act.h"
#include "core/record/json.h"
#include "sync/audit_head.h"
#include "tests/builder/prefecture.h"
#include "tests/fuzz/target.h"

namespace cinnabar::fuzz {
namespace {

constexpr std::string_view making =
    R"({"by":"a","unit":"u","title":"文件","medium":"paper","label":"机密","distribution":"科室","copies":2})";

test::Prefecture& prefecture() {
  static test::Prefecture one({});
  static const bool furnished = [] {
    const RecordId unit = one.put("hq", "OrgUnit", {{"code", "u"}, {"name", "科"}, {"level", "section"}});
    one.put("hq", "Person", {{"employeeNo", "a"}, {"name", "甲"}, {"orgUnit", unit.text()}});
    return true;
  }();
  static_cast<void>(furnished);
  return one;
}

Bytes head() {
  SignedAuditHead out;
  out.compartment = {Level::secret, {"road"}};
  out.author.incarnation = 1;
  out.head.place = 7;
  return encode(out);
}

}  // namespace

std::vector<Bytes> seeds() {
  return {chosen(0, head()), chosen(1, bytesOf(R"([7,3,"[\"road\"]",12])")), chosen(2, bytesOf(making)),
          chosen(2, bytesOf(R"({"carriers":["〔2026〕1号"],"by":"a"})"))};
}

}  // namespace cinnabar::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* given, std::size_t size_bytes) {
  using namespace cinnabar;
  if (size_bytes == 0) return 0;
  const BytesView rest(given + 1, size_bytes - 1);
  switch (given[0] % 3) {
    case 0:
      fuzz::orError({Code::invalidInput}, [&] {
        const SignedAuditHead head = decodeSignedAuditHead(rest);
        fuzz::claim(sameBytes(encode(head), rest));  // one form for one head
      });
      break;
    case 1:
      fuzz::orError({Code::invalidInput, Code::limit}, [&] {
        AuditQuestion question;
        question.after = parseAuditCursor(textOf(rest));
        fuzz::prefecture().office().audit().entries(question);
      });
      break;
    default: {
      Store& office = fuzz::prefecture().office();
      for (const std::string_view act : carrierActs()) {
        const auto transaction = office.begin();
        fuzz::orError({Code::invalidInput, Code::refused, Code::notFound, Code::limit},
                      [&] { actOnCarriers(*transaction, act, parseJson(textOf(rest))); });
      }
    }
  }
  return 0;
}
