// A small prefecture in one process, from one seed: an office and sites that joined it by the real three
// steps, with cheap key derivation, a clock that a test moves, and a folder that stands for the stick.
#pragma once
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "core/record/store.h"
#include "sync/enrolment.h"
#include "sync/exchange.h"

namespace cinnabar::test {

// Ticks a second with every look.
class TestClock : public Clock {
 public:
  Now now() override { return {now_ms += 1000, 480}; }
  std::int64_t now_ms = 1'780'000'000'000;
};

// The same bytes for the same seed.
class SeededRandom : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed);
  void fill(std::span<Byte> out) override;

 private:
  Hash state_;
};

Environment environmentOf(std::uint64_t seed);

// A folder that goes with the test.
class Folder {
 public:
  Folder();
  ~Folder();
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct County {
  std::string name;
  Level clearance = Level::internal;
  std::set<std::string> circles;
};

inline constexpr std::string_view passphrase = "朱砂 correct horse 1";
SlotSecret secretOf(std::string_view text = passphrase);

class Prefecture {
 public:
  // `adjust` may exchange clock and randomness before anything is made.
  explicit Prefecture(const std::vector<County>& counties, std::uint64_t seed = 1,
                      const std::function<void(Environment&)>& adjust = {});

  Store& operator[](const std::string& site);
  Store& office() { return (*this)["hq"]; }
  void close(const std::string& site) { open_.erase(site); }
  Opening opening(const std::string& site) const;
  // The office as it is for who is cleared for no more, and is in these circles only.
  std::unique_ptr<Store> officeFor(Level clearance, std::optional<std::set<std::string>> circles = {}) const;
  std::string folder(const std::string& site) const { return folder_ / site; }
  const Folder& root() const { return folder_; }

  RecordId put(const std::string& site, const std::string& entity, const nlohmann::json& fields,
               const std::string& label = "", std::vector<std::string> circles = {});
  void set(const std::string& site, const RecordId& id, const nlohmann::json& fields);
  void remove(const std::string& site, const RecordId& id);
  void relabel(const std::string& site, const RecordId& id, const std::string& label,
               std::vector<std::string> circles = {});
  // The word of the level that a record is shown under, or "" if it is not there for that site.
  std::string levelAt(const std::string& site, const RecordId& id);
  // The fields of a record, or null if it is not there for that site.
  nlohmann::json get(const std::string& site, const RecordId& id);

  // Writes what `from` has for `to`; returns the files.
  std::vector<std::string> pack(const std::string& from, const std::string& to);
  void carry(const std::string& from, const std::string& to);
  void settle();  // until nobody has anything to say
  nlohmann::json digests(const std::string& site);
  const std::vector<std::string>& sites() const { return names_; }

  Environment environment;
  std::map<std::string, std::shared_ptr<Clock>> clocks;           // a site's own; the others share one
  std::map<std::string, std::shared_ptr<const Catalog>> schemas;  // a site's own; the others have the built-in one

 private:
  Folder folder_;
  std::vector<std::string> names_;
  std::map<std::string, std::unique_ptr<Store>> open_;
  int stick_ = 0;
};

}  // namespace cinnabar::test
