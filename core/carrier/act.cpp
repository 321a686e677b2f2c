#include "core/carrier/act.h"

#include <array>

#include "core/base/error.h"
#include "core/carrier/acts.h"

namespace cinnabar {
namespace {

struct Named {
  std::string_view word;
  void (*act)(carrier::Book&, carrier::Given&);
};

constexpr std::array<Named, 17> acts = {{{"make", carrier::make},
                                         {"copy", carrier::copy},
                                         {"send", carrier::send},
                                         {"receive", carrier::receive},
                                         {"read", carrier::read},
                                         {"carry-out", carrier::carryOut},
                                         {"bring-back", carrier::bringBack},
                                         {"hand-over", carrier::handOver},
                                         {"inventory", carrier::takeInventory},
                                         {"return", carrier::giveBack},
                                         {"archive", carrier::archive},
                                         {"lose", carrier::lose},
                                         {"find", carrier::find},
                                         {"destroy-list", carrier::listForDestruction},
                                         {"destroy-approve", carrier::approveDestruction},
                                         {"destroy-file", carrier::fileDestruction},
                                         {"destroy", carrier::destroy}}};

}  // namespace

nlohmann::json actOnCarriers(Transaction& transaction, std::string_view word, const nlohmann::json& details) {
  for (const Named& named : acts) {
    if (named.word != word) continue;
    carrier::Book book(transaction);
    carrier::Given given(book, details);
    named.act(book, given);
    return std::move(book.result());
  }
  throw Error(Code::invalidArgument, "there is no act '" + std::string(word.substr(0, 64)) + "' on carriers");
}

std::vector<std::string_view> carrierActs() {
  std::vector<std::string_view> out;
  out.reserve(std::size(acts));
  for (const Named& named : acts) out.push_back(named.word);
  return out;
}

}  // namespace cinnabar
