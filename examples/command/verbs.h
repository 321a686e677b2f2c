// The verbs of the command: each adds its words to the parser and says what to do when it is chosen.
#pragma once
#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <string>

#include "session.h"

namespace command {

struct Outcome {
  json result;
  int status = 0;      // 0, or 6: done, but something waits for a person
  bool shown = false;  // already printed in a form of its own
};

// One command line being parsed. In a shell the site is open already and no folder is given.
struct Line {
  Settings settings;
  bool inShell = false;
  std::string folder;
  std::function<Outcome(Session&)> chosen;

  // Adds DIR where there is one.
  CLI::App* verb(CLI::App& app, const std::string& name, const std::string& description, bool withFolder = true);
};

void addSiteVerbs(CLI::App& app, Line& line);      // init, join, site, person, passphrase, schema
void addRecordVerbs(CLI::App& app, Line& line);    // put, set, get, delete, history, list, sql, find
void addLabelVerbs(CLI::App& app, Line& line);     // label
void addBulkVerbs(CLI::App& app, Line& line);      // load, load-regulations, attach, detach
void addExchangeVerbs(CLI::App& app, Line& line);  // export, import, inspect, conflicts, resolve, violations
void addAuditVerbs(CLI::App& app, Line& line);     // audit
void addCarrierVerbs(CLI::App& app, Line& line);   // carrier
void addDisposalVerbs(CLI::App& app, Line& line);  // disposal
void addKeepingVerbs(CLI::App& app, Line& line);   // status, digest, verify, backup, restore, rekey, …
void addShellVerbs(CLI::App& app, Line& line);     // shell, demo

// Parses and runs one line; returns the exit status. `answers`: each result and error as one JSON line.
int runLine(std::vector<std::string> arguments, Session* shell, bool answers);

// A transaction with one change: begin, `change`, commit.
template <class Change>
json inTransaction(cnb_site* site, Change change) {
  cnb_transaction* transaction = nullptr;
  check(cnb_begin(site, &transaction));
  json result;
  try {
    result = change(transaction);
  } catch (...) {
    cnb_rollback(transaction);
    throw;
  }
  check(cnb_commit(transaction));
  return result;
}

std::string argumentOrFile(const std::string& given);  // text, @file, or - for standard input
json typedFields(Session& session, cnb_site* site, const std::string& id, const std::vector<std::string>& assignments);
json fieldsFrom(const json& entity, const std::string& name, const std::string& text);
// The schema name of a field given by it or by its Chinese title; what is neither is given back.
std::string schemaNameOf(const json& entity, const std::string& name);

}  // namespace command
