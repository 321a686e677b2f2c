#include <string_view>
#include <utility>

#include "schema/reference/reference.h"

namespace cinnabar {
namespace {

// What is said of an entity before its fields, as pairs of heading and text, in the order of reading.
std::vector<std::pair<std::string, std::string>> factsOf(const EntityType& entity) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto say = [&](const char* heading, const std::string& text) {
    if (!text.empty()) out.emplace_back(heading, text);
  };
  const auto joined = [&](const std::vector<FieldNumber>& numbers) {
    std::string names;
    for (const FieldNumber number : numbers) names += (names.empty() ? "" : ", ") + entity.find(number)->name;
    return names;
  };
  std::string label = entity.defaultLabel, indexes;
  for (const std::string& circle : entity.defaultCircles) label += ", " + circle;
  if (!entity.labelRule.empty()) label += " (" + entity.labelRule + ")";
  for (const auto& index : entity.indexes) indexes += (indexes.empty() ? "" : "; ") + joined(index);
  say("出处 source", entity.regulation + " " + entity.article);
  say("释义 reading", entity.reading);
  say("类别 kind", entity.kind + (entity.appendOnly ? ", append-only" : ""));
  say("密级 label", label);
  say("责任单位 owner", entity.owner);
  say("主键 key", joined(entity.key));
  say("编号 series", entity.series);
  say("保管 keep", entity.keep);
  say("列表 indexes", indexes);
  return out;
}

std::string replaced(std::string_view text, const std::vector<std::pair<char, std::string_view>>& by) {
  std::string out;
  for (const char c : text) {
    std::string_view with(&c, 1);
    for (const auto& [from, to] : by)
      if (c == from) with = to;
    out += with;
  }
  return out;
}

std::string cell(std::string_view text) { return replaced(text, {{'|', "\\|"}, {'*', "\\*"}, {'<', "&lt;"}}); }
std::string html(std::string_view text) {
  return replaced(text, {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}});
}

constexpr std::string_view style =
    "body{font:15px/1.6 sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#222}"
    "h1,h2{color:#a4281c}h2{border-top:1px solid #ccc;padding-top:1em}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.2em .6em;border-bottom:1px solid #ddd}"
    "dt{font-weight:bold;float:left;clear:left;width:9em}dd{margin-left:9.5em}code{color:#555}"
    "nav{columns:3}nav a{display:block}";

}  // namespace

std::string markdownReference(const Catalog& catalog) {
  std::string out = "# 记录目录 Records\n\n";
  for (const EntityType& e : catalog.entities()) out += "- [" + e.title + " " + e.name + "](#" + e.name + ")\n";
  for (const EntityType& e : catalog.entities()) {
    out += "\n<a id=\"" + e.name + "\"></a>\n## " + e.title + " " + e.name + "\n\n";
    for (const auto& [heading, text] : factsOf(e)) out += "- " + heading + ": " + cell(text) + "\n";
    out += "\n| 字段 field | 中文 | 类型 type | 说明 |\n|---|---|---|---|\n";
    for (const Field& f : e.fields)
      out += "| `" + f.name + "` | " + cell(f.title) + " | " + cell(typeInWords(f.type)) + " | " +
             cell(marksInWords(f)) + " |\n";
    if (!e.transitions.empty()) out += "\n状态 states:\n\n";
    for (const std::string& step : stepsInWords(e)) out += "- " + cell(step) + "\n";
  }
  return out;
}

std::string htmlReference(const Catalog& catalog) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"zh\"><head><meta charset=\"utf-8\"><title>记录目录 Records</title><style>" +
      std::string(style) + "</style></head><body>\n<h1>记录目录 Records</h1>\n<nav>\n";
  for (const EntityType& e : catalog.entities())
    out += "<a href=\"#" + e.name + "\">" + html(e.title) + " <code>" + e.name + "</code></a>\n";
  out += "</nav>\n";
  for (const EntityType& e : catalog.entities()) {
    out += "<section id=\"" + e.name + "\"><h2>" + html(e.title) + " <code>" + e.name + "</code></h2>\n<dl>\n";
    for (const auto& [heading, text] : factsOf(e)) out += "<dt>" + html(heading) + "</dt><dd>" + html(text) + "</dd>\n";
    out += "</dl>\n<table><tr><th>字段 field</th><th>中文</th><th>类型 type</th><th>说明</th></tr>\n";
    for (const Field& f : e.fields) {
      std::string type = html(typeInWords(f.type));
      if (f.type.kind == Kind::reference && f.type.target != "any")
        type = "<a href=\"#" + f.type.target + "\">" + type + "</a>";
      out += "<tr><td><code>" + f.name + "</code></td><td>" + html(f.title) + "</td><td>" + type + "</td><td>" +
             html(marksInWords(f)) + "</td></tr>\n";
    }
    out += "</table>\n";
    if (!e.transitions.empty()) out += "<p>状态 states</p><ul>\n";
    for (const std::string& step : stepsInWords(e)) out += "<li>" + html(step) + "</li>\n";
    out += e.transitions.empty() ? "</section>\n" : "</ul></section>\n";
  }
  return out + "</body></html>\n";
}

}  // namespace cinnabar
