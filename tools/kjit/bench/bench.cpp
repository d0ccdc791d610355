// kjit bench: what compiling a kernel gains. Entry: bench_command.

#include <fmt/format.h>

#include <signal.h>

#include <fstream>
#include <optional>
#include <sstream>
#include <variant>

#include "bench/contestant.h"
#include "bench/report.h"
#include "commands.h"
#include "exit_code.h"
#include "inputs.h"
#include "progress.h"
#include "stop.h"

namespace kjit::cli {

namespace {

int fail(int exit_code, std::string_view message) {
  print_error(fmt::format("kjit bench: {}\n", message));
  return exit_code;
}

std::optional<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

// The files that were asked for; the exit code.
int store(const Bench& bench, const BenchOptions& options) {
  if (!options.save.empty() && !write_file(options.save, bench_json(bench, options)))
    return fail(kProgramFailed, fmt::format("{} cannot be written", options.save));
  if (!options.html.empty() && !write_file(options.html, bench_html(bench, options)))
    return fail(kProgramFailed, fmt::format("{} cannot be written", options.html));
  return kSuccess;
}

int compare(const Bench& bench, const std::string& old, const BenchOptions& options, Output& out) {
  const Comparison comparison = compare_with(old, bench);
  if (!comparison.error.empty()) return fail(kProgramFailed, fmt::format("{}: {}", options.compare, comparison.error));
  if (!options.json) out.write("\n" + comparison.text);
  return comparison.slower ? kDifference : kSuccess;
}

}  // namespace

int bench_command(const BenchOptions& options, Output& out) {
  const auto args = parse_arguments(options.target.args);
  if (const auto* bad = std::get_if<BadArgument>(&args)) return fail(bad->exit_code, bad->message);
  const auto old = options.compare.empty() ? std::optional(std::string()) : read_text(options.compare);
  if (!old) return fail(kProgramFailed, fmt::format("{} cannot be read", options.compare));

  install_signal_handlers();
  Bench bench;
  {
    ProgressLine progress(Progress::OnTerminal);
    bench_kjit(options, progress, bench);
    if (bench.error.empty() && stop_flag() == 0) bench_others(options, progress, bench);
    if (bench.error.empty()) bench.bandwidth = memory_bandwidth();
  }
  if (!bench.error.empty()) return fail(bench.exit_code, bench.error);
  if (stop_flag() != 0) return fail(stop_signal() == SIGTERM ? kTerminated : kInterrupted, "interrupted");
  out.write(options.json ? bench_json(bench, options) : bench_text(bench, options));
  if (const int failed = store(bench, options); failed != kSuccess) return failed;
  return options.compare.empty() ? int{kSuccess} : compare(bench, *old, options, out);
}

}  // namespace kjit::cli
