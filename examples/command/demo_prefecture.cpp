#include "demo_prefecture.h"

#include <iconv.h>

#include <filesystem>
#include <set>

#include "session.h"
#include "verbs.h"

namespace command {
namespace fs = std::filesystem;

DemoPrefecture::DemoPrefecture(std::string folder, std::vector<DemoSite> sites)
    : folder_(std::move(folder)), sites_(std::move(sites)) {
  fs::create_directories(folder_);
  const DemoSite& office = sites_.front();
  const cnb_options chief = optionsOf(office.code + "-clerk");
  const std::string officeFolder = folder_ + "/" + office.code;
  Buffer root, made;
  check(cnb_office_create(text(officeFolder), &chief, text(office.code), text(office.title), root.out(), made.out()));
  check(cnb_open(text(officeFolder), &chief, &open_[office.code]));
  for (std::size_t i = 1; i < sites_.size(); ++i) {
    const DemoSite& site = sites_[i];
    const cnb_options clerk = optionsOf(site.code + "-clerk");
    const std::string own = folder_ + "/" + site.code;
    Buffer request, grant, accepted;
    check(cnb_join_request(text(own), &clerk, text(site.code), text(site.title), request.out()));
    const std::string asked = request.bytes();
    check(cnb_join_approve(open_[office.code], text(asked), text(site.clearance), {}, {}, grant.out()));
    const std::string granted = grant.bytes();
    check(cnb_join_accept(text(own), &clerk, text(granted), accepted.out()));
    check(cnb_open(text(own), &clerk, &open_[site.code]));
  }
}

DemoPrefecture::~DemoPrefecture() { close(); }

void DemoPrefecture::close() {
  for (auto& [code, site] : open_) cnb_close(site);
  open_.clear();
}

// The person's name has to live as long as the options.
cnb_options DemoPrefecture::optionsOf(const std::string& person) const {
  static std::set<std::string> names;
  cnb_options options{};
  options.size = sizeof options;
  options.person = text(*names.insert(person).first);
  options.passphrase = text(passphrase_);
  return options;
}

void DemoPrefecture::remember(const json& value) {
  if (value.is_string() && value.get_ref<const std::string&>().size() >= 12) written_.push_back(value);
  if (value.is_structured())
    for (const json& inner : value) remember(inner);
}

std::string DemoPrefecture::put(const std::string& site, const std::string& entity, const json& fields,
                                const std::string& label) {
  remember(fields);
  const std::string dumped = fields.dump();
  return inTransaction(
             open_.at(site),
             [&](cnb_transaction* t) { return call(cnb_put, t, text(entity), text(dumped), text(label), cnb_text{}); })
      .at("id");
}

void DemoPrefecture::set(const std::string& site, const std::string& id, const json& fields) {
  remember(fields);
  const std::string dumped = fields.dump();
  inTransaction(open_.at(site), [&](cnb_transaction* t) { return call(cnb_set, t, text(id), text(dumped)); });
}

json DemoPrefecture::fields(const std::string& site, const std::string& id) {
  try {
    return call(cnb_get, open_.at(site), text(id)).at("fields");
  } catch (const Failure& failure) {
    if (failure.status == 3) return nullptr;
    throw;
  }
}

std::size_t DemoPrefecture::settle() {
  const std::string office = sites_.front().code;
  cnb_export_options options{};
  options.size = sizeof options;
  const std::string channel = "dedicatedCourier";
  options.channel = text(channel);
  std::size_t carried = 0;
  for (std::size_t before = SIZE_MAX; before != carried;) {
    before = carried;
    for (std::size_t i = 1; i < sites_.size(); ++i)
      for (const auto& [from, to] : {std::pair(sites_[i].code, office), std::pair(office, sites_[i].code)}) {
        const std::string stick = folder_ + "/stick/" + std::to_string(++stick_);
        fs::create_directories(stick);
        const json sent = call(cnb_export, open_.at(from), text(to), text(stick), &options);
        if (sent.at("bundles").empty()) continue;
        call(cnb_import, open_.at(to), text(stick), 0);
        carried += sent.at("bundles").size();
      }
  }
  return carried;
}

namespace {

std::string converted(const std::string& utf8, const char* to) {
  const iconv_t converter = iconv_open(to, "UTF-8");
  if (converter == reinterpret_cast<iconv_t>(-1))
    throw Failure(1, "io", std::string("this machine cannot write ") + to);
  std::string in = utf8, out(utf8.size() * 4 + 16, '\0');
  char* from = in.data();
  char* at = out.data();
  std::size_t left = in.size(), room = out.size();
  iconv(converter, &from, &left, &at, &room);
  iconv_close(converter);
  out.resize(out.size() - room);
  return out;
}

}  // namespace

std::vector<std::string> placesOf(const std::vector<std::string>& texts, const std::string& folder,
                                  std::uint64_t& scanned_bytes) {
  std::set<std::string> needles;
  for (const std::string& t : texts) {
    // The first line is enough: a text that leaked would leak with it.
    const std::string line = t.substr(0, t.find('\n'));
    if (line.size() < 12) continue;
    needles.insert(line);
    for (const char* encoding : {"UTF-16LE", "UTF-16BE", "GB18030"}) needles.insert(converted(line, encoding));
  }
  std::vector<std::string> places;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string bytes = readFile(entry.path());
    scanned_bytes += bytes.size();
    for (const std::string& needle : needles)
      if (bytes.find(needle) != std::string::npos) {
        places.push_back(entry.path());
        break;
      }
  }
  return places;
}

}  // namespace command
