// A table read from anywhere: no cell holds more than the text did, and reading comes to an end.
#include <sstream>

#include "examples/command/csv.h"
#include "examples/command/library.h"
#include "tests/fuzz/target.h"

std::vector<cinnabar::Bytes> cinnabar::fuzz::seeds() {
  return {bytesOf("a,b\r\n1,\"x \"\"y\"\", z\"\r\n,\n"), bytesOf("代码,名称\n\"多\n行\",乙"),
          bytesOf("\"never closed")};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* given, std::size_t size_bytes) {
  std::istringstream in(std::string(reinterpret_cast<const char*>(given), size_bytes));
  command::CsvReader reader(in);
  std::vector<std::string> row;
  std::size_t cells = 0, rows = 0;
  try {
    while (reader.next(row)) {
      for (const std::string& cell : row) cells += cell.size();
      ++rows;
    }
  } catch (const command::Failure& failure) {
    cinnabar::fuzz::claim(failure.code == "invalidInput");
  }
  cinnabar::fuzz::claim(cells <= size_bytes && rows <= size_bytes && reader.line() <= size_bytes + 1);
  return 0;
}
