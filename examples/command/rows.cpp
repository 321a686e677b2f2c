#include "rows.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "session.h"
#include "verbs.h"

namespace command {
namespace {

json rowError(const json& entity, const std::string& field, const std::string& rule, const std::string& message) {
  return {{"entity", entity.at("name")}, {"field", field},    {"value", nullptr}, {"rule", rule},
          {"article", nullptr},          {"message", message}};
}

}  // namespace

Columns readColumns(const std::string& path) {
  Columns out;
  if (path.empty()) return out;
  const json map = json::parse(readFile(path), nullptr, false);
  if (!map.is_object()) throw Failure(1, "invalidInput", path + " is no JSON object of columns and fields");
  for (const auto& [column, field] : map.items()) {
    if (!field.is_null() && !field.is_string())
      throw Failure(1, "invalidInput", path + ": the field of '" + column + "' is a name or null");
    out[column] = field.is_null() ? std::nullopt : std::optional(field.get<std::string>());
  }
  return out;
}

FileRows::FileRows(const std::string& path, json entity, Columns columns)
    : in_(path, std::ios::binary), csv_(in_), entity_(std::move(entity)), columns_(std::move(columns)) {
  if (!in_) throw Failure(1, "io", "cannot read " + path);
  for (const auto& [column, field] : columns_)
    if (field && !isField(*field)) throw Failure(1, "invalidInput", "--map: there is no field '" + *field + "'");
  isCsv_ = path.ends_with(".csv");
  if (!isCsv_) return;
  if (!csv_.next(head_)) throw Failure(1, "invalidInput", path + " is empty");
  if (head_[0].starts_with("\xEF\xBB\xBF")) head_[0].erase(0, 3);
  for (const std::string& column : head_) fieldOf(column);  // throws for one that is unknown
}

bool FileRows::isField(const std::string& name) const {
  const json& fields = entity_.at("fields");
  return std::any_of(fields.begin(), fields.end(),
                     [&](const json& f) { return f.at("name") == name || f.at("title") == name; });
}

std::string FileRows::fieldOf(const std::string& column) const {
  if (const auto mapped = columns_.find(column); mapped != columns_.end()) return mapped->second.value_or("");
  if (column.starts_with("_")) return "";
  if (isField(column)) return column;
  throw Failure(1, "invalidInput",
                "'" + column + "' is no field of " + entity_.at("name").get<std::string>() + ": name it with --map");
}

void FileRows::add(FileRow& row, const std::string& column, const std::string& cell) {
  if (column == "_label") row.beside.label = cell;
  if (column == "_level") row.beside.level = cell;
  if (column == "_circles") row.beside.circles = cell;
  const std::string field = fieldOf(column);
  if (!field.empty() && !cell.empty()) row.fields.update(fieldsFrom(entity_, field, cell));
}

bool FileRows::next(FileRow& row) {
  row = {};
  row.fields = json::object();
  return isCsv_ ? nextOfCsv(row) : nextOfLines(row);
}

bool FileRows::nextOfCsv(FileRow& row) {
  std::vector<std::string> cells;
  do {
    if (!csv_.next(cells)) return false;
  } while (cells.size() == 1 && cells[0].empty());
  row.line = csv_.line();
  if (cells.size() == head_.size()) {
    for (std::size_t i = 0; i < cells.size(); ++i) add(row, head_[i], cells[i]);
  } else {
    row.errors.push_back(rowError(
        entity_, "", "columns", std::to_string(cells.size()) + " columns instead of " + std::to_string(head_.size())));
  }
  return true;
}

bool FileRows::nextOfLines(FileRow& row) {
  std::string text;
  do {
    if (!std::getline(in_, text)) return false;
    ++line_;
  } while (text.find_first_not_of(" \t\r") == std::string::npos);
  row.line = line_;
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) {
    row.errors.push_back(rowError(entity_, "", "json", "the JSON is broken, or no object"));
    return true;
  }
  for (const auto& [name, value] : object.items()) {
    if (name.starts_with("_")) {
      if (value.is_string()) add(row, name, value.get<std::string>());
      continue;
    }
    const auto mapped = columns_.find(name);
    const std::string field = mapped == columns_.end() ? name : mapped->second.value_or("");
    if (!field.empty()) row.fields[schemaNameOf(entity_, field)] = value;
  }
  return true;
}

FileRows::Place FileRows::place() {
  const std::streamoff at = in_.eof() ? 0 : static_cast<std::streamoff>(in_.tellg());
  return {static_cast<std::uint64_t>(at), isCsv_ ? csv_.nextLine() : line_};
}

void FileRows::goOnAt(const Place& place) {
  in_.clear();
  in_.seekg(static_cast<std::streamoff>(place.byte));
  if (!in_) throw Failure(1, "io", "the file cannot be read from where its load stopped");
  if (isCsv_)
    csv_.goOnAt(place.line);
  else
    line_ = place.line;
}

// FNV-1a over the content, with its length.
std::string fingerprintOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::uint64_t hash = 0xcbf29ce484222325, size = 0;
  std::array<char, 1 << 16> piece{};
  while (in.read(piece.data(), piece.size()), in.gcount() > 0) {
    for (std::streamsize i = 0; i < in.gcount(); ++i)
      hash = (hash ^ static_cast<unsigned char>(piece[static_cast<std::size_t>(i)])) * 0x100000001b3;
    size += static_cast<std::uint64_t>(in.gcount());
  }
  char out[64];
  std::snprintf(out, sizeof out, "%016llx-%llu", static_cast<unsigned long long>(hash),
                static_cast<unsigned long long>(size));
  return out;
}

}  // namespace command
