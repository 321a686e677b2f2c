#include "core/regulations/load.h"

#include "core/base/error.h"
#include "core/record/transaction.h"
#include "core/regulations/compilation.h"

namespace cinnabar {

using nlohmann::json;

json loadRegulations(Store& store, std::string_view text, const Progress& progress) {
  const Compilation compilation = parseCompilation(text);
  const EntityType* regulationType = store.catalog().find("Regulation");
  const EntityType* articleType = store.catalog().find("Article");
  CNB_ASSERT(regulationType != nullptr && articleType != nullptr);
  const Label label{{Level::open, {}}, {}};
  const auto transaction = store.begin();
  std::size_t articles = 0;
  for (const ParsedRegulation& regulation : compilation.regulations) {
    report(progress, "load", regulation.position, compilation.regulations.size());
    json fields = {{"code", regulation.code}, {"title", regulation.title}, {"position", regulation.position}};
    if (!regulation.body.empty()) fields["body"] = regulation.body;
    const RecordId id = transaction->put(*regulationType, fields, label);
    std::vector<RecordId> made;
    for (const ParsedArticle& article : regulation.articles) {
      json own = {
          {"regulation", id.text()}, {"path", article.path}, {"text", article.text}, {"position", article.position}};
      if (!article.heading.empty()) own["heading"] = article.heading;
      if (article.parent) own["parent"] = made.at(*article.parent).text();
      made.push_back(transaction->put(*articleType, own, label));
      ++articles;
    }
  }
  transaction->commit();
  return {{"regulations", compilation.regulations.size()}, {"articles", articles}};
}

}  // namespace cinnabar
