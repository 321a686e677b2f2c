#include <rapidcheck.h>
#include <sqlcipher/sqlite3.h>

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/search/token.h"
#include "core/search/tokenizer.h"
#include "core/search/words.h"

using namespace cinnabar;

namespace {

std::string tokensOf(std::string_view text, Purpose purpose) {
  std::string tokens;
  cut(text, purpose, [&](const Token& token) {
    if (!tokens.empty()) tokens += token.samePlace ? '=' : ' ';
    tokens += token.text;
    return 0;
  });
  return tokens;
}

// One column of full text in memory, as plain as FTS5 goes.
class Index {
 public:
  Index() {
    BOOST_REQUIRE_EQUAL(sqlite3_open(":memory:", &db_), SQLITE_OK);
    registerTokenizer(db_);
    run("CREATE VIRTUAL TABLE t USING fts5(body, tokenize='cinnabar', prefix='1')");
  }
  ~Index() { sqlite3_close(db_); }
  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;

  void keepOnly(const std::string& text) {
    run("DELETE FROM t");
    step("INSERT INTO t(body) VALUES (?1)", text);
  }
  bool finds(const std::string& words) {
    return step("SELECT 1 FROM t WHERE t MATCH ?1", matchExpression(words)) == SQLITE_ROW;
  }
  std::string highlighted(const std::string& words) {
    std::string text;
    step("SELECT highlight(t, 0, '[', ']') FROM t WHERE t MATCH ?1", matchExpression(words), &text);
    return text;
  }

 private:
  void run(const char* sql) { BOOST_REQUIRE_EQUAL(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr), SQLITE_OK); }
  int step(const char* sql, const std::string& argument, std::string* column = nullptr) {
    sqlite3_stmt* statement = nullptr;
    BOOST_REQUIRE_EQUAL(sqlite3_prepare_v2(db_, sql, -1, &statement, nullptr), SQLITE_OK);
    sqlite3_bind_text(statement, 1, argument.data(), static_cast<int>(argument.size()), SQLITE_TRANSIENT);
    const int status = sqlite3_step(statement);
    if (status == SQLITE_ROW && column) *column = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    if (status != SQLITE_ROW && status != SQLITE_DONE) BOOST_FAIL(std::string(sqlite3_errmsg(db_)) + ": " + argument);
    sqlite3_finalize(statement);
    return status;
  }

  sqlite3* db_ = nullptr;
};

bool isRefused(const std::string& words) {
  try {
    matchExpression(words);
  } catch (const Error& error) {
    return error.code() == Code::invalidArgument;
  }
  return false;
}

// Few letters, so that they meet; every class of them, and what attacks a parser.
rc::Gen<std::string> mixture(std::size_t most) {
  const auto piece = rc::gen::elementOf(std::vector<std::string>{"会",
                                                                 "议",
                                                                 "会议",
                                                                 "室",
                                                                 "〇",
                                                                 "𠀀",
                                                                 "カ",
                                                                 "한",
                                                                 "a",
                                                                 "B",
                                                                 "ab",
                                                                 "1",
                                                                 "１",
                                                                 "Ａ",
                                                                 "é",
                                                                 "ཀ",
                                                                 "་",
                                                                 " ",
                                                                 "　",
                                                                 "\n",
                                                                 "\"",
                                                                 "*",
                                                                 "(",
                                                                 ")",
                                                                 "-",
                                                                 "^",
                                                                 ":",
                                                                 "AND",
                                                                 "NEAR(",
                                                                 "。",
                                                                 "〔",
                                                                 "★",
                                                                 "\xFF",
                                                                 "\xE4\xBC",
                                                                 "\xC0\x80",
                                                                 std::string(1, '\0'),
                                                                 std::string(130, 'x')});
  return rc::gen::map(rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, most + 1),
                                      [piece](std::size_t count) {
                                        return rc::gen::container<std::vector<std::string>>(count, piece);
                                      }),
                      [](const std::vector<std::string>& pieces) {
                        std::string text;
                        for (const std::string& p : pieces) text += p;
                        return text;
                      });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(core_tokenizer)

BOOST_AUTO_TEST_CASE(a_run_of_ideographs_is_indexed_as_overlapping_pairs_and_its_last_character) {
  BOOST_TEST(tokensOf("会议室", Purpose::index) == "会议 议室=室");
  BOOST_TEST(tokensOf("会", Purpose::index) == "会");
  BOOST_TEST(tokensOf("𠀀〇々カ한", Purpose::index) == "𠀀〇 〇々 々カ カ한=한");
}

BOOST_AUTO_TEST_CASE(a_word_of_two_ideographs_is_sought_as_exactly_one_pair) {
  BOOST_TEST(tokensOf("会议", Purpose::query) == "会议");
  BOOST_TEST(tokensOf("会议室", Purpose::query) == "会议 议室");
  BOOST_TEST(tokensOf("会", Purpose::query) == "会");
}

BOOST_AUTO_TEST_CASE(letters_and_digits_are_words_in_lower_case_and_half_width) {
  BOOST_TEST(tokensOf("ＡＢ１２ Word-3号楼Ｂ座", Purpose::index) == "ab12 word 3 号楼=楼 b 座");
  BOOST_TEST(tokensOf("ＡＢ１２", Purpose::query) == "ab12");
}

BOOST_AUTO_TEST_CASE(marks_and_punctuation_separate) {
  BOOST_TEST(tokensOf("云办〔2031〕7号★密，①完", Purpose::index) == "云办=办 2031 7 号 密 完");
  BOOST_TEST(tokensOf(" ，。《》", Purpose::index).empty());
}

BOOST_AUTO_TEST_CASE(a_tibetan_syllable_is_a_word) { BOOST_TEST(tokensOf("བོད་ཡིག།", Purpose::index) == "བོད ཡིག"); }

BOOST_AUTO_TEST_CASE(every_byte_that_is_not_utf8_separates) {
  BOOST_TEST(tokensOf("会\xE8\xAE 议a\xFF"
                      "b\xE4",
                      Purpose::index) == "会 议 a b");
  BOOST_TEST(tokensOf("\xED\xA0\x80"
                      "c\xC0\xAF",
                      Purpose::index) == "c");
}

BOOST_AUTO_TEST_CASE(a_very_long_word_is_found_whole) {
  const std::string word(1000, 'w');
  Index index;
  index.keepOnly("x " + word);
  BOOST_TEST(index.finds(word));
  BOOST_TEST(!index.finds(word.substr(1)));
}

BOOST_AUTO_TEST_CASE(one_ideograph_is_found_at_the_beginning_in_the_middle_and_at_the_end) {
  Index index;
  index.keepOnly("会议室2");
  for (const char* word : {"会", "议", "室", "会议", "议室", "会议室", "室2", "2"}) BOOST_TEST(index.finds(word), word);
  for (const char* word : {"会室", "议会", "二", "会2", "2室"}) BOOST_TEST(!index.finds(word), word);
}

BOOST_AUTO_TEST_CASE(all_words_must_occur_and_a_word_is_a_phrase) {
  Index index;
  index.keepOnly("文件编号 AB-12，会议纪要");
  BOOST_TEST(index.finds("纪要 ab-12"));
  BOOST_TEST(index.finds("纪要　１２"));
  BOOST_TEST(!index.finds("纪要 13"));
  BOOST_TEST(!index.finds("12-ab"));
}

BOOST_AUTO_TEST_CASE(what_was_found_is_marked_in_the_text) {
  Index index;
  index.keepOnly("预约会议室，须提前。");
  BOOST_TEST(index.highlighted("会议室") == "预约[会议室]，须提前。");
}

BOOST_AUTO_TEST_CASE(no_syntax_of_full_text_comes_through) {
  BOOST_TEST(matchExpression("a\"b OR *") == "\"a b\" AND \"or\"");
  BOOST_TEST(matchExpression("会") == "\"会\"*");
  BOOST_TEST(matchExpression("body:会议 NEAR(a,5)") == "\"body 会议\" AND \"near a 5\"");
  BOOST_TEST(matchExpression(std::string("a\0b", 3)) == "\"a b\"");
}

BOOST_AUTO_TEST_CASE(a_search_for_nothing_or_for_too_much_is_refused) {
  for (const char* words : {"", " 　", "\"", "。* -"}) BOOST_TEST(isRefused(words), words);
  BOOST_TEST(isRefused(std::string(1025, 'a')));
  BOOST_TEST(!isRefused(std::string(1024, 'a')));
  std::string many;
  for (int i = 0; i < 64; ++i) many += "a ";
  BOOST_TEST(!isRefused(many));
  BOOST_TEST(isRefused(many + "a"));
  BOOST_CHECK_THROW(matches("a", ""), Error);
}

BOOST_AUTO_TEST_CASE(searching_a_text_without_an_index_agrees_with_the_index) {
  Index index;
  const bool holds = rc::check([&] {
    const std::string text = *mixture(24);
    const std::string words = *rc::gen::suchThat(mixture(4), [](const std::string& w) { return !isRefused(w); });
    index.keepOnly(text);
    RC_CLASSIFY(matches(text, words), "found");
    RC_ASSERT(index.finds(words) == matches(text, words));
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(every_word_taken_from_a_text_of_ideographs_is_found_in_it) {
  const bool holds = rc::check([] {
    const auto ideograph = rc::gen::elementOf(std::vector<std::string>{"办", "公", "文", "〇", "𠀀"});
    const auto run = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(ideograph));
    const std::size_t begin = *rc::gen::inRange<std::size_t>(0, run.size());
    const std::size_t end = *rc::gen::inRange<std::size_t>(begin + 1, run.size() + 1);
    std::string text, word;
    for (std::size_t i = 0; i < run.size(); ++i) {
      text += run[i];
      if (i >= begin && i < end) word += run[i];
    }
    RC_PRE(word.size() <= 1024);
    RC_ASSERT(matches(text, word));
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_SUITE_END()
