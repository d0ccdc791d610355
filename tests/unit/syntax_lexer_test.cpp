// Tokens: literals, indentation, joining of lines, and what happens after a mistake.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "syntax_testing.h"

namespace kjit {
namespace {

using testing::first_token;
using testing::token_kinds;

struct IntCase {
  const char* text;
  std::uint64_t value;
};

class LexerInt : public ::testing::TestWithParam<IntCase> {};

TEST_P(LexerInt, HasTheValueThatPythonGivesIt) {
  const Token token = first_token(GetParam().text);
  EXPECT_EQ(token.kind, TokenKind::Int);
  EXPECT_EQ(token.integer, GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(Forms, LexerInt,
                         ::testing::Values(IntCase{"0", 0}, IntCase{"00_0", 0}, IntCase{"1_000_000", 1000000},
                                           IntCase{"0xFf", 255}, IntCase{"0X_f", 15}, IntCase{"0o17", 15}, IntCase{"0O7_7", 63},
                                           IntCase{"0b1_01", 5}, IntCase{"0B_1", 1}, IntCase{"18446744073709551615", ~0ull},
                                           IntCase{"0xFFFF_FFFF_FFFF_FFFF", ~0ull}));

struct FloatCase {
  const char* text;
  double value;
};

class LexerFloat : public ::testing::TestWithParam<FloatCase> {};

TEST_P(LexerFloat, HasTheValueThatPythonGivesIt) {
  const Token token = first_token(GetParam().text);
  EXPECT_EQ(token.kind, TokenKind::Float);
  EXPECT_EQ(token.number, GetParam().value);
}

constexpr double kInf = std::numeric_limits<double>::infinity();
INSTANTIATE_TEST_SUITE_P(Forms, LexerFloat,
                         ::testing::Values(FloatCase{"1.", 1.0}, FloatCase{".5", 0.5}, FloatCase{"1_0.2_5", 10.25},
                                           FloatCase{"1e3", 1000.0}, FloatCase{"1E+3", 1000.0}, FloatCase{"25e-1", 2.5},
                                           FloatCase{"0777.5", 777.5}, FloatCase{"09e0", 9.0}, FloatCase{"0.1", 0.1},
                                           FloatCase{"5e-324", 5e-324},
                                           FloatCase{"2.2250738585072011e-308", 2.2250738585072011e-308},
                                           FloatCase{"1e400", kInf}, FloatCase{"1e-400", 0.0}, FloatCase{"0.000001e400", kInf},
                                           FloatCase{"1e99999999999999999999", kInf}, FloatCase{"1e-99999999999999999999", 0.0},
                                           FloatCase{"0e99999", 0.0}));

TEST(Lexer, ImaginaryLiteralsKeepTheirMagnitude) {
  for (const char* text : {"2.5j", "25e-1J", "002.5j"}) {
    const Token token = first_token(text);
    EXPECT_EQ(token.kind, TokenKind::Imaginary) << text;
    EXPECT_EQ(token.number, 2.5) << text;
  }
}

TEST(Lexer, AKeywordMayFollowANumberDirectly) {
  EXPECT_EQ(token_kinds("1if x else 2"), "Int If Name Else Int Newline");
  EXPECT_EQ(token_kinds("1or 2"), "Int Or Int Newline");
}

TEST(Lexer, TheLongestOperatorWins) {
  EXPECT_EQ(token_kinds("a**=b//c<<=d->e...f"),
            "Name DoubleStarEqual Name DoubleSlash Name LeftShiftEqual Name Arrow Name Ellipsis Name Newline");
}

struct StringCase {
  const char* text;
  std::string value;
};

class LexerString : public ::testing::TestWithParam<StringCase> {};

TEST_P(LexerString, HasTheTextThatPythonGivesIt) {
  const Token token = first_token(GetParam().text);
  EXPECT_EQ(token.kind, TokenKind::String);
  EXPECT_EQ(token.text, GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(Forms, LexerString,
                         ::testing::Values(StringCase{R"("a\tb\n")", "a\tb\n"}, StringCase{R"('\'"')", "'\""},
                                           StringCase{R"("\x41\101\u0041\U00000041")", "AAAA"},
                                           StringCase{R"("\u20ac\xe9")", "\xE2\x82\xAC\xC3\xA9"},
                                           StringCase{R"("\0")", std::string(1, '\0')}, StringCase{R"("\777")", "\xC7\xBF"},
                                           StringCase{R"(r"\n\"")", "\\n\\\""}, StringCase{R"(u"x")", "x"},
                                           StringCase{R"(R'\d')", "\\d"}, StringCase{"\"a\\\nb\"", "ab"},
                                           StringCase{"'''a\n'b' \"c\"'''", "a\n'b' \"c\""},
                                           StringCase{"\"\"\"\"quoted\" \"\"\"", "\"quoted\" "}, StringCase{"''", ""},
                                           StringCase{"\"\xC3\xA9\"", "\xC3\xA9"}));

TEST(Lexer, AnUnknownEscapeStandsForItselfWithAWarning) {
  EXPECT_EQ(first_token(R"("\d")").text, "\\d");
  EXPECT_EQ(token_kinds(R"("\d")"), "String Newline | W0101 1:2");
}

TEST(Lexer, IndentAndDedentAreBalanced) {
  EXPECT_EQ(token_kinds("if a:\n  if b:\n    c\nd\n"),
            "If Name Colon Newline Indent If Name Colon Newline Indent Name Newline Dedent Dedent Name Newline");
}

TEST(Lexer, BlocksEndAtTheEndOfTheFileWithoutANewline) {
  EXPECT_EQ(token_kinds("if a:\n\tb"), "If Name Colon Newline Indent Name Newline Dedent");
}

TEST(Lexer, BlankLinesAndCommentsHaveNoIndentation) {
  EXPECT_EQ(token_kinds("if a:\n    b\n\n  # text\n\t\n    c\n"),
            "If Name Colon Newline Indent Name Newline Name Newline Dedent");
}

TEST(Lexer, ATabReachesTheNextMultipleOfEight) {
  EXPECT_EQ(token_kinds("if a:\n        b\n\tc\n"), "If Name Colon Newline Indent Name Newline Name Newline Dedent | E0102 3:1");
  EXPECT_EQ(token_kinds("if a:\n\tb\n\tc\n"), "If Name Colon Newline Indent Name Newline Name Newline Dedent");
}

TEST(Lexer, BracketsJoinLines) {
  EXPECT_EQ(token_kinds("f(a,\n  # text\n  b)\nc"), "Name LeftParen Name Comma Name RightParen Newline Name Newline");
}

TEST(Lexer, ABackslashJoinsLines) { EXPECT_EQ(token_kinds("a + \\\n    b"), "Name Plus Name Newline"); }

TEST(Lexer, NamesMayHaveLettersOfAnyScript) {
  EXPECT_EQ(first_token("\xCF\x80_2 = 1").text, "\xCF\x80_2");
  EXPECT_EQ(first_token("\xE5\x80\xA4").kind, TokenKind::Name);
}

TEST(Lexer, ACarriageReturnEndsALineAndAByteOrderMarkIsNoText) {
  EXPECT_EQ(token_kinds("\xEF\xBB\xBFif a:\r\n  b\rc"), "If Name Colon Newline Indent Name Newline Dedent Name Newline");
}

TEST(Lexer, AnEmptyFileHasNoTokens) {
  EXPECT_EQ(token_kinds(""), "");
  EXPECT_EQ(token_kinds("\n  \n# only a comment"), "");
}

TEST(Lexer, BytesThatAreNotUtf8AreReportedAndPassed) {
  EXPECT_EQ(token_kinds("a \xFF b"), "Name Invalid Name Newline | E0101 1:3");
}

TEST(Lexer, AnUnclosedBracketEndsBeforeTheNextStatementKeyword) {
  EXPECT_EQ(token_kinds("x = (1\ny = 2\ndef f(): pass"),
            "Name Equal Invalid Newline Name Equal Int Newline Def Name LeftParen RightParen Colon Pass Newline | E0110 1:5");
}

TEST(Lexer, TextThatIsReadAgainAfterAnUnclosedBracketIsReportedOnce) {
  EXPECT_EQ(token_kinds("x = (1\ny = 09\n"), "Name Equal Invalid Newline Name Equal Int Newline | E0115 2:5, E0110 1:5");
}

TEST(Lexer, ManyUnclosedBracketsTakeLinearTime) {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "(\n";
  EXPECT_NE(token_kinds(text).find("E0110"), std::string::npos);
}

}  // namespace
}  // namespace kjit
