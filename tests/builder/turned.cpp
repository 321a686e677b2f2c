#include "tests/builder/turned.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "core/record/read_connection.h"
#include "core/record/transaction.h"
#include "core/search/index.h"
#include "sync/verify.h"

namespace cinnabar::test {

using nlohmann::json;

std::map<std::string, std::string> bytesOf(const std::string& folder) {
  std::map<std::string, std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name.ends_with("-shm")) continue;
    out[name] = std::string(textOf(Environment::system().files->read(entry.path(), std::size_t{1} << 30)));
  }
  return out;
}

bool forgedOr(Code code, std::initializer_list<Code> others) {
  return code == Code::forged || std::find(others.begin(), others.end(), code) != others.end();
}

Turned::Turned()
    : Prefecture({{"gar", Level::internal, {"road"}}, {"ritu", Level::secret, {}}, {"zhada", Level::internal, {}}}) {
  unit = put("hq", "OrgUnit", {{"code", "u"}, {"name", "署"}, {"level", "prefecture"}});
  card = put("ritu", "MealCard", {{"holder", "甲"}, {"staff", true}});
  put("gar", "MealCard", {{"holder", "乙"}, {"staff", true}});
  settle();
}

Code Turned::refusal(const std::string& site, const std::string& file) {
  close(site);
  const auto before = bytesOf(folder(site));
  Code code = Code::internal;
  try {
    takeBundle((*this)[site], file, Apply::reallyApply, {});
  } catch (const Error& error) {
    code = error.code();
    BOOST_TEST_MESSAGE(error.what());
  }
  close(site);
  BOOST_TEST((bytesOf(folder(site)) == before), "a refused bundle changed the site");
  return code;
}

void Turned::take(const std::string& site, const std::string& file) {
  takeBundle((*this)[site], file, Apply::reallyApply, {});
}

std::size_t Turned::violationsOf(const std::string& site, const std::string& kind) {
  std::size_t count = 0;
  const json all = (*this)[site].violations();
  for (const json& v : all) count += v.at("kind") == kind ? 1 : 0;
  return count;
}

void Turned::mustGoOn() {
  const RecordId fresh = put("ritu", "MealCard", {{"holder", "其后"}, {"staff", true}});
  for (int round = 0; round < 3; ++round)
    for (const char* county : {"ritu", "zhada"}) {
      carry(county, "hq");
      carry("hq", county);
    }
  for (const char* site : {"hq", "ritu", "zhada"}) {
    BOOST_TEST(get(site, fresh).at("holder") == "其后");
    const json verdict = verifySite((*this)[site], {});
    BOOST_TEST(verdict.at("ok").get<bool>(), verdict.dump(1));
    for (const EntityType& entity : (*this)[site].catalog().entities()) {
      const json rows = (*this)[site].reading().list(entity.name, {"", "", 1000, ""}).at("rows");
      for (const json& row : rows) {
        BOOST_CHECK_NO_THROW((*this)[site].history(*RecordId::parse(row.at("id").get<std::string>())));
        BOOST_CHECK_NO_THROW(detailText(row));
      }
    }
    BOOST_CHECK_NO_THROW(SearchIndex((*this)[site]).find("道路", "", 100, ""));
    BOOST_CHECK_NO_THROW((*this)[site].conflicts());
    BOOST_CHECK_NO_THROW((*this)[site].violations());
  }
  const json held = digests("zhada"), office = digests("hq");
  for (const auto& [compartment, digest] : held.items()) BOOST_TEST(office.at(compartment) == digest, compartment);
}

FieldNumber Turned::field(const char* entity, const char* name) {
  return office().catalog().find(entity)->find(name)->number;
}

std::vector<Write> Turned::cardWrites() {
  return {{field("MealCard", "holder"), Operation::set, std::string("丙"), {}}};
}

}  // namespace cinnabar::test
