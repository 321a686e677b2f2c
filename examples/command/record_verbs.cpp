#include <algorithm>
#include <iostream>
#include <iterator>

#include "listing.h"

namespace command {
namespace {

struct Given {
  std::string entity, id, fields, label, where, order, after, words, statement, format, out;
  std::vector<std::string> circles, assignments;
  std::int64_t limit = 0;
  bool dryRun = false;
};

// What would be said, without writing: 1 as for what is refused.
Outcome wouldBe(const json& verdict) {
  json result = verdict;
  result["dryRun"] = true;
  return {std::move(result), verdict.at("errors").empty() ? 0 : 1};
}

int statusOf(const json& written) { return written.at("conflicts").empty() ? 0 : 6; }

const json& fieldNamed(const json& entity, const std::string& name) {
  for (const json& field : entity.at("fields"))
    if (field.at("name") == name || field.at("title") == name) return field;
  throw Failure(1, "invalidInput", entity.at("name").get<std::string>() + " has no field '" + name + "'");
}

json scalarFrom(const json& type, const std::string& given) {
  const std::string kind = type.at("type");
  if (kind == "bool") {
    if (given == "true" || given == "是" || given == "1") return true;
    if (given == "false" || given == "否" || given == "0") return false;
    return given;
  }
  if (kind == "int" || kind == "money" || kind == "minutes" || kind == "metres" || kind == "millilitres") {
    const json number = json::parse(given, nullptr, false);
    return number.is_number_integer() ? number : json(given);
  }
  return given;
}

}  // namespace

std::string argumentOrFile(const std::string& given) {
  if (given == "-") return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  if (given.starts_with("@")) return readFile(given.substr(1));
  return given;
}

std::string schemaNameOf(const json& entity, const std::string& name) {
  for (const json& field : entity.at("fields"))
    if (field.at("title") == name) return field.at("name");
  return name;
}

// A text becomes what the schema says the field is; a list is JSON or parts between ';'.
json fieldsFrom(const json& entity, const std::string& name, const std::string& given) {
  const json& field = fieldNamed(entity, name);
  json value;
  if (given.empty()) {
    value = nullptr;
  } else if (field.at("type") == "list") {
    value = json::parse(given, nullptr, false);
    if (!value.is_array()) {
      value = json::array();
      for (std::size_t at = 0; at <= given.size();) {
        const std::size_t end = std::min(given.find(';', at), given.size());
        value.push_back(scalarFrom(field.at("item"), given.substr(at, end - at)));
        at = end + 1;
      }
    }
  } else {
    value = scalarFrom(field, given);
  }
  return {{field.at("name").get<std::string>(), std::move(value)}};
}

json typedFields(Session& session, cnb_site* site, const std::string& id, const std::vector<std::string>& assignments) {
  if (assignments.size() == 1 &&
      (assignments[0].starts_with("{") || assignments[0].starts_with("@") || assignments[0] == "-")) {
    json fields = json::parse(argumentOrFile(assignments[0]), nullptr, false);
    if (fields.is_discarded()) throw Failure(1, "invalidInput", "the JSON is broken");
    return fields;
  }
  const json record = call(cnb_get, site, text(id));
  const json entity = session.schemaOf(record.at("entity"));
  json fields = json::object();
  for (const std::string& assignment : assignments) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos) failUsage("give field=value or a JSON object");
    fields.update(fieldsFrom(entity, assignment.substr(0, equals), assignment.substr(equals + 1)));
  }
  return fields;
}

void addRecordVerbs(CLI::App& app, Line& line) {
  const auto g = std::make_shared<Given>();
  const auto site = [&line](Session& s) { return s.open(line.folder); };

  CLI::App* put = line.verb(app, "put", "a new record");
  put->add_option("ENTITY", g->entity)->required();
  put->add_option("FIELDS", g->fields, "a JSON object, @file or -")->required();
  put->add_option("--label", g->label, "a mark like 秘密★十年, or a level");
  put->add_option("--circle", g->circles, "a circle that a reader must be in");
  put->add_flag("--dry-run", g->dryRun, "say all that speaks against it, and write nothing");
  put->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) {
      const std::string fields = argumentOrFile(g->fields), circles = g->circles.empty() ? "" : json(g->circles).dump();
      if (g->dryRun)
        return wouldBe(
            call(cnb_validate, site(s), text(g->entity), cnb_text{}, text(fields), text(g->label), text(circles)));
      const json result = inTransaction(site(s), [&](cnb_transaction* t) {
        return call(cnb_put, t, text(g->entity), text(fields), text(g->label), text(circles));
      });
      return Outcome{result, statusOf(result)};
    };
  });

  CLI::App* set = line.verb(app, "set", "change fields of a record");
  set->add_option("ID", g->id)->required();
  set->add_option("CHANGES", g->assignments, "field=value …, or a JSON object")->required();
  set->add_flag("--dry-run", g->dryRun, "say all that speaks against it, and write nothing");
  set->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) {
      const std::string fields = typedFields(s, site(s), g->id, g->assignments).dump();
      if (g->dryRun)
        return wouldBe(call(cnb_validate, site(s), cnb_text{}, text(g->id), text(fields), cnb_text{}, cnb_text{}));
      const json result =
          inTransaction(site(s), [&](cnb_transaction* t) { return call(cnb_set, t, text(g->id), text(fields)); });
      return Outcome{result, statusOf(result)};
    };
  });

  const auto ofOne = [&](const char* name, const char* description, auto function) {
    CLI::App* verb = line.verb(app, name, description);
    verb->add_option("ID", g->id)->required();
    verb->callback([&line, g, site, function] {
      line.chosen = [g, site, function](Session& s) { return Outcome{call(function, site(s), text(g->id))}; };
    });
  };
  ofOne("get", "one record", cnb_get);
  ofOne("history", "who changed what, oldest first", cnb_history);

  CLI::App* remove = line.verb(app, "delete", "delete a record");
  remove->add_option("ID", g->id)->required();
  remove->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) {
      inTransaction(site(s), [&](cnb_transaction* t) {
        check(cnb_delete(t, text(g->id)));
        return json();
      });
      return Outcome{{{"id", g->id}, {"deleted", true}}};
    };
  });

  CLI::App* list = line.verb(app, "list", "records of an entity");
  list->add_option("ENTITY", g->entity)->required();
  list->add_option("--where", g->where, "an SQL condition over the fields");
  list->add_option("--order", g->order, "a field; -field for descending");
  list->add_option("--limit", g->limit);
  list->add_option("--after", g->after, "the cursor of the page before");
  list->add_option("--format", g->format, "the whole list, all of its pages")->check(CLI::IsMember({"csv", "jsonl"}));
  list->add_option("--out", g->out, "to this file instead of standard output");
  list->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) {
      if (!g->format.empty() || !g->out.empty()) {
        if (g->limit != 0 || !g->after.empty())
          failUsage("--format and --out give the whole list: no --limit, no --after");
        const std::string format = g->format.empty() ? "jsonl" : g->format;
        return writeList(s, site(s), {g->entity, g->where, g->order, format, g->out});
      }
      cnb_page page{};
      page.size = sizeof page;
      page.where = text(g->where);
      page.order = text(g->order);
      page.limit = g->limit;
      page.after = text(g->after);
      return Outcome{call(cnb_list, site(s), text(g->entity), &page)};
    };
  });

  CLI::App* sql = line.verb(app, "sql", "read-only SQL over the entities");
  sql->add_option("STATEMENT", g->statement)->required();
  sql->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) { return Outcome{call(cnb_sql, site(s), text(g->statement))}; };
  });

  CLI::App* find = line.verb(app, "find", "full text");
  find->add_option("WORDS", g->words)->required();
  find->add_option("--entity", g->entity);
  find->add_option("--limit", g->limit);
  find->add_option("--after", g->after, "the cursor of the page before");
  find->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) {
      return Outcome{call(cnb_find, site(s), text(g->words), text(g->entity), g->limit, text(g->after))};
    };
  });
}

}  // namespace command
