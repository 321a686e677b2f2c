// s47: a full disk, an error, a short write, a failed sync or a crash at every single write of what the product does:
// a typed error, nothing half done, everything acknowledged is there, and it works again afterwards.
#include <boost/test/unit_test.hpp>
#include <functional>

#include "core/base/error.h"
#include "core/blob/blob.h"
#include "core/record/read_connection.h"
#include "core/record/relabel.h"
#include "core/record/transaction.h"
#include "core/vault/rebuild.h"
#include "sync/backup.h"
#include "sync/clearing.h"
#include "sync/renewal.h"
#include "sync/verify.h"
#include "tests/fault/raw_cipher.h"
#include "tests/storage/every_write.h"

using namespace cinnabar;
using namespace cinnabar::test;
using nlohmann::json;

namespace {

const json unit = {{"code", "fresh"}, {"name", "办公室"}, {"level", "county"}};

int countOf(Store& store, const std::string& where) {
  return store.reading().sql("SELECT count(*) FROM OrgUnit WHERE " + where, 1).at("rows")[0][0].get<int>();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(every_write, FaultyDisk)

BOOST_AUTO_TEST_CASE(s47_a_put_is_all_or_nothing) {
  Prefecture p({{"gar", Level::internal, {}}});
  p.put("gar", "OrgUnit", {{"code", "old"}, {"name", "x"}, {"level", "county"}});
  p.close("gar");
  tried(p.opening("gar"),
        {[](const Opening& o) {
           const auto store = openSite(o);
           const auto transaction = store->begin();
           transaction->put(*store->catalog().find("OrgUnit"), unit, parseMark("internal"));
           transaction->commit();
         },
         [](const Opening& o) {
           const auto store = openSite(o);
           BOOST_TEST(countOf(*store, "code='old'") == 1);
           BOOST_TEST(clean(*store));
           return countOf(*store, "code='fresh'");
         }},
        3);
}

BOOST_AUTO_TEST_CASE(s47_a_transaction_over_two_vaults_is_all_or_nothing) {
  Prefecture p({{"gar", Level::internal, {}}});
  p.close("gar");
  tried(p.opening("gar"),
        {[](const Opening& o) {
           const auto store = openSite(o);
           const auto transaction = store->begin();
           transaction->put(*store->catalog().find("OrgUnit"), unit, parseMark("public"));
           transaction->put(*store->catalog().find("OrgUnit"), unit, parseMark("internal"));
           transaction->commit();
         },
         [](const Opening& o) {
           const auto store = openSite(o);
           BOOST_TEST(clean(*store));
           const int low = countOf(*store, "_level=0"), high = countOf(*store, "_level=1");
           BOOST_TEST(low == high);
           return low == high ? low : 2;
         }},
        8);
}

// Whatever fails: the record stands under one label, with its attachment, and a later clearing-up leaves no content of
// it where it was.
void moved(FaultyDisk& disk, const std::string& from, const std::string& to, Level target) {
  Prefecture p({{"gar", Level::confidential, {}}});
  const RecordId id = p.put("gar", "OrgUnit", unit, from);
  const std::string photo = p.root() / "photo";
  setContent(photo, Bytes(70'000, 9));
  const auto attachment = *RecordId::parse(attach(p["gar"], id, photo, "photo.jpg").at("id").get<std::string>());
  p.settle();  // what the office does not have yet stays sealed in the log until it has
  p.close("gar");
  disk.tried(p.opening("gar"),
             {[&](const Opening& o) {
                const auto store = openSite(o);
                const auto transaction = store->begin();
                relabel(*transaction, id, parseMark(to));
                transaction->commit();
              },
              [&](const Opening& o) {
                const auto store = openSite(o);
                clearUp(*store);
                BOOST_TEST(clean(*store));
                BOOST_TEST(countOf(*store, "true") == 1);
                std::size_t size = 0;
                detach(*store, attachment, [&](BytesView piece) { return size += piece.size(), true; });
                BOOST_TEST(size == 70'000U);
                const bool there = store->get(id).label.compartment.level == target;
                BOOST_TEST((store->get(attachment).label.compartment.level == target) == there);
                const Level other = parseMark(there ? from : to).compartment.level;
                for (const char* table : {"chunk", "scrub", "late"})
                  BOOST_TEST(store->vault(other).database().number("SELECT count(*) FROM " + std::string(table)) == 0);
                return there ? 1 : 0;
              }},
             8, strideOfMany());
}

BOOST_AUTO_TEST_CASE(s47_raising_a_record_is_all_or_nothing) { moved(*this, "internal", "秘密", Level::confidential); }

BOOST_AUTO_TEST_CASE(s47_lowering_a_record_is_all_or_nothing) { moved(*this, "秘密", "internal", Level::internal); }

BOOST_AUTO_TEST_CASE(s47_an_attachment_is_there_whole_or_not_at_all) {
  Prefecture p({{"gar", Level::internal, {}}});
  const RecordId owner = p.put("gar", "OrgUnit", unit);
  p.close("gar");
  const std::string photo = p.root() / "photo";
  setContent(photo, Bytes(150'000, 9));
  tried(p.opening("gar"),
        {[&](const Opening& o) { attach(*openSite(o), owner, photo, "photo.jpg"); },
         [&](const Opening& o) {
           const auto store = openSite(o);
           BOOST_TEST(clean(*store));
           const json rows = store->reading().list("Attachment", {"", "", 50, ""}).at("rows");
           for (const json& row : rows) {
             std::size_t size = 0;
             detach(*store, *RecordId::parse(row.at("id").get<std::string>()),
                    [&](BytesView piece) { return size += piece.size(), true; });
             BOOST_TEST(size == 150'000U);
           }
           return static_cast<int>(rows.size());
         }},
        5, strideOfMany());
}

BOOST_AUTO_TEST_CASE(s47_an_import_is_all_or_nothing_and_can_be_repeated) {
  Prefecture p({{"gar", Level::internal, {}}});
  p.settle();
  for (int i = 0; i < 20; ++i)
    p.put("hq", "OrgUnit", {{"code", std::to_string(i)}, {"name", "x"}, {"level", "county"}}, "internal");
  std::string bundle;
  for (const std::string& file : p.pack("hq", "gar"))
    if (file.find("-internal-") != std::string::npos) bundle = file;
  p.close("gar");
  tried(p.opening("gar"),
        {[&](const Opening& o) { takeBundle(*openSite(o), bundle, Apply::reallyApply, {}); },
         [](const Opening& o) {
           const auto store = openSite(o);
           BOOST_TEST(clean(*store));
           const int count = countOf(*store, "true");
           return count == 20 ? 1 : count == 0 ? 0 : 2;
         }},
        3);
}

BOOST_AUTO_TEST_CASE(s47_an_export_that_failed_leaves_no_file_that_looks_whole_and_sends_everything_again) {
  Prefecture p({{"gar", Level::internal, {}}});
  p.settle();
  p.put("gar", "OrgUnit", unit);
  p.close("gar");
  const std::string stick = p.root() / "outgoing";
  const auto send = [&](const Opening& o) {
    ExportOrder order;
    order.to = "hq";
    order.folder = stick;
    writeBundles(*openSite(o), order, {});
  };
  const auto received = [&](const Opening& o) {
    // Whatever lies on the stick under a bundle's name is whole.
    int bundles = 0;
    if (std::filesystem::exists(stick))
      for (const auto& entry : std::filesystem::directory_iterator(stick))
        if (entry.path().extension() == ".cnb") {
          ++bundles;
          BOOST_CHECK_NO_THROW(takeBundle(p["hq"], entry.path(), Apply::onlyTry, {}));
        }
    BOOST_TEST(clean(*openSite(o)));
    return bundles > 0 ? 1 : 0;
  };
  for (const Fault fault : {Fault::diskFull, Fault::inputOutput, Fault::shortWrite, Fault::crash})
    BOOST_TEST(everywhere(p.opening("gar"), fault,
                          {[&](const Opening& o) {
                             std::filesystem::remove_all(stick);
                             send(o);
                           },
                           received}) > 5U);
}

BOOST_AUTO_TEST_CASE(s47_a_passphrase_is_the_old_or_the_new_one) {
  Prefecture p({});
  p.close("hq");
  const auto opens = [](const Opening& o, std::string_view words) {
    try {
      Keyring(o.environment, keyringFileOf(o.folder)).unlock("clerk", secretOf(words));
      return true;
    } catch (const Error& error) {
      BOOST_TEST((error.code() == Code::badKey));
      return false;
    }
  };
  tried(p.opening("hq"),
        {[](const Opening& o) {
           Keyring keyring(o.environment, keyringFileOf(o.folder));
           keyring.changeSecret(keyring.unlock("clerk", secretOf()), secretOf("the next words"),
                                KdfCost::cheapForTests());
         },
         [&](const Opening& o) {
           const bool old = opens(o, passphrase), fresh = opens(o, "the next words");
           BOOST_TEST(old != fresh);
           return fresh ? 1 : 0;
         }},
        2);
}

BOOST_AUTO_TEST_CASE(s47_a_backup_that_failed_leaves_nothing_under_its_name) {
  Prefecture p({{"gar", Level::open, {}}});
  p.put("gar", "OrgUnit", unit, "public");
  p.close("gar");
  const std::string file = p.root() / "gar.backup";
  for (const Fault fault : {Fault::diskFull, Fault::inputOutput, Fault::shortWrite})
    BOOST_TEST(everywhere(p.opening("gar"), fault,
                          {[&](const Opening& o) {
                             std::filesystem::remove(file);
                             std::filesystem::remove_all(file + ".copy");
                             backupSite(*openSite(o), file, {});
                           },
                           [&](const Opening& o) {
                             if (!std::filesystem::exists(file)) return 0;
                             const Opening again = onDisk(o, o.environment.files, p.root() / "again");
                             std::filesystem::remove_all(again.folder);
                             restoreSite(again, file);
                             BOOST_TEST(countOf(*openSite(again), "true") == 1);
                             return 1;
                           }}) > 10U);
}

BOOST_AUTO_TEST_CASE(s47_a_restore_that_broke_off_leaves_nothing_in_the_way_and_can_be_repeated) {
  Prefecture p({{"gar", Level::open, {}}});
  p.put("gar", "OrgUnit", unit, "public");
  const std::string file = p.root() / "gar.backup";
  backupSite(p["gar"], file, {});
  p.close("gar");
  const std::string target = p.root() / "again";
  const auto within = [&](const Opening& o) { return onDisk(o, o.environment.files, target); };
  tried(p.opening("gar"),
        {[&](const Opening& o) {
           std::filesystem::remove_all(target);
           restoreSite(within(o), file);
         },
         [&](const Opening& o) {
           if (!std::filesystem::exists(target)) return 0;
           {
             const auto store = openSite(within(o));
             BOOST_TEST(clean(*store));
             BOOST_TEST(countOf(*store, "code='fresh'") == 1);
             BOOST_TEST(store->lowest().self().incarnation == 2U);
           }
           BOOST_TEST(!std::filesystem::exists(target + ".part"));
           return 1;
         }},
        20);
}

BOOST_AUTO_TEST_CASE(s44_s47_new_vault_keys_count_for_all_or_not_at_all) {
  Prefecture p({{"gar", Level::open, {}}});
  p.put("gar", "OrgUnit", {{"code", "a"}, {"name", "x"}, {"level", "county"}, {"duties", std::string(20'000, 'd')}},
        "public");
  p.close("gar");
  const Opening o = p.opening("gar");
  const auto keyOf = [](const Opening& at) {
    return std::move(
        Keyring(at.environment, keyringFileOf(at.folder)).unlock("clerk", secretOf()).vaultKeys.at(Level::open));
  };
  const SecretBytes before = keyOf(o);
  tried(o,
        {[](const Opening& at) { rekeySite(at, {}, {}); },
         [&](const Opening& at) {
           {
             const auto store = openSite(at);
             BOOST_TEST(clean(*store));
             BOOST_TEST(countOf(*store, "length(duties)=20000") == 1);
           }
           BOOST_TEST(!std::filesystem::exists(rebuildFolderOf(at.folder)));
           return sameBytes(keyOf(at).view(), before.view()) ? 0 : 1;
         }},
        30, strideOfMany());
}

BOOST_AUTO_TEST_CASE(s47_a_compacted_vault_holds_what_it_held) {
  Prefecture p({{"gar", Level::open, {}}});
  p.put("gar", "OrgUnit", unit, "public");
  p.close("gar");
  tried(p.opening("gar"),
        {[](const Opening& at) { compactSite(at, {}); },
         [](const Opening& at) {
           const auto store = openSite(at);
           BOOST_TEST(clean(*store));
           BOOST_TEST(countOf(*store, "code='fresh'") == 1);
           BOOST_TEST(!std::filesystem::exists(rebuildFolderOf(at.folder)));
           return 1;
         }},
        20, 5);
}

BOOST_AUTO_TEST_CASE(s47_enrolment_can_be_taken_up_again_wherever_it_broke_off) {
  Prefecture p({});
  Opening o = p.opening("new");
  const Bytes request = requestToJoin(o, {"new", "新站"});
  const Bytes grant = admit(p.office(), request, {Level::internal, {}, "2099-12-31"});
  std::uint64_t first = 1;  // each fault has other writes
  for (const Fault fault : {Fault::diskFull, Fault::inputOutput, Fault::shortWrite, Fault::crash})
    BOOST_TEST(everywhere(o, fault,
                          {[&](const Opening& at) { acceptGrant(at, grant); },
                           [&](const Opening& at) {
                             if (!isSite(at.environment, at.folder)) return 0;
                             const auto store = openSite(at);
                             BOOST_TEST(clean(*store));
                             BOOST_TEST(store->levels().size() == 2U);
                             return 1;
                           }},
                          false, first++, strideOfMany()) > 10U);
}

BOOST_AUTO_TEST_SUITE_END()
