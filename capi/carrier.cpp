// The register of classified carriers.
#include "core/carrier/act.h"

#include "capi/boundary.h"
#include "core/carrier/report.h"
#include "core/record/json.h"

using namespace cinnabar;
using namespace cinnabar::capi;

cnb_status cnb_carrier_act(cnb_transaction* transaction, cnb_text act, cnb_text details, cnb_buffer* out) {
  return guarded({out}, [&] {
    Transaction& t = required(required(transaction).transaction.get());
    give(out, actOnCarriers(t, capi::viewOf(act), parseJson(capi::viewOf(details))));
  });
}

cnb_status cnb_carrier_show(cnb_site* site, cnb_text carrier, cnb_buffer* out) {
  return guarded({out}, [&] { give(out, lifeOfCarrier(idleStoreOf(site), capi::viewOf(carrier))); });
}

cnb_status cnb_carrier_report(cnb_site* site, cnb_text report, cnb_text details, cnb_buffer* out) {
  return guarded({out}, [&] {
    const std::string_view given = capi::viewOf(details);
    give(out, carrierReport(idleStoreOf(site), capi::viewOf(report),
                            given.empty() ? nlohmann::json::object() : parseJson(given)));
  });
}
