// Lists that the schema declares an index for are answered from it, over all vaults at once.
#include <boost/test/unit_test.hpp>

#include "core/record/read_connection.h"
#include "tests/builder/prefecture.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

// A value as an SQL condition has it, and as a cursor has it.
std::string literalOf(const Field& field) {
  switch (field.type.kind) {
    case Kind::reference:
    case Kind::blob: return "id('" + std::string(26, '0') + "')";
    case Kind::text:
    case Kind::date:
    case Kind::enumeration:
    case Kind::label: return "'2026-11-23'";
    default: return "1";
  }
}
json cursorValueOf(const Field& field) {
  switch (field.type.kind) {
    case Kind::reference:
    case Kind::blob: return std::string(26, '0');
    case Kind::text:
    case Kind::date:
    case Kind::enumeration:
    case Kind::label: return "2026-11-23";
    default: return 1;
  }
}

struct Lists : Prefecture {
  Lists() : Prefecture({}) {
    // Tables come with the first record; here all at once, at every level.
    for (const Level level : office().levels()) {
      Vault& vault = office().vault(level);
      vault.begin();
      for (const EntityType& entity : office().catalog().entities()) vault.makeTableOf(entity);
      vault.commit();
    }
  }

  // byLongerIndex: an index that goes on behind the field serves it, too, and only equal values have to be put in
  // order.
  enum class Expected { orderFromIndex, search, byLongerIndex };

  // Whether every vault's part is found by an index, in the order that is wanted.
  void check(const EntityType& entity, const Page& page, Expected expected) {
    BOOST_TEST_CONTEXT(entity.name << " where " << page.where << " order " << page.order << " after " << page.after) {
      std::size_t parts = 0;
      for (const std::string& line : office().reading().plansOf(entity.name, page)) {
        const bool scan = line.starts_with("SCAN"), search = line.starts_with("SEARCH");
        parts += scan || search;
        const bool ofEqualOnes = line.ends_with("FOR LAST TERM OF ORDER BY") && expected == Expected::byLongerIndex;
        BOOST_TEST((line.find("TEMP B-TREE") == std::string::npos || ofEqualOnes), line);
        BOOST_TEST((!scan || line.find(" INDEX ") != std::string::npos), line);
        BOOST_TEST((!scan || expected != Expected::search), line);
      }
      BOOST_TEST(parts >= office().levels().size());
    }
  }

  void checkIndex(const EntityType& entity, const std::vector<FieldNumber>& index) {
    const Field& last = *entity.find(index.back());
    std::string where;
    for (std::size_t i = 0; i + 1 < index.size(); ++i) {
      const Field& field = *entity.find(index[i]);
      where += (where.empty() ? "" : " AND ") + ("\"" + field.name + "\"=" + literalOf(field));
    }
    const std::string id(26, '0');
    const auto longer = [&](const auto& other) {
      return other.size() > index.size() && std::equal(index.begin(), index.end(), other.begin());
    };
    const bool shared = std::any_of(entity.indexes.begin(), entity.indexes.end(), longer) || longer(entity.key);
    const Expected search = shared ? Expected::byLongerIndex : Expected::search;
    for (const std::string& order : {last.name, "-" + last.name}) {
      check(entity, {where, order, 50, ""}, where.empty() && !shared ? Expected::orderFromIndex : search);
      check(entity, {where, order, 50, json::array({id, cursorValueOf(last)}).dump()}, search);
      check(entity, {where, order, 50, json::array({id, nullptr}).dump()}, search);
      const std::string all = (where.empty() ? "" : where + " AND ") + ("\"" + last.name + "\"=" + literalOf(last));
      check(entity, {all, order, 50, ""}, search);
    }
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(plans, Lists)

BOOST_AUTO_TEST_CASE(every_declared_order_of_every_entity_comes_from_an_index) {
  std::size_t checked = 0;
  for (const EntityType& entity : office().catalog().entities()) {
    std::set<std::vector<FieldNumber>> indexes(entity.indexes.begin(), entity.indexes.end());
    if (!entity.key.empty()) indexes.insert(entity.key);
    for (const Field& field : entity.fields)
      if (field.indexed) indexes.insert({field.number});
    for (const auto& index : indexes) {
      checkIndex(entity, index);
      ++checked;
    }
  }
  BOOST_TEST(checked > 100u);
}

BOOST_AUTO_TEST_CASE(a_list_by_age_comes_from_the_ids) {
  for (const EntityType& entity : office().catalog().entities())
    for (const char* after : {"", "[\"00000000000000000000000000\"]"})
      check(entity, {"", "", 50, after}, *after == '\0' ? Expected::orderFromIndex : Expected::search);
}

// Without an index there is none to be found: what the checks above rely on.
BOOST_AUTO_TEST_CASE(an_order_without_an_index_shows_in_the_plan) {
  std::string plan;
  for (const std::string& line : office().reading().plansOf("OrgUnit", {"", "shortName", 50, ""})) plan += line + "\n";
  BOOST_TEST(plan.find("TEMP B-TREE") != std::string::npos, plan);
}

BOOST_AUTO_TEST_SUITE_END()
