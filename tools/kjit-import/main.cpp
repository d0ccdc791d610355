// kjit-import: C and C++ functions become kernels. Exit codes: 0 all translated, 1 the input does not compile, 2 wrong usage, 3
// something was refused.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>

#include "parse.h"
#include "unit.h"

namespace {

using namespace kjit::import;

enum ExitCode { kDone = 0, kInputFailed = 1, kUsage = 2, kRefused = 3 };

struct FunctionsOptions {
  ParseOptions parse;
  std::vector<std::string> functions;
  std::string out = "-";
};

void report(const std::vector<Outcome>& outcomes) {
  std::size_t width = 8;
  for (const Outcome& outcome : outcomes) {
    width = std::max(width, outcome.name.size());
    if (outcome.translated) continue;
    fmt::print(stderr, "{}: error: '{}' is not translated: {}\n", outcome.place, outcome.name, outcome.reason);
  }
  fmt::print(stderr, "\n{:<{}}  result\n", "function", width);
  for (const Outcome& outcome : outcomes) {
    fmt::print(stderr, "{:<{}}  {}\n", outcome.name, width, outcome.translated ? "translated" : "refused: " + outcome.reason);
  }
}

int write_out(const std::string& text, const std::string& out) {
  if (out == "-") {
    fmt::print("{}", text);
    return kDone;
  }
  std::ofstream file(out);
  file << text;
  if (file) return kDone;
  fmt::print(stderr, "kjit-import: cannot write {}\n", out);
  return kInputFailed;
}

int import_functions(const FunctionsOptions& options) {
  std::string problem;
  const auto asts = parse(options.parse, problem);
  if (!problem.empty()) fmt::print(stderr, "kjit-import: {}\n", problem);
  if (asts.empty()) return kInputFailed;
  Unit unit(asts);
  const std::string text = unit.translate(options.functions);
  const std::vector<Outcome>& outcomes = unit.outcomes();
  for (const std::string& name : options.functions) {
    const bool known =
        std::any_of(outcomes.begin(), outcomes.end(), [&](const Outcome& outcome) { return outcome.name == name; });
    if (known) continue;
    fmt::print(stderr, "kjit-import: there is no function '{}' with a body\n", name);
    return kUsage;
  }
  report(outcomes);
  if (!text.empty()) {
    if (const int status = write_out(text, options.out); status != kDone) return status;
  }
  const bool refused = std::any_of(outcomes.begin(), outcomes.end(), [](const Outcome& outcome) { return !outcome.translated; });
  return refused ? kRefused : kDone;
}

}  // namespace

int main(int argc, char** argv) {
  // What stands behind `--` belongs to the compiler.
  std::vector<std::string> words(argv + 1, argv + argc), flags;
  if (const auto bar = std::find(words.begin(), words.end(), "--"); bar != words.end()) {
    flags.assign(bar + 1, words.end());
    words.erase(bar, words.end());
  }
  CLI::App app{"Translates C and C++ functions into kernels.", "kjit import"};
  app.require_subcommand(1);
  FunctionsOptions options;
  options.parse.flags = flags;
  CLI::App* functions = app.add_subcommand("functions", "Functions of a source file become kernels");
  functions->add_option("FILE", options.parse.files, "C or C++ source files that belong together")->required();
  functions->add_option("--function", options.functions, "Only this function and what it calls (repeatable)");
  functions->add_option("-p", options.parse.build_folder, "Build folder with compile_commands.json");
  functions->add_option("-o", options.out, "Kernel file to write; - is standard output");
  functions->footer("Example: kjit import functions pi.c --function calc_pi -o pi.k -- -I include -DN=100");
  std::reverse(words.begin(), words.end());
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  return import_functions(options);
}
