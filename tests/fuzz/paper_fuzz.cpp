// The papers of enrolment and keeping: 0 request, 1 grant as it is, 2 what a grant seals, 3 backup, 4 note of heads.
#include "core/vault/site_note.h"
#include "sync/backup.h"
#include "sync/roster.h"
#include "tests/builder/prefecture.h"
#include "tests/fuzz/target.h"

namespace cinnabar::fuzz {
namespace {

// An office, a site that waits for its grant, and one that has had its own.
struct Desk {
  test::Prefecture p{{}};
  Bytes request, grant, backup, note, inner;
  PublicKey waiting{};
  SiteId waitingSite;

  Desk() {
    request = requestToJoin(p.opening("gar"), {"gar", "噶尔县"});
    grant = admit(p.office(), request, {Level::internal, {"road"}, "2099-12-31"});
    std::filesystem::copy(p.folder("gar"), p.folder("accepted"));
    acceptGrant(p.opening("accepted"), grant);
    const auto accepted = openSite(p.opening("accepted"));
    const BoxPair sealing = secrets::sealing(accepted->lowest());
    waiting = sealing.publicKey;
    waitingSite = accepted->identity().site;
    Reader in(grant, "grant");
    in.number();
    in.id<SiteId>();
    const SecretBytes plain = boxOpen(in.bytes(), sealing);
    inner.assign(plain.view().begin(), plain.view().end());
    p.put("hq", "OrgUnit", {{"code", "a"}, {"name", "办公室"}, {"level", "county"}});
    backupSite(*accepted, p.root() / "made.bak", {});
    backup = p.environment.files->read(p.root() / "made.bak", std::size_t{8} << 20);
    note = p.environment.files->read(p.folder("hq") + "/noted", 1024);
  }

  void write(const std::string& name, BytesView bytes) { p.environment.files->append(p.root() / name)->append(bytes); }
  // Keys are right, and the office's signature is missing: so nothing is accepted, and all of it is read before.
  Bytes grantWith(BytesView plain) const {
    Bytes out;
    Writer w(out);
    w.number(1);
    w.id(waitingSite);
    w.bytes(boxSeal(plain, waiting));
    w.raw(Signature{});
    return out;
  }
};

Desk& desk() {
  static Desk one;
  return one;
}

}  // namespace

std::vector<Bytes> seeds() {
  const Desk& d = desk();
  const BytesView backup = d.backup;
  return {chosen(0, d.request), chosen(1, d.grant), chosen(2, d.inner),
          // Without its end, which is put right. The vaults need not be whole for the parser.
          chosen(3, backup.first(20'000)), chosen(4, BytesView(d.note).subspan(sizeof(Hash)))};
}

}  // namespace cinnabar::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* given, std::size_t size_bytes) {
  using namespace cinnabar;
  if (size_bytes == 0) return 0;
  fuzz::Desk& d = fuzz::desk();
  const BytesView rest(given + 1, size_bytes - 1);
  const auto refusals = {Code::forged,      Code::invalidInput, Code::newerFormat,
                         Code::misdirected, Code::limit,        Code::refused};
  switch (given[0] % 5) {
    case 0:
      // One that is as it was made is admitted again.
      fuzz::orError(refusals, [&] { admit(d.p.office(), rest, {Level::open, {}, "2099-12-31"}); });
      break;
    case 1:
      fuzz::orError(refusals, [&] {
        // One that is as it was made is accepted; the site waits again afterwards.
        std::filesystem::copy(d.p.folder("gar"), d.p.folder("taking"), std::filesystem::copy_options::recursive);
        acceptGrant(d.p.opening("taking"), rest);
      });
      std::filesystem::remove_all(d.p.folder("taking"));
      break;
    case 2:
      try {
        acceptGrant(d.p.opening("gar"), d.grantWith(rest));
        fuzz::claim(false);
      } catch (const Error& error) {
        fuzz::claim(std::find(refusals.begin(), refusals.end(), error.code()) != refusals.end());
      }
      break;
    case 3: {
      Bytes file(rest.begin(), rest.end());
      Hasher hasher("cinnabar backup");
      hasher.add(file);
      append(file, hasher.finish());
      d.write("given.bak", file);
      fuzz::orError({Code::forged, Code::invalidInput, Code::newerFormat, Code::damaged, Code::badKey, Code::notFound,
                     Code::missingVault, Code::limit, Code::foreign, Code::rolledBack},
                    [&] { restoreSite(d.p.opening("restored"), d.p.root() / "given.bak"); });
      std::filesystem::remove_all(d.p.folder("restored"));
      break;
    }
    default: {
      Bytes file;
      append(file, hashOf("cinnabar note", rest));
      append(file, rest);
      d.write("noted", file);
      fuzz::claim(SiteNote(d.p.environment, d.p.root().path()).read().vaults.size() <= allLevels.size());
    }
  }
  return 0;
}
