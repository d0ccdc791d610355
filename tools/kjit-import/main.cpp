// kjit-import: C and C++ functions become kernels. Exit codes: 0 all translated, 1 the input does not compile, 2 wrong usage, 3
// something was refused, or a signature does not fit.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>

#include "calls_check.h"
#include "header.h"
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

int import_header_file(const HeaderOptions& options, const std::string& out) {
  std::string problem;
  const HeaderText header = import_header(options, problem);
  if (!problem.empty()) fmt::print(stderr, "kjit-import: {}\n", problem);
  if (header.text.empty()) return kInputFailed;
  for (const LeftOut& left : header.left_out)
    fmt::print(stderr, "{}: note: '{}' is left out: {}\n", left.place, left.name, left.reason);
  fmt::print(stderr, "{} functions, {} constants, {} left out\n", header.functions, header.constants, header.left_out.size());
  return write_out(header.text, out);
}

int check_signatures(const ParseOptions& options, const std::string& kjit) {
  std::string problem;
  const auto asts = parse(options, problem);
  if (!problem.empty()) fmt::print(stderr, "kjit-import: {}\n", problem);
  if (asts.empty()) return kInputFailed;
  const SignatureReport report = check_calls(asts, kjit);
  for (const std::string& message : report.messages) fmt::print(stderr, "{}\n", message);
  fmt::print(stderr, "{} uses of kernels checked, {} do not fit, {} could not be checked\n", report.checked, report.wrong,
             report.unknown);
  return report.wrong > 0 ? kRefused : kDone;
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
  HeaderOptions header_options;
  header_options.parse.flags = flags;
  header_options.parse.files.emplace_back();
  CLI::App* header = app.add_subcommand("header", "Functions of a C header become declarations that kernels can call");
  header->add_option("FILE", header_options.parse.files[0], "C header")->required();
  header->add_option("--library", header_options.library, "Shared library with the functions, as the loader finds it")
      ->required();
  header->add_flag("--all", header_options.all, "Also what the header includes from other folders");
  header->add_option("-o", options.out, "Kernel file to write; - is standard output");
  header->footer("Example: kjit import header /usr/include/erfa.h --library liberfa.so.1 -o erfa.k");

  ParseOptions check_options;
  check_options.flags = flags;
  std::string kjit = default_kjit(argv[0]);
  CLI::App* check =
      app.add_subcommand("check", "Compares module->function<R(A...)>(\"name\") with the kernel files that are loaded");
  check->add_option("FILE", check_options.files, "C++ source files")->required();
  check->add_option("-p", check_options.build_folder, "Build folder with compile_commands.json");
  check->add_option("--kjit", kjit, "The kjit executable that looks at the kernel files")->capture_default_str();
  check->footer("Example: kjit import check main.cpp -p build");
  std::reverse(words.begin(), words.end());
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  if (header->parsed()) return import_header_file(header_options, options.out);
  if (check->parsed()) return check_signatures(check_options, kjit);
  return import_functions(options);
}
