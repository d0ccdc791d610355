// kjit check: all mistakes of the files at once. Entry: check_command.

#include <fmt/format.h>

#include <algorithm>

#include "commands.h"
#include "exit_code.h"
#include "inputs.h"
#include "report.h"

namespace kjit::cli {

namespace {

CheckedFile check_file(Engine& engine, const std::string& file, const CheckOptions& options) {
  auto module = load_module(engine, file);
  if (!module) {
    print_error("kjit check: " + module.error().message + "\n");
    return {file, false, "[]"};
  }
  const bool ok = module->check() && !(options.strict && module->has_warnings());
  if (options.json) return {file, ok, module->diagnostics_json()};
  print_error(module->render_diagnostics(error_color()));
  for (const std::string& name : ok ? module->unchecked() : std::vector<std::string>()) {
    print_error(
        fmt::format("{}: note: nothing calls {}(), so its types and parallel loops were not checked; annotate its parameters, or "
                    "check it by a call: kjit run {} {} ARGS...\n",
                    file, name, file, name));
  }
  return {file, ok, module->diagnostics_json()};
}

}  // namespace

int check_command(const CheckOptions& options, Output& out) {
  EngineOptions engine_options;
  engine_options.strict = options.strict;
  Engine engine(engine_options);
  std::vector<CheckedFile> checked;
  for (const std::string& file : options.files) checked.push_back(check_file(engine, file, options));
  if (options.json) out.write(check_json(checked));
  const bool ok = std::all_of(checked.begin(), checked.end(), [](const CheckedFile& file) { return file.ok; });
  return ok ? kSuccess : kProgramFailed;
}

}  // namespace kjit::cli
