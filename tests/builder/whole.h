#pragma once
#include <boost/test/unit_test.hpp>

#include "sync/verify.h"
#include "tests/builder/prefecture.h"

namespace cinnabar::test {

// All sites agree, every site is whole.
inline void mustBeWhole(Prefecture& p) {
  p.settle();
  const nlohmann::json office = p.digests("hq");
  for (const std::string& site : p.sites()) {
    const nlohmann::json held = p.digests(site);
    for (const auto& [compartment, digest] : held.items())
      BOOST_TEST((office.at(compartment) == digest), site << " " << compartment);
    const nlohmann::json verdict = verifySite(p[site], {});
    BOOST_TEST(verdict.at("ok").get<bool>(), site << ": " << verdict.dump(1));
  }
}

}  // namespace cinnabar::test
