// Tests of the test harness: every demand that a directive can make is shown to fail when it is not met.

#include <gtest/gtest.h>

#include "case.h"
#include "diff.h"
#include "outcome.h"

namespace kjit::harness {
namespace {

Outcome printed(std::string text) {
  Outcome outcome;
  outcome.output = std::move(text);
  return outcome;
}

TEST(Directives, ExpectKeepsItsBlanks) {
  const Case test = parse_case("print(1)  # expect: 1\n# expect:\n# expect:   two \n");
  EXPECT_EQ(test.output, (std::vector<std::string>{"1", "", "  two "}));
}

TEST(Directives, HashInsideAStringIsNoComment) {
  EXPECT_EQ(parse_case("print('# expect: no')  # expect: yes").output, std::vector<std::string>{"yes"});
  EXPECT_EQ(parse_case("print('it\\'s # expect: no')").output.size(), 0u);
}

TEST(Directives, WindowsLineEndsAreNotPartOfTheText) {
  EXPECT_EQ(parse_case("print(1)  # expect: 1\r\n").output, std::vector<std::string>{"1"});
}

TEST(Directives, ErrorNamesItsOwnLine) {
  const Case test = parse_case("x = 1\ny = $  # error: E0101 unknown character\n");
  ASSERT_EQ(test.diagnostics.size(), 1u);
  EXPECT_EQ(test.diagnostics[0].id, "E0101");
  EXPECT_EQ(test.diagnostics[0].message, "unknown character");
  EXPECT_EQ(test.diagnostics[0].line, 2u);
  EXPECT_TRUE(test.expects_compile_errors());
}

TEST(Directives, ErrorMayPointToAnotherLine) {
  const Case test = parse_case("x = 'open\n# error@-1: E0102\n# warning@+2: W0801\n");
  ASSERT_EQ(test.diagnostics.size(), 2u);
  EXPECT_EQ(test.diagnostics[0].line, 1u);
  EXPECT_EQ(test.diagnostics[1].line, 5u);
  EXPECT_FALSE(test.diagnostics[1].is_error);
}

TEST(Directives, RunTakesTheCallApart) {
  const Case test = parse_case("# run: f(2, (3, 4), 'a)') == (1, 'x == y')\n# run: g([1, 2]) raises ValueError: too few\n");
  ASSERT_EQ(test.calls.size(), 2u);
  EXPECT_EQ(test.calls[0].kernel, "f");
  EXPECT_EQ(test.calls[0].args, (std::vector<std::string>{"2", "(3, 4)", "'a)'"}));
  EXPECT_EQ(test.calls[0].expected, "(1, 'x == y')");
  ASSERT_TRUE(test.calls[1].error);
  EXPECT_EQ(test.calls[1].error->name, "ValueError");
  EXPECT_EQ(test.calls[1].error->message, "too few");
}

TEST(Directives, Settings) {
  const Case test = parse_case("# seed: 42\n# argv: 3 abc\n# options: --checked\n# nopython: wraps\n# exit: 3\n# stage: llvm\n");
  EXPECT_EQ(test.seed, 42u);
  EXPECT_EQ(test.argv, (std::vector<std::string>{"3", "abc"}));
  EXPECT_EQ(test.options, std::vector<std::string>{"--checked"});
  EXPECT_EQ(test.nopython, "wraps");
  EXPECT_EQ(test.exit_status, 3);
  EXPECT_EQ(test.stage, "llvm");
}

TEST(Directives, ProseIsNoDirective) {
  const Case test = parse_case("# The reason: Python rounds half to even.\n# see: docs\n");
  EXPECT_TRUE(test.problems.empty());
  EXPECT_TRUE(test.demands_nothing());
}

TEST(Directives, MistakesAreProblems) {
  for (const char* text : {"# skip: later", "# error: nothing", "# run: f(2)", "# run: f(2 == 3", "# seed: x",
                           "# nopython:", "# exit: 0", "# expect error: not a name", "# expects: 1", "# error@x: E0101",
                           "# check:", "# expect error: A\n# expect error: B", "# error: E0101\n# expect: 1"}) {
    EXPECT_FALSE(parse_case(text).problems.empty()) << text;
  }
}

TEST(Judge, AcceptsWhatIsRight) { EXPECT_TRUE(judge(parse_case("# expect: 1\n# expect: 2"), printed("1\n2\n")).empty()); }

TEST(Judge, EveryByteOfStdoutCounts) {
  const Case test = parse_case("# expect: 1");
  for (const char* text : {"", "1", "1\n\n", "1\n2\n", " 1\n", "1 \n", "2\n"})
    EXPECT_FALSE(judge(test, printed(text)).empty()) << text;
  EXPECT_FALSE(judge(Case(), printed("anything\n")).empty());
}

TEST(Judge, RunTimeErrors) {
  const Case test = parse_case("# expect error: ValueError: too few");
  Outcome outcome;
  EXPECT_FALSE(judge(test, outcome).empty());
  outcome.exit_status = 1;
  outcome.error = ActualError{"ValueError", "far too few points"};
  EXPECT_TRUE(judge(test, outcome).empty());
  EXPECT_FALSE(judge(Case(), outcome).empty());
  outcome.error = ActualError{"IndexError", "far too few points"};
  EXPECT_FALSE(judge(test, outcome).empty());
  outcome.error = ActualError{"ValueError", "too many"};
  EXPECT_FALSE(judge(test, outcome).empty());
  EXPECT_TRUE(judge(test, outcome, {.compare_messages = false}).empty());
}

TEST(Judge, ExitStatus) {
  Outcome outcome;
  outcome.exit_status = 3;
  EXPECT_TRUE(judge(parse_case("# exit: 3"), outcome).empty());
  EXPECT_FALSE(judge(parse_case("# exit: 4"), outcome).empty());
  EXPECT_FALSE(judge(Case(), outcome).empty());
}

TEST(Judge, NotesAndHelp) {
  const Case test = parse_case("x  # error: E0501\n# note: is a float\n# help@-2: write int");
  ASSERT_TRUE(test.problems.empty());
  Outcome outcome;
  outcome.compiled = false;
  outcome.diagnostics = {{true, "E0501", "", 1, {{"it is a float here", 2}}, "write int(...)"}};
  EXPECT_TRUE(judge(test, outcome).empty());
  outcome.diagnostics[0].notes[0].line = 1;
  EXPECT_EQ(judge(test, outcome).size(), 1u);
  outcome.diagnostics[0].help.clear();
  EXPECT_EQ(judge(test, outcome).size(), 2u);
  EXPECT_FALSE(parse_case("# note:").problems.empty());
}

TEST(Judge, Calls) {
  const Case test = parse_case("# run: f(2) == 4\n# run: f(0) raises ValueError: zero");
  Outcome outcome;
  EXPECT_FALSE(judge(test, outcome).empty());
  outcome.calls = {{"4", std::nullopt}, {"", ActualError{"ValueError", "zero"}}};
  EXPECT_TRUE(judge(test, outcome).empty());
  outcome.calls[0].repr = "4.0";
  EXPECT_FALSE(judge(test, outcome).empty());
  outcome.calls = {{"", ActualError{"ValueError", ""}}, {"", ActualError{"ValueError", "zero"}}};
  EXPECT_FALSE(judge(test, outcome).empty());
  outcome.calls = {{"4", std::nullopt}, {"1", std::nullopt}};
  EXPECT_FALSE(judge(test, outcome).empty());
}

TEST(Judge, Diagnostics) {
  const Case test = parse_case("x = $  # error: E0101 unknown");
  Outcome outcome;
  outcome.compiled = false;
  EXPECT_FALSE(judge(test, outcome).empty());
  outcome.diagnostics = {{true, "E0101", "unknown character", 1}};
  EXPECT_TRUE(judge(test, outcome).empty());
  for (const ActualDiagnostic& other :
       {ActualDiagnostic{true, "E0102", "unknown character", 1}, ActualDiagnostic{true, "E0101", "unknown character", 2},
        ActualDiagnostic{true, "E0101", "strange", 1}, ActualDiagnostic{false, "E0101", "unknown character", 1}}) {
    outcome.diagnostics = {other};
    EXPECT_FALSE(judge(test, outcome).empty());
  }
  outcome.diagnostics = {{true, "E0101", "unknown character", 1}, {true, "E0101", "unknown character", 1}};
  EXPECT_FALSE(judge(test, outcome).empty());
}

TEST(Judge, AnUnexpectedWarningFails) {
  Outcome outcome;
  outcome.diagnostics = {{false, "W0801", "may be unset", 4}};
  EXPECT_FALSE(judge(Case(), outcome).empty());
}

TEST(Judge, CompilesExactlyWhenItShould) {
  Outcome outcome;
  outcome.compiled = false;
  EXPECT_FALSE(judge(Case(), outcome, {.compare_diagnostics = false}).empty());
  outcome.compiled = true;
  EXPECT_FALSE(judge(parse_case("# error: E0101"), outcome, {.compare_diagnostics = false}).empty());
}

TEST(JudgeText, ChecksInOrderAndNotAnywhere) {
  const auto checks = parse_case("# check: fadd\n# check: fmul\n# check-not: call").checks;
  EXPECT_TRUE(judge_text(checks, "fadd fmul").empty());
  EXPECT_FALSE(judge_text(checks, "fmul fadd").empty());
  EXPECT_FALSE(judge_text(checks, "fadd fmul call").empty());
  EXPECT_FALSE(judge_text(checks, "call fadd fmul").empty());
}

TEST(Diff, EqualTextsHaveNone) { EXPECT_EQ(unified_diff("a\nb\n", "a\nb\n", "x", "y"), ""); }

TEST(Diff, ShowsThreeLinesOfContext) {
  EXPECT_EQ(unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", "x", "y"),
            "--- x\n+++ y\n@@ line 2 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(Diff, DistantChangesAreHunks) {
  std::string before, after;
  for (int i = 1; i <= 20; ++i) {
    before += std::to_string(i) + "\n";
    after += (i == 2 || i == 18 ? "x" : std::to_string(i)) + std::string("\n");
  }
  EXPECT_EQ(unified_diff(before, after, "a", "b"),
            "--- a\n+++ b\n@@ line 1 @@\n 1\n-2\n+x\n 3\n 4\n 5\n@@ line 15 @@\n 15\n 16\n 17\n-18\n+x\n 19\n 20\n");
}

TEST(Diff, MissingFinalNewlineIsADifference) {
  EXPECT_EQ(unified_diff("a\n", "a", "x", "y"), "--- x\n+++ y\n@@ line 1 @@\n-a\n+a\n\\ No newline at end of file\n");
}

TEST(Diff, FromAndToNothing) {
  EXPECT_EQ(unified_diff("", "a\n", "x", "y"), "--- x\n+++ y\n@@ line 1 @@\n+a\n");
  EXPECT_EQ(unified_diff("a\n", "", "x", "y"), "--- x\n+++ y\n@@ line 1 @@\n-a\n");
}

}  // namespace
}  // namespace kjit::harness
