#include "core/carrier/report.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/carrier/given.h"
#include "core/record/read_connection.h"

namespace cinnabar {
namespace {

using carrier::Book;
using carrier::Given;
using nlohmann::json;

json allOf(Store& store, const std::string& entity, const std::string& where, const std::string& order) {
  json out = json::array();
  Page page{where, order, 1000, ""};
  for (;;) {
    json part = store.reading().list(entity, page);
    for (json& row : part.at("rows")) out.push_back(std::move(row));
    if (part.at("next").is_null()) return out;
    page.after = part.at("next").get<std::string>();
  }
}

// By time; what one act entered at one moment in the order in which a life goes.
json eventsOf(Store& store, const std::string& of) {
  const std::vector<std::string>& words = store.catalog().find("CarrierEvent")->find("event")->type.values;
  const auto place = [&](const json& event) {
    return std::find(words.begin(), words.end(), event.at("fields").at("event")) - words.begin();
  };
  const auto momentOf = [](const json& event) {
    return millisecondsOf(*parseInstant(event.at("fields").at("at").get<std::string>()));
  };
  json events = allOf(store, "CarrierEvent", of, "at");
  std::stable_sort(events.begin(), events.end(), [&](const json& a, const json& b) {
    return std::pair(momentOf(a), place(a)) < std::pair(momentOf(b), place(b));
  });
  return events;
}

json leaving(Book& book, Given& given) {
  const RecordId person = given.person("person");
  given.end();
  json rows = json::array();
  for (const RecordId& id : carrier::openCarriersOf(book.store(), person)) {
    const carrier::Carrier open = book.carrier(id);
    rows.push_back({{"id", open.id.text()},
                    {"number", open.number},
                    {"name", open.name()},
                    {"title", open.fields.value("title", "")},
                    {"state", open.state}});
  }
  return {{"rule", "car-leaving"}, {"article", "二十三 L2175"}, {"blocked", !rows.empty()}, {"lines", std::move(rows)}};
}

json out(Book& book, Given& given) {
  given.end();
  json rows = json::array();
  const std::int64_t now_ms = millisecondsOf(*parseInstant(book.now()));
  for (const json& permit : allOf(book.store(), "CarryOutPermit", "state IN ('out','overdue')", "")) {
    const json& fields = permit.at("fields");
    const carrier::Carrier carried = book.carrier(fields.at("carrier").get<std::string>());
    rows.push_back({{"carrier", carried.id.text()},
                    {"number", carried.number},
                    {"bearer", fields.at("bearer")},
                    {"destination", fields.at("destination")},
                    {"until", fields.at("until")},
                    {"overdue", now_ms > millisecondsOf(*parseInstant(fields.at("until").get<std::string>()))}});
  }
  return {{"rule", "car-carry-out"}, {"article", "十八、十九 L2151–2161"}, {"lines", std::move(rows)}};
}

std::int64_t dayOf(const std::string& date) {
  return daysFromCivil(std::stoi(date.substr(0, 4)), static_cast<unsigned>(std::stoi(date.substr(5, 2))),
                       static_cast<unsigned>(std::stoi(date.substr(8, 2))));
}

json passwords(Book& book, Given& given) {
  const std::int64_t most_days = given.numberOr("days", 90, 1, 3650);
  given.end();
  const std::int64_t today = dayOf(dateOf(book.store().environment().clock->now()));
  json rows = json::array();
  for (const json& device : allOf(book.store(), "OfficeDevice",
                                  "classifiedUse<>'none' AND ifnull(state,'inUse') IN ('inUse','lent')", "serial")) {
    const json& fields = device.at("fields");
    const std::string changed = fields.value("passwordChangedAt", "");
    const json days = changed.empty() ? json() : json(today - dayOf(changed));
    if (!changed.empty() && days <= most_days) continue;
    rows.push_back({{"device", device.at("id")},
                    {"serial", fields.at("serial")},
                    {"changed", changed.empty() ? json() : json(changed)},
                    {"days", days}});
  }
  return {{"rule", "dev-password"}, {"article", "五 L2216"}, {"days", most_days}, {"lines", std::move(rows)}};
}

}  // namespace

json lifeOfCarrier(Store& store, std::string_view idOrNumber) {
  const RecordId id = Book(store).carrier(idOrNumber).id;
  const Record record = store.get(id);
  const std::string of = "carrier=id('" + id.text() + "')";
  return {{"carrier", record.document},
          {"events", eventsOf(store, of)},
          {"permits", allOf(store, "CarryOutPermit", of, "")},
          {"readers", allOf(store, "ReaderRegister", of, "readAt")}};
}

json carrierReport(Store& store, std::string_view report, const json& details) {
  Book book(store);
  Given given(book, details);
  json result;
  if (report == "leaving")
    result = leaving(book, given);
  else if (report == "out")
    result = out(book, given);
  else if (report == "passwords")
    result = passwords(book, given);
  else
    throw Error(Code::invalidArgument, "there is no report '" + std::string(report.substr(0, 64)) + "' on carriers");
  result["report"] = report;
  return result;
}

}  // namespace cinnabar
