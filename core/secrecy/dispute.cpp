#include "core/secrecy/dispute.h"

#include "core/base/error.h"
#include "core/base/instant.h"

namespace cinnabar {
namespace {

using nlohmann::json;

RecordId openDispute(Store& store, const RecordId& id, std::string_view state) {
  if (store.get(id).entity == "SecrecyDispute") return id;
  for (const RecordId& dispute : pointing(store, "SecrecyDispute", "subject", id))
    if (store.get(dispute).document.at("state") == state) return dispute;
  throw Error(Code::refused, "no dispute of this record is at this step");
}

RecordId step(Store& store, const Signer& signer, const RecordId& given, const char* from, const json& fields) {
  const RecordId id = openDispute(store, given, from);
  if (store.get(id).document.at("state") != from) throw Error(Code::refused, "the dispute is not at this step");
  Transaction t(store, signer.person);
  rewrite(t, id, entityNamed(store, "SecrecyDispute"), fields, from);
  t.commit();
  return id;
}

std::string now(Store& store) { return instantText(instantOf(store.environment().clock->now())); }

}  // namespace

RecordId raiseDispute(Store& store, const Signer& signer, const Dispute& dispute) {
  if (dispute.question.empty()) refuseAct("a dispute needs its question", "cls-dispute-10", "十 L2058");
  const Record record = store.get(dispute.subject);
  Label to = record.label;
  to.compartment.level = std::max(to.compartment.level, dispute.heldAs);
  Transaction t(store, signer.person);
  Item item = itemOf(store, entityNamed(store, "SecrecyDispute"),
                     {{"subject", dispute.subject.text()},
                      {"question", dispute.question},
                      {"raisedAt", now(store)},
                      {"heldAs", wordOf(to.compartment.level)},
                      {"state", "raised"}});
  const RecordId id = item.record;
  t.write(record.label.compartment, std::move(item));
  for (const LabelAct& act : actsOn(store, dispute.subject))
    if (act.state == "approved" && act.change != LabelChange::hold && act.change != LabelChange::unhold)
      rewrite(t, act.id, entityNamed(store, "Classification"), {{"state", "disputed"}}, act.state);
  relabelWhole(t, dispute.subject, to, "");
  t.commit();
  return id;
}

RecordId submitDispute(Store& store, const Signer& signer, const RecordId& id) {
  return step(store, signer, id, "raised", {{"submittedAt", now(store)}, {"state", "submitted"}});
}

RecordId replyDispute(Store& store, const Signer& signer, const RecordId& id, const std::string& reply) {
  return step(store, signer, id, "submitted", {{"repliedAt", now(store)}, {"reply", reply}, {"state", "replied"}});
}

std::string daysAfter(const std::string& from, int days) {
  const std::string date = from.substr(0, 10);
  if (!isDate(date)) return "";
  const auto number = [&](std::size_t at, std::size_t size) { return std::stoi(date.substr(at, size)); };
  const std::int64_t day =
      daysFromCivil(number(0, 4), static_cast<unsigned>(number(5, 2)), static_cast<unsigned>(number(8, 2))) + days;
  return dateOf(Now{day * 86'400'000, 0});
}

json disputesOn(Store& store, const RecordId& subject) {
  json out = json::array();
  for (const RecordId& id : pointing(store, "SecrecyDispute", "subject", subject)) {
    const json fields = store.get(id).document.at("fields");
    const std::string raised = fields.value("raisedAt", ""), submitted = fields.value("submittedAt", "");
    out.push_back({{"id", id.text()},
                   {"question", fields.value("question", "")},
                   {"heldAs", fields.value("heldAs", "")},
                   {"state", fields.value("state", "")},
                   {"reply", fields.value("reply", "")},
                   {"submitBy", daysAfter(raised, submitWithin_days)},
                   {"replyBy", submitted.empty() ? json() : json(daysAfter(submitted, replyWithin_days))}});
  }
  return out;
}

}  // namespace cinnabar
