// Invented incoming documents of about 400 bytes, the same for the same number.
#pragma once
#include <nlohmann/json.hpp>

#include "core/base/ids.h"
#include "core/base/value.h"
#include "schema/catalog.h"

namespace cinnabar::bench {

// What the documents refer to; made in the product's vault first.
struct References {
  std::vector<RecordId> units;
  std::vector<RecordId> persons;
};

struct Document {
  RecordId id;                // for the floors; the product makes its own
  std::vector<Value> values;  // by the entity's fields, in their order
};

const EntityType& documentType();

class Documents {
 public:
  explicit Documents(References references) : references_(std::move(references)) {}
  // The next `count`.
  std::vector<Document> next(std::size_t count);

 private:
  References references_;
  std::uint64_t made_ = 0;
};

std::string opinionOf(std::uint64_t number);  // a new value for the field that updates change

// As the public interface takes them. The number is left to the office's series, as a clerk would.
Bytes messageOf(const Document& document);
std::string jsonOf(const Document& document);

}  // namespace cinnabar::bench
