// What became of arrays in variables, as text. Entry: print_array_temporaries (fusion.h).

#include <fmt/format.h>

#include "analysis/arrays/fusion.h"
#include "analysis/facts/plan_text.h"

namespace kjit {

using namespace typed;

namespace {

std::string describe(const ArrayTemporary& temporary, const std::string& variable, const SourceMap& sources) {
  if (!temporary.reader) {
    const std::string where = temporary.cause ? fmt::format(" (line {})", sources.locate(*temporary.cause).line) : "";
    return fmt::format("{}: made: {}{}", variable, temporary.reason, where);
  }
  return fmt::format("{}: not made: computed in the loop of line {}", variable, sources.locate(*temporary.reader).line);
}

}  // namespace

std::string print_array_temporaries(const std::vector<ArrayTemporary>& temporaries, const Program& program,
                                    const SourceMap& sources) {
  std::string text;
  for (const ArrayTemporary& temporary : temporaries) {
    const Function& function = program.functions[temporary.function];
    const std::string& variable = function.locals[temporary.local].name;
    if (variable.empty() || !function.has_frame()) continue;
    if (!text.empty()) text += "\n";
    text += heading(temporary.span, sources) + "\n";
    text += fmt::format("  {:<9} {}\n", "in", function_name(function));
    text += fmt::format("  {:<9} {}\n", "array", describe(temporary, variable, sources));
  }
  return text;
}

}  // namespace kjit
