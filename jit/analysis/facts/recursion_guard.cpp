// Entry: guards_its_calls.

#include "analysis/facts/recursion_guard.h"

#include <algorithm>
#include <cstddef>
#include <variant>

#include "typing/tree/typed_walk.h"

namespace kjit {

using namespace typed;

namespace {

// Behind the last look come two frames, that of the activation which looked and that of a leaf, and what they call of the
// runtime: all in the reserve of the stack (runtime/context.cpp, 64 KiB). Without the optimiser a node takes some 16 bytes of the
// frame.
constexpr std::size_t kMostNodes = 500;

}  // namespace

bool guards_its_calls(const Function& function) {
  if (!function.is_recursive) return false;
  bool is_plain = std::ranges::none_of(function.locals, [](const Local& local) { return local.type.is_managed(); }) &&
                  !function.result.is_managed();
  for_each_stmt(function.body, [&](const Stmt& stmt) {
    is_plain &= !std::holds_alternative<ForRange>(stmt.node) && !std::holds_alternative<While>(stmt.node);
  });
  std::size_t nodes = 0;
  for_each_expr(function.body, [&](const Expr& expr) {
    ++nodes;
    is_plain &= !expr.type.is_managed();
  });
  return is_plain && nodes <= kMostNodes;
}

bool guards_each_activation(const Function& function) { return function.is_recursive && !guards_its_calls(function); }

}  // namespace kjit
