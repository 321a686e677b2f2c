#include "table.h"

#include <algorithm>
#include <iostream>

namespace command {
namespace {

constexpr std::size_t widestCell = 48;

bool isWide(char32_t c) {
  return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
         (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x20000 && c <= 0x3FFFD);
}

// Calls `each` with every character and its bytes; control characters never reach the terminal.
template <class Each>
void characters(const std::string& utf8, Each each) {
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::string bytes = utf8.substr(i, length);
    char32_t c = length == 1 ? lead : lead & (0xFF >> (length + 1));
    for (std::size_t k = 1; k < bytes.size(); ++k) c = c << 6 | (static_cast<unsigned char>(bytes[k]) & 0x3F);
    each(c, bytes);
    i += length;
  }
}

std::string shortened(const std::string& utf8) {
  std::string out;
  std::size_t width = 0;
  bool cut = false;
  characters(utf8, [&](char32_t c, const std::string& bytes) {
    if (cut) return;
    const std::size_t w = isWide(c) ? 2 : 1;
    if (width + w > widestCell) {
      cut = true;
      out += "…";
      return;
    }
    out += c < 0x20 || c == 0x7F ? " " : bytes;
    width += w;
  });
  return out;
}

}  // namespace

std::size_t widthOf(const std::string& utf8) {
  std::size_t width = 0;
  characters(utf8, [&](char32_t c, const std::string&) { width += isWide(c) ? 2 : 1; });
  return width;
}

std::string padded(const std::string& utf8, std::size_t width) {
  const std::size_t own = widthOf(utf8);
  return utf8 + std::string(own < width ? width - own : 0, ' ');
}

std::string plain(const json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "是" : "否";
  if (value.is_array() && std::all_of(value.begin(), value.end(), [](const json& v) { return v.is_primitive(); })) {
    std::string out;
    for (const json& v : value) out += (out.empty() ? "" : "、") + plain(v);
    return out;
  }
  return value.dump();
}

void printTable(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  widths.reserve(head.size());
  for (const std::string& h : head) widths.push_back(widthOf(h));
  std::vector<std::vector<std::string>> cells;
  for (const auto& row : rows) {
    cells.emplace_back();
    for (std::size_t i = 0; i < row.size() && i < head.size(); ++i) {
      cells.back().push_back(shortened(row[i]));
      widths[i] = std::max(widths[i], widthOf(cells.back().back()));
    }
  }
  const auto line = [&](const std::vector<std::string>& row) {
    std::string out;
    for (std::size_t i = 0; i < row.size(); ++i) out += i + 1 < row.size() ? padded(row[i], widths[i] + 2) : row[i];
    std::cout << out << '\n';
  };
  line(head);
  for (const auto& row : cells) line(row);
}

void printRecord(const json& record) {
  std::cout << record.value("entity", "") << "  " << record.value("id", "") << "\n";
  const json& label = record.at("label");
  const std::string mark = label.value("mark", "");
  std::vector<std::vector<std::string>> rows;
  rows.push_back({"密级", mark.empty() ? label.value("level", "") : mark});
  if (!label.at("circles").empty()) rows.push_back({"知悉范围", plain(label.at("circles"))});
  for (const auto& [name, value] : record.at("fields").items()) rows.push_back({name, plain(value)});
  const json& updated = record.at("updated");
  rows.push_back(
      {"更新", plain(updated.at("at")) + " " + plain(updated.at("site")) + " " + plain(updated.at("person"))});
  if (!record.at("conflicts").empty()) rows.push_back({"冲突", plain(record.at("conflicts"))});
  printTable({"", ""}, rows);
}

namespace {

void printRecords(const json& rows) {
  std::vector<std::vector<std::string>> cells;
  for (const json& row : rows) {
    const json& fields = row.at("fields");
    std::string name;
    for (const char* field : {"title", "name", "text", "number", "code", "holder", "path"})
      if (name.empty() && fields.contains(field)) name = plain(fields.at(field));
    const std::string mark = row.at("label").value("mark", "");
    cells.push_back({row.value("id", ""), row.value("entity", ""), mark.empty() ? "公开" : mark, name,
                     plain(row.at("state")), row.at("conflicts").empty() ? "" : "有冲突"});
  }
  printTable({"编号", "种类", "密级", "名称", "状态", ""}, cells);
}

void printObjects(const json& list) {
  std::vector<std::string> head;
  for (const json& row : list)
    for (const auto& [name, value] : row.items())
      if (std::find(head.begin(), head.end(), name) == head.end()) head.push_back(name);
  std::vector<std::vector<std::string>> cells;
  for (const json& row : list) {
    cells.emplace_back();
    for (const std::string& name : head) cells.back().push_back(row.contains(name) ? plain(row.at(name)) : "");
  }
  printTable(head, cells);
}

}  // namespace

void printPeople(const json& result) {
  if (result.contains("fields") && result.contains("label") && result.at("label").is_object())
    return printRecord(result);
  if (result.contains("fields") && result.contains("transitions")) return printEntity(result);
  if (result.contains("columns") && result.contains("rows")) {
    std::vector<std::string> head;
    for (const json& name : result.at("columns")) head.push_back(plain(name));
    std::vector<std::vector<std::string>> cells;
    for (const json& row : result.at("rows")) {
      cells.emplace_back();
      for (const json& cell : row) cells.back().push_back(plain(cell));
    }
    return printTable(head, cells);
  }
  if (result.contains("rows")) {
    printRecords(result.at("rows"));
    if (!result.at("next").is_null()) std::cout << "… --after '" << plain(result.at("next")) << "'\n";
    return;
  }
  for (const auto& [name, value] : result.items()) {
    if (value.is_array() && !value.empty() && value.front().is_object()) {
      std::cout << name << ":\n";
      printObjects(value);
    } else {
      std::cout << padded(name, 12) << "  " << plain(value) << '\n';
    }
  }
}

}  // namespace command
