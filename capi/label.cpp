// The secrecy life of a record.
#include "capi/boundary.h"
#include "core/record/json.h"
#include "core/secrecy/compilation.h"
#include "core/secrecy/deciding.h"
#include "core/secrecy/dispute.h"
#include "sync/acts.h"

using namespace cinnabar;
using namespace cinnabar::capi;
using nlohmann::json;

namespace {

// At the office a circle comes to be by being named; elsewhere only the office can give its key.
void makeCircles(Store& store, const Label& label) {
  if (!store.identity().ofOffice()) return;
  for (const std::string& circle : label.compartment.circles) ensureCircle(store, circle);
}

Proposal proposalOf(Store& store, cnb_text id, const cnb_label_change& c) {
  Proposal p;
  p.subject = recordIdOf(id);
  if (c.change.length > 0) {
    p.change = parseChange(capi::viewOf(c.change));
    if (!p.change) throw Error(Code::invalidArgument, "there is no such change of a label");
  }
  p.basis = stringOf(c.basis);
  p.reason = stringOf(c.reason);
  p.specialRule = stringOf(c.special_rule);
  if (c.mark.length == 0 && c.circles.length == 0) {
    if (!p.change) throw Error(Code::invalidArgument, "a proposal names the new mark, the circles or the change");
    return p;
  }
  Label label = store.get(p.subject).label;
  if (c.mark.length > 0) {
    const Label given = parseMark(capi::viewOf(c.mark), p.specialRule.empty() ? SpecialRule::none : SpecialRule::cited);
    label.compartment.level = given.compartment.level;
    label.period = given.period;
  }
  if (c.circles.length > 0) {
    const std::set<std::string> names = circlesOf(c.circles);
    label.compartment.circles.assign(names.begin(), names.end());
  }
  makeCircles(store, label);
  p.to = label;
  return p;
}

void wrote(cnb_site& site) {
  site.wrote = true;
  clearUpAfter(*site.store);
}

}  // namespace

cnb_status cnb_label_show(cnb_site* site, cnb_text id, cnb_buffer* out) {
  return guarded({out}, [&] {
    Store& store = storeOf(site);
    give(out, showLabel(store, recordIdOf(id)));
  });
}

cnb_status cnb_label_propose(cnb_site* site, cnb_text id, const cnb_label_change* change, cnb_buffer* out) {
  return guarded({out}, [&] {
    const UnlockedPerson& person = unlocked(site);
    Store& store = writableStoreOf(site);
    const cnb_label_change wanted = known(change);
    const RecordId act = propose(store, signerOf(store, person), proposalOf(store, id, wanted));
    site->wrote = true;
    give(out, json{{"id", act.text()},
                   {"change", store.get(act).document.at("fields").at("change")},
                   {"warnings", warningsOf(wanted.mark)}});
  });
}

cnb_status cnb_label_decide(cnb_site* site, cnb_text id, int approve, cnb_text remark, cnb_buffer* out) {
  return guarded({out}, [&] {
    const UnlockedPerson& person = unlocked(site);
    Store& store = writableStoreOf(site);
    const Verdict verdict = approve != 0 ? Verdict::approve : Verdict::refuse;
    const RecordId act = decide(store, signerOf(store, person), recordIdOf(id), verdict, stringOf(remark));
    wrote(*site);
    give(out, json{{"id", act.text()}, {"approved", approve != 0}});
  });
}

cnb_status cnb_label_dispute(cnb_site* site, cnb_text id, const cnb_label_dispute_step* step, cnb_buffer* out) {
  return guarded({out}, [&] {
    const UnlockedPerson& person = unlocked(site);
    Store& store = writableStoreOf(site);
    const cnb_label_dispute_step s = known(step);
    const int asked = (s.question.length > 0 ? 1 : 0) + (s.submitted != 0 ? 1 : 0) + (s.reply.length > 0 ? 1 : 0);
    if (asked != 1) throw Error(Code::invalidArgument, "one step at a time: a question, its submission, or the reply");
    const Signer signer = signerOf(store, person);
    const RecordId record = recordIdOf(id);
    RecordId dispute;
    if (s.question.length > 0) {
      const auto level = s.held_as.length > 0 ? parseLevel(capi::viewOf(s.held_as)) : std::optional(Level::open);
      if (!level) throw Error(Code::invalidArgument, "there is no such level");
      dispute = raiseDispute(store, signer, {record, stringOf(s.question), *level});
    } else if (s.submitted != 0) {
      dispute = submitDispute(store, signer, record);
    } else {
      dispute = replyDispute(store, signer, record, stringOf(s.reply));
    }
    wrote(*site);
    give(out, json{{"id", dispute.text()}});
  });
}

cnb_status cnb_label_portion(cnb_site* site, cnb_text id, cnb_text path, cnb_text mark, cnb_buffer* out) {
  return guarded({out}, [&] {
    const UnlockedPerson& person = unlocked(site);
    Store& store = writableStoreOf(site);
    const Label label = parseMark(capi::viewOf(mark));
    const RecordId portion = markPortion(store, signerOf(store, person), recordIdOf(id), stringOf(path), label);
    wrote(*site);
    give(out, json{{"id", portion.text()}, {"warnings", warningsOf(mark)}});
  });
}

cnb_status cnb_label_join(cnb_site* site, cnb_text ids, cnb_buffer* out) {
  return guarded({out}, [&] {
    std::vector<RecordId> parts;
    const json list = parseJson(capi::viewOf(ids));
    if (!list.is_array()) throw Error(Code::invalidInput, "ids are a JSON list");
    for (const json& id : list) {
      if (!id.is_string()) throw Error(Code::invalidInput, "ids are a JSON list of texts");
      const auto part = RecordId::parse(id.get<std::string>());
      if (!part) throw Error(Code::notFound, "no such record");
      parts.push_back(*part);
    }
    give(out, explainJoin(storeOf(site), parts));
  });
}

cnb_status cnb_label_expire(cnb_site* site, int perform, cnb_buffer* out) {
  return guarded({out}, [&] {
    Store& store = perform != 0 ? writableStoreOf(site) : storeOf(site);
    const json result = expireDue(store, perform != 0 ? Expiry::perform : Expiry::list);
    if (perform != 0) wrote(*site);
    give(out, result);
  });
}

cnb_status cnb_label_year(cnb_site* site, int32_t year, cnb_buffer* out) {
  return guarded({out}, [&] { give(out, yearOf(storeOf(site), year)); });
}
