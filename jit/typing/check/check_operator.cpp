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

namespace {

bool own_type(const typed::Expr& constant) { return std::get<typed::Constant>(constant.node).has_own_type; }

}  // namespace

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
  if (type.is_array()) return array_unary(node.op, std::move(operand), expr.span);
  const char* spelled = node.op == ast::UnaryOp::Minus ? "-" : node.op == ast::UnaryOp::Plus ? "+" : "~";
  bool fits = node.op == ast::UnaryOp::Invert ? type.is_integer() || type.is(Kind::Bool) : type.is_scalar();
  if (!fits) {
    report<DiagId::E0510>(expr.span, spelled, to_string(type));
    return invalid(expr.span);
  }
  if (type.is(Kind::Bool)) operand = convert(std::move(operand), Kind::I64);
  if (node.op == ast::UnaryOp::Plus) return operand;
  if (std::optional<double> value = float_value(*operand); value && node.op == ast::UnaryOp::Minus) {
    return make(operand->type, expr.span, typed::Constant{-*value, own_type(*operand)});
  }
  if (std::optional<std::int64_t> value = int_value(*operand); value && node.op == ast::UnaryOp::Minus && *value != INT64_MIN) {
    // What the type does not hold wraps, when it runs.
    const bool fits_type = fold_constant(typed::Constant{-*value}, Kind::I64, operand->type.kind(), expr.span) != nullptr;
    if (fits_type) return make(operand->type, expr.span, typed::Constant{-*value, own_type(*operand)});
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
  if (!op) return library().arrays().product(*this, std::move(lhs), std::move(rhs), expr.span);
  return binary(*op, std::move(lhs), std::move(rhs), expr.span);
}

typed::ExprPtr TreeBuilder::bad_operands(std::string_view op, const Type& lhs, const Type& rhs, Span span) {
  bool mixed = (lhs.is(Kind::U64) && rhs.is_signed()) || (rhs.is(Kind::U64) && lhs.is_signed());
  if (mixed) {
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

namespace {

// Python's int, float and complex have no width beside a number of NumPy's (NEP 50). Known of literals, constants and what is
// folded of them; other expressions of type i64, f64 and c128 may be NumPy's numbers and keep their type. Returns the type that
// `literal` takes beside a number of type `other`; its own if it does not adapt.
Kind adapted_kind(const typed::Expr& literal, Kind other) {
  const Kind own = literal.type.kind();
  const auto* constant = std::get_if<typed::Constant>(&literal.node);
  const bool placeholder = constant && std::holds_alternative<std::monostate>(constant->value);
  if (!constant || placeholder || constant->has_own_type) return own;
  const bool narrow_float = other == Kind::F32 || other == Kind::C64;
  const bool whole = std::holds_alternative<std::int64_t>(constant->value) && own == Kind::I64;
  if (whole) return narrow_float || Type(other).is_integer() ? other : own;
  if (own == Kind::U64 || own == Kind::F64) return narrow_float ? other : own;
  return own == Kind::C128 && narrow_float ? Kind::C64 : own;
}

}  // namespace

// `x + 1` with a u8 or an f32 x: the literal takes x's type. False, reported: the type cannot hold it, where Python raises
// OverflowError.
bool TreeBuilder::adapt_literal(ExprPtr& lhs, ExprPtr& rhs, Span span) {
  auto adapt = [&](ExprPtr& literal, const Type& other) {
    const Kind kind =
        other.is_scalar() && literal->type.is_scalar() ? adapted_kind(*literal, other.kind()) : literal->type.kind();
    if (literal->type.is(kind)) return true;
    const std::optional<std::int64_t> value = int_value(*literal);
    if (value && other.is(Kind::U64) && *value < 0) return true;  // 'mixes u64 and i64' says it better
    ExprPtr adapted = fold_constant(std::get<typed::Constant>(literal->node), literal->type.kind(), kind, literal->span);
    if (value && !adapted && other.is_integer()) {
      report<DiagId::E0513>(span, std::to_string(*value), to_string(other))
          .suggest("beside a number of type " + to_string(other) + " a literal has that type; convert the number: np.int64(...)");
      return false;
    }
    literal = adapted ? std::move(adapted) : convert(std::move(literal), kind);
    return true;
  };
  const Type left = lhs->type;
  return adapt(lhs, rhs->type) && adapt(rhs, left);
}

typed::ExprPtr TreeBuilder::binary(typed::BinaryOp op, ExprPtr lhs, ExprPtr rhs, Span span) {
  if (lhs->type.is_unknown() || rhs->type.is_unknown()) return invalid(span);
  if (lhs->type.is(Kind::Str) || (rhs->type.is(Kind::Str) && op == typed::BinaryOp::Mul)) {
    return text_binary(op, std::move(lhs), std::move(rhs), span);
  }
  if (lhs->type.is_tuple() && rhs->type.is_tuple() && op == typed::BinaryOp::Add) {
    return concat_tuples(std::move(lhs), std::move(rhs), span);
  }
  if (lhs->type.is_array() || rhs->type.is_array()) return array_binary(op, std::move(lhs), std::move(rhs), span);
  if (!lhs->type.is_scalar() || !rhs->type.is_scalar()) return bad_operands(spelling(op), lhs->type, rhs->type, span);
  const std::optional<std::int64_t> exponent = op == typed::BinaryOp::Pow ? int_value(*rhs) : std::nullopt;
  const bool reciprocal = exponent && *exponent < 0 && lhs->type.is_integer();  // a float, see power()
  if (!reciprocal && !adapt_literal(lhs, rhs, span)) return invalid(span);
  if (op == typed::BinaryOp::Pow) {
    const bool of_numpy = lhs->type.is_numpy_scalar() || rhs->type.is_numpy_scalar();
    ExprPtr result = power(std::move(lhs), std::move(rhs), span);
    if (of_numpy) result->type = result->type.as_numpy();
    return result;
  }
  std::optional<OperatorTypes> types = operator_types(op, lhs->type.kind(), rhs->type.kind());
  if (!types) return bad_operands(spelling(op), lhs->type, rhs->type, span);
  const bool numpy = lhs->type.is_numpy_scalar() || rhs->type.is_numpy_scalar();
  lhs = convert(std::move(lhs), types->operand);
  rhs = convert(std::move(rhs), types->operand);
  const Type result = types->result;
  return make(numpy ? result.as_numpy() : result, span, typed::Binary{op, std::move(lhs), std::move(rhs)});
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
