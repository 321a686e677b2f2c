// The sites of the demo, and what can be done to them in a line.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "library.h"

namespace command {

struct DemoSite {
  std::string code, title, clearance;  // of the first person, too
};

// Remembers every text that it writes, for the scan at the end.
class DemoPrefecture {
 public:
  DemoPrefecture(std::string folder, std::vector<DemoSite> sites);
  ~DemoPrefecture();
  DemoPrefecture(const DemoPrefecture&) = delete;
  DemoPrefecture& operator=(const DemoPrefecture&) = delete;

  const std::vector<DemoSite>& sites() const { return sites_; }
  const std::string& folder() const { return folder_; }
  cnb_site* operator[](const std::string& code) { return open_.at(code); }
  std::string put(const std::string& site, const std::string& entity, const json& fields,
                  const std::string& label = "");
  void set(const std::string& site, const std::string& id, const json& fields);
  json fields(const std::string& site, const std::string& id);  // null if it is not there for the site
  std::size_t settle();                                         // bundles carried until nobody has anything to say
  const std::vector<std::string>& written() const { return written_; }
  void remember(const json& value);
  void close();

 private:
  cnb_options optionsOf(const std::string& person) const;
  std::string folder_, passphrase_ = "朱砂 correct horse 1";
  std::vector<DemoSite> sites_;
  std::map<std::string, cnb_site*> open_;
  std::vector<std::string> written_;
  int stick_ = 0;
};

// Every place where one of `texts` stands in a file below `folder`, in UTF-8, UTF-16 or GB18030.
std::vector<std::string> placesOf(const std::vector<std::string>& texts, const std::string& folder,
                                  std::uint64_t& scanned_bytes);

}  // namespace command
