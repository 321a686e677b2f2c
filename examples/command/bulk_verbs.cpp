#include <cstring>
#include <fstream>
#include <iostream>

#include "load.h"

namespace command {
namespace {

struct Given {
  std::string file, id, out, name;
};

}  // namespace

void addBulkVerbs(CLI::App& app, Line& line) {
  const auto g = std::make_shared<Given>();
  const auto order = std::make_shared<LoadOrder>();
  const auto site = [&line](Session& s) { return s.open(line.folder); };

  CLI::App* bulk = line.verb(app, "load", "many records from a CSV or JSON Lines file");
  bulk->add_option("ENTITY", order->entity)->required();
  bulk->add_option("FILE", order->file)->required();
  bulk->add_option("--label", order->label);
  bulk->add_option("--circle", order->circles);
  bulk->add_option("--map", order->map, "a JSON object of columns and the fields that they are; null leaves one out");
  bulk->add_option("--report", order->report, "load the good rows, and tell of the others here, a JSON line each");
  bulk->add_flag("--resume", order->resume, "go on where an earlier load of this file stopped");
  bulk->callback(
      [&line, order, site] { line.chosen = [order, site](Session& s) { return load(s, site(s), *order); }; });

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
