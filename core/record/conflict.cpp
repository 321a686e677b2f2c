#include "core/record/conflict.h"

#include "core/base/error.h"
#include "core/record/json.h"
#include "core/record/transaction.h"

namespace cinnabar {

nlohmann::json resolveConflict(Store& store, std::string_view conflict, std::int64_t pick, std::string_view value) {
  const auto dot = conflict.find('.');
  const auto id = RecordId::parse(conflict.substr(0, dot));
  if (!id || dot == std::string_view::npos) throw Error(Code::notFound, "no such conflict");
  const std::string name(conflict.substr(dot + 1));
  const auto found = store.find(*id);
  if (!found) throw Error(Code::notFound, "no such conflict");
  Row row;
  Rows& rows = *found->rows;
  rows.find(*id, found->row.compartment, rows.allColumns(), row);
  const Field* field = rows.entity() == nullptr ? nullptr : rows.entity()->find(name);
  const bool deletion = name == "_deleted";
  const FieldNumber number = deletion ? deletedRegister : field == nullptr ? FieldNumber{0} : field->number;
  if (!deletion && field == nullptr) throw Error(Code::notFound, "no such conflict");
  const std::vector<Sibling> standing = deletion ? row.heads : rows.registerOf(row, number).siblings;
  const bool open = deletion ? row.contested() : standing.size() > 1;
  if (!open) throw Error(Code::notFound, "no such conflict");

  Value settled;
  if (!value.empty()) {
    const nlohmann::json given = parseJson(value);
    if (deletion)
      settled = given == true || given == "deleted" ? Value{std::int64_t{1}} : Value{};
    else
      settled = valueOf(*rows.entity(), *field, given);
  } else {
    if (pick < 0 || static_cast<std::size_t>(pick) >= standing.size())
      throw Error(Code::invalidArgument, "this conflict has values 0 to " + std::to_string(standing.size() - 1));
    settled = standing[static_cast<std::size_t>(pick)].value;
  }
  const auto transaction = store.begin();
  transaction->settle(*id, number, settled);
  transaction->commit();
  return {{"id", id->text()}, {"conflicts", nlohmann::json::array()}, {"warnings", nlohmann::json::array()}};
}

}  // namespace cinnabar
