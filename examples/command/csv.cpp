#include "csv.h"

#include "library.h"

namespace command {

bool CsvReader::next(std::vector<std::string>& row) {
  row.clear();
  line_ = nextLine_;
  std::string cell;
  bool quoted = false, any = false;
  for (int c = in_.get(); c != EOF; c = in_.get()) {
    any = true;
    if (c == '\n') ++nextLine_;
    if (quoted) {
      if (c == '"' && in_.peek() == '"')
        cell += static_cast<char>(in_.get());
      else if (c == '"')
        quoted = false;
      else
        cell += static_cast<char>(c);
    } else if (c == '"' && cell.empty()) {
      quoted = true;
    } else if (c == ',') {
      row.push_back(std::move(cell));
      cell.clear();
    } else if (c == '\n') {
      break;
    } else if (c != '\r') {
      cell += static_cast<char>(c);
    }
  }
  if (quoted) throw Failure(1, "invalidInput", "line " + std::to_string(line_) + ": a quote is never closed");
  if (any) row.push_back(std::move(cell));
  return any;
}

}  // namespace command
