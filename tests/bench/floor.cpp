#define ZSTD_STATIC_LINKING_ONLY
#include "tests/bench/floor.h"

#include <array>

#include "core/base/codec.h"
#include "core/base/error.h"
#include "core/log/dictionary.h"
#include "core/vault/tables.h"

namespace cinnabar::bench {
namespace {

void run(sqlite3* db, const std::string& sql) {
  if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw Error(Code::internal, sqlite3_errmsg(db));
}

std::string columnsOf(const EntityType& type) {
  std::string out;
  for (const Field& field : type.fields) out += "," + identifier(field.name);
  return out;
}

// The statements that give the product's table its indexes.
std::vector<std::string> indexesOf(const EntityType& type) {
  Database db({":memory:", nullptr, nullptr, false});
  createEntityTable(db, type);
  std::vector<std::string> out;
  Query q = db.query("SELECT sql FROM sqlite_schema WHERE type='index' AND tbl_name=?1 AND sql IS NOT NULL");
  q.with(type.name);
  while (q.step()) out.emplace_back(q->text(0));
  CNB_ASSERT(!out.empty());
  return out;
}

std::string tableSql(const EntityType& type, Tracking tracking) {
  std::string sql = "CREATE TABLE " + identifier(type.name) + "(id BLOB PRIMARY KEY NOT NULL";
  if (tracking == Tracking::metadata)
    sql +=
        ",_c INTEGER,_origin INTEGER,_born INTEGER,_author INTEGER,_lamport INTEGER,_at INTEGER,_gone INTEGER,_meta "
        "BLOB,_period TEXT";
  for (const Field& field : type.fields) sql += "," + identifier(field.name) + " " + std::string(declaredType(field));
  return sql + ")";
}

struct Freed {
  void operator()(ZSTD_CCtx* c) const { ZSTD_freeCCtx(c); }
  void operator()(ZSTD_DCtx* c) const { ZSTD_freeDCtx(c); }
};

ZSTD_CCtx* compressor() {
  static const std::unique_ptr<ZSTD_CCtx, Freed> context = [] {
    std::unique_ptr<ZSTD_CCtx, Freed> c(ZSTD_createCCtx());
    ZSTD_CCtx_setParameter(c.get(), ZSTD_c_format, ZSTD_f_zstd1_magicless);
    ZSTD_CCtx_setParameter(c.get(), ZSTD_c_contentSizeFlag, 0);
    ZSTD_CCtx_setParameter(c.get(), ZSTD_c_dictIDFlag, 0);
    ZSTD_CCtx_setParameter(c.get(), ZSTD_c_checksumFlag, 0);
    ZSTD_CCtx_refCDict(c.get(), ZSTD_createCDict(shippedDictionary().data(), shippedDictionary().size(), 1));
    return c;
  }();
  return context.get();
}

ZSTD_DCtx* decompressor() {
  static const std::unique_ptr<ZSTD_DCtx, Freed> context = [] {
    std::unique_ptr<ZSTD_DCtx, Freed> c(ZSTD_createDCtx());
    ZSTD_DCtx_setParameter(c.get(), ZSTD_d_format, ZSTD_f_zstd1_magicless);
    ZSTD_DCtx_refDDict(c.get(), ZSTD_createDDict(shippedDictionary().data(), shippedDictionary().size()));
    return c;
  }();
  return context.get();
}

constexpr std::array<Byte, keySize> key = {7};

void encode(Bytes& out, const Document& document) {
  out.clear();
  Writer w(out);
  w.id(document.id);
  for (std::size_t i = 0; i < document.values.size(); ++i) {
    if (isNull(document.values[i])) continue;
    w.number(documentType().fields[i].number);
    writeValue(w, document.values[i]);
  }
}

Document decode(BytesView bytes) {
  Reader in(bytes);
  Document out;
  out.id = in.id<RecordId>();
  out.values.resize(documentType().fields.size());
  std::size_t at = 0;
  while (!in.atEnd()) {
    const std::uint64_t number = in.number();
    while (documentType().fields[at].number != number) ++at;
    out.values[at] = readValue(in);
  }
  return out;
}

Hash hashOfItem(BytesView sealed) {
  Hash out;
  crypto_generichash(out.data(), out.size(), sealed.data(), sealed.size(), nullptr, 0);
  return out;
}

Nonce nonceOf(BytesView header, std::size_t index) {
  Nonce nonce;
  std::memcpy(nonce.data(), header.data(), nonce.size());
  nonce[23] = static_cast<Byte>(nonce[23] ^ index);
  nonce[22] = static_cast<Byte>(nonce[22] ^ (index >> 8));
  return nonce;
}

Bytes newHeader() {
  Bytes header(150);
  randombytes_buf(header.data(), header.size());
  return header;
}

// Appends the sealed item to `out` and its hash to `chain`.
void sealItem(Bytes& out, crypto_generichash_state& chain, const Document& document, BytesView header,
              std::size_t index) {
  static Bytes encoded, packed;
  encode(encoded, document);
  packed.resize(ZSTD_compressBound(encoded.size()) + 4);
  Bytes head;
  Writer(head).number(encoded.size());
  std::memcpy(packed.data(), head.data(), head.size());
  const std::size_t size = ZSTD_compress2(compressor(), packed.data() + head.size(), packed.size() - head.size(),
                                          encoded.data(), encoded.size());
  CNB_ASSERT(!ZSTD_isError(size));
  packed.resize(head.size() + size);
  const std::size_t start = out.size();
  out.resize(start + packed.size() + tagSize);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + start, nullptr, packed.data(), packed.size(), header.data(),
                                             32, nullptr, nonceOf(header, index).data(), key.data());
  const Hash hash = hashOfItem(BytesView(out).subspan(start));
  crypto_generichash_update(&chain, hash.data(), hash.size());
}

}  // namespace

RawStatement::RawStatement(sqlite3* db, const std::string& sql) {
  if (sqlite3_prepare_v3(db, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr) != SQLITE_OK)
    throw Error(Code::internal, sqlite3_errmsg(db));
}
RawStatement::~RawStatement() { sqlite3_finalize(statement_); }

void RawStatement::bind(int at, BytesView blob) {
  sqlite3_bind_blob64(statement_, at, blob.data(), blob.size(), SQLITE_STATIC);
}
void RawStatement::bind(int at, std::int64_t number) { sqlite3_bind_int64(statement_, at, number); }
void RawStatement::bind(int at, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return bind(at, *number);
  if (const auto* bytes = std::get_if<Bytes>(&value)) return bind(at, BytesView(*bytes));
  if (const auto* text = std::get_if<std::string>(&value)) return bind(at, *text);
  sqlite3_bind_null(statement_, at);
}
void RawStatement::bind(int at, const std::string& text) {
  sqlite3_bind_text64(statement_, at, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}
bool RawStatement::step() {
  const int status = sqlite3_step(statement_);
  if (status != SQLITE_ROW && status != SQLITE_DONE) throw Error(Code::internal, sqlite3_errstr(status));
  return status == SQLITE_ROW;
}
void RawStatement::run() {
  step();
  sqlite3_reset(statement_);
}

RawVault::RawVault(const std::string& path, Tracking tracking) : tracking_(tracking) {
  const EntityType& type = documentType();
  if (sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr) !=
      SQLITE_OK)
    throw Error(Code::internal, "cannot open " + path);
  run(db_, "PRAGMA key=\"x'" + std::string(64, '7') + "'\"");
  run(db_,
      "PRAGMA cipher_page_size=8192; PRAGMA temp_store=MEMORY; PRAGMA auto_vacuum=0; PRAGMA journal_mode=WAL;"
      "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;"
      "PRAGMA cache_size=-65536; PRAGMA foreign_keys=OFF; PRAGMA wal_autocheckpoint=2000");
  run(db_, tableSql(type, tracking));
  for (const std::string& sql : indexesOf(type)) run(db_, sql);
  begin_ = std::make_unique<RawStatement>(db_, "BEGIN IMMEDIATE");
  commit_ = std::make_unique<RawStatement>(db_, "COMMIT");
  std::string values = "?1";
  int at = 1;
  if (tracking == Tracking::metadata) values += ",?2,?3,?4,NULL,NULL,?5,NULL,NULL,NULL", at = 5;
  for (std::size_t i = 0; i < type.fields.size(); ++i) values += ",?" + std::to_string(++at);
  const std::string metadata =
      tracking == Tracking::metadata ? ",_c,_origin,_born,_author,_lamport,_at,_gone,_meta,_period" : "";
  insert_ = std::make_unique<RawStatement>(
      db_, "INSERT INTO " + identifier(type.name) + "(id" + metadata + columnsOf(type) + ") VALUES(" + values + ")");
  update_ =
      std::make_unique<RawStatement>(db_, "UPDATE " + identifier(type.name) + " SET proposedOpinion=?2 WHERE id=?1");
  read_ = std::make_unique<RawStatement>(
      db_, "SELECT id" + columnsOf(type) + " FROM " + identifier(type.name) + " WHERE id=?1");
  has_ = std::make_unique<RawStatement>(db_, "SELECT 1 FROM " + identifier(type.name) + " WHERE id=?1");
}

RawVault::~RawVault() {
  for (auto* statement : {&begin_, &commit_, &insert_, &update_, &read_, &has_}) statement->reset();
  sqlite3_close_v2(db_);
}

void RawVault::insert(const Document& document, std::int64_t place) {
  int at = 1;
  insert_->bind(1, document.id.view());
  if (tracking_ == Tracking::metadata) {
    insert_->bind(2, std::int64_t{1});
    insert_->bind(3, std::int64_t{1});
    insert_->bind(4, place >> 14);
    insert_->bind(5, place);
    at = 5;
  }
  for (const Value& value : document.values) insert_->bind(++at, value);
  insert_->run();
}

void RawVault::update(const RecordId& id, const std::string& opinion) {
  update_->bind(1, id.view());
  update_->bind(2, opinion);
  update_->run();
  CNB_ASSERT(sqlite3_changes(db_) == 1);
}

std::size_t RawVault::read(const RecordId& id) {
  read_->bind(1, id.view());
  CNB_ASSERT(read_->step());
  std::size_t bytes = 0;
  const int columns = sqlite3_column_count(read_->raw());
  for (int i = 0; i < columns; ++i) {
    if (sqlite3_column_type(read_->raw(), i) == SQLITE_INTEGER) {
      bytes += sqlite3_column_int64(read_->raw(), i) != 0 ? 8 : 0;
    } else if (sqlite3_column_blob(read_->raw(), i) != nullptr) {
      bytes += static_cast<std::size_t>(sqlite3_column_bytes(read_->raw(), i));
    }
  }
  sqlite3_reset(read_->raw());
  return bytes;
}

bool RawVault::has(const RecordId& id) {
  has_->bind(1, id.view());
  const bool found = has_->step();
  sqlite3_reset(has_->raw());
  return found;
}

TrackedFloor::TrackedFloor(const std::string& path) : vault_(path, Tracking::metadata) {
  run(vault_.database(),
      "CREATE TABLE log(arrival INTEGER PRIMARY KEY, c INTEGER, a INTEGER, seq INTEGER, lamport INTEGER, chain BLOB,"
      " header BLOB, items BLOB)");
  log_ = std::make_unique<RawStatement>(vault_.database(), "INSERT INTO log VALUES(?1,1,1,?1,?1,?2,?3,?4)");
}

void TrackedFloor::appendLog(BytesView header, BytesView items) {
  const Hash chain = hashOfItem(header);
  log_->bind(1, arrival_);
  log_->bind(2, BytesView(chain));
  log_->bind(3, header);
  log_->bind(4, items);
  log_->run();
}

void TrackedFloor::insert(std::span<const Document> documents) {
  vault_.begin();
  ++arrival_;
  const Bytes header = newHeader();
  Bytes items;
  crypto_generichash_state chain;
  crypto_generichash_init(&chain, nullptr, 0, sizeof(Hash));
  for (std::size_t i = 0; i < documents.size(); ++i) {
    vault_.insert(documents[i], arrival_ << 14 | static_cast<std::int64_t>(i));
    sealItem(items, chain, documents[i], header, i);
  }
  Hash end;
  crypto_generichash_final(&chain, end.data(), end.size());
  appendLog(header, items);
  vault_.commit();
}

TrackedFloor::Changeset TrackedFloor::seal(std::span<const Document> documents) {
  Changeset out{newHeader(), {}};
  crypto_generichash_state chain;
  crypto_generichash_init(&chain, nullptr, 0, sizeof(Hash));
  for (std::size_t i = 0; i < documents.size(); ++i)
    sealItem(out.items.emplace_back(), chain, documents[i], out.header, i);
  return out;
}

void TrackedFloor::apply(const std::vector<Changeset>& changesets) {
  Bytes packed, encoded;
  vault_.begin();
  for (const Changeset& changeset : changesets) {
    ++arrival_;
    crypto_generichash_state chain;
    crypto_generichash_init(&chain, nullptr, 0, sizeof(Hash));
    Bytes all;
    for (std::size_t i = 0; i < changeset.items.size(); ++i) {
      const Bytes& sealed = changeset.items[i];
      const Hash hash = hashOfItem(sealed);
      crypto_generichash_update(&chain, hash.data(), hash.size());
      packed.resize(sealed.size() - tagSize);
      CNB_ASSERT(crypto_aead_xchacha20poly1305_ietf_decrypt(packed.data(), nullptr, nullptr, sealed.data(),
                                                            sealed.size(), changeset.header.data(), 32,
                                                            nonceOf(changeset.header, i).data(), key.data()) == 0);
      Reader in(packed);
      encoded.resize(static_cast<std::size_t>(in.number()));
      const BytesView block = in.raw(in.left());
      CNB_ASSERT(ZSTD_decompressDCtx(decompressor(), encoded.data(), encoded.size(), block.data(), block.size()) ==
                 encoded.size());
      const Document document = decode(encoded);
      CNB_ASSERT(!vault_.has(document.id));
      vault_.insert(document, arrival_ << 14 | static_cast<std::int64_t>(i));
      append(all, sealed);
    }
    appendLog(changeset.header, all);
  }
  vault_.commit();
}

}  // namespace cinnabar::bench
