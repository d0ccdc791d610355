// Operations and bytes of one iteration, as the source writes them: what a roofline needs. Entry: find_work.
//
// Both sides of a branch count, elements that stay in a register from one iteration to the next count each time: so this is an
// upper bound. Functions that are called are not looked into.

#include <fmt/format.h>

#include <string>
#include <vector>

#include "explain/findings.h"
#include "typing/tree/typed_walk.h"

namespace kjit {

using namespace typed;

namespace {

struct Work {
  std::int64_t operations = 0;         // of floats
  std::int64_t functions = 0;          // of math
  std::int64_t read = 0, written = 0;  // bytes
};

std::int64_t bytes_of(const Expr& array) { return byte_size(array.type.dtype()); }

void add(const Expr& expr, Work& work) {
  if (const auto* element = std::get_if<Element>(&expr.node)) work.read += bytes_of(*element->array);
  if (const auto* binary = std::get_if<Binary>(&expr.node); binary && expr.type.is_float()) {
    ++(binary->op == BinaryOp::Pow ? work.functions : work.operations);
  }
  if (const auto* unary = std::get_if<Unary>(&expr.node); unary && expr.type.is_float()) ++work.operations;
  if (const auto* call = std::get_if<BuiltinCall>(&expr.node); call && expr.type.is_float()) {
    const Convention convention = builtin_row(call->builtin).convention;
    const bool is_function =
        convention == Convention::Libm || convention == Convention::LibmOverflow || convention == Convention::Vector;
    ++(is_function ? work.functions : work.operations);
  }
}

void add(const Stmt& stmt, Work& work) {
  if (const auto* store = std::get_if<StoreElement>(&stmt.node)) work.written += bytes_of(*store->array);
  const auto* update = std::get_if<UpdateElement>(&stmt.node);
  if (!update) return;
  work.read += bytes_of(*update->array);
  work.written += bytes_of(*update->array);
  if (update->result.is_float()) ++work.operations;
}

}  // namespace

void find_work(const Stmt& stmt, std::vector<Finding>& findings) {
  Work work;
  for_each_stmt(body_of(stmt), [&](const Stmt& inner) { add(inner, work); });
  for_each_expr(body_of(stmt), [&](const Expr& expr) { add(expr, work); });
  if (work.operations + work.functions + work.read + work.written == 0) return;
  std::vector<std::string> parts;
  if (work.operations > 0) parts.push_back(counted(work.operations, "float operation"));
  if (work.functions > 0) parts.push_back(counted(work.functions, "math function"));
  if (work.read > 0) parts.push_back(counted(work.read, "byte") + " read");
  if (work.written > 0) parts.push_back(counted(work.written, "byte") + " written");
  std::string text = fmt::format("{}", fmt::join(parts, ", "));
  if (work.operations > 0 && work.read + work.written > 0) {
    text += fmt::format(": {:.2f} operations for each byte",
                        static_cast<double>(work.operations) / static_cast<double>(work.read + work.written));
  }
  findings.push_back({"work", "in each iteration at most " + text});
}

}  // namespace kjit
