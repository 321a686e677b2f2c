// cinnabar: the first client of the C ABI. Contract: words, flags, exit statuses and JSON are public.
#include <iostream>

#include "table.h"
#include "verbs.h"

namespace command {
namespace {

void show(const Line& line, const Outcome& outcome, bool answers) {
  if (answers) {
    std::cout << json{{"status", outcome.status}, {"result", outcome.result}}.dump() << std::endl;
    return;
  }
  if (outcome.shown) return;
  if (line.settings.asLines && outcome.result.contains("rows")) {
    for (const json& row : outcome.result.at("rows")) std::cout << row.dump() << '\n';
  } else if (line.settings.asJson || line.settings.asLines) {
    std::cout << outcome.result.dump() << '\n';
  } else {
    printPeople(outcome.result);
  }
  std::cout.flush();
}

int explain(const Line& line, const Failure& failure, bool answers) {
  const json error = {{"code", failure.code}, {"message", failure.what()}, {"detail", failure.detail}};
  if (answers) {
    std::cout << json{{"status", failure.status}, {"error", error}}.dump() << std::endl;
    return failure.status;
  }
  std::string oneLine = failure.what();
  for (char& c : oneLine)
    if (c == '\n' || c == '\r') c = ' ';
  std::cerr << "cinnabar: " << oneLine << " (" << failure.code << ")\n";
  if (line.settings.asJson || line.settings.asLines) std::cout << json{{"error", error}}.dump() << '\n';
  return failure.status;
}

void addSettings(CLI::App& app, Line& line) {
  app.add_flag("--json", line.settings.asJson, "one JSON document on standard output");
  app.add_flag("--jsonl", line.settings.asLines, "lists: one JSON document a line");
  if (line.inShell) return;
  app.add_option("--passphrase-file", line.settings.passphraseFile, "the passphrase is this file's first line");
  app.add_option("--as", line.settings.person, "the person whose slot is opened");
  app.add_option("--level", line.settings.level, "open up to this level only");
  app.add_option("--host-schema", line.settings.hostSchema,
                 "a host's compiled schema: what `capnp compile -o-` writes");
  app.add_option("--now", line.settings.now, "an instant instead of the machine's clock");
}

}  // namespace

CLI::App* Line::verb(CLI::App& app, const std::string& name, const std::string& description, bool withFolder) {
  CLI::App* sub = app.add_subcommand(name, description);
  sub->fallthrough();
  if (withFolder && !inShell) sub->add_option("DIR", folder, "the site's folder")->required();
  return sub;
}

int runLine(std::vector<std::string> arguments, Session* shell, bool answers) {
  Line line;
  line.inShell = shell != nullptr;
  CLI::App app("Records of an office and its sites: encrypted, offline first.", "cinnabar");
  app.require_subcommand(1);
  app.set_version_flag("--version", cnb_version());
  addSettings(app, line);
  addSiteVerbs(app, line);
  addRecordVerbs(app, line);
  addLabelVerbs(app, line);
  addBulkVerbs(app, line);
  addExchangeVerbs(app, line);
  addAuditVerbs(app, line);
  addCarrierVerbs(app, line);
  addDisposalVerbs(app, line);
  addKeepingVerbs(app, line);
  addShellVerbs(app, line);
  try {
    std::reverse(arguments.begin(), arguments.end());
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    return explain(line, Failure(2, "usage", error.what()), answers);
  }
  try {
    if (shell != nullptr) {
      const Outcome outcome = line.chosen(*shell);
      show(line, outcome, answers);
      return outcome.status;
    }
    Session session(line.settings);
    const Outcome outcome = line.chosen(session);
    session.close();
    show(line, outcome, answers);
    return outcome.status;
  } catch (const Failure& failure) {
    return explain(line, failure, answers);
  } catch (const json::exception& error) {
    return explain(line, Failure(1, "invalidInput", error.what()), answers);
  }
}

}  // namespace command

int main(int argc, char** argv) { return command::runLine({argv + 1, argv + argc}, nullptr, false); }
