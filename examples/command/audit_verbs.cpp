#include "verbs.h"

namespace command {
namespace {

struct Given {
  std::string record, person, from, until, after, noted, detail;
  std::int64_t limit = 0;
};

json pageOf(cnb_site* site, const Given& g) {
  cnb_audit_query query{};
  query.size = sizeof query;
  query.record = text(g.record);
  query.person = text(g.person);
  if (!g.from.empty()) query.from_ms = momentFrom(g.from, "--from", DayEdge::begins);
  if (!g.until.empty()) query.until_ms = momentFrom(g.until, "--to", DayEdge::ends);
  query.limit = g.limit;
  query.after = text(g.after);
  return call(cnb_audit, site, &query);
}

}  // namespace

void addAuditVerbs(CLI::App& app, Line& line) {
  const auto g = std::make_shared<Given>();
  CLI::App* audit = line.verb(app, "audit", "who read, printed, copied, exported or tried in vain");
  audit->add_option("--record", g->record, "of this record only");
  audit->add_option("--person", g->person, "of this person only");
  audit->add_option("--from", g->from, "a date or an instant");
  audit->add_option("--to", g->until, "a date, that day included, or an instant");
  audit->add_option("--limit", g->limit);
  audit->add_option("--after", g->after, "the cursor of the page before");
  CLI::Option* noted = audit->add_option("--note", g->noted, "say that the record was printed or copied");
  audit->add_option("--detail", g->detail, "where to")->needs(noted);
  noted->needs("--record");
  audit->callback([&line, g] {
    line.chosen = [&line, g](Session& s) {
      cnb_site* site = s.open(line.folder);
      if (!g->noted.empty()) check(cnb_audit_note(site, text(g->record), text(g->noted), text(g->detail)));
      return Outcome{pageOf(site, *g)};
    };
  });
}

}  // namespace command
