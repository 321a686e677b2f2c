#include "sync/erasure.h"

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/carrier/articles.h"
#include "core/carrier/book.h"
#include "core/record/withdrawal.h"
#include "core/retention/destruction.h"
#include "sync/clearing.h"
#include "sync/disposing.h"
#include "sync/exchange.h"
#include "sync/renewal.h"

namespace cinnabar {
namespace {

using carrier::refuse;
using nlohmann::json;
using namespace retention;

constexpr std::string_view backupMark = "backup/";

struct Certified {
  std::set<RecordId> records;
  std::set<Level> levels;  // of the vaults that held them
};

// Who destroyed the records and who witnessed it have proven to be two: one of them may finish what both signed.
void mustBeOneOfTheTwo(Store& store, const UnlockedPerson& person, const json& fields) {
  const std::string flaw = flawOfCertificate(store, fields);
  if (!flaw.empty()) refuse(twoRule, twoArticle, "the certificate does not count: " + flaw);
  const SiteId& here = store.identity().site;
  for (const char* signature : {"destruction", "witnessing"})
    if (samePerson(parseProof(fields.at(signature).get<std::string>()),
                   Proof{here, person.name, person.signing.publicKey, {}, 0, {}}))
      return;
  refuse(twoRule, twoArticle, person.name + " is not one of the two persons who signed the certificate");
}

Certified certifiedIn(Store& store, const UnlockedPerson& person, const Erasure& e) {
  if (!store.identity().ofOffice()) refuse(twoRule, twoArticle, "a certificate is the office's");
  carrier::Book book(store);
  const json fields = book.fieldsOf(book.named("DisposalCertificate", e.certificate.text()));
  if (fields.value("state", "") != "certified")
    refuse(twoRule, twoArticle, "its records are not scrubbed yet: the certificate is pending");
  mustBeOneOfTheTwo(store, person, fields);
  Certified out;
  for (const RecordId& record : recordsNamed(fields.at("records"))) out.records.insert(record);
  for (const RecordId& record : out.records)
    for (const Level level : store.levels())
      if (destroyedIn(store.vault(level), record)) out.levels.insert(level);
  return out;
}

void mustBeAccountedFor(Store& store, const Certified& certified, const std::vector<std::string>& backups) {
  std::set<std::string> sites;
  for (const json& open : openWithdrawals(store))
    if (const auto record = RecordId::parse(open.at("record").get<std::string>());
        record && certified.records.contains(*record))
      for (const json& site : open.at("open")) sites.insert(site.get<std::string>());
  if (sites.empty() && backups.empty()) return;
  std::string why = "not accounted for:";
  for (const std::string& site : sites) why += " no receipt of " + site + ";";
  if (!backups.empty()) why += " " + std::to_string(backups.size()) + " backups, the oldest of " + backups.front();
  throw Error(Code::refused, why,
              json{{"rule", twoRule}, {"article", twoArticle}, {"sites", sites}, {"backups", backups}}.dump());
}

void forgetBackups(Store& store, const std::vector<std::string>& backups) {
  for (const Level level : store.levels()) {
    Vault& vault = store.vault(level);
    within(vault, [&] {
      for (const std::string& at : backups)
        vault.database().query("DELETE FROM meta WHERE key=?1").with(std::string(backupMark) + at).run();
      vault.revise();
    });
  }
}

void writeDown(Store& store, const std::string& person, const Erasure& e, const std::vector<std::string>& backups) {
  Transaction transaction(store, std::string(registrar));
  carrier::Book book(transaction);
  std::string remark = book.fieldsOf(e.certificate).value("remark", "");
  remark += (remark.empty() ? "" : "；") + ("密钥销毁 " + book.now().substr(0, 10) + "：" + person);
  if (!backups.empty()) remark += "；声明备份已销毁 " + std::to_string(backups.size()) + " 份";
  book.set(e.certificate, {{"done", "keyDestroyed"}, {"remark", remark}});
  transaction.commit();
  if (!backups.empty()) forgetBackups(store, backups);
}

}  // namespace

void rememberBackup(Store& store) {
  const std::string key = std::string(backupMark) + instantText(instantOf(store.environment().clock->now()));
  for (const Level level : store.levels()) {
    Vault& vault = store.vault(level);
    within(vault, [&] { vault.setMeta(key, {}); });
  }
}

std::vector<std::string> backupsKnown(Store& store) {
  std::set<std::string> out;
  const std::string marked = std::string(backupMark) + "*";
  for (const Level level : store.levels()) {
    Query q = store.vault(level).database().query("SELECT key FROM meta WHERE key GLOB ?1");
    q.with(marked);
    while (q.step()) out.emplace(q->text(0).substr(backupMark.size()));
  }
  return {out.begin(), out.end()};
}

json eraseKeys(const Opening& opening, const Erasure& e, const Progress& progress) {
  Certified certified;
  std::vector<std::string> backups;
  std::optional<UnlockedPerson> person;
  {
    const auto store = openSite(opening, Rollback::refuse, &person);
    certified = certifiedIn(*store, *person, e);
    backups = backupsKnown(*store);
    mustBeAccountedFor(*store, certified, e.backupsDestroyed ? std::vector<std::string>{} : backups);
  }
  const json renewed = rekeySite(opening, certified.levels, progress);
  const auto store = openSite(opening);
  writeDown(*store, person->name, e, backups);
  return {{"certificate", e.certificate.text()},
          {"done", "keyDestroyed"},
          {"levels", renewed.at("levels")},
          {"backups", backups}};
}

}  // namespace cinnabar
