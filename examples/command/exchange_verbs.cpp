#include "verbs.h"

namespace command {
namespace {

struct Given {
  std::string to, folder, channel, path, conflict, value;
  std::vector<std::string> levels;
  std::uint64_t mostBytes = 0;
  std::int64_t pick = -1;
  bool dryRun = false;
};

bool waits(const json& imported) {
  return imported.at("conflicts") != 0 || imported.at("violations") != 0 || imported.at("waiting") != 0 ||
         !imported.at("missing").empty();
}

}  // namespace

void addExchangeVerbs(CLI::App& app, Line& line) {
  const auto g = std::make_shared<Given>();
  const auto site = [&line](Session& s) { return s.open(line.folder); };

  CLI::App* out = line.verb(app, "export", "write bundles for a site into a folder");
  out->add_option("--to", g->to, "the receiving site")->required();
  out->add_option("--out", g->folder, "the folder that stands for the stick")->required();
  // On this verb --level chooses bundles, and stands before the session's own flag of that name.
  out->add_option("--level", g->levels, "only these levels");
  out->add_option("--channel", g->channel, "internet, governmentNetwork, courier or dedicatedCourier");
  out->add_option("--max-bytes", g->mostBytes, "of one bundle's changes");
  out->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) {
      const std::string levels = g->levels.empty() ? "" : json(g->levels).dump();
      cnb_export_options options{};
      options.size = sizeof options;
      options.levels = text(levels);
      options.channel = text(g->channel);
      options.max_bytes = g->mostBytes;
      return Outcome{call(cnb_export, site(s), text(g->to), text(g->folder), &options)};
    };
  });

  CLI::App* in = line.verb(app, "import", "take a bundle, or all in a folder that are addressed here");
  in->add_option("BUNDLE", g->path, "a file or a folder")->required();
  in->add_flag("--dry-run", g->dryRun, "say what it would do");
  in->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) {
      const json result = call(cnb_import, site(s), text(g->path), g->dryRun ? 1 : 0);
      return Outcome{result, waits(result) ? 6 : 0};
    };
  });

  CLI::App* inspect = line.verb(app, "inspect", "what the cover shows; needs no key", false);
  inspect->add_option("BUNDLE", g->path)->required();
  inspect->callback([&line, g] { line.chosen = [g](Session&) { return Outcome{call(cnb_inspect, text(g->path))}; }; });

  line.verb(app, "conflicts", "what needs a person's decision")->callback([&line, site] {
    line.chosen = [site](Session& s) {
      const json result = call(cnb_conflicts, site(s));
      return Outcome{result, result.at("conflicts").empty() ? 0 : 6};
    };
  });

  CLI::App* resolve = line.verb(app, "resolve", "settle a conflict for everyone");
  resolve->add_option("CONFLICT", g->conflict)->required();
  CLI::Option* pick = resolve->add_option("--pick", g->pick, "which of its values, from 0");
  resolve->add_option("--value", g->value, "another value")->excludes(pick);
  resolve->callback([&line, g, site] {
    if (g->pick < 0 && g->value.empty()) throw CLI::RequiredError("--pick or --value");
    line.chosen = [g, site](Session& s) {
      std::string value = g->value;
      // A word without quotes is a text.
      if (!value.empty() && !json::accept(value)) value = json(value).dump();
      return Outcome{call(cnb_resolve, site(s), text(g->conflict), g->pick, text(value))};
    };
  });

  line.verb(app, "violations", "what breaks a rule after merging")->callback([&line, site] {
    line.chosen = [site](Session& s) {
      const json result = call(cnb_violations, site(s));
      return Outcome{result, result.at("violations").empty() ? 0 : 6};
    };
  });
}

}  // namespace command
