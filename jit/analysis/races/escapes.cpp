// Where an array goes in a loop. Entry: escapes(). All occurrences of the variable that the array is reached by are counted, and
// those that are understood; what is left over is an escape.

#include "analysis/races/escapes.h"

#include <algorithm>

#include "analysis/facts/walk.h"

namespace kjit {

using namespace typed;

namespace {

bool reads_variable(const Expr& expr, const ArrayHandle& array) {
  if (const auto* read = std::get_if<ReadGlobal>(&expr.node)) return array.is_global && read->global == array.id;
  const auto* read = std::get_if<ReadLocal>(&expr.node);
  return read && !array.is_global && read->local == array.id;
}

// The array itself: the variable, or the element of it that the path leads to.
bool is_array(const Expr& expr, const ArrayHandle& array) {
  const Expr* at = &strip_converts(expr);
  for (std::size_t k = array.path.size(); k-- > 0;) {
    const auto* element = std::get_if<TupleElement>(&at->node);
    if (!element || element->index != array.path[k]) return false;
    at = element->tuple.get();
  }
  return reads_variable(*at, array);
}

// Another element of a tuple on the path.
bool leads_elsewhere(const Expr& expr, const ArrayHandle& array) {
  const auto* element = std::get_if<TupleElement>(&expr.node);
  for (std::size_t depth = 0; element && depth < array.path.size(); ++depth) {
    const ArrayHandle tuple{
        array.is_global, array.id, {array.path.begin(), array.path.begin() + static_cast<std::ptrdiff_t>(depth)}};
    if (is_array(*element->tuple, tuple)) return element->index != array.path[depth];
  }
  return false;
}

// A called function that reads the global sees whatever stands there.
bool is_read_elsewhere(const ArrayHandle& array, const Block& body, const Function& function, const Program& program) {
  bool has_calls = false;
  for_each_expr(body, [&](const Expr& expr) { has_calls = has_calls || std::holds_alternative<Call>(expr.node); });
  if (!array.is_global || !has_calls) return false;
  return std::any_of(program.functions.begin(), program.functions.end(), [&](const Function& other) {
    bool reads = false;
    for_each_expr(other.body, [&](const Expr& expr) { reads = reads || reads_variable(expr, array); });
    return reads && &other != &function;
  });
}

// Arguments that are the array itself, of functions that do with it what the loop may do.
std::ptrdiff_t harmless_arguments(const Call& call, const ArrayHandle& array, const std::vector<AccessId>& updates,
                                  const Program& program) {
  const Function& callee = program.functions[call.callee];
  if (callee.is_recursive) return 0;
  std::ptrdiff_t count = 0;
  for (std::uint32_t k = 0; k < call.args.size(); ++k) {
    count += is_array(*call.args[k], array) && !escapes({false, k, {}}, updates, callee.body, callee, program);
  }
  return count;
}

}  // namespace

bool escapes(const ArrayHandle& array, const std::vector<AccessId>& updates, const Block& body, const Function& function,
             const Program& program) {
  std::ptrdiff_t occurrences = 0, understood = 0;
  for_each_expr(body, [&](const Expr& expr) {
    occurrences += reads_variable(expr, array);
    const auto* shape = std::get_if<ArrayDim>(&expr.node);
    understood += (shape && is_array(*shape->array, array)) || leads_elsewhere(expr, array);
    if (const auto* call = std::get_if<Call>(&expr.node)) understood += harmless_arguments(*call, array, updates, program);
  });
  for_each_stmt(body, [&](const Stmt& stmt) {
    const auto* update = std::get_if<UpdateElement>(&stmt.node);
    const bool is_listed = update && std::find(updates.begin(), updates.end(), update->id) != updates.end();
    understood += is_listed && is_array(*update->array, array);
  });
  return occurrences != understood || is_read_elsewhere(array, body, function, program);
}

}  // namespace kjit
