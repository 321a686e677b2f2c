#include "tests/builder/archive.h"

#include <boost/test/unit_test.hpp>

#include "core/base/error.h"
#include "core/record/transaction.h"
#include "core/retention/schedule.h"
#include "sync/clearing.h"
#include "sync/disposing.h"

namespace cinnabar::test {

using nlohmann::json;

Archive::Archive(const std::vector<County>& counties) : Prefecture(counties) {
  const RecordId unit = put("hq", "OrgUnit", {{"code", "u"}, {"name", "秘书一科"}, {"level", "section"}});
  for (const char* no : {"clerk", "leader", "one", "two"}) {
    put("hq", "Person", {{"employeeNo", no}, {"name", no}, {"orgUnit", unit.text()}});
    if (!persons_.empty())  // the clerk founded the office
      changeKeyring(office(), [&](Keyring& k) {
        k.add(persons_.at("clerk"), no, secretOf(), Level::topSecret, KdfCost::cheapForTests());
      });
    persons_.emplace(no, Keyring(environment, keyringFileOf(folder("hq"))).unlock(no, secretOf()));
  }
}

RecordId Archive::paper(const std::string& label, const std::string& name) {
  return put("hq", "OrgUnit", {{"code", "p" + std::to_string(++papers_)}, {"name", name}, {"level", "county"}}, label);
}

RecordId Archive::volume(const std::vector<RecordId>& items, const std::string& retention, const std::string& closedOn,
                         const std::string& label) {
  json fields = {{"year", 2016}, {"title", "案卷"}, {"items", json::array()}};
  for (const RecordId& item : items) fields["items"].push_back(item.text());
  if (!retention.empty()) fields["retention"] = retention;
  if (!closedOn.empty()) fields["closedOn"] = closedOn;
  return put("hq", "ArchiveVolume", fields, label);
}

json Archive::act(const std::string& word, const json& details, const std::string& site, const std::string& who) {
  const auto transaction = (*this)[site].begin();
  json result =
      actOnRetention(*transaction, person(who.empty() ? details.at("by").get<std::string>() : who), word, details);
  transaction->commit();
  return result;
}

std::string Archive::refused(const std::string& word, const json& details, const std::string& who) {
  const json before = digests("hq");
  try {
    act(word, details, "hq", who);
  } catch (const Error& error) {
    BOOST_TEST((error.code() == Code::refused), error.what());
    BOOST_TEST((digests("hq") == before));
    return json::parse(error.detail()).at("rule");
  }
  BOOST_ERROR("it was not refused");
  return "";
}

bool Archive::due(const RecordId& record, const std::string& date) { return isDue(keepingOf(office(), record), date); }

std::string Archive::listed(const std::vector<RecordId>& papers) {
  json ids = json::array();
  for (const RecordId& one : papers) {
    ids.push_back(one.text());
    const std::string level = levelAt("hq", one);
    volume({one}, "threeYears", "2000-01-01", level);
  }
  const std::string list = act("list", {{"by", "clerk"}, {"records", ids}}).at("list");
  act("approve", {{"list", list}, {"by", "leader"}});
  return list;
}

std::string Archive::signedFor(const std::vector<RecordId>& papers) {
  const std::string list = listed(papers);
  act("destroy", {{"list", list}, {"by", "one"}});
  return list;
}

json Archive::destroyed(const std::vector<RecordId>& papers) {
  json result = act("witness", {{"list", signedFor(papers)}, {"by", "two"}});
  clearUp(office());
  return result;
}

}  // namespace cinnabar::test
