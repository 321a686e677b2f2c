#include "verbs.h"

namespace command {
namespace {

struct Given {
  std::string id, mark, basis, reason, specialRule, question, heldAs, reply, path;
  std::vector<std::string> circles, ids;
  bool submitted = false, list = false;
  int year = 0;
};

json proposed(cnb_site* site, const Given& g, const std::string& change) {
  const std::string circles = g.circles.empty() ? "" : json(g.circles).dump();
  cnb_label_change wanted{};
  wanted.size = sizeof wanted;
  wanted.change = text(change);
  wanted.mark = text(g.mark);
  wanted.circles = text(circles);
  wanted.basis = text(g.basis);
  wanted.reason = text(g.reason);
  wanted.special_rule = text(g.specialRule);
  return call(cnb_label_propose, site, text(g.id), &wanted);
}

}  // namespace

void addLabelVerbs(CLI::App& app, Line& line) {
  const auto g = std::make_shared<Given>();
  const auto site = [&line](Session& s) { return s.open(line.folder); };
  CLI::App* label =
      app.add_subcommand("label", "the secrecy life of a record: proposed by one person, decided by another");
  label->fallthrough();
  label->require_subcommand(1);
  const auto verb = [&](const char* name, const char* description) {
    CLI::App* sub = line.verb(*label, name, description);
    sub->add_option("ID", g->id)->required();
    return sub;
  };

  verb("show", "level, mark, last day, and what was decided on it")->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) { return Outcome{call(cnb_label_show, site(s), text(g->id))}; };
  });

  struct Act {
    const char* name;
    const char* change;
    bool takesMark, needsMark;
    const char* description;
  };
  static constexpr Act acts[] = {
      {"set", "", true, false, "propose a label; what kind of change it is follows from it"},
      {"raise", "raise", true, true, "propose a higher level"},
      {"lower", "lower", true, true, "propose a lower level"},
      {"extend", "extend", true, true, "propose a longer period"},
      {"shorten", "shorten", true, true, "propose a shorter period"},
      {"release", "release", false, false, "propose to declassify before the period is over"},
      {"hold", "hold", false, false, "propose that it does not expire by itself"},
      {"unhold", "unhold", false, false, "propose to lift a hold"},
  };
  for (const Act& act : acts) {
    CLI::App* sub = verb(act.name, act.description);
    if (act.takesMark) {
      CLI::Option* mark = sub->add_option("MARK", g->mark, "a mark like 秘密★十年, or a level");
      if (act.needsMark) mark->required();
      sub->add_option("--circle", g->circles, "a circle that a reader must be in");
      sub->add_option("--special-rule", g->specialRule,
                      "the rule by which a period passes its level's maximum, or is 长期");
    }
    sub->add_option("--basis", g->basis, "the entry of the range, or the decision");
    sub->add_option("--reason", g->reason);
    if (!line.inShell) sub->add_option("--by", line.settings.person, "the person who proposes, as --as");
    sub->callback([&line, g, site, change = std::string(act.change)] {
      line.chosen = [g, site, change](Session& s) { return Outcome{proposed(site(s), *g, change), 6}; };
    });
  }

  for (const bool approve : {true, false}) {
    CLI::App* sub =
        verb(approve ? "approve" : "refuse", approve ? "decide as proposed: the record moves" : "decide against it");
    sub->add_option("--reason", g->reason);
    if (!line.inShell) sub->add_option("--by", line.settings.person, "the person who decides, as --as");
    sub->callback([&line, g, site, approve] {
      line.chosen = [g, site, approve](Session& s) {
        return Outcome{call(cnb_label_decide, site(s), text(g->id), approve ? 1 : 0, text(g->reason))};
      };
    });
  }

  CLI::App* dispute = verb("dispute", "an unclear level: raise it, say that it was submitted, or give the reply");
  dispute->add_option("--question,--reason", g->question, "raises the dispute");
  dispute->add_option("--held-as", g->heldAs, "the higher level in question: the record is there at once");
  dispute->add_flag("--submitted", g->submitted, "it went to the bureau today");
  dispute->add_option("--reply", g->reply, "the bureau's answer");
  if (!line.inShell) dispute->add_option("--by", line.settings.person, "as --as");
  dispute->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) {
      cnb_label_dispute_step step{};
      step.size = sizeof step;
      step.question = text(g->question);
      step.held_as = text(g->heldAs);
      step.submitted = g->submitted ? 1 : 0;
      step.reply = text(g->reply);
      return Outcome{call(cnb_label_dispute, site(s), text(g->id), &step)};
    };
  });

  CLI::App* portion = verb("portion", "mark a part; the record rises to the join of its parts");
  portion->add_option("PATH", g->path, "which part")->required();
  portion->add_option("MARK", g->mark)->required();
  portion->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) {
      return Outcome{call(cnb_label_portion, site(s), text(g->id), text(g->path), text(g->mark))};
    };
  });

  CLI::App* join = line.verb(*label, "join", "what a compilation of these records must bear, and why");
  join->add_option("IDS", g->ids)->required();
  join->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) {
      const std::string ids = json(g->ids).dump();
      return Outcome{call(cnb_label_join, site(s), text(ids))};
    };
  });

  CLI::App* expire = line.verb(*label, "expire", "declassify what is over, at the office; --list only shows it");
  expire->add_flag("--list", g->list, "change nothing");
  expire->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) { return Outcome{call(cnb_label_expire, site(s), g->list ? 0 : 1)}; };
  });

  CLI::App* year = line.verb(*label, "year", "how many were classified in a year");
  year->add_option("YEAR", g->year)->required();
  year->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) { return Outcome{call(cnb_label_year, site(s), g->year)}; };
  });
}

}  // namespace command
