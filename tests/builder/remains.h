// Looks for a word where it should not be any more.
#pragma once
#include <string>
#include <string_view>

#include "core/record/store.h"

namespace cinnabar::test {

// In a file, or in any file below a folder, as it lies there: in UTF-8, UTF-16 of both orders or GB18030.
bool inAnyFile(const std::string& path, std::string_view word);
// In any page of a site's open vaults and audits once it is opened: used or free, tables or index; and in any change of
// a log or piece of an attachment, once that is opened too.
bool inAnyPage(Store& store, std::string_view word);
bool inLog(Store& store, std::string_view word);

}  // namespace cinnabar::test
