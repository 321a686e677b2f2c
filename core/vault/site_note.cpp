#include "core/vault/site_note.h"

#include "core/base/codec.h"
#include "core/base/crypto.h"
#include "core/base/error.h"

namespace cinnabar {

SiteNote::SiteNote(Environment environment, const std::string& folder)
    : environment_(std::move(environment)), path_(folder + "/noted") {}

Noted SiteNote::read() const {
  Noted noted;
  try {
    const Bytes bytes = environment_.files->read(path_, 1024);
    if (bytes.size() < sizeof(Hash)) return {};
    const BytesView body = BytesView(bytes).subspan(sizeof(Hash));
    if (!sameBytes(hashOf("cinnabar note", body), BytesView(bytes).first(sizeof(Hash)))) return {};
    Reader in(body, "note");
    noted.keyring = in.number();
    while (!in.atEnd()) {
      const auto level = static_cast<Level>(in.numberUpTo(allLevels.size() - 1));
      NotedVault& vault = noted.vaults[level];
      vault.arrival = in.signedNumber();
      std::memcpy(vault.mark.data(), in.raw(vault.mark.size()).data(), vault.mark.size());
      vault.revision = in.number();
      vault.incarnation = static_cast<std::uint32_t>(in.numberUpTo(UINT32_MAX));
    }
  } catch (const Error&) {
    return {};
  }
  return noted;
}

void SiteNote::write(const Noted& noted) const {
  Bytes body;
  Writer w(body);
  w.number(noted.keyring);
  for (const auto& [level, vault] : noted.vaults) {
    w.number(static_cast<std::uint64_t>(level));
    w.signedNumber(vault.arrival);
    w.raw(vault.mark);
    w.number(vault.revision);
    w.number(vault.incarnation);
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
