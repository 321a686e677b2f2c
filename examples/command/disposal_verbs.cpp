#include "verbs.h"

namespace command {
namespace {

struct Given {
  std::string record, date, by, reason, hold, list, certificate;
  std::vector<std::string> records;
  bool backupsDestroyed = false;
};

// 6 while a certificate is pending: a reader still holds what was there before.
Outcome destroyed(cnb_site* site, json result) {
  int status = 0;
  for (json& one : result.at("certificates")) {
    const std::string id = one.get<std::string>();
    const std::string state = call(cnb_get, site, text(id)).at("state");
    if (state != "certified") status = 6;
    one = {{"id", id}, {"state", state}};
  }
  return {std::move(result), status};
}

}  // namespace

void addDisposalVerbs(CLI::App& app, Line& line) {
  CLI::App* disposal = app.add_subcommand("disposal", "how long records are kept, and what may be destroyed");
  disposal->fallthrough();
  disposal->require_subcommand(1);
  const auto g = std::make_shared<Given>();

  CLI::App* due = line.verb(*disposal, "due", "what may be destroyed on a day, or how long one record is kept");
  due->add_option("--record", g->record);
  due->add_option("--at", g->date, "a date; today if it is not given");
  due->callback([&line, g] {
    line.chosen = [&line, g](Session& s) {
      return Outcome{call(cnb_retention_due, s.open(line.folder), text(g->record), text(g->date))};
    };
  });

  const auto act = [&](const char* name, const char* description, auto addOptions, auto details) {
    CLI::App* verb = line.verb(*disposal, name, description);
    addOptions(verb);
    verb->add_option("--by", g->by, "the person: id or employee number")->required();
    verb->callback([&line, g, name, details] {
      line.chosen = [&line, g, name, details](Session& s) {
        const std::string word = name, given = details(*g).dump();
        return Outcome{inTransaction(s.open(line.folder), [&](cnb_transaction* t) {
          return call(cnb_retention_act, t, text(word), text(given));
        })};
      };
    });
  };
  act(
      "hold", "a record is not destroyed while this stands",
      [&](CLI::App* verb) {
        verb->add_option("RECORD", g->record)->required();
        verb->add_option("--reason", g->reason)->required();
      },
      [](const Given& of) {
        return json{{"record", of.record}, {"by", of.by}, {"reason", of.reason}};
      });
  act(
      "lift", "end a hold", [&](CLI::App* verb) { verb->add_option("HOLD", g->hold)->required(); },
      [](const Given& of) {
        return json{{"hold", of.hold}, {"by", of.by}};
      });
  act(
      "list", "a list for approval: of all that is due, or of these",
      [&](CLI::App* verb) { verb->add_option("RECORDS", g->records); },
      [](const Given& of) {
        json details = {{"by", of.by}};
        if (!of.records.empty()) details["records"] = of.records;
        return details;
      });
  act(
      "approve", "by another person than who listed",
      [&](CLI::App* verb) { verb->add_option("LIST", g->list)->required(); },
      [](const Given& of) {
        return json{{"list", of.list}, {"by", of.by}};
      });
  act(
      "refuse", "by another person than who listed",
      [&](CLI::App* verb) {
        verb->add_option("LIST", g->list)->required();
        verb->add_option("--reason", g->reason)->required();
      },
      [](const Given& of) {
        return json{{"list", of.list}, {"by", of.by}, {"reason", of.reason}};
      });

  act(
      "destroy", "sign for destroying an approved list, at the office; nothing goes before another has witnessed it",
      [&](CLI::App* verb) { verb->add_option("LIST", g->list)->required(); },
      [](const Given& of) {
        return json{{"list", of.list}, {"by", of.by}};
      });

  CLI::App* witness =
      line.verb(*disposal, "witness", "the records are destroyed, before another than who signed for it");
  witness->add_option("LIST", g->list)->required();
  witness->add_option("--by", g->by, "the person: id or employee number; not who listed or destroys")->required();
  witness->callback([&line, g] {
    line.chosen = [&line, g](Session& s) {
      cnb_site* site = s.open(line.folder);
      const std::string given = json{{"list", g->list}, {"by", g->by}}.dump();
      return destroyed(site, inTransaction(site, [&](cnb_transaction* t) {
                         return call(cnb_retention_act, t, text("witness"), text(given));
                       }));
    };
  });

  CLI::App* held = line.verb(*disposal, "held", "what a destroyed record was, where a hold still keeps it");
  held->add_option("RECORD", g->record)->required();
  held->callback([&line, g] {
    line.chosen = [&line, g](Session& s) {
      return Outcome{call(cnb_retention_held, s.open(line.folder), text(g->record))};
    };
  });

  CLI::App* prove = line.verb(*disposal, "prove", "that nothing is left here of what a certificate names");
  prove->add_option("CERTIFICATE", g->certificate)->required();
  prove->callback([&line, g] {
    line.chosen = [&line, g](Session& s) {
      const json result = call(cnb_retention_prove, s.open(line.folder), text(g->certificate));
      return Outcome{result, result.at("ok").get<bool>() ? 0 : 5};
    };
  });
  if (line.inShell) return;

  CLI::App* erase = line.verb(*disposal, "erase",
                              "new keys for the vaults that held what a certificate names, by one of its two persons");
  erase->add_option("CERTIFICATE", g->certificate)->required();
  erase->add_flag("--backups-destroyed", g->backupsDestroyed, "who erases says that every backup known is destroyed");
  erase->callback([&line, g] {
    line.chosen = [&line, g](Session& s) {
      const cnb_options options = s.options();
      const json details = {{"backupsDestroyed", g->backupsDestroyed}};
      return Outcome{
          call(cnb_retention_erase, text(line.folder), &options, text(g->certificate), text(details.dump()))};
    };
  });
}

}  // namespace command
