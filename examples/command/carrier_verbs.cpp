#include <vector>

#include "verbs.h"

namespace command {
namespace {

// One option of an act: how it is written, what the act calls it, and what it is.
enum class Kind { text, list, number, flag };
struct Option {
  const char* flag;
  const char* member;
  Kind kind;
};

struct Verb {
  const char* name;
  const char* description;
  std::vector<Option> options;
};

constexpr Option carriers{"CARRIERS", "carriers", Kind::list}, carrier{"CARRIER", "carrier", Kind::text},
    by{"--by", "by", Kind::text}, location{"--location", "location", Kind::text};

std::vector<Verb> verbs() {
  return {{"make",
           "numbered carriers: 001 and so on",
           {by,
            {"--unit", "unit", Kind::text},
            {"--title", "title", Kind::text},
            {"--medium", "medium", Kind::text},
            {"--label", "label", Kind::text},
            {"--circle", "circles", Kind::list},
            {"--of", "of", Kind::text},
            {"--copies", "copies", Kind::number},
            {"--distribution", "distribution", Kind::text},
            {"--holder", "holder", Kind::text},
            {"--keeper", "keeper", Kind::text},
            {"--must-return", "mustReturn", Kind::flag},
            location}},
          {"copy",
           "copies of one, with its level, period and scope",
           {carrier,
            by,
            {"--approved-by", "approvedBy", Kind::text},
            {"--copies", "copies", Kind::number},
            {"--holder", "holder", Kind::text},
            {"--organ", "organ", Kind::text}}},
          {"send",
           "by a channel that its level allows",
           {carriers,
            {"--from", "fromUnit", Kind::text},
            {"--to", "toUnit", Kind::text},
            {"--channel", "channel", Kind::text},
            {"--outside", "outside", Kind::flag},
            {"--sealed", "sealed", Kind::flag},
            {"--courier", "courier", Kind::text},
            {"--envelope", "envelope", Kind::text}}},
          {"receive",
           "count and sign for what came",
           {{"CARRIERS", "carriers", Kind::list},
            {"--consignment", "consignment", Kind::text},
            by,
            {"--counted", "counted", Kind::number},
            {"--unit", "unit", Kind::text},
            location}},
          {"read",
           "who reads it; topSecret is registered",
           {carrier,
            by,
            {"--place", "place", Kind::text},
            {"--purpose", "purpose", Kind::text},
            {"--supervisor", "supervisor", Kind::text}}},
          {"carry-out",
           "with a permit",
           {carrier,
            {"--bearer", "bearer", Kind::text},
            {"--destination", "destination", Kind::text},
            {"--from", "from", Kind::text},
            {"--until", "until", Kind::text},
            {"--approved-by", "approvedBy", Kind::text},
            {"--abroad", "abroad", Kind::flag},
            {"--foreign", "foreign", Kind::flag},
            {"--filed", "filed", Kind::flag}}},
          {"bring-back", "after reading or from outside", {carrier, by, location}},
          {"hand-over",
           "all that a person has, or some of it",
           {{"CARRIERS", "carriers", Kind::list},
            {"--from", "from", Kind::text},
            {"--to", "to", Kind::text},
            {"--reason", "reason", Kind::text},
            {"--supervisor", "supervisor", Kind::text},
            {"--unit", "unit", Kind::text}}},
          {"inventory",
           "the yearly count: what is missing, by number",
           {{"FOUND", "found", Kind::list},
            {"--unit", "unit", Kind::text},
            by,
            {"--checked-by", "checkedBy", Kind::text},
            {"--year", "year", Kind::number}}},
          {"return", "to whom it has to go back", {carriers, by, {"--to", "toUnit", Kind::text}}},
          {"archive", "into the archive", {carriers, by, location}},
          {"lose", "it is not there", {carriers, by, {"--remark", "remark", Kind::text}}},
          {"find", "it is there again", {carriers, by, {"--remark", "remark", Kind::text}}},
          {"destroy-list",
           "list what is to be destroyed, with two witnesses",
           {carriers,
            by,
            {"--method", "method", Kind::text},
            {"--witness1", "witness1", Kind::text},
            {"--witness2", "witness2", Kind::text}}},
          {"destroy-approve",
           "by the leader",
           {{"DESTRUCTION", "destruction", Kind::text}, {"--approved-by", "approvedBy", Kind::text}}},
          {"destroy-file",
           "on file with the bureau",
           {{"DESTRUCTION", "destruction", Kind::text}, {"--at", "at", Kind::text}}},
          {"destroy",
           "before both witnesses; gives the certificate",
           {{"DESTRUCTION", "destruction", Kind::text}, {"--witness", "witnesses", Kind::list}}}};
}

// What was given of one verb's options.
struct Values {
  std::vector<std::string> texts;
  std::int64_t number = 0;
  bool flag = false;
  CLI::Option* option = nullptr;
};

void addAct(CLI::App& carrierVerbs, Line& line, const Verb& verb) {
  CLI::App* sub = line.verb(carrierVerbs, verb.name, verb.description);
  const auto values = std::make_shared<std::vector<Values>>(verb.options.size());
  for (std::size_t i = 0; i < verb.options.size(); ++i) {
    Values& value = (*values)[i];
    switch (verb.options[i].kind) {
      case Kind::flag: value.option = sub->add_flag(verb.options[i].flag, value.flag); break;
      case Kind::number: value.option = sub->add_option(verb.options[i].flag, value.number); break;
      case Kind::text: value.option = sub->add_option(verb.options[i].flag, value.texts)->expected(1); break;
      case Kind::list: value.option = sub->add_option(verb.options[i].flag, value.texts); break;
    }
  }
  sub->callback([&line, verb, values] {
    line.chosen = [&line, verb, values](Session& s) {
      json details = json::object();
      for (std::size_t i = 0; i < verb.options.size(); ++i) {
        const Values& value = (*values)[i];
        if (value.option->count() == 0) continue;
        switch (verb.options[i].kind) {
          case Kind::flag: details[verb.options[i].member] = value.flag; break;
          case Kind::number: details[verb.options[i].member] = value.number; break;
          case Kind::text: details[verb.options[i].member] = value.texts.front(); break;
          case Kind::list: details[verb.options[i].member] = value.texts; break;
        }
      }
      // A count that finds nothing is a count.
      if (std::string(verb.name) == "inventory" && !details.contains("found")) details["found"] = json::array();
      const std::string given = details.dump(), name = verb.name;
      const json result = inTransaction(
          s.open(line.folder), [&](cnb_transaction* t) { return call(cnb_carrier_act, t, text(name), text(given)); });
      return Outcome{result, result.at("warnings").empty() ? 0 : 6};
    };
  });
}

}  // namespace

void addCarrierVerbs(CLI::App& app, Line& line) {
  CLI::App* verb = app.add_subcommand("carrier", "the life of classified carriers, each act with its entry");
  verb->fallthrough();
  verb->require_subcommand(1);
  for (const Verb& act : verbs()) addAct(*verb, line, act);

  struct Given {
    std::string carrier, where, order, after, report, person;
    std::int64_t limit = 0, days = 0;
  };
  const auto g = std::make_shared<Given>();
  CLI::App* show = line.verb(*verb, "show", "its whole life");
  show->add_option("CARRIER", g->carrier)->required();
  show->callback([&line, g] {
    line.chosen = [&line, g](Session& s) {
      return Outcome{call(cnb_carrier_show, s.open(line.folder), text(g->carrier))};
    };
  });

  CLI::App* list = line.verb(*verb, "list", "the register");
  list->add_option("--where", g->where, "an SQL condition over the fields");
  list->add_option("--order", g->order);
  list->add_option("--limit", g->limit);
  list->add_option("--after", g->after, "the cursor of the page before");
  list->callback([&line, g] {
    line.chosen = [&line, g](Session& s) {
      cnb_page page{};
      page.size = sizeof page;
      page.where = text(g->where);
      page.order = text(g->order);
      page.limit = g->limit;
      page.after = text(g->after);
      const std::string entity = "ClassifiedCarrier";
      return Outcome{call(cnb_list, s.open(line.folder), text(entity), &page)};
    };
  });

  CLI::App* report = line.verb(*verb, "report", "leaving, out or passwords");
  report->add_option("REPORT", g->report)->required();
  CLI::Option* person = report->add_option("--person", g->person, "of leaving");
  CLI::Option* days = report->add_option("--days", g->days, "of passwords");
  report->callback([&line, g, person, days] {
    line.chosen = [&line, g, person, days](Session& s) {
      json details = json::object();
      if (person->count() > 0) details["person"] = g->person;
      if (days->count() > 0) details["days"] = g->days;
      const std::string given = details.dump();
      const json result = call(cnb_carrier_report, s.open(line.folder), text(g->report), text(given));
      return Outcome{result, result.value("blocked", false) ? 6 : 0};
    };
  });
}

}  // namespace command
