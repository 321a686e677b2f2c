// Which accesses leave an entry, and when it is written: the one place of that decision.
//
//  - confidential and above: single reads, history, attachments, bundles, copies. Lists, searches, conflicts and
//    violations note entity and number a compartment; SQL notes the entity, since nobody can count what it looked at.
//  - topSecret: every record on a page by itself, and the entry is durable before the content is given; if it cannot
//    be written, nothing is given (涉密载体保密管理 十三).
//  - a try in vain, at every level: under the label of who tried (his highest open level, all his circles), whatever
//    the reason.
//  - public and internal records: only what a host notes itself (printed, copied). Who writes stands in the change log.
//
// An entry is durable before its content is given, except within a burst: a handle that reads more than once a second
// writes them `burst` at a time, and at the latest with its next commit or when it is closed. If the audit cannot be
// written (a full disk), up to `mostUnwritten` reads below topSecret go on, then none.
#pragma once
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "core/audit/trail.h"
#include "core/vault/vault.h"

namespace cinnabar {

class Store;

// A record that was on a page.
struct OnPage {
  Compartment compartment;
  RecordId record;
};

// Belongs to its store and its thread; a snapshot has one, too.
class Audit {
 public:
  static constexpr std::size_t burst = 32;
  static constexpr std::size_t mostUnwritten = 1024;

  explicit Audit(Store& store) : store_(store) {}
  ~Audit();

  static bool covers(Level level) { return level >= Level::confidential; }

  // Before the content is given.
  void accessed(Act act, const Compartment& compartment, const RecordId& record, std::string_view entity,
                std::string_view detail = {});
  void accessedPage(Act act, std::string_view entity, const std::vector<OnPage>& shown);
  void queried(const std::set<std::pair<Level, std::string>>& reached);
  void triedInVain(const RecordId& record);
  // What a host says it did with a record, of any level. Durable when it returns.
  void told(Act act, const Compartment& compartment, const RecordId& record, std::string_view entity,
            std::string_view detail);
  // What leaves the site: `count` changes or records, to `detail`. Durable when it returns.
  void left(Act act, const Compartment& compartment, std::int64_t count, std::string_view detail);

  void flush();
  // With a transaction of this vault: writes what is pending, and notes in the vault how far the audit is.
  void noteIn(Vault& vault);
  // {"entries":[…],"next":cursor|null}: those of compartments that the store sees.
  nlohmann::json entries(const AuditQuestion& question);
  AuditHead headOf(const Compartment& compartment);
  bool contains(const Compartment& compartment, const AuditHead& head);
  // Chains, and that nothing is missing that the vault has noted. Throws damaged. Returns what there is, in words.
  std::string check(Level level);
  // Null if the level has none yet.
  Trail* trailIfAny(Level level);

 private:
  Compartment labelOfReader();
  AuditEntry entryOf(Act act, const Compartment& compartment, std::string_view entity) const;
  void add(AuditEntry entry);
  void write(Level level);
  Trail& trail(Level level);
  bool holdsWhatWasNoted(Vault& vault);

  struct Pending {
    std::vector<AuditEntry> entries;
    std::optional<std::int64_t> written_ms;
    bool ahead = false;  // of what the vault has noted
  };
  Store& store_;
  std::map<Level, std::unique_ptr<Trail>> trails_;
  std::map<Level, Pending> pending_;
};

AuditCursor parseAuditCursor(std::string_view text);  // throws invalidInput

}  // namespace cinnabar
