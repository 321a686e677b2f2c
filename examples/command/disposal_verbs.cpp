#include "verbs.h"

namespace command {
namespace {

struct Given {
  std::string record, date, by, reason, hold, list;
  std::vector<std::string> records;
};

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
}

}  // namespace command
