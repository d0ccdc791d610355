// Docstrings and comments. Entry: describe_kernel_source.

#include "driver/kernel_comment.h"

#include <algorithm>
#include <string>

namespace kjit {

namespace {

const ast::FunctionDef* find_function(const ast::Module& module, std::string_view name) {
  for (const ast::StmtPtr& statement : module.body) {
    const auto* define = std::get_if<ast::Define>(&statement->node);
    if (define != nullptr && define->function->name == name) return define->function.get();
  }
  return nullptr;
}

std::string_view trimmed(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin);
}

// The lines that begin with `#` above the function and its decorators, without the sign.
std::string comment_above(const SourceFile& file, std::uint32_t line) {
  std::string comment;
  while (line > 1 && trimmed(file.line_text(line - 1)).starts_with('@')) --line;
  while (line > 1 && trimmed(file.line_text(line - 1)).starts_with('#')) {
    std::string_view text = trimmed(file.line_text(--line)).substr(1);
    if (text.starts_with(' ')) text.remove_prefix(1);
    comment = std::string(text) + "\n" + comment;
  }
  return comment;
}

// Without the indentation that all lines but the first have in common.
std::string clean_docstring(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    result += std::string(trimmed(text.substr(0, end))) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  while (result.ends_with("\n\n")) result.pop_back();
  return result;
}

// A comment in C must not end before its end.
std::string safe(std::string text) {
  for (std::size_t at = text.find("*/"); at != std::string::npos; at = text.find("*/", at)) text.replace(at, 2, "* /");
  return text;
}

}  // namespace

void describe_kernel_source(const ModuleSet& modules, std::string_view kernel, AheadKernel& out) {
  const ast::FunctionDef* function = find_function(modules.modules[0], kernel);
  if (function == nullptr) return;
  const std::uint32_t line = modules.sources.locate(function->name_span).line;
  const SourceFile& file = modules.sources.file(0);
  out.place = file.name() + ", line " + std::to_string(line);
  out.comment = safe(comment_above(file, line) + clean_docstring(function->docstring));
}

}  // namespace kjit
