// Operators: arithmetic. Comparisons are in check_compare.cpp. Entries: check_unary, check_binary, binary.

#include <cstdint>

#include "typing/check/checker.h"

namespace kjit {

std::optional<typed::BinaryOp> typed_operator(ast::BinaryOp op) {
  using A = ast::BinaryOp;
  using T = typed::BinaryOp;
  switch (op) {
    case A::Add: return T::Add;
    case A::Sub: return T::Sub;
    case A::Mul: return T::Mul;
    case A::TrueDiv: return T::TrueDiv;
    case A::FloorDiv: return T::FloorDiv;
    case A::Mod: return T::Mod;
    case A::Pow: return T::Pow;
    case A::Shl: return T::Shl;
    case A::Shr: return T::Shr;
    case A::BitAnd: return T::BitAnd;
    case A::BitOr: return T::BitOr;
    case A::BitXor: return T::BitXor;
    case A::MatMul: return std::nullopt;
  }
  return std::nullopt;
}

typed::ExprPtr TreeBuilder::negate(ExprPtr value, Span span) {
  if (value->type.is_unknown()) return value;
  if (std::optional<bool> known = bool_value(*value)) return bool_constant(!*known, span);
  return make(Kind::Bool, span, typed::Unary{typed::UnaryOp::Not, std::move(value)});
}

FunctionChecker::ExprPtr FunctionChecker::check_unary(const ast::Expr& expr, const ast::Unary& node) {
  if (node.op == ast::UnaryOp::Not) return negate(check_condition(*node.operand), expr.span);
  if (const auto* literal = std::get_if<ast::IntLiteral>(&node.operand->node); literal && node.op == ast::UnaryOp::Minus) {
    // -9223372036854775808 is an int64 though its magnitude is not.
    if (literal->value <= std::uint64_t{1} << 63) return int_constant(static_cast<std::int64_t>(0 - literal->value), expr.span);
    report<DiagId::E0513>(expr.span, "-" + std::to_string(literal->value), "64 bits").suggest("use a float");
    return invalid(expr.span);
  }
  ExprPtr operand = check(*node.operand);
  Type type = operand->type;
  if (type.is_unknown()) return operand;
  const char* spelled = node.op == ast::UnaryOp::Minus ? "-" : node.op == ast::UnaryOp::Plus ? "+" : "~";
  bool fits = node.op == ast::UnaryOp::Invert ? type.is_integer() || type.is(Kind::Bool) : type.is_scalar();
  if (!fits) {
    if (type.is_array()) {
      report<DiagId::E0707>(expr.span, spelled).suggest("loop over the elements");
    } else {
      report<DiagId::E0510>(expr.span, spelled, to_string(type));
    }
    return invalid(expr.span);
  }
  if (type.is(Kind::Bool)) operand = convert(std::move(operand), Kind::I64);
  if (node.op == ast::UnaryOp::Plus) return operand;
  if (std::optional<double> value = float_value(*operand); value && node.op == ast::UnaryOp::Minus) {
    return make(operand->type, expr.span, typed::Constant{-*value});
  }
  if (std::optional<std::int64_t> value = int_value(*operand); value && node.op == ast::UnaryOp::Minus && *value != INT64_MIN) {
    return make(operand->type, expr.span, typed::Constant{-*value});
  }
  Type result = operand->type;
  typed::UnaryOp op = node.op == ast::UnaryOp::Minus ? typed::UnaryOp::Negate : typed::UnaryOp::Invert;
  return make(result, expr.span, typed::Unary{op, std::move(operand)});
}

FunctionChecker::ExprPtr FunctionChecker::check_binary(const ast::Expr& expr, const ast::Binary& node) {
  ExprPtr lhs = check(*node.lhs);
  ExprPtr rhs = check(*node.rhs);
  if (lhs->type.is_unknown() || rhs->type.is_unknown()) return invalid(expr.span);
  std::optional<typed::BinaryOp> op = typed_operator(node.op);
  if (!op) {
    report<DiagId::E0707>(expr.span, "@").suggest("write the loops, or np.dot for vectors");
    return invalid(expr.span);
  }
  return binary(*op, std::move(lhs), std::move(rhs), expr.span);
}

typed::ExprPtr TreeBuilder::bad_operands(std::string_view op, const Type& lhs, const Type& rhs, Span span) {
  bool mixed = (lhs.is(Kind::U64) && rhs.is_signed()) || (rhs.is(Kind::U64) && lhs.is_signed());
  if (lhs.is_array() || rhs.is_array()) {
    report<DiagId::E0707>(span, op).suggest("loop over the elements");
  } else if (mixed) {
    report<DiagId::E0504>(span, op, to_string(lhs), to_string(rhs)).suggest("convert one side: np.int64(...) or np.uint64(...)");
  } else {
    Diagnostic& diag = report<DiagId::E0502>(span, op, to_string(lhs), to_string(rhs));
    if (op == "%" && lhs.is(Kind::Str)) diag.suggest("use an f-string: f\"... {value}\"");
    if (op == "+" && (lhs.is(Kind::Str) || rhs.is(Kind::Str))) diag.suggest("use an f-string, or str(...)");
    bool shift = op == "<<" || op == ">>" || op == "&" || op == "|" || op == "^";
    if (shift && (lhs.is_float() || rhs.is_float())) diag.suggest("bit operators need integers; write int(...)");
  }
  return invalid(span);
}

// `x + 1` with an unsigned 64-bit x: the literal has no type of its own, so it takes x's, as it does in NumPy 2.
bool TreeBuilder::adapt_literal(ExprPtr& lhs, ExprPtr& rhs) {
  auto adapt = [&](const ExprPtr& unsigned_side, ExprPtr& literal) {
    std::optional<std::int64_t> value = int_value(*literal);
    if (!unsigned_side->type.is(Kind::U64) || !value || *value < 0) return false;
    literal = make(Kind::U64, literal->span, typed::Constant{static_cast<std::uint64_t>(*value)});
    return true;
  };
  return adapt(lhs, rhs) || adapt(rhs, lhs);
}

typed::ExprPtr TreeBuilder::binary(typed::BinaryOp op, ExprPtr lhs, ExprPtr rhs, Span span) {
  if (lhs->type.is_unknown() || rhs->type.is_unknown()) return invalid(span);
  if (lhs->type.is(Kind::Str) || (rhs->type.is(Kind::Str) && op == typed::BinaryOp::Mul)) {
    return text_binary(op, std::move(lhs), std::move(rhs), span);
  }
  if (lhs->type.is_tuple() && rhs->type.is_tuple() && op == typed::BinaryOp::Add) {
    return concat_tuples(std::move(lhs), std::move(rhs), span);
  }
  if (!lhs->type.is_scalar() || !rhs->type.is_scalar()) return bad_operands(spelling(op), lhs->type, rhs->type, span);
  adapt_literal(lhs, rhs);
  if (op == typed::BinaryOp::Pow) return power(std::move(lhs), std::move(rhs), span);
  std::optional<OperatorTypes> types = operator_types(op, lhs->type.kind(), rhs->type.kind());
  if (!types) return bad_operands(spelling(op), lhs->type, rhs->type, span);
  lhs = convert(std::move(lhs), types->operand);
  rhs = convert(std::move(rhs), types->operand);
  return make(types->result, span, typed::Binary{op, std::move(lhs), std::move(rhs)});
}

// int ** negative literal is a float, as in Python. x ** 2 is x * x: correctly rounded, where C's pow is off by one in the last
// place for one argument in a thousand (docs/language.md).
typed::ExprPtr TreeBuilder::power(ExprPtr lhs, ExprPtr rhs, Span span) {
  std::optional<std::int64_t> exponent = int_value(*rhs);
  if (exponent && *exponent < 0 && (lhs->type.is_integer() || lhs->type.is(Kind::Bool))) {
    lhs = convert(std::move(lhs), Kind::F64);
    rhs = convert(std::move(rhs), Kind::F64);
  }
  std::optional<OperatorTypes> types = operator_types(typed::BinaryOp::Pow, lhs->type.kind(), rhs->type.kind());
  if (!types) return bad_operands("**", lhs->type, rhs->type, span);
  lhs = convert(std::move(lhs), types->operand);
  std::optional<double> float_exponent = float_value(*rhs);
  bool square = (exponent && *exponent == 2) || (float_exponent && *float_exponent == 2.0);
  if (square && !Type(types->result).is_complex()) {
    return with_value(std::move(lhs), [&](const typed::Expr& base) {
      return make(types->result, span, typed::Binary{typed::BinaryOp::Mul, clone(base), clone(base)});
    });
  }
  rhs = convert(std::move(rhs), types->operand);
  return make(types->result, span, typed::Binary{typed::BinaryOp::Pow, std::move(lhs), std::move(rhs)});
}

typed::ExprPtr TreeBuilder::text_binary(typed::BinaryOp op, ExprPtr lhs, ExprPtr rhs, Span span) {
  bool both = lhs->type.is(Kind::Str) && rhs->type.is(Kind::Str);
  if (op == typed::BinaryOp::Add && both) return make(Kind::Str, span, typed::Binary{op, std::move(lhs), std::move(rhs)});
  bool count = lhs->type.is(Kind::Str) ? rhs->type.is_integer() : lhs->type.is_integer();
  if (op != typed::BinaryOp::Mul || !count) return bad_operands(spelling(op), lhs->type, rhs->type, span);
  if (!lhs->type.is(Kind::Str)) std::swap(lhs, rhs);
  std::vector<ExprPtr> args;
  args.push_back(std::move(lhs));
  args.push_back(convert(std::move(rhs), Kind::I64));
  return builtin_call(Builtin::StrRepeat, Kind::Str, span, std::move(args));
}

typed::ExprPtr TreeBuilder::concat_tuples(ExprPtr lhs, ExprPtr rhs, Span span) {
  return with_value(std::move(lhs), [&](const typed::Expr& first) {
    return with_value(std::move(rhs), [&](const typed::Expr& second) {
      std::vector<ExprPtr> elements;
      std::vector<Type> types;
      for (const typed::Expr* part : {&first, &second}) {
        for (std::uint32_t i = 0; i < part->type.elements().size(); ++i) {
          types.push_back(part->type.elements()[i]);
          elements.push_back(make(types.back(), span, typed::TupleElement{clone(*part), i}));
        }
      }
      return make(Type::tuple(std::move(types)), span, typed::MakeTuple{std::move(elements)});
    });
  });
}

}  // namespace kjit
