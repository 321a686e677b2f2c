#include "sync/judging.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/record/json.h"
#include "core/retention/destruction.h"
#include "sync/acts.h"

namespace cinnabar {
namespace {

using nlohmann::json;

struct Verdicted {
  std::string flaw;  // empty: it counts
  std::string_view article;
  json detail;
  std::string cause;  // what tells one violation of the record from another
};

Verdicted ofAct(Store& store, const Roster& roster, const RecordId& id, const json& fields) {
  const LabelAct act = actOf(id, fields);
  return {flawOf(store, roster, act), "三 L2036", {{"subject", act.subject.text()}, {"state", act.state}}, act.state};
}

Verdicted ofList(Store& store, const Roster& roster, const RecordId& id, const json& fields) {
  return {retention::flawOfList(store.identity(), keysOf(roster), id, fields),
          retention::twoArticle,
          {{"state", fields.value("state", "")}},
          {}};
}

Verdicted ofCertificate(Store& store, const Roster& roster, const RecordId&, const json& fields) {
  return {retention::flawOfCertificate(store.identity(), keysOf(roster), fields),
          retention::twoArticle,
          {{"state", fields.value("state", "")}},
          {}};
}

struct Judge {
  const char* entity;
  Verdicted (*verdict)(Store&, const Roster&, const RecordId&, const json&);
};
constexpr std::array judges = {Judge{"Classification", ofAct}, Judge{"DisposalList", ofList},
                               Judge{"DisposalCertificate", ofCertificate}};

}  // namespace

std::set<std::uint32_t> signedTags(const Catalog& catalog) {
  std::set<std::uint32_t> out;
  for (const Judge& judge : judges)
    if (const EntityType* entity = catalog.find(judge.entity)) out.insert(entity->tag);
  return out;
}

void judge(Store& store, const Roster& roster, Vault& vault, const std::set<RecordId>& records) {
  for (const RecordId& id : records) {
    const EntityType* entity = store.catalog().findTag(entityTagOf(id));
    const auto judge =
        std::find_if(judges.begin(), judges.end(), [&](const Judge& j) { return entity->name == j.entity; });
    CNB_ASSERT(judge != judges.end());
    Rows& rows = store.applier(vault.level()).rowsOf(entity);
    Row row;
    if (!rows.findSeen(
            id, [](CompartmentNumber) { return true; }, rows.allColumns(), row))
      continue;
    Verdicted verdict = judge->verdict(store, roster, id, jsonOf(*entity, row.columns));
    if (verdict.flaw.empty()) continue;
    verdict.detail["flaw"] = verdict.flaw;
    Violation v;
    v.compartment = row.compartment;
    v.kind = "unlawfulAct";
    v.record = id;
    v.entity = entity->name;
    v.rule = verdict.article;
    v.detail = detailText(verdict.detail);
    note(vault, std::move(v), viewOf(verdict.cause));
  }
}

}  // namespace cinnabar
