#include "listing.h"

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>

#include "input.h"

namespace command {
namespace {

constexpr std::int64_t rowsInPage = 1'000;

std::string quoted(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string out = "\"";
  for (const char c : cell) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string cellOf(const json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string joined(const json& list) {
  std::string out;
  for (const json& one : list) out += (out.empty() ? "" : ";") + one.get<std::string>();
  return out;
}

class Sheet {
 public:
  Sheet(std::ostream& out, const json& entity) : out_(out) {
    for (const json& field : entity.at("fields")) fields_.push_back(field.at("name"));
    out_ << "_id,_label,_level,_circles,_site,_updated";
    for (const std::string& name : fields_) out_ << ',' << quoted(name);
    out_ << '\n';
  }
  void add(const json& record) {
    const json& label = record.at("label");
    out_ << cellOf(record.at("id")) << ',' << quoted(label.value("mark", "")) << ',' << cellOf(label.at("level")) << ','
         << quoted(joined(label.at("circles"))) << ',' << quoted(cellOf(record.at("site"))) << ','
         << cellOf(record.at("updated").at("at"));
    const json& values = record.at("fields");
    for (const std::string& name : fields_)
      out_ << ',' << (values.contains(name) ? quoted(cellOf(values.at(name))) : "");
    out_ << '\n';
  }

 private:
  std::ostream& out_;
  std::vector<std::string> fields_;
};

// A reader of its own on the state of now, so that no row comes twice or is missed while others write.
class Snapshot {
 public:
  explicit Snapshot(cnb_site* of) { check(cnb_snapshot(of, &site_)); }
  ~Snapshot() { cnb_close(site_); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  cnb_site* site() const { return site_; }

 private:
  cnb_site* site_ = nullptr;
};

std::size_t write(std::ostream& out, Session& session, cnb_site* site, const ListOrder& order) {
  const Snapshot snapshot(site);
  std::optional<Sheet> sheet;
  if (order.format == "csv") sheet.emplace(out, session.schemaOf(order.entity));
  std::size_t count = 0;
  std::string after;
  do {
    cnb_page page{};
    page.size = sizeof page;
    page.where = text(order.where);
    page.order = text(order.order);
    page.limit = rowsInPage;
    page.after = text(after);
    const json rows = call(cnb_list, snapshot.site(), text(order.entity), &page);
    for (const json& record : rows.at("rows")) {
      if (sheet)
        sheet->add(record);
      else
        out << record.dump() << '\n';
      ++count;
    }
    throwIfInterrupted();
    showProgress("list", count, 0);
    after = rows.at("next").is_null() ? "" : rows.at("next").get<std::string>();
  } while (!after.empty());
  return count;
}

}  // namespace

Outcome writeList(Session& session, cnb_site* site, const ListOrder& order) {
  if (order.out.empty()) {
    write(std::cout, session, site, order);
    std::cout.flush();
    return {json::object(), 0, true};
  }
  const std::string part = order.out + ".part";
  try {
    std::ofstream out(part, std::ios::binary | std::ios::trunc);
    const std::size_t count = write(out, session, site, order);
    out.close();
    if (!out || std::rename(part.c_str(), order.out.c_str()) != 0)
      throw Failure(1, "io", "cannot write " + order.out + ": " + std::strerror(errno));
    return {{{"entity", order.entity}, {"written", count}, {"file", order.out}}};
  } catch (...) {
    std::remove(part.c_str());
    throw;
  }
}

}  // namespace command
