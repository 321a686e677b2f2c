// The mark on a document, 《定密解密工作暂行规定》四, 五: 密级★保密期限, as 秘密★十年.
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/instant.h"
#include "core/base/utf8.h"
#include "core/label/label.h"

namespace cinnabar {
namespace {

using Unit = Period::Unit;
constexpr std::size_t longestMark_bytes = 512;
constexpr std::string_view longTerm = "长期";
constexpr std::array<std::string_view, 10> numerals = {"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};

std::string numeralOf(int n) {
  if (n >= 100) return std::to_string(n);
  if (n < 10) return std::string(numerals[static_cast<std::size_t>(n)]);
  std::string out = n < 20 ? "" : std::string(numerals[static_cast<std::size_t>(n / 10)]);
  out += "十";
  if (n % 10 != 0) out += numerals[static_cast<std::size_t>(n % 10)];
  return out;
}

std::string chineseDate(std::string_view iso) {
  const auto part = [&](std::size_t at, std::size_t size) {
    const std::string_view digits = iso.substr(at, size);
    return std::string(digits.substr(std::min(digits.find_first_not_of('0'), size - 1)));
  };
  return part(0, 4) + "年" + part(5, 2) + "月" + part(8, 2) + "日";
}

bool isUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = codePointAt(text, at);
    if (!point.valid) return false;
    at += point.size_bytes;
  }
  return true;
}

// Errors travel as JSON, so only text is quoted.
[[noreturn]] void unreadable(std::string_view mark) {
  throw Error(Code::invalidInput,
              "a mark is written like 秘密★十年, 机密★6个月, 绝密★至2030年1月1日 or secret; " +
                  (isUtf8(mark) ? "unreadable is '" + std::string(mark) + "'" : "this is not UTF-8"));
}

[[noreturn]] void refusePeriod(const char* rule, const std::string& why) {
  throw Error(Code::refused, why + " (定密解密 四)", nlohmann::json({{"rule", rule}, {"article", "四 L2038"}}).dump());
}

// Reads from the front of a text; white space between the parts of a mark says nothing.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) { skipSpace(); }

  bool atEnd() const { return text_.empty(); }
  std::string_view rest() const { return text_; }

  bool take(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    skipSpace();
    return true;
  }

  // 10, １０, 十, 二十五, 三〇; at most four digits.
  std::optional<int> takeNumber() {
    std::optional<int> value;
    for (int digits = 0; digits < 4; ++digits) {
      const std::optional<int> digit = takeDigit();
      if (!digit) break;
      value = value.value_or(0) * 10 + *digit;
    }
    if (value.value_or(1) < 10 && take("十")) value = value.value_or(1) * 10 + takeDigit().value_or(0);
    return value;
  }

 private:
  std::optional<int> takeDigit() {
    if (atEnd()) return std::nullopt;
    const CodePoint point = codePointAt(text_, 0);
    for (const char32_t zero : {U'0', U'０'})
      if (point.value >= zero && point.value <= zero + 9) {
        text_.remove_prefix(point.size_bytes);
        skipSpace();
        return static_cast<int>(point.value - zero);
      }
    for (int i = 0; i < 10; ++i)
      if (take(numerals[static_cast<std::size_t>(i)])) return i;
    if (take("零")) return 0;
    if (take("两")) return 2;
    return std::nullopt;
  }

  void skipSpace() {
    while (!text_.empty()) {
      const CodePoint point = codePointAt(text_, 0);
      if (!isWhiteSpace(point.value)) return;
      text_.remove_prefix(point.size_bytes);
    }
  }

  std::string_view text_;
};

std::string_view trimmed(std::string_view text) {
  std::size_t end = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = codePointAt(text, at);
    at += point.size_bytes;
    if (!isWhiteSpace(point.value)) end = at;
  }
  return Scanner(text.substr(0, end)).rest();
}

// 2030-01-01 or 2030年1月1日, to the end of the text.
std::optional<std::string> dateIn(std::string_view text) {
  if (isDate(text)) return std::string(text);
  Scanner in(text);
  std::array<int, 3> parts{};
  constexpr std::array<std::string_view, 3> units = {"年", "月", "日"};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::optional<int> number = in.takeNumber();
    if (!number || !in.take(units[i])) return std::nullopt;
    parts[i] = *number;
  }
  char iso[48];
  std::snprintf(iso, sizeof iso, "%04d-%02d-%02d", parts[0], parts[1], parts[2]);
  if (!in.atEnd() || !isDate(iso)) return std::nullopt;
  return iso;
}

// An event that begins like a date is a mistyped date, and would be released by nobody.
bool beginsLikeDate(std::string_view text) {
  Scanner in(text);
  return in.takeNumber() && (in.take("年") || in.take("-"));
}

Period eventIn(std::string_view text) {
  if (beginsLikeDate(text)) unreadable(text);
  try {
    return parseStoredPeriod("event:" + std::string(text));
  } catch (const Error&) {
    unreadable(text);
  }
}

Period countIn(std::string_view text) {
  Scanner in(text);
  const std::optional<int> count = in.takeNumber();
  if (!count) unreadable(text);
  const bool years = in.take("年") || in.take("y");
  const bool months = !years && (in.take("个月") || in.take("月") || in.take("m"));
  if ((!years && !months) || !in.atEnd()) unreadable(text);
  if (*count == 0) refusePeriod("cls-period-units", "a period lasts at least a month");
  if (years) return {Unit::years, *count, {}};
  if (*count < 12) return {Unit::months, *count, {}};
  if (*count % 12 == 0) return {Unit::years, *count / 12, {}};
  refusePeriod("cls-period-units", "a period of a year or more is counted in whole years");
}

Period periodIn(std::string_view text) {
  if (text == longTerm) return {Unit::longTerm, 0, {}};
  Scanner in(text);
  const bool until = in.take("至");
  if (std::optional<std::string> date = dateIn(in.rest())) return {Unit::untilDate, 0, std::move(*date)};
  return until ? eventIn(in.rest()) : countIn(text);
}

void checkMaximum(Level level, const Period& period, SpecialRule rule) {
  const Period most = maximumOf(level);
  if (most.unit == Unit::none) refusePeriod("cls-max-period", "only 秘密, 机密 and 绝密 bear a period");
  if (rule == SpecialRule::cited) return;
  if (period.unit == Unit::longTerm)
    refusePeriod("cls-max-period", "长期 needs a special rule: cite it, or give years, a date or an event");
  if (period.unit == Unit::years && period.count > most.count)
    refusePeriod("cls-max-period",
                 std::string(chineseOf(level)) + " lasts at most " + std::to_string(most.count) + " years");
}

}  // namespace

std::string markOf(const Label& label) {
  if (label.compartment.level == Level::open) return "";
  std::string level(chineseOf(label.compartment.level));
  const Period& p = label.period;
  switch (p.unit) {
    case Unit::none: return level;
    case Unit::years: return level + "★" + numeralOf(p.count) + "年";
    case Unit::months: return level + "★" + numeralOf(p.count) + "个月";
    case Unit::untilDate: return level + "★至" + chineseDate(p.until);
    case Unit::untilEvent: return level + "★至" + p.until;
    case Unit::longTerm: return level + "★" + std::string(longTerm);
  }
  return level;
}

Label parseMark(std::string_view mark, SpecialRule rule) {
  if (mark.size() > longestMark_bytes) throw Error(Code::invalidInput, "a mark has at most 512 bytes");
  std::size_t at = mark.find("★");
  if (at == std::string_view::npos) at = mark.find("☆");
  const auto level = parseLevel(trimmed(mark.substr(0, at)));
  if (!level) unreadable(mark);
  Label label;
  label.compartment.level = *level;
  if (at == std::string_view::npos) return label;
  label.period = periodIn(trimmed(mark.substr(at + std::string_view("★").size())));
  checkMaximum(*level, label.period, rule);
  return label;
}

std::vector<std::string> markWarnings(std::string_view mark) {
  const Label label = parseMark(mark, SpecialRule::cited);
  std::string_view form = mark;
  if (label.period.unit == Unit::untilEvent) form = mark.substr(0, mark.rfind(label.period.until));  // an event is free
  bool spaces = false, wide = false, hollow = false;
  for (std::size_t at = 0; at < form.size();) {
    const CodePoint point = codePointAt(form, at);
    at += point.size_bytes;
    spaces = spaces || isWhiteSpace(point.value);
    wide = wide || (point.value >= U'０' && point.value <= U'９');
    hollow = hollow || point.value == U'☆';
  }
  std::vector<std::string> out;
  const std::string read = "; it was read as " + markOf(label) + " (定密解密 五)";
  if (spaces) out.push_back("there are spaces in the mark" + read);
  if (wide) out.push_back("there are full-width digits in the mark" + read);
  if (hollow) out.push_back("there is ☆ for ★ in the mark" + read);
  return out;
}

}  // namespace cinnabar
