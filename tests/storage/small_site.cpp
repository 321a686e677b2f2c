#include "tests/storage/small_site.h"

#include <functional>

#include "core/blob/blob.h"
#include "core/record/read_connection.h"
#include "core/record/transaction.h"
#include "core/search/index.h"
#include "tests/fault/raw_cipher.h"

namespace cinnabar::test {
namespace {

using nlohmann::json;

std::string textOfLength(std::size_t bytes, char last) {
  std::string out;
  while (out.size() + 3 < bytes) out += "路";
  out.resize(bytes - 1, 'x');
  return out + last;
}

}  // namespace

FolderContent contentOfFolder(const std::string& folder) {
  FolderContent out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (!name.ends_with("-shm")) out[name] = contentOf(entry.path());
  }
  return out;
}

void setContentOfFolder(const std::string& folder, const FolderContent& files) {
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (!files.contains(entry.path().filename())) std::filesystem::remove(entry.path());
  for (const auto& [name, bytes] : files) setContent(folder + "/" + name, bytes);
}

SmallSite::SmallSite() : prefecture_({{"gar", Level::internal, {}}}) {
  Prefecture& p = prefecture_;
  const auto unit = [](const std::string& code, const std::string& duties) {
    return json{{"code", code}, {"name", "办公室"}, {"level", "county"}, {"duties", duties}};
  };
  for (const std::size_t bytes : {10, 200, 3'000, 7'500, 20'000, 100'000})
    records_.push_back(
        p.put("gar", "OrgUnit", unit("u" + std::to_string(bytes), textOfLength(bytes, 'e')), "internal"));
  const std::string photo = p.root() / "photo";
  setContent(photo, Bytes(70'000, 7));
  attachment_ = *RecordId::parse(attach(p["gar"], records_.front(), photo, "photo.jpg").at("id").get<std::string>());
  p.settle();
  SearchIndex(p["gar"]).catchUpAll();
  p.close("gar");
  // The newest commits: a checkpoint comes when the last connection closes, so the files are taken while it is open.
  p.set("gar", records_.front(), {{"shortName", "行办"}});
  records_.push_back(p.put("gar", "OrgUnit", unit("last", "最后一条"), "internal"));
  files_ = contentOfFolder(folder());
  p.close("gar");
  setContentOfFolder(folder(), files_);
  for (Answer& answer : answers()) {
    CNB_ASSERT(!answer.error);
    right_.push_back(std::move(answer.value));
  }
  setContentOfFolder(folder(), files_);
}

std::vector<Answer> SmallSite::answers() const {
  std::vector<Answer> out;
  const auto ask = [&](const std::function<json()>& question) {
    try {
      out.push_back(Answer{question(), std::nullopt});
    } catch (const Error& error) {
      out.push_back(Answer{nullptr, error.code()});
    }
  };
  std::unique_ptr<Store> store;
  try {
    store = openSite(opening());
  } catch (const Error& error) {
    return std::vector<Answer>{Answer{nullptr, error.code()}};
  }
  for (const RecordId& id : records_) {
    ask([&] { return store->get(id).document; });
    ask([&] { return store->history(id); });
  }
  ask([&] { return store->reading().list("OrgUnit", {"", "code", 50, ""}); });
  ask([&] {
    return store->reading().sql("SELECT code, length(duties), substr(duties,-1) FROM OrgUnit ORDER BY code", 50);
  });
  ask([&] { return SearchIndex(*store).find("办公", "", 50, ""); });
  ask([&] { return store->conflicts(); });
  ask([&] {
    Bytes content;
    detach(*store, attachment_, [&](BytesView piece) { return append(content, piece), true; });
    return json(hexOf(hashOf("content", content)));
  });
  return out;
}

int errorsIn(const std::vector<Answer>& answers, const std::vector<json>& right) {
  if (answers.size() == 1 && answers.front().error) return static_cast<int>(right.size());
  int errors = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].error)
      ++errors;
    else if (answers[i].value != right.at(i))
      return -1;
  }
  return errors;
}

}  // namespace cinnabar::test
