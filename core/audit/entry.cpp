#include "core/audit/entry.h"

#include <array>

#include "core/log/changeset.h"

namespace cinnabar {
namespace {

constexpr std::array<std::pair<Act, std::string_view>, 11> words = {{{Act::read, "read"},
                                                                     {Act::history, "history"},
                                                                     {Act::listed, "listed"},
                                                                     {Act::found, "found"},
                                                                     {Act::queried, "queried"},
                                                                     {Act::detached, "detached"},
                                                                     {Act::exported, "exported"},
                                                                     {Act::copied, "copied"},
                                                                     {Act::printed, "printed"},
                                                                     {Act::shown, "shown"},
                                                                     {Act::triedInVain, "triedInVain"}}};

}  // namespace

std::string_view wordOf(Act act) {
  for (const auto& [known, word] : words)
    if (known == act) return word;
  return "unknown";
}

std::optional<Act> parseAct(std::string_view word) {
  for (const auto& [act, known] : words)
    if (known == word) return act;
  return std::nullopt;
}

Hash chained(const Hash& previous, const AuditEntry& entry) {
  Bytes bytes;
  Writer w(bytes);
  writeCompartment(w, entry.compartment);
  w.number(entry.place);
  w.signedNumber(entry.at);
  w.number(static_cast<std::uint64_t>(entry.act));
  w.text(entry.person);
  w.id(entry.record);
  w.text(entry.entity);
  w.signedNumber(entry.count);
  w.text(entry.detail);
  return Hasher("cinnabar audit").add(previous).add(bytes).finish();
}

}  // namespace cinnabar
