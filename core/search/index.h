// Full text over all open vaults: one FTS5 table a compartment, so that no rank, count or hidden row of one
// shows in another.
//
// Indexing is deferred, as in a log-structured store: a write costs nothing here, a search looks at what is
// not indexed yet by itself, and whoever writes catches up when it closes.
#pragma once
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/record/store.h"

namespace cinnabar {

// Takes a row's entry out of its compartment's index, if it has one.
void forgetEntry(Vault& vault, const CompartmentState& state, const EntityType& entity, std::int64_t rowid);

// Entries whose row is not there. Always none: a row takes its entry along.
std::int64_t entriesWithoutRow(Vault& vault);

class SearchIndex {
 public:
  explicit SearchIndex(Store& store) : store_(store) {}

  // Indexes what the log holds since the last time; in several transactions. Writes.
  void catchUpAll();
  // The same, once what a search would have to look through by itself has become long. Leaves it to the next time
  // if another writer is at work.
  void catchUpIfLong();

  // {"rows":[record…],"next":cursor|null}. Never writes. Throws invalidArgument for words without a letter.
  nlohmann::json find(std::string_view words, std::string_view entity, std::int64_t limit, std::string_view after);

 private:
  nlohmann::json pageOf(std::string_view words, std::string_view entity, std::int64_t limit, std::string_view after,
                        std::vector<OnPage>& shown);
  void catchUp(Vault& vault);
  bool tailIsLong(Vault& vault);
  std::string textOf(Rows& rows, const Row& row);
  std::vector<RecordId> tailOf(Vault& vault, const CompartmentState& state);

  Store& store_;
};

}  // namespace cinnabar
