// Numbers of a series: gapless, per compartment, given by the series' owner alone. Any other site gives a record a
// provisional number when it makes it, which the owner's real one supersedes by the usual merging.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "core/base/value.h"
#include "core/vault/vault.h"

namespace cinnabar {

class Store;

// 临〔2026〕gar-3: the third that the site "gar" made in 2026. It names the site, so that no two sites give the same.
// What a site may write, once and with the record itself, to a field that is the series owner's.
bool isProvisionalNumber(const EntityType& entity, const Field& field, const Value& value);

// Does this site own the series?
bool numbersHere(const VaultIdentity& identity);

// Where the schema names a state for it, a number is not given before.
bool mayBearNumber(const EntityType& entity, const FieldValues& values);
// A new record without a number gets one: at once, or because it begins in that state.
bool numberIsDue(const EntityType& entity, const FieldValues& values);
// A change leads a record to a number: it moves to that state without one, or its number is given back for the next.
bool numberFalls(const EntityType& entity, const FieldValues& before, const FieldValues& wanted);

// The series of one vault as a transaction goes on with them. What was taken is kept by save(), with the commit.
class Numbers {
 public:
  explicit Numbers(Vault& vault) : vault_(vault) {}

  struct Next {
    std::string text;
    std::int64_t* counter = nullptr;  // to be raised once the record that bears the number is written
  };
  // `values`: the record's, as far as the form of the number names them. Passes over numbers that are there already,
  // as after the return of what an older life of this site had written.
  Next real(const EntityType& entity, CompartmentNumber compartment, const FieldValues& values,
            const std::string& year);
  Next provisional(const EntityType& entity, CompartmentNumber compartment, std::string_view site,
                   const std::string& year);
  void save();

 private:
  std::int64_t& counterOf(const std::string& series);
  bool taken(const EntityType& entity, CompartmentNumber compartment, const std::string& number);

  Vault& vault_;
  std::map<std::string, std::int64_t> next_;  // by the series' name
};

// Is there another record of the compartment with this number?
bool numberIsTaken(Vault& vault, const EntityType& entity, CompartmentNumber compartment, const RecordId& but,
                   const std::string& number);

// At the series' owner: gives real numbers to the records of a level that still bear provisional ones, the oldest
// first, in a transaction of its own in the name of `actor`. Returns how many.
std::size_t issueNumbers(Store& store, Level level, const std::string& actor);

}  // namespace cinnabar
