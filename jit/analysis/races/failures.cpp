// What may fail at run time. Entry: may_fail(). A list of what cannot; everything else may.

#include "analysis/races/failures.h"

#include "typing/tree/typed_walk.h"

namespace kjit {

using namespace typed;

namespace {

bool is_nonzero_constant(const Expr& expr) {
  const auto* constant = std::get_if<Constant>(&expr.node);
  if (!constant) return false;
  const auto* integer = std::get_if<std::int64_t>(&constant->value);
  const auto* real = std::get_if<double>(&constant->value);
  return (integer && *integer != 0) || (real && *real != 0);
}

// As shift counts and exponents are written: 3, k & 7, k % 4.
bool is_nonnegative(const Expr& expr) {
  if (expr.type.is_unsigned()) return true;
  if (const auto* constant = std::get_if<Constant>(&expr.node)) {
    const auto* integer = std::get_if<std::int64_t>(&constant->value);
    return (integer && *integer >= 0) || std::holds_alternative<std::uint64_t>(constant->value);
  }
  const auto* binary = std::get_if<Binary>(&expr.node);
  if (!binary || !expr.type.is_integer()) return false;
  const bool masks = binary->op == BinaryOp::BitAnd && (is_nonnegative(*binary->lhs) || is_nonnegative(*binary->rhs));
  const bool reduces = binary->op == BinaryOp::Mod && std::holds_alternative<Constant>(binary->rhs->node) &&
                       is_nonnegative(*binary->rhs) && is_nonzero_constant(*binary->rhs);
  return masks || reduces;
}

class Failures {
 public:
  Failures(const Function& function, const LoopAccesses& accesses)
      : quiet_(function.options.numpy_error_model), accesses_(accesses) {}

  // Of the node itself; its operands are asked on their own.
  bool may_fail(const Expr& expr) const {
    return std::visit([&](const auto& node) { return fails(expr, node); }, expr.node);
  }

 private:
  static bool fails(const Expr&, const Constant&) { return false; }
  static bool fails(const Expr&, const ReadLocal& n) { return n.check_set; }
  static bool fails(const Expr&, const ReadGlobal& n) { return n.check_set; }
  static bool fails(const Expr&, const Let&) { return false; }
  static bool fails(const Expr&, const Conditional&) { return false; }
  static bool fails(const Expr&, const Unary&) { return false; }
  static bool fails(const Expr&, const Compare&) { return false; }
  static bool fails(const Expr&, const MakeTuple&) { return false; }
  static bool fails(const Expr&, const TupleElement&) { return false; }
  static bool fails(const Expr&, const ArrayDim&) { return false; }
  static bool fails(const Expr& expr, const Convert& n) { return n.operand->type.is_float() && expr.type.is_integer(); }

  bool fails(const Expr&, const Element& n) const {
    const auto found = accesses_.in_range.find(n.id);
    return found == accesses_.in_range.end() || !found->second;
  }

  bool fails(const Expr&, const Binary& n) const {
    switch (n.op) {
      case BinaryOp::Add: return n.lhs->type.is(Kind::Str);  // memory
      case BinaryOp::Sub:
      case BinaryOp::Mul:
      case BinaryOp::BitAnd:
      case BinaryOp::BitOr:
      case BinaryOp::BitXor: return false;
      case BinaryOp::TrueDiv:
      case BinaryOp::FloorDiv:
      case BinaryOp::Mod: return !is_nonzero_constant(*n.rhs) && !(quiet_ && n.lhs->type.is_float());
      case BinaryOp::Shl:
      case BinaryOp::Shr: return !is_nonnegative(*n.rhs);
      case BinaryOp::Pow: return !n.lhs->type.is_integer() || !n.rhs->type.is_integer() || !is_nonnegative(*n.rhs);
      default: return true;
    }
  }

  static bool fails(const Expr&, const BuiltinCall& n) { return n.checked || builtin_row(n.builtin).has(effect::fails); }

  template <typename Other>
  static bool fails(const Expr&, const Other&) {
    return true;
  }

  bool quiet_;
  const LoopAccesses& accesses_;
};

}  // namespace

bool may_fail(const Expr& expr, const Function& function, const LoopAccesses& accesses) {
  const Failures failures(function, accesses);
  bool may = false;
  for_each_expr(expr, [&](const Expr& part) { may = may || failures.may_fail(part); });
  return may;
}

}  // namespace kjit
