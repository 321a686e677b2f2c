#include "core/base/error.h"

namespace cinnabar {

std::string_view wordOf(Code code) {
  switch (code) {
    case Code::invalidArgument: return "invalidArgument";
    case Code::invalidInput: return "invalidInput";
    case Code::refused: return "refused";
    case Code::notFound: return "notFound";
    case Code::badKey: return "badKey";
    case Code::damaged: return "damaged";
    case Code::forged: return "forged";
    case Code::foreign: return "foreign";
    case Code::misdirected: return "misdirected";
    case Code::rolledBack: return "rolledBack";
    case Code::newerFormat: return "newerFormat";
    case Code::missingVault: return "missingVault";
    case Code::diskFull: return "diskFull";
    case Code::readOnly: return "readOnly";
    case Code::io: return "io";
    case Code::busy: return "busy";
    case Code::limit: return "limit";
    case Code::cancelled: return "cancelled";
    case Code::internal: return "internal";
  }
  return "internal";
}

void assertionFailed(const char* expression, const char* file, int line) {
  throw Error(Code::internal,
              std::string("broken invariant ") + expression + " at " + file + ":" + std::to_string(line));
}

}  // namespace cinnabar
