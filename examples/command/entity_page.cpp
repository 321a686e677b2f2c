// One entity of the schema as a page for people.
#include <iostream>

#include "table.h"

namespace command {
namespace {

std::string typeOf(const json& type) {
  std::string word = type.at("type");
  if (word == "list") return "[" + typeOf(type.at("item")) + "]";
  if (word == "ref") return "→ " + type.at("target").get<std::string>();
  return word;
}

std::string marksOf(const json& field) {
  std::string out;
  const auto say = [&](const std::string& word) { out += (out.empty() ? "" : "、") + word; };
  if (field.at("required").get<bool>()) say("必填");
  if (field.at("computed").get<bool>()) say("自动计算");
  if (field.at("search").get<bool>()) say("可检索");
  if (field.at("merge") != "lastWriter") say(field.at("merge"));
  if (field.contains("least")) say("≥ " + plain(field.at("least").dump()));
  if (field.contains("most")) say("≤ " + plain(field.at("most").dump()));
  if (field.contains("unit")) say(field.at("unit"));
  if (field.contains("format")) say(field.at("format"));
  return out;
}

void printFact(const std::string& name, const std::string& text) {
  if (!text.empty()) std::cout << padded(name, 10) << text << '\n';
}

// What a list of a structure or of words holds, which would not fit a column.
void printMembers(const json& field) {
  const json& type = field.contains("item") ? field.at("item") : field;
  if (type.contains("values")) printFact("", field.at("name").get<std::string>() + ": " + plain(type.at("values")));
  if (!type.contains("fields")) return;
  std::string members;
  for (const json& m : type.at("fields"))
    members += (members.empty() ? "" : "、") + m.at("name").get<std::string>() + " " + m.at("title").get<std::string>();
  printFact("", field.at("name").get<std::string>() + ": " + members);
}

}  // namespace

void printEntity(const json& entity) {
  std::cout << entity.at("title").get<std::string>() << "  " << entity.at("name").get<std::string>() << "\n\n";
  std::string label = entity.at("label"), indexes;
  if (!entity.at("circles").empty()) label += " " + plain(entity.at("circles"));
  if (entity.at("labelRule") != "") label += "; " + entity.at("labelRule").get<std::string>();
  for (const json& index : entity.at("indexes")) indexes += (indexes.empty() ? "" : "; ") + plain(index);
  printFact("出处", entity.at("regulation").get<std::string>() + " " + entity.at("article").get<std::string>());
  printFact("类别", entity.at("kind"));
  printFact("密级", label);
  printFact("责任单位", entity.at("owner"));
  printFact("主键", plain(entity.at("key")));
  printFact("编号", entity.at("series"));
  printFact("保管", entity.at("keep"));
  printFact("列表", indexes);

  std::vector<std::vector<std::string>> fields, steps;
  for (const json& f : entity.at("fields"))
    fields.push_back({f.at("name"), f.at("title"), typeOf(f), marksOf(f), f.at("article")});
  std::cout << '\n';
  printTable({"字段", "中文", "类型", "说明", "条款"}, fields);
  std::cout << "\n取值\n";
  for (const json& f : entity.at("fields")) printMembers(f);
  for (const json& f : entity.at("fields"))
    if (f.contains("reading"))
      printFact("", f.at("name").get<std::string>() + ": " + f.at("reading").get<std::string>());
  if (entity.at("transitions").empty()) return;
  for (const json& t : entity.at("transitions"))
    steps.push_back(
        {t.at("from"), t.at("to"), t.at("who"), t.at("article"), t.at("reason").get<bool>() ? "须说明理由" : ""});
  std::cout << '\n';
  printTable({"状态", "转为", "由谁", "条款", ""}, steps);
}

}  // namespace command
