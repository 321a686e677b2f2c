// s47: a fault at every write of a destruction. The records of a list are all there, or all gone with their
// certificate; what a fault left to do is done afterwards, and nothing is called gone before.
#include "sync/clearing.h"
#include "sync/disposing.h"
#include "sync/remains.h"
#include "tests/builder/archive.h"
#include "tests/builder/remains.h"
#include "tests/storage/every_write.h"

#include "core/record/transaction.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

constexpr std::string_view canary = "canary银朱5521";

std::vector<std::pair<RecordId, std::string>> certificatesIn(Store& store) {
  std::vector<std::pair<RecordId, std::string>> out;
  const EntityType& entity = *store.catalog().find("DisposalCertificate");
  for (const Level level : store.levels()) {
    if (!store.vault(level).holdsTableOf(entity)) continue;
    Query q = store.vault(level).database().query("SELECT id,state FROM DisposalCertificate");
    while (q.step()) out.emplace_back(*RecordId::of(q->blob(0)), q->text(1));
  }
  return out;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(every_write_of_destroying, FaultyDisk)

BOOST_AUTO_TEST_CASE(s47_a_destruction_over_two_vaults_is_all_or_nothing_and_is_certified_only_when_it_is_done) {
  Archive p;
  const RecordId low = p.paper("", std::string(canary)), high = p.paper("机密", std::string(canary));
  const std::string list = p.signedFor({low, high});
  p.close("hq");
  tried(p.opening("hq"),
        {[&](const Opening& o) {
           const auto store = openSite(o);
           const auto transaction = store->begin();
           actOnRetention(*transaction, p.person("two"), "witness", {{"list", list}, {"by", "two"}});
           transaction->commit();
           clearUp(*store);
         },
         [&](const Opening& o) {
           const auto store = openSite(o);
           for (const auto& [id, state] : certificatesIn(*store))
             if (state == "certified") BOOST_TEST(proveDestroyed(*store, id).at("ok") == true);
           clearUp(*store);
           BOOST_TEST(clean(*store));
           const bool there = store->exists(low);
           BOOST_TEST(store->exists(high) == there);
           BOOST_TEST(inAnyPage(*store, canary) == there);
           const auto certificates = certificatesIn(*store);
           BOOST_TEST(certificates.size() == (there ? 0U : 2U));
           for (const auto& [id, state] : certificates) BOOST_TEST(state == "certified");
           return there ? 0 : 1;
         }},
        20, strideOfMany());
}

BOOST_AUTO_TEST_SUITE_END()
