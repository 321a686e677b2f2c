#include <cstring>
#include <fstream>
#include <iostream>

#include "csv.h"
#include "input.h"
#include "verbs.h"

namespace command {
namespace {

constexpr std::size_t rowsInTransaction = 1'000;

struct Given {
  std::string entity, file, label, id, out, name;
  std::vector<std::string> circles;
};

// Gives each row of a CSV or JSON Lines file as fields, with the line where it stands.
class Rows {
 public:
  Rows(const std::string& path, json entity)
      : path_(path), in_(path, std::ios::binary), csv_(in_), entity_(std::move(entity)) {
    if (!in_) throw Failure(1, "io", "cannot read " + path);
    isCsv_ = path.ends_with(".csv");
    if (isCsv_ && !csv_.next(head_)) throw Failure(1, "invalidInput", path + " is empty");
    if (isCsv_ && head_[0].starts_with("\xEF\xBB\xBF")) head_[0].erase(0, 3);
  }

  bool next(json& fields) { return isCsv_ ? nextOfCsv(fields) : nextOfLines(fields); }
  std::string place() const { return path_ + " line " + std::to_string(line_); }

 private:
  bool nextOfCsv(json& fields) {
    std::vector<std::string> row;
    do {
      if (!csv_.next(row)) return false;
    } while (row.size() == 1 && row[0].empty());
    line_ = csv_.line();
    if (row.size() != head_.size())
      throw Failure(
          1, "invalidInput",
          place() + ": " + std::to_string(row.size()) + " columns instead of " + std::to_string(head_.size()));
    fields = json::object();
    for (std::size_t i = 0; i < row.size(); ++i)
      if (!row[i].empty()) fields.update(fieldsFrom(entity_, head_[i], row[i]));
    return true;
  }
  bool nextOfLines(json& fields) {
    std::string text;
    do {
      if (!std::getline(in_, text)) return false;
      ++line_;
    } while (text.find_first_not_of(" \t\r") == std::string::npos);
    fields = json::parse(text, nullptr, false);
    if (fields.is_discarded()) throw Failure(1, "invalidInput", place() + ": the JSON is broken");
    return true;
  }

  std::string path_;
  std::ifstream in_;
  CsvReader csv_;
  json entity_;
  std::vector<std::string> head_;
  std::size_t line_ = 0;
  bool isCsv_ = false;
};

// In transactions of a thousand: what was loaded before a bad row stays, and the error says where to go on.
json load(Session& session, cnb_site* site, const Given& g) {
  Rows rows(g.file, session.schemaOf(g.entity));
  const std::string circles = g.circles.empty() ? "" : json(g.circles).dump();
  std::size_t loaded = 0;
  for (bool more = true; more;) {
    std::size_t inThis = 0;
    cnb_transaction* t = nullptr;
    check(cnb_begin(site, &t));
    try {
      json fields;
      while (inThis < rowsInTransaction && (more = rows.next(fields))) {
        const std::string dumped = fields.dump();
        Buffer ignored;
        throwIfInterrupted();
        check(cnb_put(t, text(g.entity), text(dumped), text(g.label), text(circles), ignored.out()));
        ++inThis;
        showProgress("load", loaded + inThis, 0);
      }
    } catch (const Failure& failure) {
      cnb_rollback(t);
      throw Failure(failure.status, failure.code,
                    rows.place() + ": " + failure.what() + " (" + std::to_string(loaded) +
                        " rows before its thousand are loaded)",
                    {{"loaded", loaded}, {"cause", failure.detail}});
    }
    check(cnb_commit(t));
    loaded += inThis;
  }
  return {{"entity", g.entity}, {"loaded", loaded}};
}

}  // namespace

void addBulkVerbs(CLI::App& app, Line& line) {
  const auto g = std::make_shared<Given>();
  const auto site = [&line](Session& s) { return s.open(line.folder); };

  CLI::App* bulk = line.verb(app, "load", "many records from a CSV or JSON Lines file");
  bulk->add_option("ENTITY", g->entity)->required();
  bulk->add_option("FILE", g->file)->required();
  bulk->add_option("--label", g->label);
  bulk->add_option("--circle", g->circles);
  bulk->callback([&line, g, site] { line.chosen = [g, site](Session& s) { return Outcome{load(s, site(s), *g)}; }; });

  CLI::App* regulations = line.verb(app, "load-regulations", "a compilation becomes searchable records");
  regulations->add_option("FILE", g->file)->required();
  regulations->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) {
      const std::string all = readFile(g->file);
      return Outcome{call(cnb_load_regulations, site(s), text(all))};
    };
  });

  CLI::App* attach = line.verb(app, "attach", "add a file to a record");
  attach->add_option("ID", g->id)->required();
  attach->add_option("FILE", g->file)->required();
  attach->add_option("--name", g->name, "instead of the file's own");
  attach->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) {
      return Outcome{call(cnb_attach, site(s), text(g->id), text(g->file), text(g->name))};
    };
  });

  CLI::App* detach = line.verb(app, "detach", "write an attachment to a file");
  detach->add_option("ATTACHMENT", g->id)->required();
  detach->add_option("--out", g->out)->required();
  detach->callback([&line, g, site] {
    line.chosen = [g, site](Session& s) {
      cnb_site* open = site(s);
      const std::string part = g->out + ".part";
      std::ofstream out(part, std::ios::binary | std::ios::trunc);
      const cnb_sink sink = [](void* user, const char* data, std::size_t length) {
        auto& file = *static_cast<std::ofstream*>(user);
        return file.write(data, static_cast<std::streamsize>(length)) ? 0 : 1;
      };
      try {
        check(cnb_detach(open, text(g->id), sink, &out));
        out.close();
        if (!out || std::rename(part.c_str(), g->out.c_str()) != 0)
          throw Failure(1, "io", "cannot write " + g->out + ": " + std::strerror(errno));
      } catch (...) {
        std::remove(part.c_str());
        throw;
      }
      return Outcome{{{"attachment", g->id}, {"file", g->out}}};
    };
  });
}

}  // namespace command
