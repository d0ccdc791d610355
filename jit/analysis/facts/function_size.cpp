// The size of functions. Entry: is_too_large_to_optimise.

#include "analysis/facts/function_size.h"

#include <algorithm>

#include "typing/tree/typed_walk.h"

namespace kjit {

using namespace typed;

bool is_too_large_to_optimise(const Function& function) {
  std::size_t nodes = 0;
  for_each_stmt(function.body, [&](const Stmt&) { ++nodes; });
  for_each_expr(function.body, [&](const Expr&) { ++nodes; });
  return nodes > kMostOptimisedNodes;
}

std::vector<std::string> functions_too_large_to_optimise(const Program& program) {
  std::vector<std::string> names;
  for (const Function& function : program.functions) {
    const std::string name = function.is_script() ? "the script" : function.name;
    const bool is_known = std::find(names.begin(), names.end(), name) != names.end();
    if (!is_known && is_too_large_to_optimise(function)) names.push_back(name);
  }
  return names;
}

}  // namespace kjit
