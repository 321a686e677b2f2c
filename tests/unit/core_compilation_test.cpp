#include <rapidcheck.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/regulations/compilation.h"
#include "core/regulations/line.h"
#include "core/regulations/marker.h"

using namespace cinnabar;

namespace {

const std::string& sample() {
  static const std::string text = [] {
    std::ifstream file(CINNABAR_SOURCE "/tests/data/regulations-sample.zh.txt", std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }();
  return text;
}

const Compilation& parsed() {
  static const Compilation compilation = parseCompilation(sample());
  return compilation;
}

std::vector<std::string> titlesOf(const Compilation& compilation) {
  std::vector<std::string> titles;
  for (const ParsedRegulation& regulation : compilation.regulations)
    titles.push_back(regulation.code + " " + regulation.title);
  return titles;
}

std::string pathsOf(const ParsedRegulation& regulation) {
  std::string paths;
  for (const ParsedArticle& article : regulation.articles) paths += (paths.empty() ? "" : " ") + article.path;
  return paths;
}

const ParsedArticle& articleOf(const ParsedRegulation& regulation, std::string_view path) {
  const auto found = std::find_if(regulation.articles.begin(), regulation.articles.end(),
                                  [&](const ParsedArticle& article) { return article.path == path; });
  BOOST_REQUIRE_MESSAGE(found != regulation.articles.end(), "no article " << path);
  return *found;
}

// One regulation whose outline is all there is to see.
ParsedRegulation regulationOf(const std::string& lines) {
  return parseCompilation("值班制度\n\n\n" + lines).regulations.at(0);
}

std::string refusalOf(const std::string& text) {
  try {
    parseCompilation(text);
  } catch (const Error& error) {
    BOOST_CHECK(error.code() == Code::invalidInput);
    return error.what();
  }
  return "not refused";
}

bool isSound(const ParsedRegulation& regulation) {
  std::set<std::string> paths;
  for (std::size_t i = 0; i < regulation.articles.size(); ++i) {
    const ParsedArticle& article = regulation.articles[i];
    const bool below = !article.parent || (*article.parent < i &&
                                           article.path.starts_with(regulation.articles[*article.parent].path + "-"));
    if (article.text.empty() || article.position != i + 1 || !below || !paths.insert(article.path).second) return false;
  }
  return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(core_compilation)

BOOST_AUTO_TEST_CASE(regulations_are_found_by_a_table_of_contents_that_breaks_titles_elsewhere) {
  const std::vector<std::string> expected = {"000 云岭地区综合办公室规章制度汇编",
                                             "001 云岭地区综合办公室公文办理制度",
                                             "002 云岭地区综合办公室会议室使用办法",
                                             "003 职工食堂管理暂行规定",
                                             "004 图书借阅管理制度",
                                             "005 云岭地区综合办公室资料室工作职责"};
  const auto titles = titlesOf(parsed());
  BOOST_CHECK_EQUAL_COLLECTIONS(titles.begin(), titles.end(), expected.begin(), expected.end());
  for (std::size_t i = 0; i < parsed().regulations.size(); ++i) BOOST_TEST(parsed().regulations[i].position == i);
}

BOOST_AUTO_TEST_CASE(nothing_of_the_text_is_lost_or_doubled) {
  BOOST_TEST(textOf(parsed()) == withoutWhiteSpace(sample()));
}

BOOST_AUTO_TEST_CASE(what_stands_above_the_first_regulation_is_kept_as_front_matter) {
  const ParsedRegulation& front = parsed().regulations.at(0);
  BOOST_TEST(front.articles.empty());
  BOOST_TEST(front.body.starts_with("办事公开\n"));
  BOOST_TEST(front.body.substr(front.titleAt_bytes).starts_with("\n发布时间"));
  BOOST_TEST(front.body.ends_with("值班安排细则"));
}

BOOST_AUTO_TEST_CASE(articles_nest_below_chapters_and_items_below_articles) {
  const ParsedRegulation& regulation = parsed().regulations.at(1);
  BOOST_TEST(regulation.body == "为使公文办理及时、准确,结合云岭地区综合办公室实际,制定本制度。");
  BOOST_TEST(pathsOf(regulation) == "1 1-1 1-2 1-2-1 1-2-2 1-2-3 2 2-3 2-3-1 2-3-2 2-3-3 2-4 2-4-1 2-4-2 3 3-5 3-6");
  BOOST_TEST(regulation.articles[*articleOf(regulation, "2-3-1").parent].path == "2-3");
  BOOST_TEST(regulation.articles[*articleOf(regulation, "2-3").parent].path == "2");
  BOOST_TEST(!articleOf(regulation, "2").parent);
}

BOOST_AUTO_TEST_CASE(articles_also_nest_below_items_and_have_items_of_the_same_kind) {
  BOOST_TEST(pathsOf(parsed().regulations.at(2)) ==
             "1 1-1 1-2 2 2-1 2-1-1 2-1-2 2-1-2-1 2-1-2-2 2-2 2-2-3 3 4 4-1 4-2");
}

BOOST_AUTO_TEST_CASE(a_short_line_without_sentence_punctuation_is_the_heading_of_the_text_below_it) {
  const ParsedArticle& article = articleOf(parsed().regulations.at(2), "3");
  BOOST_TEST(article.heading == "三、检查");
  BOOST_TEST(article.text.starts_with("会后由会务岗"));
}

BOOST_AUTO_TEST_CASE(a_heading_with_nothing_below_it_but_articles_is_its_own_text) {
  const ParsedArticle& article = articleOf(parsed().regulations.at(2), "1");
  BOOST_TEST(article.heading.empty());
  BOOST_TEST(article.text == "一、申请");
}

BOOST_AUTO_TEST_CASE(a_paragraph_without_a_number_belongs_to_the_article_above_it) {
  BOOST_TEST(articleOf(parsed().regulations.at(1), "2-3-3").text ==
             "３．页数和份数。\n登记后应当在1个工作日内送负责人阅批。");
}

BOOST_AUTO_TEST_CASE(a_number_given_twice_or_left_out_still_has_a_path_of_its_own) {
  BOOST_TEST(pathsOf(parsed().regulations.at(3)) == "1 1-1 1-2 1-2.2 2 2-1 2-2 3 3-1 3-2 3-3");
  BOOST_TEST(pathsOf(regulationOf("一、甲。\n二、乙。\n、丙。\n四、丁。")) == "1 2 3 4");
}

BOOST_AUTO_TEST_CASE(a_heading_without_a_number_begins_a_new_count) {
  const ParsedRegulation& regulation = parsed().regulations.at(5);
  BOOST_TEST(pathsOf(regulation) == "1 1-1 1-2 2 2-1 2-2");
  BOOST_TEST(articleOf(regulation, "2").text == "资料员职责");
}

BOOST_AUTO_TEST_CASE(an_item_in_an_article_does_not_end_the_list_that_the_article_stands_in) {
  BOOST_TEST(pathsOf(regulationOf("(一)甲\n第一条 如下:\n(一)子;\n(二)丑。\n第二条 寅。\n(二)乙\n第三条 卯。")) ==
             "1 1-1 1-1-1 1-1-2 1-2 2 2-3");
}

BOOST_AUTO_TEST_CASE(numbers_are_read_in_every_form_that_clerks_write) {
  const auto ordinalOf = [](std::string_view text) {
    const auto marker = markerOf(text);
    return marker ? static_cast<int>(marker->ordinal) : -1;
  };
  BOOST_TEST(ordinalOf("第一百二十三条 甲") == 123);
  BOOST_TEST(ordinalOf("第 12 章") == 12);
  BOOST_TEST(ordinalOf("十九条 甲") == 19);
  BOOST_TEST(ordinalOf("二十、甲") == 20);
  BOOST_TEST(ordinalOf("（十一）甲") == 11);
  BOOST_TEST(ordinalOf("(３)甲") == 3);
  BOOST_TEST(ordinalOf("１２．甲") == 12);
  BOOST_TEST(ordinalOf("7、甲") == 7);
  BOOST_TEST(ordinalOf("2)甲") == 2);
  BOOST_TEST(ordinalOf("⑳甲") == 20);
  BOOST_TEST(ordinalOf("()甲") == 0);
  for (const char* prose : {"3.5级以上", "2031.5起", "一是", "十条建议", "(甲)乙", "第一次", "", "第", "("}) {
    BOOST_TEST(ordinalOf(prose) == -1, prose);
  }
}

BOOST_AUTO_TEST_CASE(without_a_table_of_contents_titles_are_known_by_how_they_stand) {
  const auto titles = titlesOf(parseCompilation("值班制度\n\n\n一、甲。\n\n\n\n印章\n管理办法\n\n\n第一条 乙。\n"));
  const std::vector<std::string> expected = {"001 值班制度", "002 印章管理办法"};
  BOOST_CHECK_EQUAL_COLLECTIONS(titles.begin(), titles.end(), expected.begin(), expected.end());
  BOOST_TEST(titlesOf(parseCompilation("值班制度\n\n一、甲。\n\n印章办法\n\n二、乙。")).size() == 2u);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_are_refused_with_their_line) {
  BOOST_TEST(refusalOf("值班制度\n\n\n一、\xE7\x94。\n").starts_with("line 4, byte 7 is not UTF-8"));
}

BOOST_AUTO_TEST_CASE(a_text_without_a_regulation_or_beyond_the_limits_is_refused) {
  BOOST_TEST(refusalOf("").starts_with("no regulation found"));
  BOOST_TEST(refusalOf("今天开会。").starts_with("no regulation found"));
  BOOST_TEST(refusalOf(std::string((16u << 20) + 1, ' ')).find("16 MiB") != std::string::npos);
  std::string lines = "值班制度\n\n\n";
  for (int i = 0; i < 1 << 18; ++i) lines += "a\n";
  BOOST_TEST(refusalOf(lines).find("lines") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(line_ends_of_any_system_and_a_byte_order_mark_change_nothing) {
  std::string other = "\xEF\xBB\xBF";
  for (const char c : sample()) other += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const Compilation compilation = parseCompilation(other);
  BOOST_TEST(textOf(compilation) == textOf(parsed()));
  for (std::size_t i = 0; i < parsed().regulations.size(); ++i) {
    BOOST_TEST(pathsOf(compilation.regulations.at(i)) == pathsOf(parsed().regulations[i]));
  }
}

BOOST_AUTO_TEST_CASE(any_order_of_lines_keeps_the_whole_text_in_sound_articles) {
  const bool holds = rc::check([] {
    const auto line = rc::gen::elementOf(std::vector<std::string>{
        "值班制度", "目录",     "暂行规定", "主任职责", "第一章 总则", "第一条 甲。", "第二条 乙:", "第一条",
        "一、丙",   "二、丁。", "(一)戊;",  "（二）己", "()",          "、庚",        "1.辛",       "2.壬。",
        "①癸",      " \u00A0",  "",         "\u3000",   "今天开会。"});
    std::string text = "\n\n印章管理办法\n\n\n第一条 始。\n";
    for (const std::string& l : *rc::gen::container<std::vector<std::string>>(line)) text += l + "\n";
    const Compilation compilation = parseCompilation(text);
    RC_ASSERT(textOf(compilation) == withoutWhiteSpace(text));
    for (const ParsedRegulation& regulation : compilation.regulations) RC_ASSERT(isSound(regulation));
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_SUITE_END()
