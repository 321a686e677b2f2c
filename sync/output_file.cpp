#include "sync/output_file.h"

#include "core/base/error.h"

namespace cinnabar {

OutputFile::OutputFile(const Environment& environment, std::string path)
    : environment_(environment), path_(std::move(path)), file_(environment_.files->append(path_ + ".part")) {}

OutputFile::~OutputFile() {
  if (file_ == nullptr) return;
  file_.reset();
  try {
    environment_.files->remove(path_ + ".part");
  } catch (const Error&) {
    // An unfinished part file is ignored by every reader.
  }
}

void OutputFile::finish() {
  file_->sync();
  environment_.files->rename(path_ + ".part", path_);
  file_.reset();
}

}  // namespace cinnabar
