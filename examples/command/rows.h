// Rows of a CSV or JSON Lines file as an entity's fields.
#pragma once
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "csv.h"
#include "library.h"

namespace command {

// Which field a column is: {"column":"field"}, or null for one that is left out. Columns that it does not name are
// fields by their schema name or their Chinese title.
using Columns = std::map<std::string, std::optional<std::string>>;
Columns readColumns(const std::string& path);

// Columns that say what a record is beside its fields, as `list --format csv` writes them.
struct Beside {
  std::string label, level, circles;
};

struct FileRow {
  std::size_t line = 0;  // where it began, from 1
  json fields;
  Beside beside;
  json errors = json::array();  // why it is none; then there are no fields
};

class FileRows {
 public:
  // Throws Failure if the file cannot be read, or a column of its head is unknown.
  FileRows(const std::string& path, json entity, Columns columns);

  // False at the end. Throws Failure for a quote that is never closed: nobody can tell where the next row begins.
  bool next(FileRow& row);

  // Where the next row begins; what goOnAt takes.
  struct Place {
    std::uint64_t byte = 0;
    std::size_t line = 0;
  };
  Place place();
  void goOnAt(const Place& place);

 private:
  bool nextOfCsv(FileRow& row);
  bool nextOfLines(FileRow& row);
  void add(FileRow& row, const std::string& column, const std::string& cell);
  std::string fieldOf(const std::string& column) const;  // empty: left out
  bool isField(const std::string& name) const;

  std::ifstream in_;
  CsvReader csv_;
  json entity_;
  Columns columns_;
  std::vector<std::string> head_;
  std::size_t line_ = 0;
  bool isCsv_ = false;
};

// Tells a file from every other by its bytes. Whoever can change a file can also have it loaded: this guards against
// mistakes, not against intent.
std::string fingerprintOf(const std::string& path);

}  // namespace command
