#include "core/record/row.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/environment.h"
#include "core/base/error.h"
#include "core/record/newer.h"
#include "core/vault/tables.h"

namespace cinnabar {
namespace {

constexpr std::size_t longestMetaInRow_bytes = 400;
constexpr FieldNumber metaAsField = 0xFFFE;  // names _meta itself when it leaves the row

// How a register is kept in _meta.
enum class Form : std::uint8_t {
  dot = 0,        // one sibling; its value stands in the column
  additions = 1,  // of the elements that stand in the column, in order
  whole = 2,      // everything, values included
};

void writeLocalDot(Writer& w, const LocalDot& dot) {
  w.number(dot.author);
  w.number(dot.lamport);
}
LocalDot readLocalDot(Reader& in) {
  LocalDot dot;
  dot.author = static_cast<std::uint32_t>(in.numberUpTo(UINT32_MAX));
  dot.lamport = in.number();
  return dot;
}

void writeAdditions(Writer& w, const Element& element) {
  w.number(element.additions.size());
  for (const Addition& a : element.additions) {
    writeLocalDot(w, a.dot);
    w.number(a.place);
  }
}
void readAdditions(Reader& in, Element& element) {
  element.additions.resize(in.count());
  for (Addition& a : element.additions) {
    a.dot = readLocalDot(in);
    a.place = static_cast<std::uint32_t>(in.numberUpTo(UINT32_MAX));
  }
}

void writeWhole(Writer& w, const Register& reg) {
  w.number(static_cast<std::uint64_t>(reg.operation));
  w.signedNumber(reg.sum);
  w.number(reg.siblings.size());
  for (const Sibling& s : reg.siblings) {
    writeLocalDot(w, s.dot);
    writeValue(w, s.value);
    writeValue(w, s.auxiliary);
  }
  w.number(reg.elements.size());
  for (const Element& e : reg.elements) {
    writeValue(w, e.value);
    writeAdditions(w, e);
  }
}
Register readWhole(Reader& in) {
  Register reg;
  reg.operation = static_cast<Operation>(in.numberUpTo(7));
  reg.sum = in.signedNumber();
  reg.siblings.resize(in.count());
  for (Sibling& s : reg.siblings) {
    s.dot = readLocalDot(in);
    s.value = readValue(in);
    s.auxiliary = readValue(in);
  }
  reg.elements.resize(in.count());
  for (Element& e : reg.elements) {
    e.value = readValue(in);
    readAdditions(in, e);
  }
  return reg;
}

// Elements travel as JSON texts, since a set may hold numbers, ids or structures alike. A text that only
// grows shows its elements as lines.
std::vector<std::string> elementsOf(const Field& field, const Value& column) {
  std::vector<std::string> out;
  const auto* text = std::get_if<std::string>(&column);
  if (text == nullptr) return out;
  if (field.type.kind == Kind::text) return {nlohmann::json(*text).dump()};
  const auto list = nlohmann::json::parse(*text, nullptr, false);
  if (!list.is_array()) throw Error(Code::damaged, "a list in a row is unreadable");
  for (const auto& element : list) out.push_back(element.dump());
  return out;
}
Value columnOf(const Field& field, const std::vector<Element>& elements) {
  if (elements.empty()) return {};
  if (field.type.kind == Kind::text) {
    std::string lines;
    for (const Element& e : elements) {
      const auto line = nlohmann::json::parse(std::get<std::string>(e.value), nullptr, false);
      if (!lines.empty()) lines += '\n';
      if (line.is_string()) lines += line.get<std::string>();
    }
    return lines;
  }
  std::string out = "[";
  for (const Element& e : elements) {
    if (out.size() > 1) out += ',';
    out += std::get<std::string>(e.value);
  }
  return out + "]";
}

bool holdsElements(Operation operation) { return operation == Operation::add || operation == Operation::append; }

int placeOfState(const Field& field, const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return -1;
  const auto at = std::find(field.type.values.begin(), field.type.values.end(), *text);
  return at == field.type.values.end() ? -1 : static_cast<int>(at - field.type.values.begin());
}

// True if the machine leads from one state to the other. O(transitions).
bool reachable(const EntityType& entity, const Field& field, const std::string& from, const std::string& to) {
  std::vector<std::string_view> open = {from}, seen;
  while (!open.empty()) {
    const std::string_view at = open.back();
    open.pop_back();
    if (std::find(seen.begin(), seen.end(), at) != seen.end()) continue;
    seen.push_back(at);
    for (const Transition& t : entity.transitions) {
      if (t.field != field.name || t.from != at) continue;
      if (t.to == to) return true;
      open.push_back(t.to);
    }
  }
  return false;
}

// Of concurrent states the one that the other leads to; where neither or both, the later declared.
bool furtherThan(const EntityType& entity, const Field& field, const Value& a, const Value& b) {
  const auto* from = std::get_if<std::string>(&b);
  const auto* to = std::get_if<std::string>(&a);
  if (from == nullptr || to == nullptr) return from == nullptr && to != nullptr;
  const bool forward = reachable(entity, field, *from, *to), backward = reachable(entity, field, *to, *from);
  if (forward != backward) return forward;
  return std::pair(placeOfState(field, a), *to) > std::pair(placeOfState(field, b), *from);
}

}  // namespace

bool Row::visible() const {
  return std::any_of(heads.begin(), heads.end(), [](const Sibling& s) { return isNull(s.value); });
}
bool Row::contested() const {
  return visible() && std::any_of(heads.begin(), heads.end(), [](const Sibling& s) { return !isNull(s.value); });
}

Operation operationOf(MergeClass merge) {
  switch (merge) {
    case MergeClass::lastWriter:
    case MergeClass::owner: return Operation::set;
    case MergeClass::conflict: return Operation::assign;
    case MergeClass::ratchet: return Operation::raise;
    case MergeClass::counter: return Operation::increment;
    case MergeClass::addWins: return Operation::add;
    case MergeClass::appendOnly: return Operation::append;
    case MergeClass::state: return Operation::transition;
  }
  return Operation::set;
}

std::int64_t rankOf(const Field& field, const Value& value) {
  std::int64_t rank = 0;
  if (const auto* number = std::get_if<std::int64_t>(&value)) rank = *number;
  if (field.type.kind == Kind::instant) rank >>= 12;  // the moment, not how it was written
  if (const auto* text = std::get_if<std::string>(&value); text != nullptr && field.type.kind == Kind::date)
    for (const char c : *text)
      if (c >= '0' && c <= '9') rank = rank * 10 + (c - '0');  // 2026-11-23: 20261123
  if (field.type.kind == Kind::enumeration) rank = placeOfState(field, value);
  return field.earliest ? -rank : rank;
}

Value shown(const Register& reg, const Field& field, const EntityType* entity, const AuthorAfter& after) {
  switch (reg.operation) {
    case Operation::increment: return reg.sum;
    case Operation::add:
    case Operation::remove:
    case Operation::append: return columnOf(field, reg.elements);
    case Operation::transition: {
      if (reg.siblings.empty()) return {};
      const Sibling* best = &reg.siblings.front();
      for (const Sibling& s : reg.siblings) {
        if (s.value == best->value) continue;
        if (entity != nullptr ? furtherThan(*entity, field, s.value, best->value) : laterThan(s.dot, best->dot, after))
          best = &s;
      }
      return best->value;
    }
    default: {
      const Sibling* best = latest(reg, after);
      return best == nullptr ? Value{} : best->value;
    }
  }
}

const Field& periodField() {
  static const Field field = [] {
    Field f;
    f.number = periodRegister;
    f.name = "_period";
    f.title = "保密期限";
    return f;
  }();
  return field;
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

Bytes Rows::encodeMeta(const Row& row) const {
  Bytes out;
  Writer w(out);
  const bool plainHead = row.heads.size() == 1;
  if (!plainHead) {
    w.number(static_cast<std::uint64_t>(deletedRegister) << 2 | static_cast<std::uint64_t>(Form::whole));
    Register heads;
    heads.operation = Operation::assign;
    heads.siblings = row.heads;
    writeWhole(w, heads);
  }
  for (const auto& [number, reg] : row.kept) {
    Form form = Form::whole;
    if (field(number) != nullptr) {
      if (holdsElements(reg.operation) && (reg.elements.empty() || isNull(reg.elements.front().value)))
        form = Form::additions;
      else if (reg.siblings.size() == 1 && reg.operation != Operation::raise && isNull(reg.siblings.front().auxiliary))
        form = Form::dot;
    }
    w.number(static_cast<std::uint64_t>(number) << 2 | static_cast<std::uint64_t>(form));
    if (form == Form::dot) {
      writeLocalDot(w, reg.siblings.front().dot);
    } else if (form == Form::additions) {
      w.number(reg.elements.size());
      for (const Element& e : reg.elements) writeAdditions(w, e);
    } else {
      writeWhole(w, reg);
    }
  }
  return out;
}

void Rows::decodeMeta(Row& row, BytesView bytes) const {
  try {
    Reader in(bytes, "row metadata");
    while (!in.atEnd()) {
      const std::uint64_t tag = in.numberUpTo(0xFFFFULL << 2 | 3);
      const auto number = static_cast<FieldNumber>(tag >> 2);
      Register reg;
      switch (static_cast<Form>(tag & 3)) {
        case Form::dot:
          if (const Field* f = field(number)) reg.operation = operationOf(f->merge);
          reg.siblings.push_back({readLocalDot(in), {}, {}});
          break;
        case Form::additions:
          if (const Field* f = field(number)) reg.operation = operationOf(f->merge);
          reg.elements.resize(in.count());
          for (Element& e : reg.elements) readAdditions(in, e);
          break;
        case Form::whole: reg = readWhole(in); break;
        default: in.fail("an unknown form");
      }
      if (number == deletedRegister)
        row.heads = std::move(reg.siblings);
      else
        row.kept[number] = std::move(reg);
    }
  } catch (const Error& error) {
    throw Error(Code::damaged, std::string("a row of ") + table_ + ": " + error.what());
  }
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

// What the old value left beside the row goes with it.
void Rows::dropSpill(Row& row, FieldNumber number) {
  const auto spilled = row.spilled.find(number);
  if (spilled == row.spilled.end()) return;
  vault_.database().query("DELETE FROM spill WHERE id=?1").with(spilled->second).run();
  row.spilled.erase(spilled);
}

namespace {

Bytes spillContext(const RecordId& id, FieldNumber number, BytesView reference) {
  Bytes out(id.bytes.begin(), id.bytes.end());
  Writer(out).number(number);
  append(out, reference);
  return out;
}

}  // namespace

Bytes Rows::spill(const RecordId& id, FieldNumber number, BytesView value) {
  Database& db = vault_.database();
  db.query("INSERT INTO spill(value) VALUES(x'')").run();
  const std::int64_t at = sqlite3_last_insert_rowid(db.raw());
  Bytes reference(8);
  std::memcpy(reference.data(), &at, 8);
  const Bytes sealed = sealValue(value, spillContext(id, number, reference), vault_.spillKey().view(), vault_.random());
  db.query("UPDATE spill SET value=?2 WHERE id=?1").with(at, sealed).run();
  return reference;
}

Bytes Rows::unspill(BytesView reference, const RecordId& id, FieldNumber number) {
  const std::string text = readSpill(vault_.database(), "main", vault_.spillKey(), reference, id, number);
  return {text.begin(), text.end()};
}

std::string readSpill(Database& db, std::string_view schema, const SecretBytes& spillKey, BytesView reference,
                      const RecordId& id, FieldNumber number) {
  if (reference.size() != 8) throw Error(Code::damaged, "a long value's place is unreadable");
  std::int64_t at = 0;
  std::memcpy(&at, reference.data(), 8);
  Query q = db.query("SELECT value FROM " + std::string(schema) + ".spill WHERE id=?1");
  q.with(at);
  if (!q.step()) throw Error(Code::damaged, "a long value is missing");
  try {
    const Bytes value = openValue(q->blob(0), spillContext(id, number, reference), spillKey.view());
    return std::string(textOf(value));
  } catch (const Error&) {
    throw Error(Code::damaged,
                "a long value of record " + id.text() + " is damaged: restore it from a backup or a peer");
  }
}

}  // namespace cinnabar
