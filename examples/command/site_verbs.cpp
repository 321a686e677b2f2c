#include <sys/stat.h>

#include "verbs.h"

namespace command {
namespace {

struct Given {
  std::string site, title, person, out, in, clearance, until, entity, rootKeyOut, passphraseFile;
  std::vector<std::string> circles;
  bool office = false;
};

void writeSecret(const std::string& path, const std::string& bytes) {
  writeFile(path, bytes);
  static_cast<void>(chmod(path.c_str(), 0600));
}

void addJoin(CLI::App& app, Line& line, const std::shared_ptr<Given>& g) {
  CLI::App* join = app.add_subcommand("join", "a site joins in three steps that a courier can carry");
  join->fallthrough();
  join->require_subcommand(1);
  CLI::App* request = line.verb(*join, "request", "1: make keys and a request for the office");
  request->add_option("--site", g->site, "the new site's code")->required();
  request->add_option("--name", g->title, "its name in Chinese");
  request->add_option("--person", g->person, "its first person")->required();
  request->add_option("--out", g->out, "the request's file")->required();
  request->callback([&line, g] {
    line.chosen = [&line, g](Session& s) {
      cnb_options options = s.options();
      options.person = text(g->person);
      Buffer bytes;
      check(cnb_join_request(text(line.folder), &options, text(g->site), text(g->title), bytes.out()));
      writeFile(g->out, bytes.bytes());
      return Outcome{{{"site", g->site}, {"request", g->out}}};
    };
  });
  CLI::App* approve = line.verb(*join, "approve", "2: at the office, certify the site");
  approve->add_option("REQUEST", g->in, "the request's file")->required();
  approve->add_option("--clearance", g->clearance, "the highest level it may hold")->required();
  approve->add_option("--circle", g->circles, "a circle that it belongs to");
  approve->add_option("--until", g->until, "the last day of validity");
  approve->add_option("--out", g->out, "the grant's file")->required();
  approve->callback([&line, g] {
    line.chosen = [&line, g](Session& s) {
      const std::string request = readFile(g->in), circles = json(g->circles).dump();
      Buffer bytes;
      check(cnb_join_approve(s.open(line.folder), text(request), text(g->clearance), text(circles), text(g->until),
                             bytes.out()));
      writeSecret(g->out, bytes.bytes());
      return Outcome{{{"grant", g->out}, {"clearance", g->clearance}, {"circles", g->circles}}};
    };
  });
  CLI::App* accept = line.verb(*join, "accept", "3: open the grant and make the vaults");
  accept->add_option("GRANT", g->in, "the grant's file")->required();
  accept->callback([&line, g] {
    line.chosen = [&line, g](Session& s) {
      const std::string grant = readFile(g->in);
      const cnb_options options = s.options();
      return Outcome{call(cnb_join_accept, text(line.folder), &options, text(grant))};
    };
  });
}

void addSites(CLI::App& app, Line& line, const std::shared_ptr<Given>& g) {
  CLI::App* site = app.add_subcommand("site", "the roster");
  site->fallthrough();
  site->require_subcommand(1);
  line.verb(*site, "list", "all sites of the group")->callback([&line] {
    line.chosen = [&line](Session& s) { return Outcome{call(cnb_site_list, s.open(line.folder))}; };
  });
  CLI::App* show = line.verb(*site, "show", "one site");
  show->add_option("SITE", g->site)->required();
  show->callback([&line, g] {
    line.chosen = [&line, g](Session& s) {
      const json sites = call(cnb_site_list, s.open(line.folder));
      for (const json& one : sites.at("sites"))
        if (one.at("site") == g->site) return Outcome{one};
      throw Failure(3, "notFound", "there is no such site");
    };
  });
}

void addPeople(CLI::App& app, Line& line, const std::shared_ptr<Given>& g) {
  CLI::App* person = app.add_subcommand("person", "the people of one site");
  person->fallthrough();
  person->require_subcommand(1);
  line.verb(*person, "list", "who can open the site")->callback([&line] {
    line.chosen = [&line](Session& s) { return Outcome{call(cnb_person_list, s.open(line.folder))}; };
  });
  CLI::App* add = line.verb(*person, "add", "give a person a slot of his own");
  add->add_option("NAME", g->person)->required();
  add->add_option("--clearance", g->clearance)->required();
  add->add_option("--new-passphrase-file", g->passphraseFile, "else CINNABAR_NEW_PASSPHRASE or the terminal");
  add->callback([&line, g] {
    line.chosen = [&line, g](Session& s) {
      cnb_site* site = s.open(line.folder);
      const std::string secret = readNewPassphrase(g->passphraseFile);
      check(cnb_person_add(site, text(g->person), text(secret), text(g->clearance)));
      return Outcome{{{"person", g->person}, {"clearance", g->clearance}}};
    };
  });
  CLI::App* clear = line.verb(*person, "clear", "change a person's clearance");
  clear->add_option("NAME", g->person)->required();
  clear->add_option("--clearance", g->clearance)->required();
  clear->callback([&line, g] {
    line.chosen = [&line, g](Session& s) {
      check(cnb_person_clear(s.open(line.folder), text(g->person), text(g->clearance)));
      return Outcome{{{"person", g->person}, {"clearance", g->clearance}}};
    };
  });
  CLI::App* remove = line.verb(*person, "remove", "take a person's slot away");
  remove->add_option("NAME", g->person)->required();
  remove->callback([&line, g] {
    line.chosen = [&line, g](Session& s) {
      check(cnb_person_remove(s.open(line.folder), text(g->person)));
      return Outcome{{{"person", g->person}, {"removed", true}}};
    };
  });
  CLI::App* passphrase = app.add_subcommand("passphrase", "one's own passphrase");
  passphrase->fallthrough();
  passphrase->require_subcommand(1);
  CLI::App* change = line.verb(*passphrase, "change", "rewrites one slot");
  change->add_option("--new-passphrase-file", g->passphraseFile, "else CINNABAR_NEW_PASSPHRASE or the terminal");
  change->callback([&line, g] {
    line.chosen = [&line, g](Session& s) {
      cnb_site* site = s.open(line.folder);
      const std::string secret = readNewPassphrase(g->passphraseFile);
      check(cnb_passphrase_change(site, text(secret)));
      return Outcome{{{"changed", true}}};
    };
  });
}

void addSchema(CLI::App& app, Line& line, const std::shared_ptr<Given>& g) {
  CLI::App* schema = app.add_subcommand("schema", "the catalogue of entities");
  schema->fallthrough();
  schema->require_subcommand(1);
  line.verb(*schema, "list", "all entities", false)->callback([&line] {
    line.chosen = [&line](Session& s) {
      const cnb_options given = s.options(false);
      json all = call(cnb_schema, &given);
      if (line.settings.asJson) return Outcome{std::move(all)};
      json shown = json::array();
      for (const json& e : all.at("entities"))
        shown.push_back({{"名称", e.at("name")},
                         {"中文", e.at("title")},
                         {"密级", e.at("label")},
                         {"字段", e.at("fields").size()},
                         {"出处", e.at("regulation")}});
      return Outcome{{{"version", all.at("version")}, {"entities", std::move(shown)}}};
    };
  });
  CLI::App* show = line.verb(*schema, "show", "one entity", false);
  show->add_option("ENTITY", g->entity)->required();
  show->callback([&line, g] { line.chosen = [g](Session& s) { return Outcome{s.schemaOf(g->entity)}; }; });
}

}  // namespace

void addSiteVerbs(CLI::App& app, Line& line) {
  const auto g = std::make_shared<Given>();
  addSchema(app, line, g);
  if (!line.inShell) {
    CLI::App* init = line.verb(app, "init", "make the office's site");
    init->add_option("--site", g->site, "the site's code: a-z, 0-9, -")->required();
    init->add_flag("--office", g->office, "this is the office")->required();
    init->add_option("--name", g->title, "its name in Chinese");
    init->add_option("--person", g->person, "its first person")->required();
    init->add_option("--root-key-out", g->rootKeyOut, "where the group's root key goes, to be kept offline");
    init->callback([&line, g] {
      line.chosen = [&line, g](Session& s) {
        cnb_options options = s.options();
        options.person = text(g->person);
        Buffer root, result;
        check(cnb_office_create(text(line.folder), &options, text(g->site), text(g->title), root.out(), result.out()));
        if (!g->rootKeyOut.empty()) writeSecret(g->rootKeyOut, root.bytes() + "\n");
        return Outcome{result.document()};
      };
    });
    addJoin(app, line, g);
  }
  addSites(app, line, g);
  addPeople(app, line, g);
}

}  // namespace command
