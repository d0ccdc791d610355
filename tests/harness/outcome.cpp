// Compares what happened with what a test file demands. Entry: judge().

#include "outcome.h"

#include <algorithm>

#include "diff.h"

namespace kjit::harness {
namespace {

using Problems = std::vector<std::string>;

std::string show(const ActualError& error) { return error.name + (error.message.empty() ? "" : ": " + error.message); }
std::string show(const ExpectedError& error) { return error.name + (error.message.empty() ? "" : ": " + error.message); }

bool matches(const ExpectedError& expected, const ActualError& actual, bool compare_message) {
  return expected.name == actual.name && (!compare_message || actual.message.find(expected.message) != std::string::npos);
}

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

void judge_output(const Case& test, const Outcome& outcome, Problems& problems) {
  const std::string expected = joined_lines(test.output);
  if (outcome.output == expected) return;
  problems.push_back("stdout differs\n" + unified_diff(expected, outcome.output, "expected", "printed"));
}

void judge_ending(const Case& test, const Outcome& outcome, bool compare_message, Problems& problems) {
  if (test.error && !outcome.error) {
    problems.push_back("expected " + show(*test.error) + ", but the script ended without an error");
  } else if (!test.error && outcome.error) {
    problems.push_back("unexpected " + show(*outcome.error));
  } else if (test.error && !matches(*test.error, *outcome.error, compare_message)) {
    problems.push_back("expected " + show(*test.error) + "\n     got " + show(*outcome.error));
  } else if (test.exit_status != outcome.exit_status) {
    problems.push_back("expected exit status " + std::to_string(test.exit_status) + ", got " +
                       std::to_string(outcome.exit_status));
  }
}

void judge_call(const KernelCall& call, const CallOutcome& outcome, bool compare_message, Problems& problems) {
  const std::string where = "line " + std::to_string(call.line) + ": " + call.text() + ": ";
  if (call.error && !outcome.error) {
    problems.push_back(where + "expected " + show(*call.error) + ", got " + outcome.repr);
  } else if (call.error && !matches(*call.error, *outcome.error, compare_message)) {
    problems.push_back(where + "expected " + show(*call.error) + ", got " + show(*outcome.error));
  } else if (!call.error && outcome.error) {
    problems.push_back(where + "unexpected " + show(*outcome.error));
  } else if (!call.error && call.expected != outcome.repr) {
    problems.push_back(where + "expected " + call.expected + ", got " + outcome.repr);
  }
}

void judge_calls(const Case& test, const Outcome& outcome, bool compare_message, Problems& problems) {
  if (outcome.calls.size() != test.calls.size()) {
    problems.push_back("made " + std::to_string(outcome.calls.size()) + " of " + std::to_string(test.calls.size()) + " calls");
    return;
  }
  for (std::size_t i = 0; i < test.calls.size(); ++i) judge_call(test.calls[i], outcome.calls[i], compare_message, problems);
}

bool matches(const ExpectedDiagnostic& expected, const ActualDiagnostic& actual) {
  return expected.is_error == actual.is_error && expected.id == actual.id && expected.line == actual.line &&
         actual.message.find(expected.message) != std::string::npos;
}

bool gives(const ExpectedAdvice& expected, const ActualDiagnostic& actual) {
  if (!expected.is_note) return actual.line == expected.line && actual.help.find(expected.text) != std::string::npos;
  return std::ranges::any_of(actual.notes, [&](const auto& note) {
    return note.line == expected.line && note.message.find(expected.text) != std::string::npos;
  });
}

// Notes and help that are not named are allowed.
void judge_advice(const Case& test, const Outcome& outcome, Problems& problems) {
  for (const ExpectedAdvice& expected : test.advice) {
    const bool found = std::ranges::any_of(outcome.diagnostics, [&](const auto& actual) { return gives(expected, actual); });
    if (found) continue;
    problems.push_back("line " + std::to_string(expected.line) + ": missing " + (expected.is_note ? "note: " : "help: ") +
                       expected.text);
  }
}

// Each expected diagnostic takes one actual one away; what remains on either side is a problem.
void judge_diagnostics(const Case& test, const Outcome& outcome, Problems& problems) {
  std::vector<ActualDiagnostic> unexpected = outcome.diagnostics;
  for (const ExpectedDiagnostic& expected : test.diagnostics) {
    const auto found = std::ranges::find_if(unexpected, [&](const auto& actual) { return matches(expected, actual); });
    if (found != unexpected.end()) {
      unexpected.erase(found);
      continue;
    }
    problems.push_back("line " + std::to_string(expected.line) + ": missing " + expected.id + " " + expected.message);
  }
  for (const ActualDiagnostic& actual : unexpected) {
    problems.push_back("line " + std::to_string(actual.line) + ": unexpected " + actual.id + " " + actual.message);
  }
}

}  // namespace

std::vector<std::string> judge(const Case& test, const Outcome& outcome, JudgeOptions options) {
  Problems problems;
  if (options.compare_diagnostics) {
    judge_diagnostics(test, outcome, problems);
    judge_advice(test, outcome, problems);
  }
  if (outcome.compiled == test.expects_compile_errors()) {
    problems.push_back(outcome.compiled ? "compiled, though errors were expected" : "does not compile");
    if (outcome.error) problems.back() += ": " + show(*outcome.error);
  }
  if (!outcome.compiled || test.expects_compile_errors()) return problems;
  judge_output(test, outcome, problems);
  judge_ending(test, outcome, options.compare_messages, problems);
  if (!outcome.error) judge_calls(test, outcome, options.compare_messages, problems);
  return problems;
}

std::vector<std::string> judge_text(const std::vector<TextCheck>& checks, std::string_view text) {
  Problems problems;
  std::size_t from = 0;
  for (const TextCheck& check : checks) {
    const std::size_t found = text.find(check.text, check.is_not ? 0 : from);
    const std::string where = "line " + std::to_string(check.line) + ": ";
    if (check.is_not && found != std::string_view::npos) problems.push_back(where + "must not contain " + check.text);
    if (check.is_not) continue;
    if (found == std::string_view::npos)
      problems.push_back(where + "nothing (further) contains " + check.text);
    else
      from = found + check.text.size();
  }
  return problems;
}

}  // namespace kjit::harness
