// Long values lie beside their rows, each sealed by itself: SQLCipher notices no fault in an overflow page.
#include "core/base/environment.h"
#include "core/base/error.h"
#include "core/record/row.h"

namespace cinnabar {

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
