// What withdrawals and destructions leave to do at a site: carry on what came late, scrub what went, and only then call
// it gone.
#pragma once
#include <nlohmann/json.hpp>

#include "core/record/store.h"

namespace cinnabar {

// In transactions of its own, none of which is lost or repeated if another fails: what could not be done now is done
// the next time. Cost where no record was ever moved: one look at each vault.
void clearUp(Store& store);

// At the office, of each withdrawal that the store's person may know of: who has not given a receipt yet.
// [{"record","level","circles","destroyed","since","open":[site…]}]
nlohmann::json openWithdrawals(Store& store);

}  // namespace cinnabar
