// Lists and SQL over all open vaults at once: one connection that can only read, where each entity is a
// view over the vaults, filtered by what the reader is cleared for. An authorizer denies everything else.
#pragma once
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/label/label.h"
#include "core/vault/sqlite.h"

namespace cinnabar {

class Store;
struct EntityType;
struct OnPage;

struct Page {
  std::string where;  // an SQL condition over the entity's fields; empty: all
  std::string order;  // a field's name, "-" in front for descending; empty: by id, which is by age
  std::int64_t limit = 50;
  std::string after;  // a cursor that the last page gave; empty: from the beginning
};

class ReadConnection {
 public:
  explicit ReadConnection(Store& store);

  // Rows as records, and the cursor of the next page or null. Throws invalidInput for a condition that does
  // not compile, refused for one that reaches for more than the entity's view.
  nlohmann::json list(const std::string& entity, const Page& page);
  // {"columns","rows","next":null}. Throws refused for anything but reading the views.
  nlohmann::json sql(const std::string& statement, std::int64_t mostRows);
  // How SQLite means to answer a page, a line a step: whether an index serves it is tested with this.
  std::vector<std::string> plansOf(const std::string& entity, const Page& page);
  void freeze();  // from here on reads see the state of now

 private:
  struct Listing;
  struct Hit {
    RecordId id;
    Level level;
    nlohmann::json key;  // what it is ordered by
  };
  Listing listing(const std::string& entity, const Page& page);
  std::vector<Hit> hitsOf(const Listing& listing, std::int64_t most);
  void noteCondition(const Listing& listing, const std::vector<OnPage>& shown);
  static int authorize(void* self, int action, const char* a, const char* b, const char* database, const char* view);
  void prepareViews(const std::string& sql);
  void prepareView(const EntityType& entity);
  bool closed(const char* table) const;
  std::string schemaOf(Level level) const;
  std::string spilled() const;
  std::string visibleCompartments(const std::string& schema);
  nlohmann::json cellOf(Statement& statement, int column);

  Store& store_;
  Database db_;
  std::string secret_;  // of this connection: part of the names that only the views use
  std::map<std::string, std::string, std::less<>> views_;  // by entity: the vaults and compartments it is over
  // Audited levels and entities that a statement reaches: of the one compiled last, and of those that are kept.
  using Reached = std::set<std::pair<Level, std::string>>;
  Reached reached_;
  std::map<std::string, Reached> reachedBy_;
  std::set<std::string> closed_;  // names of tables and modules that nobody reads, in small letters
  bool restricted_ = false;
};

}  // namespace cinnabar
