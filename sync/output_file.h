// A file that appears under its name only when it is whole and on the disk.
#pragma once
#include <memory>
#include <string>

#include "core/base/environment.h"

namespace cinnabar {

class OutputFile {
 public:
  OutputFile(const Environment& environment, std::string path);
  ~OutputFile();  // removes what was not finished
  void write(BytesView bytes) { file_->append(bytes); }
  void finish();

 private:
  Environment environment_;
  std::string path_;
  std::unique_ptr<Appender> file_;
};

}  // namespace cinnabar
