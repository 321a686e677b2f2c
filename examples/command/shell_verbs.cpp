#include <iostream>

#include "demo.h"
#include "input.h"
#include "verbs.h"

namespace command {
namespace {

// Words as in a shell: blanks part them, quotes and backslashes keep blanks.
std::vector<std::string> wordsOf(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool inWord = false;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == '\'') {
      if (c == '\'')
        quote = 0;
      else
        word += c;
    } else if (quote == '"') {
      if (c == '"')
        quote = 0;
      else if (c == '\\' && i + 1 < line.size() && (line[i + 1] == '"' || line[i + 1] == '\\'))
        word += line[++i];
      else
        word += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
      inWord = true;
    } else if (c == '\\' && i + 1 < line.size()) {
      word += line[++i];
      inWord = true;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      if (inWord) words.push_back(std::move(word));
      word.clear();
      inWord = false;
    } else {
      word += c;
      inWord = true;
    }
  }
  if (quote != 0) throw Failure(2, "usage", "a quote is never closed");
  if (inWord) words.push_back(std::move(word));
  return words;
}

}  // namespace

void addShellVerbs(CLI::App& app, Line& line) {
  if (line.inShell) return;
  line.verb(app, "shell", "unlocks once, then takes one command a line")->callback([&line] {
    line.chosen = [&line](Session& s) {
      Session shell(line.settings);
      shell.inShell = true;
      shell.use(s.open(line.folder));
      const bool answers = line.settings.asLines;
      std::string text;
      while (readInputLine(text)) {
        try {
          std::vector<std::string> words = wordsOf(text);
          if (words.empty() || words[0].starts_with("#")) continue;
          runLine(std::move(words), &shell, answers);
          forgetInterrupt();
        } catch (const Failure& failure) {
          if (answers)
            std::cout << json{{"status", failure.status},
                              {"error", {{"code", failure.code}, {"message", failure.what()}, {"detail", nullptr}}}}
                             .dump()
                      << std::endl;
          else
            std::cerr << "cinnabar: " << failure.what() << " (" << failure.code << ")\n";
        }
      }
      return Outcome{nullptr, 0, true};
    };
  });

  const auto folder = std::make_shared<std::string>(), regulations = std::make_shared<std::string>();
  CLI::App* demo = line.verb(app, "demo", "a small prefecture goes through a day", false);
  demo->add_option("DIR", *folder, "where its sites are made");
  demo->add_option("--regulations", *regulations, "a compilation to load");
  demo->callback([&line, folder, regulations] {
    line.chosen = [folder, regulations](Session&) { return Outcome{nullptr, runDemo(*folder, *regulations), true}; };
  });
}

}  // namespace command
