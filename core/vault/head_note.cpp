#include "core/vault/head_note.h"

#include "core/base/codec.h"
#include "core/base/crypto.h"
#include "core/base/error.h"

namespace cinnabar {

HeadNote::HeadNote(Environment environment, std::string path)
    : environment_(std::move(environment)), path_(std::move(path)) {}

std::map<Level, NotedHead> HeadNote::read() const {
  std::map<Level, NotedHead> heads;
  try {
    const Bytes bytes = environment_.files->read(path_, 1024);
    if (bytes.size() < sizeof(Hash)) return {};
    const BytesView body = BytesView(bytes).subspan(sizeof(Hash));
    if (!sameBytes(hashOf("cinnabar note", body), BytesView(bytes).first(sizeof(Hash)))) return {};
    Reader in(body, "note");
    while (!in.atEnd()) {
      const auto level = static_cast<Level>(in.numberUpTo(allLevels.size() - 1));
      NotedHead& head = heads[level];
      head.arrival = in.signedNumber();
      std::memcpy(head.mark.data(), in.raw(head.mark.size()).data(), head.mark.size());
    }
  } catch (const Error&) {
    return {};
  }
  return heads;
}

void HeadNote::write(const std::map<Level, NotedHead>& heads) const {
  Bytes body;
  Writer w(body);
  for (const auto& [level, head] : heads) {
    w.number(static_cast<std::uint64_t>(level));
    w.signedNumber(head.arrival);
    w.raw(head.mark);
  }
  const Hash check = hashOf("cinnabar note", body);
  Bytes out(check.begin(), check.end());
  append(out, body);
  try {
    environment_.files->note(path_, out);
  } catch (const Error&) {
    // The commit stands; without the note only the peers can tell that storage was put back.
  }
}

}  // namespace cinnabar
