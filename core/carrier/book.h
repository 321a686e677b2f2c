// The register of carriers as an act writes in it: within one transaction, each movement with its entry.
#pragma once
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/record/transaction.h"

namespace cinnabar::carrier {

using nlohmann::json;

struct Carrier {
  RecordId id;
  Label label;
  std::string number;  // empty: the office has not given it yet
  std::string state;
  std::string medium;
  json fields;

  std::string name() const;  // how people call it: number and copy
  std::optional<RecordId> reference(const char* field) const;
};

json copyText(std::int64_t number);  // 1: "001"

class Book {
 public:
  explicit Book(Transaction& transaction) : Book(transaction.store(), &transaction) {}
  // Only for looking things up.
  explicit Book(Store& store) : Book(store, nullptr) {}

  Store& store() { return store_; }
  const std::string& now() const { return now_; }
  json& result() { return result_; }

  // By id or by number; throws notFound, invalidInput for a number that several bear.
  Carrier carrier(std::string_view idOrNumber);
  Carrier carrier(const RecordId& id);
  // By id, or by the entity's natural key: a person's employee number, a unit's code. Throws notFound.
  RecordId named(const char* entity, std::string_view idOrKey);
  json fieldsOf(const RecordId& id);
  std::optional<RecordId> circleNamed(std::string_view name);
  // Those whose `field` names a record, of which an SQL condition is true; oldest first.
  std::vector<RecordId> all(const char* entity, const char* field, const RecordId& named, const char* where);

  // Both write computed fields, too, which no caller can. `id`: of newId, for who signs a record before it is put.
  RecordId put(const char* entity, const json& fields, const Compartment& compartment, const Period& period = {},
               const std::optional<RecordId>& id = std::nullopt);
  void set(const RecordId& id, const json& fields);
  RecordId newId(const char* entity);
  // Throws refused where the machine does not lead from where the carrier is.
  void mustLead(const Carrier& carrier, std::string_view state);
  // Along the declared machine; `more` is set with it. Throws refused where the machine does not lead.
  void move(Carrier& carrier, const char* state, json more = json::object());
  void event(const Carrier& carrier, const char* word, json more = json::object());
  RecordId approval(const Carrier& carrier, const char* step, const RecordId& approver, const char* rule);
  void warn(const std::string& rule, const std::string& article, const std::string& what);

 private:
  Book(Store& store, Transaction* transaction);
  Transaction& writing() {
    CNB_ASSERT(transaction_ != nullptr);
    return *transaction_;
  }
  Store& store_;
  Transaction* transaction_;
  std::string now_;
  json result_;
};

// What a person has to hand over before leaving: of any kind, by what the schema bars.
std::vector<RecordId> openCarriersOf(Store& store, const RecordId& person);
// The label of what names them all.
Compartment joinOf(const std::vector<Carrier>& carriers);
// Lower ones first: a transaction that has read a level writes nothing below it.
void sortByLevel(std::vector<Carrier>& carriers);

}  // namespace cinnabar::carrier
