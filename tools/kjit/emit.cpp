// kjit emit: the text of one stage of the compiler. Entry: emit_command.

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "commands.h"
#include "exit_code.h"
#include "inputs.h"

namespace kjit::cli {

namespace {

int fail(int exit_code, std::string_view message) {
  print_error(fmt::format("kjit emit: {}\n", message));
  return exit_code;
}

}  // namespace

int emit_command(const EmitOptions& options, Output& out) {
  if (options.stage == "obj" && options.out.empty() && output_is_terminal())
    return fail(kUsage, "an object file is no text for a terminal: name a file with -o");
  auto args = parse_arguments(options.target.args);
  if (const auto* bad = std::get_if<BadArgument>(&args)) return fail(bad->exit_code, bad->message);

  Engine engine(options.target.engine);
  auto module = load_module(engine, options.target.file);
  if (!module) return fail(kProgramFailed, module.error().message);
  const auto& values = std::get<std::vector<Value>>(args);
  const auto text =
      options.target.kernel ? module->emit(options.stage, *options.target.kernel, values) : module->emit(options.stage);
  print_error(module->render_diagnostics(error_color()));
  if (!text) return kProgramFailed;
  if (options.out.empty()) {
    out.write(*text);
    return kSuccess;
  }
  return write_file(options.out, *text) ? int{kSuccess}
                                        : fail(kProgramFailed, fmt::format("{}: {}", options.out, std::strerror(errno)));
}

}  // namespace kjit::cli
