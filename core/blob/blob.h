// Attachments: a record of their own under the record's label, and its content in sealed chunks.
//
// Chunk: varint epoch ‖ last flag ‖ XChaCha20-Poly1305 of at most 64 KiB. The key is derived for this one
// random blob id, so the chunk's place serves as nonce; id, place and flag are authenticated, so that
// chunks cannot be reordered, cut or exchanged.
#pragma once
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/progress.h"
#include "core/record/store.h"

namespace cinnabar {

inline constexpr std::size_t chunk_bytes = 65'536;
inline constexpr std::size_t longestPiece_bytes = chunk_bytes + 64;  // sealed, with its head
inline constexpr std::uint64_t longestBlob_bytes = std::uint64_t{4} << 30;

// Reads the file piece by piece; one transaction. {"id","record","name","bytes"}
nlohmann::json attach(Store& store, const RecordId& record, const std::string& path, std::string name,
                      const Progress& progress = {});

// Gives the content in order, each chunk verified before it is given; at the end size and hash must be
// right. Throws notFound (also while chunks have not arrived), damaged, cancelled if `sink` returns false.
void detach(Store& store, const RecordId& attachment, const std::function<bool(BytesView)>& sink);

// Gives an attachment's content to another compartment, sealed anew and under another id, within the transaction. The
// id follows from the old one and the move, so that what a crash interrupted finds its content again.
RecordId movedContent(const RecordId& blob, const MoveId& move);
struct ContentPlace {
  Vault* vault = nullptr;
  Compartment compartment;
  std::uint32_t author = 0;  // who gave it there
};
void copyContent(const ContentPlace& from, const RecordId& blob, const ContentPlace& to, Arrival arrival,
                 const RecordId& under);

// What an Attachment's change says of its content.
struct PromisedContent {
  RecordId blob;
  std::string hash;
  std::uint64_t size_bytes = 0;
};
std::optional<PromisedContent> promisedContent(const Catalog& catalog, const Item& item);
// Throws forged if the chunks that `author` gave for it are not all there or are not what was promised.
void checkContent(Vault& vault, const Compartment& compartment, std::uint32_t author, const PromisedContent& promised);

// Whether all pieces that `author` gave are there; not what is in them.
bool hasAllPieces(Vault& vault, std::uint32_t author, const RecordId& blob);

// Opens every chunk of a level. Throws damaged. Returns how many there are, in words.
std::string checkBlobs(Store& store, Level level);

}  // namespace cinnabar
