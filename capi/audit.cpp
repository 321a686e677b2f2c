// Who read, printed, copied, took out or tried in vain.
#include "core/audit/audit.h"
#include "capi/boundary.h"

using namespace cinnabar;
using namespace cinnabar::capi;

cnb_status cnb_audit(cnb_site* site, const cnb_audit_query* query, cnb_buffer* out) {
  return guarded({out}, [&] {
    const cnb_audit_query q = known(query);
    AuditQuestion question;
    if (q.record.length > 0) question.record = recordIdOf(q.record);
    question.person = stringOf(q.person);
    if (q.from_ms != 0) question.from_ms = q.from_ms;
    if (q.until_ms != 0) question.until_ms = q.until_ms;
    if (q.limit < 0) throw Error(Code::invalidArgument, "a page of the audit has 1 to 10000 entries");
    if (q.limit > 0) question.limit = static_cast<std::size_t>(q.limit);
    if (q.after.length > 0) question.after = parseAuditCursor(capi::viewOf(q.after));
    give(out, storeOf(site).audit().entries(question));
  });
}

cnb_status cnb_audit_note(cnb_site* site, cnb_text record, cnb_text act, cnb_text detail) {
  return guarded([&] {
    const auto told = parseAct(capi::viewOf(act));
    if (!told || (*told != Act::printed && *told != Act::copied))
      throw Error(Code::invalidArgument, "a host notes that a record was printed or copied");
    if (detail.length > longestDetail_bytes)
      throw Error(Code::invalidArgument, "the detail has at most " + std::to_string(longestDetail_bytes) + " bytes");
    Store& store = storeOf(site);
    const RecordId id = recordIdOf(record);
    const Store::Found found = store.findWhole(id);
    store.audit().told(*told, found.vault->compartmentOf(found.row.compartment), id, found.rows->entity()->name,
                       capi::viewOf(detail));
  });
}
