// Attachments, bulk, bundles, and the state of things.
#include "capi/boundary.h"
#include "core/base/instant.h"
#include "core/blob/blob.h"
#include "core/record/conflict.h"
#include "core/record/json.h"
#include "core/regulations/load.h"
#include "core/search/index.h"
#include "sync/backup.h"
#include "sync/renewal.h"
#include "sync/status.h"
#include "sync/verify.h"

using namespace cinnabar;
using namespace cinnabar::capi;
using nlohmann::json;

cnb_status cnb_attach(cnb_site* site, cnb_text record, cnb_text path, cnb_text name, cnb_buffer* out) {
  return guarded({out}, [&] {
    Store& store = writableStoreOf(site);
    site->wrote = true;
    give(out, attach(store, recordIdOf(record), stringOf(path), stringOf(name), site->progress));
  });
}

cnb_status cnb_detach(cnb_site* site, cnb_text attachment, cnb_sink sink, void* user) {
  return guarded([&] {
    if (sink == nullptr) throw Error(Code::invalidArgument, "the sink is missing");
    detach(storeOf(site), recordIdOf(attachment),
           [&](BytesView bytes) { return sink(user, reinterpret_cast<const char*>(bytes.data()), bytes.size()) == 0; });
  });
}

cnb_status cnb_load_regulations(cnb_site* site, cnb_text text, cnb_buffer* out) {
  return guarded({out}, [&] {
    Store& store = writableStoreOf(site);
    site->wrote = true;
    give(out, loadRegulations(store, capi::viewOf(text), site->progress));
  });
}

namespace {

std::set<Level> levelsOf(cnb_text list) {
  std::set<Level> levels;
  if (list.length == 0) return levels;
  const auto mustBe = [](bool right) {
    if (!right) throw Error(Code::invalidArgument, "levels are a JSON list of level words");
  };
  const json words = parseJson(capi::viewOf(list));
  mustBe(words.is_array());
  for (const auto& word : words) {
    const auto level = word.is_string() ? parseLevel(word.get<std::string>()) : std::nullopt;
    mustBe(level.has_value());
    levels.insert(*level);
  }
  return levels;
}

}  // namespace

cnb_status cnb_export(cnb_site* site, cnb_text to, cnb_text folder, const cnb_export_options* options,
                      cnb_buffer* out) {
  return guarded({out}, [&] {
    Store& store = writableStoreOf(site);
    const cnb_export_options o = known(options);
    ExportOrder order;
    order.to = stringOf(to);
    order.folder = stringOf(folder);
    order.most_bytes = o.max_bytes;
    order.levels = levelsOf(o.levels);
    if (o.channel.length > 0) {
      const auto channel = parseChannel(capi::viewOf(o.channel));
      if (!channel)
        throw Error(Code::invalidArgument, "a channel is internet, governmentNetwork, courier or dedicatedCourier");
      order.channel = *channel;
    }
    site->wrote = true;
    give(out, writeBundles(store, order, site->progress));
  });
}

cnb_status cnb_import(cnb_site* site, cnb_text path, int dry_run, cnb_buffer* out) {
  return guarded({out}, [&] {
    Store& store = writableStoreOf(site);
    if (dry_run == 0) site->wrote = true;
    give(out, importFrom(store, stringOf(path), dry_run != 0 ? Apply::onlyTry : Apply::reallyApply, site->progress));
  });
}

cnb_status cnb_inspect(cnb_text path, cnb_buffer* out) {
  return guarded({out}, [&] { give(out, describeCover(Environment::system(), stringOf(path))); });
}

cnb_status cnb_conflicts(cnb_site* site, cnb_buffer* out) {
  return guarded({out}, [&] { give(out, json{{"conflicts", storeOf(site).conflicts()}}); });
}

cnb_status cnb_resolve(cnb_site* site, cnb_text conflict, int64_t pick, cnb_text value, cnb_buffer* out) {
  return guarded({out}, [&] {
    Store& store = writableStoreOf(site);
    site->wrote = true;
    give(out, resolveConflict(store, capi::viewOf(conflict), pick, capi::viewOf(value)));
  });
}

cnb_status cnb_violations(cnb_site* site, cnb_buffer* out) {
  return guarded({out}, [&] { give(out, json{{"violations", storeOf(site).violations()}}); });
}

cnb_status cnb_site_status(cnb_site* site, cnb_buffer* out) {
  return guarded({out}, [&] { give(out, statusOfSite(storeOf(site))); });
}

cnb_status cnb_digest(cnb_site* site, cnb_text compartment, cnb_buffer* out) {
  return guarded({out}, [&] { give(out, digestsOf(storeOf(site), capi::viewOf(compartment))); });
}

cnb_status cnb_verify(cnb_site* site, cnb_buffer* out) {
  return guarded({out}, [&] {
    Store& store = idleStoreOf(site);
    give(out, verifySite(store, site->progress));
  });
}

cnb_status cnb_doctor(cnb_text dir, const cnb_options* options, cnb_buffer* out) {
  return guarded({out}, [&] { give(out, diagnose(openingOf(dir, options), progressOf(known(options)))); });
}

cnb_status cnb_accept_rollback(cnb_text dir, const cnb_options* options) {
  return guarded([&] { openSite(openingOf(dir, options), Rollback::accept); });
}

cnb_status cnb_backup(cnb_site* site, cnb_text path, cnb_buffer* out) {
  return guarded({out}, [&] {
    Store& store = writableStoreOf(site);
    give(out, backupSite(store, stringOf(path), site->progress));
  });
}

cnb_status cnb_restore(cnb_text path, cnb_text dir, const cnb_options* options, cnb_buffer* out) {
  return guarded({out}, [&] {
    restoreSite(openingOf(dir, options), stringOf(path));
    give(out, json{{"restored", stringOf(dir)}});
  });
}

cnb_status cnb_rekey(cnb_text dir, const cnb_options* options, cnb_text levels, cnb_buffer* out) {
  return guarded({out},
                 [&] { give(out, rekeySite(openingOf(dir, options), levelsOf(levels), progressOf(known(options)))); });
}

cnb_status cnb_compact(cnb_text dir, const cnb_options* options, cnb_buffer* out) {
  return guarded({out}, [&] { give(out, compactSite(openingOf(dir, options), progressOf(known(options)))); });
}
