#include "core/record/row.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/record/newer.h"
#include "core/vault/tables.h"

namespace cinnabar {
namespace {

constexpr std::size_t longestMetaInRow_bytes = 400;
constexpr FieldNumber metaAsField = 0xFFFE;  // names _meta itself when it leaves the row

}  // namespace

bool Row::visible() const {
  return std::any_of(heads.begin(), heads.end(), [](const Sibling& s) { return isNull(s.value); });
}
bool Row::contested() const {
  return visible() && std::any_of(heads.begin(), heads.end(), [](const Sibling& s) { return !isNull(s.value); });
}

AuthorAfter authorOrderOf(Vault& vault) {
  return [&vault](std::uint32_t a, std::uint32_t b) { return vault.authorOf(b) < vault.authorOf(a); };
}

struct Rows::Access {
  std::unique_ptr<Statement> byId, inCompartment, byRowid, update;
};

Rows::Rows(Vault& vault, const EntityType* entity)
    : vault_(vault),
      entity_(entity),
      table_(entity != nullptr ? entity->name : std::string(unknownTable)),
      longest_bytes_(entity != nullptr ? longestInRow_bytes(*entity) : 0),
      after_(authorOrderOf(vault)) {
  if (entity != nullptr)
    for (const Field& field : entity->fields) allColumns_.push_back(field.number);
  allColumns_.push_back(periodRegister);
}

bool Rows::empty() const { return entity_ != nullptr && !vault_.holdsTableOf(*entity_); }

const Field* Rows::field(FieldNumber number) const {
  if (number == periodRegister) return &periodField();
  return entity_ == nullptr ? nullptr : entity_->find(number);
}

Rows::~Rows() = default;

Rows::Access& Rows::accessTo(std::span<const FieldNumber> fields) {
  const std::string key(reinterpret_cast<const char*>(fields.data()), fields.size_bytes());
  auto& access = accesses_[key];
  if (access) return *access;
  access = std::make_unique<Access>();
  std::string columns, assignments;
  int at = 9;
  for (const FieldNumber number : fields) {
    columns += "," + identifier(field(number)->name);
    assignments += "," + identifier(field(number)->name) + "=?" + std::to_string(++at);
  }
  const std::string select = "SELECT rowid,id,_c,_origin,_born,_author,_lamport,_at,_gone,_meta" + columns + " FROM " +
                             identifier(table_) + " WHERE ";
  Database& db = vault_.database();
  access->byId = db.prepare(select + "id=?1");
  access->inCompartment = db.prepare(select + "id=?1 AND _c=?2");
  access->byRowid = db.prepare(select + "rowid=?1");
  // The compartment is part of the key and never changes: setting it would rewrite the key's index with every update.
  access->update = db.prepare("UPDATE " + identifier(table_) +
                              " SET _origin=?3,_born=?4,_author=?5,_lamport=?6,_at=?7,_gone=?8,_meta=?9" + assignments +
                              " WHERE rowid=?1");
  return *access;
}

bool Rows::find(const RecordId& id, CompartmentNumber compartment, std::span<const FieldNumber> fields, Row& out) {
  if (empty()) return false;
  Query q(*accessTo(fields).inCompartment);
  q.with(id, compartment);
  return q.step() && read(*q, fields, out);
}

bool Rows::findSeen(const RecordId& id, const Sees& sees, std::span<const FieldNumber> fields, Row& out) {
  if (empty()) return false;
  Query q(*accessTo(fields).byId);
  q.with(id);
  while (q.step())
    if (sees(q->integer(2))) return read(*q, fields, out);
  return false;
}

bool Rows::findByRowid(std::int64_t rowid, std::span<const FieldNumber> fields, Row& out) {
  if (empty()) return false;
  Query q(*accessTo(fields).byRowid);
  q.with(rowid);
  return q.step() && read(*q, fields, out);
}

bool Rows::read(Statement& select, std::span<const FieldNumber> fields, Row& out) {
  out = Row{};
  out.rowid = select.integer(0);
  const auto id = RecordId::of(select.blob(1));
  if (!id) throw Error(Code::damaged, "a row of " + table_ + " has no id");
  out.id = *id;
  out.compartment = select.integer(2);
  out.born = {static_cast<std::uint32_t>(select.integer(3)), static_cast<Lamport>(select.integer(4))};
  out.last = select.isNull(5)
                 ? out.born
                 : LocalDot{static_cast<std::uint32_t>(select.integer(5)), static_cast<Lamport>(select.integer(6))};
  out.at = static_cast<std::uint64_t>(select.integer(7));
  const bool gone = !select.isNull(8);
  if (select.typeOf(9) == SQLITE_BLOB) {
    const BytesView meta = select.blob(9);
    decodeMeta(out, meta);
  } else if (!select.isNull(9)) {
    Bytes reference(8);
    const std::int64_t spilled = select.integer(9);
    std::memcpy(reference.data(), &spilled, 8);
    out.spilled[metaAsField] = spilled;
    decodeMeta(out, unspill(reference, out.id, metaAsField));
  }
  if (out.heads.empty()) out.heads.push_back({out.last, gone ? Value{std::int64_t{1}} : Value{}, {}});
  int at = 10;
  out.columns.reserve(fields.size());
  for (const FieldNumber number : fields) out.columns[number] = readColumn(select, at++, number, out);
  return true;
}

Value Rows::readColumn(Statement& select, int at, FieldNumber number, Row& row) {
  switch (select.typeOf(at)) {
    case SQLITE_INTEGER: return select.integer(at);
    case SQLITE_TEXT: return std::string(select.text(at));
    case SQLITE_BLOB: {
      const BytesView blob = select.blob(at);
      if (const Field* f = field(number); f != nullptr && maySpill(*f)) {
        Bytes value = unspill(blob, row.id, number);
        std::memcpy(&row.spilled[number], blob.data(), 8);
        return std::string(textOf(value));
      }
      return Bytes(blob.begin(), blob.end());
    }
    case SQLITE_NULL: return {};
    default: throw Error(Code::damaged, "a value of " + table_ + " has a type that is never stored");
  }
}

Register Rows::registerOf(const Row& row, FieldNumber number) const {
  if (const auto kept = row.kept.find(number); kept != row.kept.end()) {
    Register reg = kept->second;
    const auto column = row.columns.find(number);
    if (field(number) == nullptr || column == row.columns.end()) return reg;
    if (reg.siblings.size() == 1) reg.siblings.front().value = column->second;
    if (holdsElements(reg.operation) && !reg.elements.empty() && isNull(reg.elements.front().value)) {
      const auto elements = elementsOf(*field(number), column->second);
      if (elements.size() != reg.elements.size()) throw Error(Code::damaged, "a list of " + table_ + " lost its dots");
      for (std::size_t i = 0; i < elements.size(); ++i) reg.elements[i].value = elements[i];
    }
    return reg;
  }
  Register reg;
  const Field* f = field(number);
  if (f == nullptr) return reg;
  reg.operation = operationOf(f->merge);
  const auto column = row.columns.find(number);
  if (column == row.columns.end() || isNull(column->second)) return reg;
  if (reg.operation == Operation::increment) {
    if (const auto* sum = std::get_if<std::int64_t>(&column->second)) reg.sum = *sum;
  } else if (holdsElements(reg.operation)) {
    std::uint32_t place = 0;
    for (std::string& element : elementsOf(*f, column->second))
      reg.elements.push_back({std::move(element), {{row.born, place++}}});
  } else {
    reg.siblings.push_back({row.born, column->second, {}});
    if (reg.operation == Operation::raise) reg.siblings.front().auxiliary = rankOf(*f, column->second);
  }
  return reg;
}

// Keeps in _meta no more than what the column and the creation's dot do not say already.
void Rows::put(Row& row, FieldNumber number, Register&& reg) const {
  const Field* f = field(number);
  if (f == nullptr) {
    row.kept[number] = std::move(reg);
    return;
  }
  // What stands alone is what is shown; it moves to the column.
  const bool alone = reg.siblings.size() == 1;
  Value value = alone ? std::move(reg.siblings.front().value) : shown(reg, *f, entity_, after_);
  bool keep = false;
  switch (reg.operation) {
    case Operation::set:
    case Operation::assign:
    case Operation::transition:
      keep = reg.siblings.size() > 1 ||
             (alone && (reg.siblings.front().dot != row.born || isNull(reg.siblings.front().value)));
      // A step that cannot be judged yet keeps the state that it left.
      for (Sibling& s : reg.siblings) {
        if (reg.operation == Operation::transition && !canJudge(*f, s.auxiliary, alone ? value : s.value))
          keep = true;
        else
          s.auxiliary = {};
      }
      if (alone) reg.siblings.front().value = {};
      break;
    case Operation::add:
    case Operation::remove:
    case Operation::append: {
      std::uint32_t place = 0;
      // Lines of a text cannot be told apart in the column: then the elements are kept whole.
      const bool whole = f->type.kind == Kind::text && reg.elements.size() > 1;
      keep = whole;
      for (Element& e : reg.elements) {
        if (e.additions.size() != 1 || e.additions.front() != Addition{row.born, place++}) keep = true;
        if (!whole) e.value = {};
      }
      break;
    }
    case Operation::raise:
      // A word of a newer schema has a rank that this one cannot tell.
      keep = alone && reg.siblings.front().auxiliary != Value(rankOf(*f, value));
      if (alone) reg.siblings.front().value = {};
      break;
    case Operation::increment: break;
  }
  row.columns[number] = std::move(value);
  if (keep)
    row.kept[number] = std::move(reg);
  else
    row.kept.erase(number);
}

void Rows::bindHead(Statement& s, Row& row, std::vector<Bytes>& held) {
  s.bind(2, row.compartment);
  s.bind(3, static_cast<std::int64_t>(row.born.author));
  s.bind(4, static_cast<std::int64_t>(row.born.lamport));
  if (row.last == row.born) {
    s.bindNull(5);
    s.bindNull(6);
  } else {
    s.bind(5, static_cast<std::int64_t>(row.last.author));
    s.bind(6, static_cast<std::int64_t>(row.last.lamport));
  }
  s.bind(7, static_cast<std::int64_t>(row.at));
  if (row.visible())
    s.bindNull(8);
  else
    s.bind(8, std::int64_t{1});
  Bytes meta = encodeMeta(row);
  if (meta.empty()) {
    s.bindNull(9);
  } else if (meta.size() <= longestMetaInRow_bytes) {
    held.push_back(std::move(meta));
    s.bind(9, BytesView(held.back()));
  } else {
    const Bytes reference = spill(row.id, metaAsField, meta);
    std::int64_t number = 0;
    std::memcpy(&number, reference.data(), 8);
    s.bind(9, number);
  }
}

void Rows::bindColumn(Statement& s, int at, Row& row, FieldNumber number, std::vector<Bytes>& held) {
  static const Value none;
  const auto column = row.columns.find(number);
  bindValue(s, at, row.id, number, column == row.columns.end() ? none : column->second, held);
}

void Rows::bindValue(Statement& s, int at, const RecordId& id, FieldNumber number, const Value& value,
                     std::vector<Bytes>& held) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    s.bind(at, *integer);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    const Field* f = field(number);
    if (text->size() > longest_bytes_ && f != nullptr && maySpill(*f)) {
      held.push_back(spill(id, number, viewOf(*text)));
      s.bind(at, BytesView(held.back()));
    } else {
      s.bind(at, std::string_view(*text));
    }
  } else if (const auto* bytes = std::get_if<Bytes>(&value)) {
    s.bind(at, BytesView(*bytes));
  } else {
    s.bindNull(at);
  }
}

void Rows::insert(Row& row) {
  if (entity_ != nullptr) vault_.makeTableOf(*entity_);
  std::vector<Bytes> held;
  held.reserve(allColumns_.size() + 1);
  if (!insert_) {
    std::string columns = "id,_c,_origin,_born,_author,_lamport,_at,_gone,_meta", values = "?1,?2,?3,?4,?5,?6,?7,?8,?9";
    int at = 9;
    for (const FieldNumber number : allColumns_) {
      columns += "," + identifier(field(number)->name);
      values += ",?" + std::to_string(++at);
    }
    insert_ =
        vault_.database().prepare("INSERT INTO " + identifier(table_) + "(" + columns + ") VALUES(" + values + ")");
  }
  Query q(*insert_);
  q->bind(1, row.id.view());
  bindHead(*q, row, held);
  int at = 10;
  auto given = row.given.begin();
  for (const FieldNumber number : allColumns_) {
    if (given != row.given.end() && (*given)->field == number)
      bindValue(*q, at++, row.id, number, (*given++)->value, held);
    else
      bindColumn(*q, at++, row, number, held);
  }
  q.run();
  row.given.clear();
  row.rowid = sqlite3_last_insert_rowid(vault_.database().raw());
}

void Rows::update(Row& row, std::span<const FieldNumber> fields) {
  dropSpill(row, metaAsField);
  for (const FieldNumber number : fields) dropSpill(row, number);
  std::vector<Bytes> held;
  held.reserve(fields.size() + 1);
  Query q(*accessTo(fields).update);
  q->bind(1, row.rowid);
  bindHead(*q, row, held);
  int at = 10;
  for (const FieldNumber number : fields) bindColumn(*q, at++, row, number, held);
  q.run();
}

void Rows::erase(Row& row) {
  while (!row.spilled.empty()) dropSpill(row, row.spilled.begin()->first);
  vault_.database().query("DELETE FROM " + identifier(table_) + " WHERE rowid=?1").with(row.rowid).run();
  row.rowid = 0;
}

}  // namespace cinnabar
