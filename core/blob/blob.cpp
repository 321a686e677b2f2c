#include "core/blob/blob.h"

#include "core/base/error.h"
#include "core/record/transaction.h"

namespace cinnabar {
namespace {

using nlohmann::json;

constexpr std::string_view hashPurpose = "cinnabar attachment";

Nonce nonceAt(std::uint64_t place) {
  Nonce nonce{};
  for (std::size_t i = 0; i < 8; ++i) nonce[i] = static_cast<Byte>(place >> (8 * i));
  return nonce;
}

Bytes contextOf(const RecordId& blob, std::uint64_t place, bool last) {
  Bytes out;
  Writer w(out);
  w.id(blob);
  w.number(place);
  w.number(last ? 1 : 0);
  return out;
}

SecretBytes keyOf(Vault& vault, const Compartment& compartment, std::uint32_t epoch, const RecordId& blob) {
  return deriveKey(vault.compartmentKey(compartment, epoch), "cinnabar blob", blob.view());
}

struct Opened {
  bool last = false;
  Bytes content;
};

Opened openChunk(Vault& vault, const Compartment& compartment, const RecordId& blob, std::uint64_t place,
                 BytesView value) {
  try {
    Reader in(value, "attachment");
    const auto epoch = static_cast<std::uint32_t>(in.numberUpTo(UINT32_MAX));
    const bool last = in.numberUpTo(1) == 1;
    const SecretBytes key = keyOf(vault, compartment, epoch, blob);
    return {last, open(in.raw(in.left()), contextOf(blob, place, last), nonceAt(place), key.view())};
  } catch (const Error&) {
    throw Error(Code::damaged,
                "a piece of attachment " + blob.text() + " is damaged: restore it from a backup or a peer");
  }
}

std::string textIn(const json& fields, const char* name) { return fields.value(name, std::string()); }

}  // namespace

json attach(Store& store, const RecordId& record, const std::string& path, std::string name, const Progress& progress) {
  const EntityType* entity = store.catalog().find("Attachment");
  if (entity == nullptr) throw Error(Code::internal, "the schema has no Attachment");
  const Store::Found of = store.findWhole(record);
  const Record owner = store.recordOf(*of.vault, *of.rows, of.row);
  Files& files = *store.environment().files;
  const std::uint64_t size = files.size(path);
  if (size > longestBlob_bytes) throw Error(Code::limit, "an attachment has at most 4 GiB");
  if (name.empty()) name = path.substr(path.rfind('/') + 1);

  const Label label{owner.label.compartment, owner.label.period};
  const auto transaction = store.begin();
  Vault& vault = transaction->writing(label.compartment.level);
  RecordId blob;
  vault.random().fill(blob.bytes);
  const std::uint32_t epoch = vault.currentEpoch();
  const SecretBytes key = keyOf(vault, label.compartment, epoch, blob);
  const Arrival arrival = transaction->nextArrival(label.compartment.level);
  Hasher hasher(hashPurpose);
  std::uint64_t at = 0;
  for (std::uint64_t place = 0; place == 0 || at < size; ++place) {
    report(progress, "attach", at, size);
    const Bytes piece = files.readPart(path, at, chunk_bytes);
    at += piece.size();
    const bool last = at >= size;
    if (piece.size() < chunk_bytes && !last) throw Error(Code::io, path + " changed while it was read");
    hasher.add(piece);
    Bytes value;
    Writer w(value);
    w.number(epoch);
    w.number(last ? 1 : 0);
    seal(value, piece, contextOf(blob, place, last), nonceAt(place), key.view());
    vault.database()
        .query("INSERT INTO chunk(blob,place,c,a,arrival,value) VALUES(?1,?2,?3,?4,?5,?6)")
        .with(blob, place, vault.stateOf(label.compartment).number, vault.numberOf(vault.self()), arrival, value)
        .run();
  }
  const RecordId id = transaction->put(*entity,
                                       {{"record", record.text()},
                                        {"name", name},
                                        {"sizeBytes", at},
                                        {"content", blob.text()},
                                        {"hash", hexOf(hasher.finish())}},
                                       label);
  transaction->commit();
  return {{"id", id.text()}, {"record", record.text()}, {"name", name}, {"bytes", at}};
}

namespace {

struct Content {
  std::uint64_t size_bytes = 0;
  std::string hash;
  bool whole = false;
};

// Chunks count only from who wrote the record: another could give the same blob id to something else.
Content readContent(Vault& vault, const Compartment& compartment, std::uint32_t author, const RecordId& blob,
                    const std::function<bool(BytesView)>& sink) {
  Content out;
  Hasher hasher(hashPurpose);
  std::uint64_t place = 0;
  const auto chunks = vault.database().prepare("SELECT place,value FROM chunk WHERE blob=?1 AND a=?2 ORDER BY place");
  chunks->bind(1, blob.view());
  chunks->bind(2, author);
  while (!out.whole && chunks->step()) {
    if (static_cast<std::uint64_t>(chunks->integer(0)) != place) break;
    const Opened opened = openChunk(vault, compartment, blob, place, chunks->blob(1));
    hasher.add(opened.content);
    out.size_bytes += opened.content.size();
    out.whole = opened.last;
    ++place;
    if (!sink(opened.content)) throw Error(Code::cancelled, "it was cancelled");
  }
  out.hash = hexOf(hasher.finish());
  return out;
}

}  // namespace

RecordId movedContent(const RecordId& blob, const MoveId& move) {
  const Hash hash = Hasher("cinnabar moved attachment").add(blob.view()).add(move.view()).finish();
  return *RecordId::of(BytesView(hash).first(16));
}

// Piece by piece: an attachment may be far longer than what is kept in memory.
void copyContent(const ContentPlace& from, const RecordId& blob, const ContentPlace& to, Arrival arrival,
                 const RecordId& under) {
  const std::uint32_t epoch = to.vault->currentEpoch();
  const SecretBytes key = keyOf(*to.vault, to.compartment, epoch, under);
  const auto chunks =
      from.vault->database().prepare("SELECT place,value FROM chunk WHERE blob=?1 AND a=?2 AND c=?3 ORDER BY place");
  chunks->bind(1, blob.view());
  chunks->bind(2, from.author);
  chunks->bind(3, from.vault->stateOf(from.compartment).number);
  while (chunks->step()) {
    const auto place = static_cast<std::uint64_t>(chunks->integer(0));
    Opened opened = openChunk(*from.vault, from.compartment, blob, place, chunks->blob(1));
    const WipeAtEnd wipe(opened.content);
    Bytes value;
    Writer w(value);
    w.number(epoch);
    w.number(opened.last ? 1 : 0);
    seal(value, opened.content, contextOf(under, place, opened.last), nonceAt(place), key.view());
    to.vault->database()
        .query("INSERT OR IGNORE INTO chunk(blob,place,c,a,arrival,value) VALUES(?1,?2,?3,?4,?5,?6)")
        .with(under, place, to.vault->stateOf(to.compartment).number, to.author, arrival, value)
        .run();
  }
}

std::optional<PromisedContent> promisedContent(const Catalog& catalog, const Item& item) {
  const EntityType* entity = catalog.find("Attachment");
  if (entity == nullptr || entityTagOf(item.record) != entity->tag) return std::nullopt;
  PromisedContent out;
  bool found = false;
  for (const Write& write : item.writes) {
    const Field* field = entity->find(write.field);
    if (field == nullptr) continue;
    const auto* bytes = std::get_if<Bytes>(&write.value);
    const auto* text = std::get_if<std::string>(&write.value);
    const auto* number = std::get_if<std::int64_t>(&write.value);
    if (field->name == "content" && bytes != nullptr && bytes->size() == 16)
      found = (out.blob = *RecordId::of(*bytes), true);
    if (field->name == "hash" && text != nullptr) out.hash = *text;
    if (field->name == "sizeBytes" && number != nullptr) out.size_bytes = static_cast<std::uint64_t>(*number);
  }
  return found ? std::optional(out) : std::nullopt;
}

void checkContent(Vault& vault, const Compartment& compartment, std::uint32_t author, const PromisedContent& promised) {
  Content content;
  try {
    content = readContent(vault, compartment, author, promised.blob, [](BytesView) { return true; });
  } catch (const Error& error) {
    if (error.code() != Code::damaged) throw;
    throw Error(Code::forged, error.what());
  }
  if (!content.whole || content.size_bytes != promised.size_bytes || content.hash != promised.hash)
    throw Error(Code::forged, "an attachment is not what its record says");
}

bool hasAllPieces(Vault& vault, std::uint32_t author, const RecordId& blob) {
  Query q = vault.database().query(
      "SELECT place,value,(SELECT count(*) FROM chunk n WHERE n.blob=?1 AND n.a=?2) FROM chunk WHERE blob=?1 AND a=?2"
      " ORDER BY place DESC LIMIT 1");
  q.with(blob, author);
  if (!q.step() || q->integer(0) + 1 != q->integer(2)) return false;
  Reader in(q->blob(1), "attachment");
  in.number();  // the epoch
  return in.number() == 1;
}

void detach(Store& store, const RecordId& attachment, const std::function<bool(BytesView)>& sink) {
  const Store::Found found = store.findWhole(attachment);
  const Record record = store.recordOf(*found.vault, *found.rows, found.row);
  if (record.entity != "Attachment") throw Error(Code::notFound, "no such attachment");
  store.audit().accessed(Act::detached, record.label.compartment, attachment, record.entity);
  const json& fields = record.document.at("fields");
  const auto blob = RecordId::parse(textIn(fields, "content"));
  if (!blob) throw Error(Code::damaged, "the attachment does not say where its content is");
  const Register named = found.rows->registerOf(found.row, found.rows->entity()->find("content")->number);
  if (named.siblings.empty()) throw Error(Code::damaged, "the attachment does not say who gave its content");
  const Content content =
      readContent(*found.vault, record.label.compartment, named.siblings.front().dot.author, *blob, sink);
  if (!content.whole) throw Error(Code::notFound, "the attachment's content has not arrived yet");
  if (content.size_bytes != fields.value("sizeBytes", std::uint64_t{0}) || content.hash != textIn(fields, "hash"))
    throw Error(Code::damaged, "the attachment is not what was attached");
}

std::string checkBlobs(Store& store, Level level) {
  Vault& vault = store.vault(level);
  const auto chunks = vault.database().prepare("SELECT blob,place,c,value FROM chunk");
  std::size_t count = 0;
  for (; chunks->step(); ++count) {
    const auto blob = RecordId::of(chunks->blob(0));
    if (!blob) throw Error(Code::damaged, "a piece of an attachment has no id");
    openChunk(vault, vault.compartmentOf(chunks->integer(2)), *blob, static_cast<std::uint64_t>(chunks->integer(1)),
              chunks->blob(3));
  }
  return std::to_string(count) + " pieces";
}

}  // namespace cinnabar
