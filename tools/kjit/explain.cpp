// kjit explain: what became of the loops of a script or a kernel. Entry: explain_command.

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "commands.h"
#include "exit_code.h"
#include "inputs.h"

namespace kjit::cli {

namespace {

int fail(int exit_code, std::string_view message) {
  print_error(fmt::format("kjit explain: {}\n", message));
  return exit_code;
}

class Explainer {
 public:
  Explainer(Module& module, const Target& target, std::vector<Value> args)
      : module_(module), target_(target), args_(std::move(args)) {}

  std::optional<std::string> operator()(std::string_view form) {
    return target_.kernel ? module_.emit(form, *target_.kernel, args_) : module_.emit(form);
  }

 private:
  Module& module_;
  const Target& target_;
  std::vector<Value> args_;
};

}  // namespace

int explain_command(const ExplainOptions& options, Output& out) {
  auto args = parse_arguments(options.target.args);
  if (const auto* bad = std::get_if<BadArgument>(&args)) return fail(bad->exit_code, bad->message);
  Engine engine(options.target.engine);
  auto module = load_module(engine, options.target.file);
  if (!module) return fail(kProgramFailed, module.error().message);

  Explainer explain(*module, options.target, std::move(std::get<std::vector<Value>>(args)));
  const auto text = explain(options.json ? "explain-json" : "explain");
  print_error(module->render_diagnostics(error_color()));
  if (!text) return kProgramFailed;
  if (!options.html.empty()) {
    const auto page = explain("explain-html");
    if (!write_file(options.html, page.value_or("")))
      return fail(kProgramFailed, fmt::format("{}: {}", options.html, std::strerror(errno)));
  }
  out.write(*text);
  return kSuccess;
}

}  // namespace kjit::cli
