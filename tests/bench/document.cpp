#include "tests/bench/document.h"

#include <map>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/record/json.h"
#include "core/record/message.h"

namespace cinnabar::bench {
namespace {

constexpr std::string_view words[] = {"水利", "道路", "防汛", "春耕", "牧区", "学校", "卫生", "供水", "桥梁", "草原",
                                      "林业", "财政", "预算", "检查", "整改", "培训", "安全", "应急", "统计", "规划",
                                      "资金", "项目", "验收", "巡查", "民政", "档案", "会议", "通报", "设备", "粮食"};
constexpr std::string_view places[] = {"东河县", "西岭县", "北泉镇", "南坡乡", "青石县", "白杨镇", "红柳乡", "清溪县"};

// splitmix64: small, and the same everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t throwOne() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  template <class List>
  const auto& of(const List& list) {
    return std::data(list)[throwOne() % std::size(list)];
  }

 private:
  std::uint64_t state_;
};

std::string phrase(Dice& dice, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += dice.of(words);
  return out;
}

std::string dayOf(Dice& dice) {
  const auto day = 1 + dice.throwOne() % 28, month = 1 + dice.throwOne() % 12;
  return "2026-" + std::string(month < 10 ? "0" : "") + std::to_string(month) + "-" + (day < 10 ? "0" : "") +
         std::to_string(day);
}

Value bytesOf(const RecordId& id) { return Bytes(id.bytes.begin(), id.bytes.end()); }

std::map<std::string, Value> fieldsOf(std::uint64_t number, const References& references) {
  Dice dice(number);
  const std::string place(dice.of(places));
  const std::int64_t received = std::int64_t{1'780'000'000'000} + static_cast<std::int64_t>(number) * 60'000;
  return {
      {"number", "〔2026〕" + std::to_string(number) + "号"},
      {"title", "关于" + place + phrase(dice, 5) + "工作情况的请示"},
      {"sender", bytesOf(dice.of(references.units))},
      {"senderNumber", place + "政发〔2026〕" + std::to_string(number) + "号"},
      {"kindOfDocument", std::string("request")},
      {"channel", std::string("courier")},
      {"dispatchedOn", dayOf(dice)},
      {"copies", static_cast<std::int64_t>(1 + dice.throwOne() % 5)},
      {"pages", static_cast<std::int64_t>(1 + dice.throwOne() % 40)},
      {"receivedAt", instantOf({received, 480})},
      {"receivedBy", bytesOf(dice.of(references.persons))},
      {"urgency", std::string("normal")},
      {"handling", std::string("act")},
      {"proposedOpinion", "拟请" + phrase(dice, 3) + "科会同" + place + "办理，按期报送" + phrase(dice, 2) + "结果"},
      {"attachmentsList", phrase(dice, 4) + "明细表"},
      {"state", std::string("received")},
  };
}

}  // namespace

const EntityType& documentType() {
  static const auto catalog = Catalog::builtIn();
  const EntityType* type = catalog->find("IncomingDocument");
  CNB_ASSERT(type != nullptr);
  return *type;
}

std::vector<Document> Documents::next(std::size_t count) {
  const EntityType& type = documentType();
  std::vector<Document> out(count);
  for (Document& document : out) {
    const std::uint64_t number = ++made_;
    Dice dice(~number);
    document.id.bytes[0] = 1;
    for (std::size_t i = 0; i < 5; ++i) document.id.bytes[5 - i] = static_cast<Byte>(number / 16 >> (8 * i));
    for (std::size_t i = 6; i < 9; ++i) document.id.bytes[i] = static_cast<Byte>(type.tag >> (8 * (8 - i)));
    for (std::size_t i = 9; i < 16; ++i) document.id.bytes[i] = static_cast<Byte>(dice.throwOne());
    const auto fields = fieldsOf(number, references_);
    for (const Field& field : type.fields) {
      const auto value = fields.find(field.name);
      document.values.push_back(value == fields.end() ? Value{} : value->second);
    }
  }
  return out;
}

std::string opinionOf(std::uint64_t number) {
  Dice dice(number * 7919);
  return "同意，请" + phrase(dice, 3) + "科于本月办结，并报" + phrase(dice, 2) + "情况";
}

Bytes messageOf(const Document& document) {
  FieldValues columns;
  for (std::size_t i = 0; i < document.values.size(); ++i)
    if (const Field& field = documentType().fields[i]; field.name != documentType().seriesField)
      columns[field.number] = document.values[i];
  return cinnabar::messageOf(*Catalog::builtIn(), documentType(), columns);
}

std::string jsonOf(const Document& document) {
  nlohmann::json out = nlohmann::json::object();
  for (std::size_t i = 0; i < document.values.size(); ++i)
    if (const Field& field = documentType().fields[i];
        field.name != documentType().seriesField && !isNull(document.values[i]))
      out[field.name] = cinnabar::jsonOf(field, document.values[i]);
  return out.dump();
}

}  // namespace cinnabar::bench
