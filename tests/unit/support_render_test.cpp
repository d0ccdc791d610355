// Places, rendering, names that were meant, reading of files.

#include <gtest/gtest.h>

#include <unistd.h>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "support/assert.h"
#include "support/limits.h"
#include "support/read_file.h"
#include "support/render.h"
#include "support/utf8.h"

namespace kjit {
namespace {

// A diagnostic at bytes [begin, end) of `text`, as text.
std::string rendered(const std::string& text, std::uint32_t begin, std::uint32_t end, bool color = false) {
  SourceMap sources;
  sources.add("a.k", text);
  Diagnostics diags;
  diags.report<DiagId::E0112>(Span{0, begin, end}, ')');
  return render(diags.all()[0], sources, {color});
}

TEST(SourceFile, CountsColumnsInCodePoints) {
  const SourceFile file("a.k", "ab\n\xC3\xA9\xE6\x97\xA5x\n");
  EXPECT_EQ(file.locate(8).line, 2u);
  EXPECT_EQ(file.locate(8).column, 3u);
  EXPECT_EQ(file.locate(1000).line, 3u);
  EXPECT_EQ(file.line_text(2), "\xC3\xA9\xE6\x97\xA5x");
}

TEST(SourceFile, NormalisesLineEndsAndDropsTheByteOrderMark) {
  EXPECT_EQ(SourceFile("a.k",
                       "\xEF\xBB\xBF"
                       "a\r\nb\rc\n\r")
                .text(),
            "a\nb\nc\n\n");
}

TEST(Render, UnderlinesTheSpan) {
  EXPECT_EQ(rendered("x = 1\ny = (abc)\n", 10, 15), "a.k:2:5: error[E0112]: unmatched ')'\n   2 | y = (abc)\n     |     ^~~~~\n");
}

TEST(Render, MarksAnEmptySpanAtTheEndOfTheFile) {
  EXPECT_EQ(rendered("x", 1, 1), "a.k:1:2: error[E0112]: unmatched ')'\n   1 | x\n     |  ^\n");
  EXPECT_EQ(rendered("", 0, 0), "a.k:1:1: error[E0112]: unmatched ')'\n   1 | \n     | ^\n");
}

TEST(Render, CutsASpanOfSeveralLinesAtItsFirst) {
  EXPECT_EQ(rendered("a = [1,\n 2]\n", 4, 11), "a.k:1:5: error[E0112]: unmatched ')'\n   1 | a = [1,\n     |     ^~~\n");
}

TEST(Render, ExpandsTabsAndKnowsWideCharacters) {
  EXPECT_NE(rendered("\tx", 1, 2).find("   1 |     x\n     |     ^\n"), std::string::npos);
  EXPECT_NE(rendered("\xE6\x97\xA5x", 3, 4).find("     |   ^\n"), std::string::npos);
}

TEST(Render, EscapesWhatWouldControlTheTerminal) {
  const std::string text = rendered("\x1b[31m \xE2\x80\xAE x", 10, 11);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("\\x1b[31m \\u202e x"), std::string::npos);
}

TEST(Render, ColorsOnlyWhenAsked) {
  EXPECT_NE(rendered("x", 0, 1, true).find("\x1b[1;31merror[E0112]:\x1b[0m"), std::string::npos);
}

TEST(Render, ShowsThePartOfALongLineAroundTheSpan) {
  const std::string text = rendered(std::string(5000, 'a') + "(" + std::string(5000, 'b'), 5000, 5001);
  EXPECT_LT(text.size(), 500u);
  const auto line = text.find("a("), caret = text.find("^");
  EXPECT_EQ(line + 1 - text.rfind('\n', line), caret - text.rfind('\n', caret));
}

TEST(Render, PrintsNotesWithTheirLinesAndTheHelp) {
  SourceMap sources;
  sources.add("a.k", "x = (1]\n");
  Diagnostics diags;
  diags.report<DiagId::E0111>(Span{0, 6, 7}, ']', '(').note({0, 4, 5}, "opened here").suggest("close it");
  EXPECT_EQ(render(diags.all()[0], sources),
            "a.k:1:7: error[E0111]: closing ']' does not match opening '('\n   1 | x = (1]\n     |       ^\n"
            "a.k:1:5: note: opened here\n   1 | x = (1]\n     |     ^\nhelp: close it\n");
}

TEST(Render, ListsDiagnosticsInTheOrderOfTheirPlaces) {
  SourceMap sources;
  sources.add("a.k", "a\nb\n");
  Diagnostics diags;
  diags.report<DiagId::E0112>(Span{0, 2, 3}, ')');
  diags.report<DiagId::E0112>(Span{0, 0, 1}, ']');
  const std::string text = render_all(diags, sources);
  EXPECT_LT(text.find("a.k:1:1"), text.find("a.k:2:1"));
}

TEST(Render, JsonHasAllFields) {
  SourceMap sources;
  sources.add("a.k", "x = (1]\n");
  Diagnostics diags;
  diags.report<DiagId::E0111>(Span{0, 6, 7}, ']', '(').note({0, 4, 5}, "opened here").suggest("close it");
  const auto json = nlohmann::json::parse(render_json(diags.all(), sources));
  EXPECT_EQ(json.dump(),
            R"([{"column":7,"end_column":8,"end_line":1,"file":"a.k","help":"close it","id":"E0111","line":1,)"
            R"("message":"closing ']' does not match opening '('","notes":[{"column":5,"end_column":6,"end_line":1,"file":"a.k",)"
            R"("line":1,"message":"opened here"}],"severity":"error"}])");
}

TEST(DidYouMean, FindsTheNearestName) {
  EXPECT_EQ(did_you_mean("lenght", {"len", "length", "range"}), "length");
  EXPECT_EQ(did_you_mean("prnit", {"print", "point"}), "print");
  EXPECT_EQ(did_you_mean("x", {"y", "zz"}), "");
  EXPECT_EQ(did_you_mean("abc", {"xyz"}), "");
}

TEST(Utf8, RefusesWhatIsNoText) {
  EXPECT_EQ(find_invalid_utf8("a\xC3\xA9\xF0\x9F\x98\x80"), std::nullopt);
  EXPECT_EQ(find_invalid_utf8("ab\xC0\x80"), 2u);        // longer than needed
  EXPECT_EQ(find_invalid_utf8("\xED\xA0\x80"), 0u);      // a surrogate
  EXPECT_EQ(find_invalid_utf8("\xF4\x90\x80\x80"), 0u);  // past U+10FFFF
  EXPECT_EQ(find_invalid_utf8("a\xE6\x97"), 1u);         // cut off
}

TEST(Utf8, EncodesEachLength) {
  std::string out;
  for (char32_t value : {0x41, 0xE9, 0x65E5, 0x1F600}) EXPECT_TRUE(append_utf8(out, value));
  EXPECT_EQ(out, "A\xC3\xA9\xE6\x97\xA5\xF0\x9F\x98\x80");
  EXPECT_FALSE(append_utf8(out, 0xD800));
}

TEST(Assert, ThrowsWithThePlace) {
  try {
    KJIT_ASSERT(1 == 2, "numbers differ");
    FAIL();
  } catch (const InternalError& error) {
    EXPECT_NE(std::string(error.what()).find("numbers differ (1 == 2) at "), std::string::npos);
  }
}

class ReadSource : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // The message that reading a file with these bytes gives; "ok" without one.
  std::string read(const std::string& bytes) {
    const std::string path = (folder_ / "a.k").string();
    std::ofstream(path, std::ios::binary) << bytes;
    Diagnostics diags;
    return read_source(path, diags)
               ? "ok"
               : std::string(diag_name(diags.all().at(0).id)) + diags.all().at(0).message.substr(path.size() + 2);
  }

  std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) / ("kjit_read_source_" + std::to_string(::getpid()));
};

TEST_F(ReadSource, TellsApartWhatCanGoWrong) {
  EXPECT_EQ(read(""), "ok");
  EXPECT_EQ(read("x = 1\n"), "ok");
  EXPECT_EQ(read(std::string("ab\0c", 4)), "E0116 is a binary file: it contains a NUL byte at offset 2");
  EXPECT_EQ(read("a\nb\n\xFF"), "E0117 is not valid UTF-8: byte 0xFF on line 3");
}

TEST_F(ReadSource, NamesTheReasonWhenThereIsNoText) {
  Diagnostics diags;
  EXPECT_FALSE(read_source((folder_ / "missing.k").string(), diags));
  EXPECT_FALSE(read_source(folder_.string(), diags));
  EXPECT_NE(diags.all()[0].message.find("No such file or directory"), std::string::npos);
  EXPECT_NE(diags.all()[1].message.find("it is a directory"), std::string::npos);
}

TEST_F(ReadSource, RefusesWhatIsTooLarge) {
  const std::string text(limits::kSourceBytes + 1, '#');
  EXPECT_EQ(read(text), "E0906 is too large: 67108865 bytes, the limit is 67108864");
}

}  // namespace
}  // namespace kjit
