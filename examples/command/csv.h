// Comma-separated values as RFC 4180 has them: quotes, doubled quotes, line breaks inside quotes.
#pragma once
#include <istream>
#include <string>
#include <vector>

namespace command {

class CsvReader {
 public:
  explicit CsvReader(std::istream& in) : in_(in) {}
  // False at the end. Throws Failure that names the line for a quote that is never closed.
  bool next(std::vector<std::string>& row);
  std::size_t line() const { return line_; }  // where the row began, from 1
  std::size_t nextLine() const { return nextLine_; }
  void goOnAt(std::size_t line) { nextLine_ = line; }  // the stream was put to where this line begins

 private:
  std::istream& in_;
  std::size_t line_ = 0, nextLine_ = 1;
};

}  // namespace command
