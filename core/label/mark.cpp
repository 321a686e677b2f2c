// The mark on a document, 《定密解密工作暂行规定》五: 密级★保密期限, as 秘密★十年.
#include <array>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/label/label.h"

namespace cinnabar {
namespace {

constexpr std::string_view star = "★";
constexpr std::array<std::string_view, 10> digits = {"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
constexpr std::array<std::string_view, 10> wideDigits = {"０", "１", "２", "３", "４", "５", "６", "７", "８", "９"};

std::string chineseNumber(int n) {
  if (n < 10) return std::string(digits[static_cast<std::size_t>(n)]);
  std::string out = n < 20 ? "" : std::string(digits[static_cast<std::size_t>(n / 10)]);
  out += "十";
  if (n % 10 != 0) out += digits[static_cast<std::size_t>(n % 10)];
  return out;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

int takeDigit(std::string_view& text) {
  for (int i = 0; i < 10; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (take(text, digits[at]) || take(text, wideDigits[at])) return i;
  }
  if (take(text, "零")) return 0;
  if (take(text, "两")) return 2;
  if (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    const int digit = text[0] - '0';
    text.remove_prefix(1);
    return digit;
  }
  return -1;
}

// 10, １０, 十, 二十五, 三〇. -1 if there is no number.
int takeNumber(std::string_view& text) {
  int value = -1;
  for (int i = 0; i < 4; ++i) {
    const int digit = takeDigit(text);
    if (digit >= 0) {
      value = value < 0 ? digit : value * 10 + digit;
    } else if (take(text, "十")) {
      value = value < 0 ? 10 : value * 10;
      if (const int unit = takeDigit(text); unit >= 0) value += unit;
      return value;
    } else {
      return value;
    }
  }
  return -1;
}

[[noreturn]] void unreadable(std::string_view part) {
  throw Error(Code::invalidInput, "a mark is written like 秘密★十年, 机密★6个月 or secret; unreadable is '" +
                                      std::string(part.substr(0, 64)) + "'");
}

int mostYears(Level level) {
  return level == Level::topSecret ? 30 : level == Level::secret ? 20 : level == Level::confidential ? 10 : 0;
}

Period takePeriod(std::string_view text) {
  const std::string_view whole = text;
  if (isDate(text)) return {Period::Unit::untilDate, 0, std::string(text)};
  if (take(text, "至") && !text.empty()) {
    if (isDate(text)) return {Period::Unit::untilDate, 0, std::string(text)};
    return {Period::Unit::untilEvent, 0, std::string(text)};
  }
  const int count = takeNumber(text);
  if (count <= 0) unreadable(whole);
  if (text == "年" || text == "y") return {Period::Unit::years, count, {}};
  if (text == "个月" || text == "月" || text == "m") return {Period::Unit::months, count, {}};
  unreadable(whole);
}

void checkMaximum(Level level, const Period& p) {
  const int most = mostYears(level);
  const int months = p.unit == Period::Unit::years ? p.count * 12 : p.unit == Period::Unit::months ? p.count : 0;
  if (p.unit == Period::Unit::months && p.count >= 12)
    throw Error(Code::refused, "a period of a year or more is given in years (定密解密 四)");
  if (months > most * 12)
    throw Error(Code::refused, std::string(chineseOf(level)) + " lasts at most " + chineseNumber(most) + " years (定密解密 四)");
}

}  // namespace

std::string markOf(const Label& label) {
  if (label.compartment.level == Level::open) return "";
  std::string out(chineseOf(label.compartment.level));
  const Period& p = label.period;
  switch (p.unit) {
    case Period::Unit::none: return out;
    case Period::Unit::years: return out.append(star).append(chineseNumber(p.count)).append("年");
    case Period::Unit::months: return out.append(star).append(chineseNumber(p.count)).append("个月");
    case Period::Unit::untilDate:
    case Period::Unit::untilEvent: return out.append(star).append("至").append(p.until);
  }
  return out;
}

Label parseMark(std::string_view mark) {
  const std::size_t at = mark.find(star);
  const auto level = parseLevel(mark.substr(0, at));
  if (!level) unreadable(mark);
  Label label;
  label.compartment.level = *level;
  if (at == std::string_view::npos) return label;
  if (*level < Level::confidential)
    throw Error(Code::refused, "only 秘密, 机密 and 绝密 bear a period");
  label.period = takePeriod(mark.substr(at + star.size()));
  checkMaximum(*level, label.period);
  return label;
}

}  // namespace cinnabar
