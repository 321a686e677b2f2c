#include "verbs.h"

namespace command {
namespace {

struct Given {
  std::string compartment, file, folder;
  std::vector<std::string> levels;
  bool acceptLoss = false;
};

}  // namespace

void addKeepingVerbs(CLI::App& app, Line& line) {
  const auto g = std::make_shared<Given>();
  const auto site = [&line](Session& s) { return s.open(line.folder); };

  line.verb(app, "status", "how far each compartment and each contact is")->callback([&line, site] {
    line.chosen = [site](Session& s) { return Outcome{call(cnb_site_status, site(s))}; };
  });

  CLI::App* digest = line.verb(app, "digest", "the keyed digest of the state, to compare two sites");
  digest->add_option("--compartment", g->compartment, "a level, with circles after +");
  digest->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) { return Outcome{call(cnb_digest, site(s), text(g->compartment))}; };
  });

  line.verb(app, "verify", "pages, chains, signatures, records, attachments: one verdict")->callback([&line, site] {
    line.chosen = [site](Session& s) {
      const json result = call(cnb_verify, site(s));
      return Outcome{result, result.at("ok").get<bool>() ? 0 : 5};
    };
  });

  CLI::App* backup = line.verb(app, "backup", "one file, as closed as the site");
  backup->add_option("--out", g->file)->required();
  backup->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) { return Outcome{call(cnb_backup, site(s), text(g->file))}; };
  });
  if (line.inShell) return;

  CLI::App* restore = line.verb(app, "restore", "a backup into a new folder", false);
  restore->add_option("FILE", g->file)->required();
  restore->add_option("DIR", g->folder)->required();
  restore->callback([&line, g] {
    line.chosen = [g](Session& s) {
      const cnb_options options = s.options();
      return Outcome{call(cnb_restore, text(g->file), text(g->folder), &options)};
    };
  });

  CLI::App* rekey = line.verb(app, "rekey", "new vault keys for everybody who holds the old ones");
  rekey->add_option("--level", g->levels, "only these levels");
  rekey->callback([&line, g] {
    line.chosen = [&line, g](Session& s) {
      const cnb_options options = s.options();
      const std::string levels = g->levels.empty() ? "" : json(g->levels).dump();
      return Outcome{call(cnb_rekey, text(line.folder), &options, text(levels))};
    };
  });

  line.verb(app, "compact", "gives back the room of what was removed")->callback([&line] {
    line.chosen = [&line](Session& s) {
      const cnb_options options = s.options();
      return Outcome{call(cnb_compact, text(line.folder), &options)};
    };
  });

  CLI::App* doctor = line.verb(app, "doctor", "what is wrong, in plain words, and what to do");
  doctor->add_flag("--accept-loss", g->acceptLoss, "go on with storage that was put back, as a new incarnation");
  doctor->callback([&line, g] {
    line.chosen = [&line, g](Session& s) {
      const cnb_options options = s.options();
      if (g->acceptLoss) check(cnb_accept_rollback(text(line.folder), &options));
      const json result = call(cnb_doctor, text(line.folder), &options);
      return Outcome{result, result.at("ok").get<bool>() ? 0 : 6};
    };
  });
}

}  // namespace command
