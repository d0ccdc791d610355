// kjit build: a library of kernels, compiled ahead of time. Entry: build_command.

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "commands.h"
#include "exit_code.h"
#include "inputs.h"
#include "kjit/build.h"

namespace kjit::cli {

namespace {

int fail(std::string_view message) {
  print_error(fmt::format("kjit build: {}\n", message));
  return kProgramFailed;
}

// Beside the executable in the build folder; in lib/kjit of an installation. Empty: not found.
std::string find_runtime() {
  namespace fs = std::filesystem;
  if (const char* named = std::getenv("KJIT_RUNTIME")) return named;
  std::error_code problem;
  const fs::path folder = fs::read_symlink("/proc/self/exe", problem).parent_path();
  for (const char* place :
       {"libkjit_rt.a", "../lib/kjit/libkjit_rt.a", "../lib/libkjit_rt.a", "../lib/x86_64-linux-gnu/libkjit_rt.a"}) {
    if (fs::exists(folder / place, problem)) return (folder / place).string();
  }
  return {};
}

}  // namespace

int build_command(const BuildCommand& options, Output& out) {
  Engine engine(options.engine);
  auto module = load_module(engine, options.file);
  if (!module) return fail(module.error().message);
  if (!module->ok()) {
    print_error(module->render_diagnostics(error_color()));
    return kProgramFailed;
  }
  BuildOptions build = options.build;
  if (build.runtime.empty() && build.triple.empty()) build.runtime = find_runtime();
  if (build.runtime.empty() && build.triple.empty())
    return fail("libkjit_rt.a is not beside this installation: name it with --runtime");
  const Result<BuildReport> report = module->build(options.folder, build);
  if (!report)
    return fail(report.error().details.empty() ? report.error().message : report.error().message + "\n" + report.error().details);
  print_error(report->warnings);
  for (const std::string& kernel : report->kernels) out.write(kernel + "\n");
  return kSuccess;
}

}  // namespace kjit::cli
