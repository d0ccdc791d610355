// Rules of fusion: cost, and index spaces that are known to be equal. Entries: is_cheap, same_operand, covers.

#include "typing/arrays/fusion_rules.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "typing/tree/typed_walk.h"

namespace kjit {

int node_count(const typed::Expr& body) {
  int count = 0;
  typed::for_each_expr(body, [&](const typed::Expr&) { ++count; });
  return count;
}

bool is_cheap(const typed::Expr& body) {
  constexpr int kMostDivisions = 2;
  bool cheap = true;
  int divisions = 0;
  typed::for_each_expr(body, [&](const typed::Expr& part) {
    if (const auto* binary = std::get_if<typed::Binary>(&part.node)) {
      using enum typed::BinaryOp;
      cheap = cheap && binary->op != FloorDiv && binary->op != Mod && binary->op != Pow;
      divisions += binary->op == TrueDiv ? 1 : 0;
      cheap = cheap && (binary->op != TrueDiv || part.type.is_float());
    }
    if (const auto* call = std::get_if<typed::BuiltinCall>(&part.node)) {
      cheap = cheap && builtin_row(call->builtin).convention == Convention::Inline && call->builtin != Builtin::Sqrt &&
              !(call->builtin == Builtin::Abs && call->args[0]->type.is_complex());
    }
  });
  return cheap && divisions <= kMostDivisions;
}

namespace {

std::optional<std::int64_t> constant_index(const typed::Expr& expr) {
  const auto* constant = std::get_if<typed::Constant>(&expr.node);
  const auto* number = constant ? std::get_if<std::int64_t>(&constant->value) : nullptr;
  return number ? std::optional(*number) : std::nullopt;
}

bool same_variable(const typed::Expr& a, const typed::Expr& b) {
  const auto *x = std::get_if<typed::ReadLocal>(&a.node), *y = std::get_if<typed::ReadLocal>(&b.node);
  if (x && y) return x->local == y->local;
  const auto *g = std::get_if<typed::ReadGlobal>(&a.node), *h = std::get_if<typed::ReadGlobal>(&b.node);
  return g && h && g->global == h->global;
}

bool same_part(const typed::ExprPtr& a, const typed::ExprPtr& b) {
  if (!a || !b) return !a && !b;
  const std::optional<std::int64_t> number = constant_index(*a);
  return number ? number == constant_index(*b) : same_variable(*a, *b);
}

bool same_subscript(const typed::Subscript& a, const typed::Subscript& b) {
  return a.is_slice == b.is_slice && same_part(a.index, b.index) && same_part(a.lower, b.lower) && same_part(a.upper, b.upper) &&
         same_part(a.step, b.step);
}

}  // namespace

bool same_operand(const typed::Expr& a, const typed::Expr& b) {
  const auto *x = std::get_if<typed::View>(&a.node), *y = std::get_if<typed::View>(&b.node);
  if (!x || !y) return same_variable(a, b);
  return same_operand(*x->array, *y->array) &&
         std::equal(x->subscripts.begin(), x->subscripts.end(), y->subscripts.begin(), y->subscripts.end(), same_subscript);
}

namespace {

// How many elements of an axis a slice leaves out, if it has step 1 and that is a constant: a[1:-1] and a[2:] leave out two.
std::optional<std::int64_t> left_out(const typed::Subscript& subscript) {
  if (!subscript.is_slice || subscript.step) return std::nullopt;
  const std::optional<std::int64_t> lower = subscript.lower ? constant_index(*subscript.lower) : 0;
  const std::optional<std::int64_t> upper = subscript.upper ? constant_index(*subscript.upper) : 0;
  if (!lower || !upper || *lower < 0 || *upper > 0 || (subscript.upper && *upper == 0)) return std::nullopt;
  return *lower - *upper;
}

// Of equal shape, whatever the sizes are.
bool same_shape(const typed::Expr& a, const typed::Expr& b) {
  if (same_operand(a, b)) return true;
  const auto *x = std::get_if<typed::View>(&a.node), *y = std::get_if<typed::View>(&b.node);
  if (!x || !y || !same_operand(*x->array, *y->array) || x->subscripts.size() != y->subscripts.size()) return false;
  for (std::size_t k = 0; k < x->subscripts.size(); ++k) {
    const typed::Subscript &p = x->subscripts[k], &q = y->subscripts[k];
    if (!p.is_slice && !q.is_slice) continue;
    const std::optional<std::int64_t> gone = left_out(p);
    if (!same_subscript(p, q) && (!gone || gone != left_out(q))) return false;
  }
  return true;
}

}  // namespace

std::vector<const typed::Expr*> leaves_of(const typed::Expr& value) {
  std::vector<const typed::Expr*> leaves;
  if (const auto* loop = std::get_if<typed::ArrayLoop>(&value.node)) {
    for (const typed::ExprPtr& operand : loop->operands) {
      if (operand->type.is_array()) leaves.push_back(operand.get());
    }
  } else if (value.type.is_array()) {
    leaves.push_back(&value);
  }
  return leaves;
}

bool covers(const std::vector<const typed::Expr*>& leaves, const std::vector<const typed::Expr*>& others) {
  return std::all_of(others.begin(), others.end(), [&](const typed::Expr* other) {
    return std::any_of(leaves.begin(), leaves.end(), [&](const typed::Expr* leaf) { return same_shape(*leaf, *other); });
  });
}

bool covers(const typed::Expr& producer, const std::vector<const typed::Expr*>& values) {
  const std::vector<const typed::Expr*> own = leaves_of(producer);
  return std::all_of(values.begin(), values.end(),
                     [&](const typed::Expr* value) { return value == &producer || covers(own, leaves_of(*value)); });
}

}  // namespace kjit
