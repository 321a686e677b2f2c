// The product as a host application has it: through the C ABI only.
#pragma once
#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "capi/include/cinnabar.h"
#include "tests/bench/document.h"

namespace cinnabar::bench {

// Throws with the library's own message.
void expect(cnb_status status);
cnb_text textOf(const std::string& text);

struct Refused : std::runtime_error {
  using runtime_error::runtime_error;
};

// Opened with a key provider, so that no passphrase is stretched.
class Site {
 public:
  explicit Site(std::string folder);
  ~Site();
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  static void foundOffice(const std::string& folder);
  // Enrols a county cleared for `internal`.
  static void join(const std::string& office, const std::string& folder, const std::string& name);

  // One transaction.
  void transaction(const std::function<void(cnb_transaction*)>& work);
  // `label`: a mark; empty: the entity's default.
  static RecordId put(cnb_transaction* transaction, const Bytes& message, const std::string& label = "");
  static void put(cnb_transaction* transaction, const std::string& json);
  // Of any entity, under its own label or the mark given. Throws Refused if the product does not take it.
  static std::string putAny(cnb_transaction* transaction, const std::string& entity, const nlohmann::json& fields,
                            const std::string& label = "");
  static void set(cnb_transaction* transaction, const std::string& id, const std::string& fields);
  std::size_t readMessage(const RecordId& id);
  std::size_t readJson(const std::string& id);
  std::size_t page();  // 50 records, newest received first, of one state
  std::size_t pageOf(const std::string& entity, const std::string& where, const std::string& order);
  std::size_t find(const std::string& words, const std::string& entity);  // of all if it is empty; 50 hits at most
  nlohmann::json schema();
  References makeReferences();
  nlohmann::json exportTo(const std::string& to, const std::string& folder);
  nlohmann::json import(const std::string& path);

 private:
  cnb_site* site_ = nullptr;
};

}  // namespace cinnabar::bench
