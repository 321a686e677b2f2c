#include "tests/builder/prefecture.h"

#include <cstdlib>

#include "core/base/error.h"
#include "core/record/relabel.h"
#include "core/record/transaction.h"
#include "sync/clearing.h"
#include "sync/status.h"

namespace cinnabar::test {

SeededRandom::SeededRandom(std::uint64_t seed) {
  Environment::system();  // libsodium is started: a case that runs alone may have no other environment
  Bytes bytes;
  Writer(bytes).number(seed);
  state_ = hashOf("seed", bytes);
}

void SeededRandom::fill(std::span<Byte> out) {
  if (out.empty()) return;
  randombytes_buf_deterministic(out.data(), out.size(), state_.data());
  state_ = hashOf("next", state_);
}

Environment environmentOf(std::uint64_t seed) {
  Environment environment = Environment::system();
  environment.clock = std::make_shared<TestClock>();
  environment.random = std::make_shared<SeededRandom>(seed);
  return environment;
}

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "cinnabar-XXXXXX").string();
  CNB_ASSERT(mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
}

Folder::~Folder() { std::filesystem::remove_all(path_); }

SlotSecret secretOf(std::string_view text) { return {SecretBytes::copy(viewOf(text)), {}}; }

Opening Prefecture::opening(const std::string& site) const {
  Opening o;
  o.environment = environment;
  if (const auto own = clocks.find(site); own != clocks.end()) o.environment.clock = own->second;
  o.folder = folder(site);
  o.person = "clerk";
  o.secret = secretOf();
  o.cost = KdfCost::cheapForTests();
  const auto schema = schemas.find(site);
  o.catalog = schema == schemas.end() ? Catalog::builtIn() : schema->second;
  return o;
}

std::unique_ptr<Store> Prefecture::officeFor(Level clearance, std::optional<std::set<std::string>> circles) const {
  const Opening o = opening("hq");
  std::optional<UnlockedPerson> person;
  const auto whole = openSite(o, Rollback::refuse, &person);
  return std::make_unique<Store>(o.environment, o.folder, cloneKeys(person->vaultKeys),
                                 Access{o.person, clearance, std::move(circles)}, o.catalog);
}

Prefecture::Prefecture(const std::vector<County>& counties, std::uint64_t seed,
                       const std::function<void(Environment&)>& adjust)
    : environment(environmentOf(seed)) {
  if (adjust) adjust(environment);
  foundOffice(opening("hq"), {"hq", "行署办公室"});
  names_.push_back("hq");
  for (const County& county : counties) {
    const Bytes request = requestToJoin(opening(county.name), {county.name, county.name});
    const Bytes grant = admit(office(), request, {county.clearance, county.circles, "2099-12-31"});
    acceptGrant(opening(county.name), grant);
    names_.push_back(county.name);
  }
}

Store& Prefecture::operator[](const std::string& site) {
  auto& store = open_[site];
  if (!store) store = openSite(opening(site));
  return *store;
}

RecordId Prefecture::put(const std::string& site, const std::string& entity, const nlohmann::json& fields,
                         const std::string& label, std::vector<std::string> circles) {
  Store& store = (*this)[site];
  const EntityType* type = store.catalog().find(entity);
  CNB_ASSERT(type != nullptr);
  Label l = parseMark(label.empty() ? type->defaultLabel : label);
  l.compartment.circles = std::move(circles);
  const auto transaction = store.begin();
  const RecordId id = transaction->put(*type, fields, l);
  transaction->commit();
  return id;
}

void Prefecture::set(const std::string& site, const RecordId& id, const nlohmann::json& fields) {
  const auto transaction = (*this)[site].begin();
  transaction->set(id, fields);
  transaction->commit();
}

void Prefecture::remove(const std::string& site, const RecordId& id) {
  const auto transaction = (*this)[site].begin();
  transaction->remove(id);
  transaction->commit();
}

void Prefecture::relabel(const std::string& site, const RecordId& id, const std::string& label,
                         std::vector<std::string> circles) {
  Label to = parseMark(label);
  to.compartment.circles = std::move(circles);
  Store& store = (*this)[site];
  const auto transaction = store.begin();
  cinnabar::relabel(*transaction, id, to);
  transaction->commit();
  clearUp(store);
}

std::string Prefecture::levelAt(const std::string& site, const RecordId& id) {
  try {
    return std::string(wordOf((*this)[site].get(id).label.compartment.level));
  } catch (const Error& error) {
    if (error.code() == Code::notFound) return "";
    throw;
  }
}

nlohmann::json Prefecture::get(const std::string& site, const RecordId& id) {
  try {
    return (*this)[site].get(id).document.at("fields");
  } catch (const Error& error) {
    if (error.code() == Code::notFound) return nullptr;
    throw;
  }
}

std::vector<std::string> Prefecture::pack(const std::string& from, const std::string& to) {
  ExportOrder order;
  order.to = to;
  order.folder = folder_ / ("stick" + std::to_string(++stick_));
  order.channel = Channel::dedicatedCourier;
  std::vector<std::string> files;
  const nlohmann::json written = writeBundles((*this)[from], order, {});
  for (const auto& bundle : written.at("bundles")) files.push_back(bundle.at("file").get<std::string>());
  return files;
}

void Prefecture::carry(const std::string& from, const std::string& to) {
  for (const std::string& file : pack(from, to)) takeBundle((*this)[to], file, Apply::reallyApply, {});
}

void Prefecture::settle() {
  // A stall is a failure, not a delay: two sites that never come to rest would go on for ever.
  int rounds = 0;
  for (bool moved = true; moved; ++rounds) {
    CNB_ASSERT(rounds < 12);
    moved = false;
    for (const std::string& site : names_) {
      if (site == "hq") continue;
      for (const auto& [from, to] : {std::pair(site, std::string("hq")), std::pair(std::string("hq"), site)}) {
        const auto files = pack(from, to);
        if (rounds > 8)
          for (const std::string& file : files) std::fprintf(stderr, "still saying %s\n", file.c_str());
        moved = moved || !files.empty();
        for (const std::string& file : files) {
          try {
            takeBundle((*this)[to], file, Apply::reallyApply, {});
          } catch (const Error& error) {
            if (error.code() != Code::badKey) throw;  // a prekey was lost with a backup: the next bundle asks again
          }
        }
      }
    }
  }
}

nlohmann::json Prefecture::digests(const std::string& site) {
  nlohmann::json out = nlohmann::json::object();
  const nlohmann::json all = digestsOf((*this)[site], "");
  for (const auto& one : all.at("compartments"))
    out[one.at("level").get<std::string>() + one.at("circles").dump()] = one.at("digest");
  return out;
}

}  // namespace cinnabar::test
