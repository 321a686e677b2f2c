// Bytes on disk, and memory of the long operations, each in a process of its own.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "core/base/error.h"
#include "core/vault/sqlite.h"
#include "sync/enrolment.h"
#include "tests/bench/group.h"
#include "tests/bench/site.h"

namespace cinnabar::bench {
namespace {

constexpr std::size_t batch = 10'000;
constexpr std::size_t sealedDocument_bytes = 230;  // about; decides how many fill a bundle

std::string columnsOf(const EntityType& type) {
  std::string out = "id";
  for (const Field& field : type.fields) out += "," + identifier(field.name);
  return out;
}

double fileBytes(const std::string& path) { return static_cast<double>(std::filesystem::file_size(path)); }

// The bytes that `columns` of the first `rows` documents take in a file of their own, with their indexes.
double bytesOf(const std::string& copyPath, const std::string& vaultPath, const SecretBytes& key,
               const std::string& columns, std::size_t rows) {
  Database db({copyPath, &key, nullptr, true});
  db.attach(vaultPath, "vault", key);
  const std::string table = identifier(documentType().name);
  std::vector<std::string> indexes;
  {
    Query q = db.query("SELECT sql FROM vault.sqlite_schema WHERE type='index' AND tbl_name=?1 AND sql IS NOT NULL");
    q.with(documentType().name);
    while (q.step()) indexes.emplace_back(q->text(0));
  }
  db.run(("CREATE TABLE " + table + "(" + columns + ", PRIMARY KEY(id))").c_str());
  for (const std::string& sql : indexes) db.run(sql.c_str());
  db.run(("INSERT INTO main." + table + " SELECT " + columns + " FROM vault." + table + " ORDER BY rowid LIMIT " +
          std::to_string(rows))
             .c_str());
  return static_cast<double>(db.number("SELECT page_count FROM pragma_page_count") *
                             db.number("SELECT page_size FROM pragma_page_size"));
}

// What the kernel counts for a child begins with what its parent had; the highest mark of its own memory does not.
double residentHere() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  throw Error(Code::internal, "the kernel does not tell how much memory was resident");
}

void workAlone(const std::vector<std::string>& arguments) {
  const std::string& verb = arguments.at(0);
  Site site(arguments.at(1));
  if (verb == "load") {
    Documents documents(site.makeReferences());
    for (std::size_t left = std::stoul(arguments.at(2)); left > 0;) {
      const std::size_t count = std::min(left, batch);
      site.transaction([&](cnb_transaction* t) {
        for (const Document& document : documents.next(count)) Site::put(t, messageOf(document));
      });
      left -= count;
    }
  } else if (verb == "export") {
    site.exportTo(arguments.at(2), arguments.at(3));
  } else if (verb == "import") {
    site.import(arguments.at(2));
  }
}

}  // namespace

double residentOf(const Plan& plan, const std::vector<std::string>& arguments) {
  std::string command = "'" + plan.self + "' --alone";
  for (const std::string& word : arguments) command += " '" + word + "'";
  FILE* child = popen(command.c_str(), "r");
  double resident_mib = 0;
  const bool told = child != nullptr && std::fscanf(child, "%lf", &resident_mib) == 1;
  if (child == nullptr || pclose(child) != 0 || !told) throw Error(Code::internal, "a part of the benchmark failed");
  return resident_mib;
}

void runAlone(const std::vector<std::string>& arguments) {
  workAlone(arguments);  // closing indexes, which counts
  std::printf("%f\n", residentHere());
}

void measureFootprint(const Plan& plan, Report& report) {
  const std::string hq = plan.folder + "/hq", county = plan.folder + "/county", stick = plan.folder + "/stick";
  Site::foundOffice(hq);
  Site::join(hq, county, "county");
  const std::size_t rows = plan.bundle_mib * (std::size_t{1} << 20) / sealedDocument_bytes;
  report.figure({"load and index " + std::to_string(rows) + " records: resident memory",
                 residentOf(plan, {"load", hq, std::to_string(rows)}),
                 {},
                 {},
                 {},
                 "MiB"});
  report.figure({"export them: resident memory", residentOf(plan, {"export", hq, "county", stick}), {}, {}, {}, "MiB"});
  double bundle_bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(stick))
    bundle_bytes = std::max(bundle_bytes, static_cast<double>(entry.file_size()));
  char size[64];
  std::snprintf(size, sizeof size, "%.0f MiB", bundle_bytes / (1 << 20));
  const double before = seconds();
  report.figure({"apply a bundle of " + std::string(size) + ": resident memory",
                 residentOf(plan, {"import", county, stick}),
                 {},
                 {},
                 128,
                 "MiB"});
  report.figure({"apply and index a bundle of " + std::string(size), seconds() - before, {}, {}, {}, "s"});
  if (plan.bundle_mib < 1024)
    report.note("The bundle for memory was " + std::string(size) + "; the bar is for 1 GB: --bundle-mib 1024.");

  Opening opening;
  opening.environment = Environment::system();
  opening.folder = hq;
  opening.person = "clerk";
  opening.secret.provider = [](BytesView) {
    SecretBytes key(keySize);
    for (std::size_t i = 0; i < keySize; ++i) key.span()[i] = static_cast<Byte>(i * 7 + 1);
    return key;
  };
  opening.catalog = Catalog::builtIn();
  const auto store = openSite(opening);
  Database& db = store->vault(Level::internal).database();
  db.run("PRAGMA wal_checkpoint(TRUNCATE)");
  const std::size_t copied = std::min<std::size_t>(rows, 100'000);
  const auto perRow = [&](double bytes) { return bytes / static_cast<double>(copied); };
  const std::string path = store->vaultPath(Level::internal);
  const SecretBytes& key = store->keyOf(Level::internal);
  const double with =
      bytesOf(plan.folder + "/with", path, key,
              columnsOf(documentType()) + ",_c,_origin,_born,_author,_lamport,_at,_gone,_meta,_period", copied);
  const double without = bytesOf(plan.folder + "/without", path, key, columnsOf(documentType()), copied);
  report.figure({"metadata bytes a row, on disk", perRow(with - without), {}, {}, 40, "bytes"});
  report.figure({"record and its indexes, on disk", perRow(with), perRow(without), with / without, {}, "bytes"});
  const double items =
      static_cast<double>(db.number("SELECT sum(length(items)+length(header)+length(prevs)) FROM log"));
  report.figure({"change log a record", items / static_cast<double>(rows), {}, {}, {}, "bytes"});
  report.figure({"vault file a record, with log and search index",
                 fileBytes(path) / static_cast<double>(rows),
                 {},
                 {},
                 {},
                 "bytes"});
}

}  // namespace cinnabar::bench
