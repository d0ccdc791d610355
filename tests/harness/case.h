#pragma once
// What a .k test file demands, read from the directives in its comments. tests/README.md documents each of them.
//
// Entry: parse_case(). A directive that is misspelt, contradicts another or says nothing is a problem of the case and fails it:
// a test that cannot fail is worse than none.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kjit::harness {

// `# error: E0203 substring` on line `line`.
struct ExpectedDiagnostic {
  bool is_error = true;  // else a warning
  std::string id;
  std::string message;  // substring, may be empty
  std::uint32_t line = 0;
};

// `# note: substring` on the line that a note points to, `# help: substring` on the line of the diagnostic.
struct ExpectedAdvice {
  bool is_note = true;  // else the help of a diagnostic
  std::string text;     // substring
  std::uint32_t line = 0;
};

// `# expect error: ValueError: substring`
struct ExpectedError {
  std::string name;
  std::string message;  // substring, may be empty
};

// `# run: f(2, 3) == 5` or `# run: f(0) raises ValueError: substring`
struct KernelCall {
  std::string kernel;
  std::vector<std::string> args;  // Python literals
  std::string expected;           // repr of the result; unused if `error` is set
  std::optional<ExpectedError> error;
  std::uint32_t line = 0;

  std::string text() const;
};

// `# check: substring` and `# check-not: substring` over the text of `Case::stage`.
struct TextCheck {
  bool is_not = false;
  std::string text;
  std::uint32_t line = 0;
};

struct Case {
  std::vector<std::string> output;  // expected lines of stdout
  std::optional<ExpectedError> error;
  int exit_status = 0;  // `# exit: 3`, of sys.exit; 1 if `error` is set
  std::vector<ExpectedDiagnostic> diagnostics;
  std::vector<ExpectedAdvice> advice;
  std::vector<KernelCall> calls;
  std::vector<TextCheck> checks;
  std::string stage = "llvm-opt";    // what `checks` look at
  std::vector<std::string> options;  // as on the command line
  std::vector<std::string> argv;     // sys.argv[1:]
  std::optional<std::uint64_t> seed;
  std::string nopython;     // reason, empty: CPython must agree
  bool is_library = false;  // imported by other cases, no case itself
  std::vector<std::string> problems;

  bool expects_compile_errors() const;
  // No directive asks for anything: then only that the file compiles, runs and prints nothing could be tested.
  bool demands_nothing() const;
};

Case parse_case(std::string_view source);

// "f(2, [3, 4], 'a)')" -> {"2", "[3, 4]", "'a)'"}: splits at the commas outside of brackets and quotes.
std::vector<std::string> split_arguments(std::string_view text);

}  // namespace kjit::harness
