// Bundles. 0: the file as it is. 1: parts of a stream that a member with valid keys wrote, so that what is behind
// cover, signature and seal is reached. Applied to a vault and taken back: an error or not, the state is the same.
#include "core/base/environment.h"
#include "sync/exchange.h"
#include "tests/builder/prefecture.h"
#include "tests/fuzz/target.h"

namespace cinnabar::fuzz {
namespace {

struct Courier {
  test::Prefecture p{{{"gar", Level::confidential, {}}}};
  std::string file;
  nlohmann::json digests;
  std::uint64_t number = 1'000;

  Courier() {
    p.put("hq", "OrgUnit", {{"code", "a"}, {"name", "办公室"}, {"level", "county"}});
    p.settle();
    p.put("hq", "OrgUnit", {{"code", "b"}, {"name", "署"}, {"level", "county"}});
    p.put("gar", "OrgUnit", {{"code", "c"}, {"name", "县"}, {"level", "county"}});
    file = p.root() / "given.cnb";
    digests = p.digests("gar");
  }
  std::vector<std::string> packed() { return p.pack("hq", "gar"); }
  Bytes read(const std::string& path) { return p.environment.files->read(path, std::size_t{1} << 20); }

  // The parts of a bundle, each with its kind and length in front, as in the stream.
  Bytes partsOf(const std::string& path) {
    Store& gar = p["gar"];
    BundleReader reader(p.environment, path);
    Vault& vault = gar.vault(reader.cover().level);
    auto own = secrets::prekey(vault, reader.cover().prekey);
    if (!own) own = secrets::sealing(gar.lowest());
    reader.unlock(*own, secrets::shared(gar.lowest(), gar.identity().site, gar.identity().office));
    Bytes out{static_cast<Byte>(reader.cover().level)};
    Writer w(out);
    Part part{};
    Bytes content;
    while (reader.next(part, content)) {
      w.number(static_cast<std::uint64_t>(part));
      w.bytes(content);
    }
    return out;
  }

  void writeParts(BytesView given) {
    Store &hq = p.office(), &gar = p["gar"];
    Cover cover;
    cover.number = ++number;
    cover.level = static_cast<Level>(given.empty() ? 0 : given[0] % 3);
    cover.from = "hq";
    cover.to = "gar";
    BundleWriter bundle(p.environment, file, cover, secrets::sealing(gar.lowest()).publicKey,
                        secrets::shared(hq.lowest(), hq.identity().site, gar.identity().site),
                        secrets::signing(hq.lowest()).secretKey);
    Reader in(given.empty() ? given : given.subspan(1), "parts");
    try {
      while (!in.atEnd()) {
        const auto part = static_cast<Part>(in.number() % 10);
        bundle.add(part, in.bytes());
      }
    } catch (const Error&) {
      // What could be read of them is the bundle.
    }
    bundle.finish();
  }
};

Courier& courier() {
  static Courier one;
  return one;
}

}  // namespace

std::vector<Bytes> seeds() {
  std::vector<Bytes> out;
  for (const std::string& file : courier().packed()) {
    out.push_back(chosen(0, courier().read(file)));
    out.push_back(chosen(1, courier().partsOf(file)));
  }
  return out;
}

}  // namespace cinnabar::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* given, std::size_t size_bytes) {
  using namespace cinnabar;
  if (size_bytes == 0) return 0;
  fuzz::Courier& c = fuzz::courier();
  const BytesView rest(given + 1, size_bytes - 1);
  if (given[0] % 2 == 0) {
    const auto out = c.p.environment.files->append(c.file);
    out->append(rest);
  } else {
    c.writeParts(rest);
  }
  fuzz::orError({Code::forged, Code::invalidInput, Code::newerFormat, Code::foreign, Code::misdirected, Code::badKey,
                 Code::limit, Code::refused, Code::notFound},
                [&] { takeBundle(c.p["gar"], c.file, Apply::onlyTry, {}); });
  fuzz::claim(c.p.digests("gar") == c.digests);
  return 0;
}
