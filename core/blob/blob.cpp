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

Opened openChunk(Vault& vault, const Compartment& compartment, const RecordId& blob, std::uint64_t place, BytesView value) {
  try {
    Reader in(value, "attachment");
    const auto epoch = static_cast<std::uint32_t>(in.numberUpTo(UINT32_MAX));
    const bool last = in.numberUpTo(1) == 1;
    const SecretBytes key = keyOf(vault, compartment, epoch, blob);
    return {last, open(in.raw(in.left()), contextOf(blob, place, last), nonceAt(place), key.view())};
  } catch (const Error&) {
    throw Error(Code::damaged, "a piece of attachment " + blob.text() + " is damaged: restore it from a backup or a peer");
  }
}

std::string textIn(const json& fields, const char* name) { return fields.value(name, std::string()); }

}  // namespace

json attach(Store& store, const RecordId& record, const std::string& path, std::string name) {
  const EntityType* entity = store.catalog().find("Attachment");
  if (entity == nullptr) throw Error(Code::internal, "the schema has no Attachment");
  const Record owner = store.get(record);
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
        .query("INSERT INTO chunk(blob,place,c,arrival,value) VALUES(?1,?2,?3,?4,?5)")
        .with(blob, place, vault.stateOf(label.compartment).number, arrival, value)
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

void detach(Store& store, const RecordId& attachment, const std::function<bool(BytesView)>& sink) {
  const Record record = store.get(attachment);
  if (record.entity != "Attachment") throw Error(Code::notFound, "no such attachment");
  const json& fields = record.document.at("fields");
  const auto blob = RecordId::parse(textIn(fields, "content"));
  if (!blob) throw Error(Code::damaged, "the attachment does not say where its content is");
  const Compartment& compartment = record.label.compartment;
  Vault& vault = store.vault(compartment.level);
  Hasher hasher(hashPurpose);
  std::uint64_t place = 0, size = 0;
  bool last = false;
  const auto chunks = vault.database().prepare("SELECT place,value FROM chunk WHERE blob=?1 ORDER BY place");
  chunks->bind(1, blob->view());
  while (!last && chunks->step()) {
    if (static_cast<std::uint64_t>(chunks->integer(0)) != place) break;
    const Opened opened = openChunk(vault, compartment, *blob, place, chunks->blob(1));
    hasher.add(opened.content);
    size += opened.content.size();
    last = opened.last;
    ++place;
    if (!sink(opened.content)) throw Error(Code::cancelled, "it was cancelled");
  }
  if (!last) throw Error(Code::notFound, "the attachment's content has not arrived yet");
  if (size != fields.value("sizeBytes", std::uint64_t{0}) || hexOf(hasher.finish()) != textIn(fields, "hash"))
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
