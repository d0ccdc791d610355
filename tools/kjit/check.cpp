// kjit check: all mistakes of the files at once. Entry: check_command.

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "commands.h"
#include "exit_code.h"
#include "inputs.h"
#include "kjit/function.h"
#include "report.h"

namespace kjit::cli {

namespace {

// "f(f64[:, ::1] const, i64) -> f64", as kjit/function.h would ask for it.
struct Signature {
  std::string kernel, result;
  std::vector<detail::ParameterText> parameters;
};

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

detail::ParameterText read_parameter(std::string_view text) {
  std::string type = trimmed(text);
  const bool is_const = type.ends_with(" const");
  if (is_const) type = trimmed(std::string_view(type).substr(0, type.size() - 6));
  return {type, is_const};
}

std::optional<Signature> read_signature(std::string_view text) {
  const auto open = text.find('('), arrow = text.rfind("->");
  const auto close = arrow == std::string_view::npos ? arrow : text.rfind(')', arrow);
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
  Signature signature{trimmed(text.substr(0, open)), trimmed(text.substr(arrow + 2)), {}};
  int depth = 0;
  std::size_t begin = open + 1;
  for (std::size_t at = begin; at <= close; ++at) {
    const bool ends = at == close || (text[at] == ',' && depth == 0);
    if (ends && !trimmed(text.substr(begin, at - begin)).empty())
      signature.parameters.push_back(read_parameter(text.substr(begin, at - begin)));
    if (ends) begin = at + 1;
    depth += text[at] == '[' || text[at] == '(' ? 1 : text[at] == ']' || text[at] == ')' ? -1 : 0;
  }
  return signature;
}

bool fits(const Module& module, const std::string& file, const std::string& text) {
  const auto signature = read_signature(text);
  if (!signature) {
    print_error(fmt::format("kjit check: '{}' is no signature: write 'f(f64[::1], i64) -> f64'\n", text));
    return false;
  }
  const auto found = detail::find_function(module, signature->kernel, signature->parameters, signature->result);
  if (!found) print_error(fmt::format("{}: {}\n", file, found.error().render()));
  return found.ok();
}

CheckedFile check_file(Engine& engine, const std::string& file, const CheckOptions& options) {
  auto module = load_module(engine, file);
  if (!module) {
    print_error("kjit check: " + module.error().message + "\n");
    return {file, false, "[]"};
  }
  bool ok = module->check() && !(options.strict && module->has_warnings());
  for (const std::string& signature : options.signatures) ok = ok && fits(*module, file, signature);
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
