#pragma once
// What running a test file gave, the same shape for every leg of the matrix, and its comparison with what the file demands.
//
// Entry: judge(). It is a pure function, so that tests/harness/selftest.cpp can show that each demand can fail.

#include <optional>
#include <string>
#include <vector>

#include "case.h"

namespace kjit::harness {

struct ActualDiagnostic {
  bool is_error = true;
  std::string id;
  std::string message;
  std::uint32_t line = 0;
  struct Note {
    std::string message;
    std::uint32_t line = 0;
  };
  std::vector<Note> notes = {};
  std::string help = {};
};

struct ActualError {
  std::string name;  // "ZeroDivisionError"
  std::string message;
};

struct CallOutcome {
  std::string repr;
  std::optional<ActualError> error;
};

struct Outcome {
  std::string output;  // stdout, every byte
  int exit_status = 0;
  std::optional<ActualError> error;
  std::vector<ActualDiagnostic> diagnostics;
  bool compiled = true;
  std::vector<CallOutcome> calls;  // one for each Case::calls, unless the script failed
};

// CPython words its messages in its own way, and knows no diagnostics: only names and values are compared there.
struct JudgeOptions {
  bool compare_messages = true;
  bool compare_diagnostics = true;
};

// One text for each demand that is not met; empty if the outcome is right.
std::vector<std::string> judge(const Case& test, const Outcome& outcome, JudgeOptions options = {});

// `# check:` texts must appear in this order, `# check-not:` texts nowhere.
std::vector<std::string> judge_text(const std::vector<TextCheck>& checks, std::string_view text);

}  // namespace kjit::harness
