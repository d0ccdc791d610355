// Verification of expressions: Verifier::check().

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "typing/tree/verifier.h"

namespace kjit::typed {

void Verifier::check(const ExprPtr& expr) {
  expect(expr != nullptr, "an operand is there");
  check_site(expr->site);
  check_type(expr->type);
  std::visit([&](const auto& node) { check_node(*expr, node); }, expr->node);
  site_ = expr->site;  // what the caller finds wrong with the operand is wrong here
}

void Verifier::check_as(const ExprPtr& expr, const Type& type, std::string_view invariant) {
  check(expr);
  expect(expr->type == type, invariant);
}

// ---- constants and variables -------------------------------------------------------------------------------------------

namespace {

bool fits_integer(const Type& type, const Constant& constant) {
  const int unused = 64 - bit_width(type.kind());
  if (const auto* value = std::get_if<std::int64_t>(&constant.value)) {
    return type.is_signed() && static_cast<std::int64_t>(static_cast<std::uint64_t>(*value) << unused) >> unused == *value;
  }
  const auto* value = std::get_if<std::uint64_t>(&constant.value);
  return value && type.is_unsigned() && (*value << unused) >> unused == *value;
}

bool is_single(double value) { return std::isnan(value) || static_cast<double>(static_cast<float>(value)) == value; }

bool fits(const Type& type, const Constant& constant) {
  const auto* real = std::get_if<double>(&constant.value);
  const auto* complex = std::get_if<std::complex<double>>(&constant.value);
  switch (type.kind()) {
    case Kind::None:
    case Kind::Dtype: return std::holds_alternative<std::monostate>(constant.value);
    case Kind::Bool: return std::holds_alternative<bool>(constant.value);
    case Kind::F32: return real && is_single(*real);
    case Kind::F64: return real;
    case Kind::C64: return complex && is_single(complex->real()) && is_single(complex->imag());
    case Kind::C128: return complex;
    case Kind::Str: return std::holds_alternative<std::string>(constant.value);
    default: return type.is_integer() && fits_integer(type, constant);
  }
}

}  // namespace

void Verifier::check_node(const Expr& expr, const Constant& node) {
  expect(fits(expr.type, node), "a constant is a value of its type");
}

void Verifier::check_node(const Expr& expr, const ReadLocal& node) {
  const Local& read = local(node.local);
  expect(expr.type == read.type, "a read has the local's type");
  expect(!node.check_set || (read.needs_set_flag && !read.name.empty()), "a checked read is of a named local with a set flag");
}

void Verifier::check_node(const Expr& expr, const ReadGlobal& node) {
  expect(expr.type == global(node.global).type, "a read has the global's type");
}

void Verifier::check_node(const Expr& expr, const Let& node) {
  expect(local(node.local).name.empty(), "let assigns a hidden local");
  check_as(node.value, local(node.local).type, "an assigned value has the local's type");
  check_as(node.body, expr.type, "let has the type of its body");
}

// ---- operators ---------------------------------------------------------------------------------------------------------

Type binary_result(BinaryOp op, const Type& operand) {
  const bool bitwise = op == BinaryOp::BitAnd || op == BinaryOp::BitOr || op == BinaryOp::BitXor;
  const bool integral = bitwise || op == BinaryOp::Shl || op == BinaryOp::Shr;
  const bool rounding = op == BinaryOp::FloorDiv || op == BinaryOp::Mod;
  if (operand.is_integer()) {
    const bool wide = operand.is(Kind::I64) || operand.is(Kind::U64);
    return op != BinaryOp::TrueDiv ? operand : wide ? Type(Kind::F64) : Type();
  }
  const bool known = operand.is_float()       ? !integral
                     : operand.is_complex()   ? !integral && !rounding
                     : operand.is(Kind::Bool) ? bitwise
                                              : operand.is(Kind::Str) && op == BinaryOp::Add;
  return known ? operand : Type();
}

bool is_conversion(const Type& from, const Type& to) {
  if (from.is_array() && to.is_array()) {
    return from.is_contiguous() && !to.is_contiguous() && from.dtype() == to.dtype() && from.rank() == to.rank();
  }
  if (from.kind() == to.kind() && (to.is_tuple() || to.is_function())) {
    const auto convertible = [](const Type& a, const Type& b) { return a == b || is_conversion(a, b); };
    return std::equal(from.elements().begin(), from.elements().end(), to.elements().begin(), to.elements().end(), convertible);
  }
  if (from.is(Kind::Str)) {
    return to.is(Kind::Bool);
  }
  const bool narrowing = from.is_complex() && !to.is_complex() && !to.is(Kind::Bool);
  return from.is_scalar() && to.is_scalar() && !narrowing;
}

namespace {

bool is_exact_pair(const Type& integer, const Type& real) {
  return (integer.is(Kind::I64) || integer.is(Kind::U64)) && real.is(Kind::F64);
}

bool comparable(CompareOp op, const Type& lhs, const Type& rhs) {
  if (lhs != rhs) {
    return is_exact_pair(lhs, rhs) || is_exact_pair(rhs, lhs);
  }
  const bool equality = op == CompareOp::Eq || op == CompareOp::Ne;
  return lhs.is(Kind::Str) || (lhs.is_scalar() && (equality || !lhs.is_complex()));
}

}  // namespace

void Verifier::check_node(const Expr& expr, const Conditional& node) {
  check_as(node.condition, Kind::Bool, "a condition is a bool");
  check_as(node.then, expr.type, "both arms have the type of the whole");
  check_as(node.otherwise, expr.type, "both arms have the type of the whole");
}

void Verifier::check_node(const Expr& expr, const Convert& node) {
  check(node.operand);
  expect(node.operand->type == expr.type || is_conversion(node.operand->type, expr.type), "there is such a conversion");
}

void Verifier::check_node(const Expr& expr, const Unary& node) {
  check_as(node.operand, expr.type, "a unary operator keeps the type");
  const Type& type = expr.type;
  const bool known = node.op == UnaryOp::Negate   ? type.is_number()
                     : node.op == UnaryOp::Invert ? type.is_integer()
                                                  : type.is(Kind::Bool);
  expect(known, "the type has this unary operator");
}

void Verifier::check_node(const Expr& expr, const Binary& node) {
  check(node.lhs);
  check_as(node.rhs, node.lhs->type, "both operands have one type");
  expect(binary_result(node.op, node.lhs->type) == expr.type, "a binary operator gives its type's result");
}

void Verifier::check_node(const Expr& expr, const Compare& node) {
  check(node.lhs);
  check(node.rhs);
  expect(expr.type.is(Kind::Bool), "a comparison gives a bool");
  expect(comparable(node.op, node.lhs->type, node.rhs->type), "the operands can be compared so");
}

// ---- calls and tuples --------------------------------------------------------------------------------------------------

void Verifier::check_node(const Expr& expr, const Call& node) {
  expect(node.callee < program_.functions.size(), "the number of a function is in range");
  const Function& callee = program_.functions[node.callee];
  expect(node.args.size() == callee.parameter_count, "there are as many arguments as parameters");
  for (std::size_t i = 0; i < node.args.size(); ++i) {
    check_as(node.args[i], callee.locals[i].type, "an argument has the parameter's type");
  }
  expect(expr.type == callee.result, "a call has the type of the callee's result");
}

void Verifier::check_node(const Expr& expr, const BuiltinCall& node) {
  std::for_each(node.args.begin(), node.args.end(), [&](const ExprPtr& arg) { check(arg); });
  expect(builtin_fits(node, expr.type), "arguments and result fit the builtin");
}

void Verifier::check_node(const Expr& expr, const MakeTuple& node) {
  expect(expr.type.is_tuple() || expr.type.is_function(), "a tuple has a tuple's type");
  expect(node.elements.size() == expr.type.elements().size(), "a tuple has as many elements as its type");
  for (std::size_t i = 0; i < node.elements.size(); ++i) {
    check_as(node.elements[i], expr.type.elements()[i], "an element has the type that the tuple states");
  }
}

void Verifier::check_node(const Expr& expr, const TupleElement& node) {
  check(node.tuple);
  const Type& tuple = node.tuple->type;
  expect(tuple.is_tuple() || tuple.is_function(), "the operand is a tuple");
  expect(node.index < tuple.elements().size() && tuple.elements()[node.index] == expr.type, "the tuple has this element");
}

void Verifier::check_node(const Expr& expr, const TupleElementDynamic& node) {
  check(node.tuple);
  check_as(node.index, Kind::I64, "an index is an i64");
  expect(node.tuple->type.is_tuple(), "the operand is a tuple");
  const auto& elements = node.tuple->type.elements();
  const auto same = [&](const Type& element) { return element == expr.type; };
  expect(!elements.empty() && std::all_of(elements.begin(), elements.end(), same), "all elements have the type of the result");
}

// ---- arrays ------------------------------------------------------------------------------------------------------------

void Verifier::expect_array(const Type& type, bool contiguous) {
  expect(type.is_array(), "the operand is an array");
  expect(!contiguous || type.is_contiguous(), "a new array is C-contiguous");
}

Kind Verifier::check_place(const ExprPtr& array, const std::vector<ExprPtr>& indices, const std::vector<bool>& in_bounds) {
  check(array);
  expect_array(array->type, false);
  expect(static_cast<int>(indices.size()) == array->type.rank(), "there are as many indices as axes");
  expect(in_bounds.empty() || in_bounds.size() == indices.size(), "bounds proofs are there for all indices or none");
  for (const ExprPtr& index : indices) {
    check_as(index, Kind::I64, "an index is an i64");
  }
  return array->type.dtype();
}

void Verifier::check_node(const Expr& expr, const Element& node) {
  const Kind dtype = check_place(node);
  expect(expr.type.is(dtype), "an element has the element type");
}

void Verifier::check_subscript(const Subscript& subscript) {
  expect(subscript.is_slice == !subscript.index, "a subscript is an index or a slice");
  for (const ExprPtr* part : {&subscript.index, &subscript.lower, &subscript.upper, &subscript.step}) {
    if (*part) {
      expect(subscript.is_slice || part == &subscript.index, "an index has no slice parts");
      check_as(*part, Kind::I64, "an index is an i64");
    }
  }
}

void Verifier::check_node(const Expr& expr, const View& node) {
  check(node.array);
  expect_array(node.array->type, false);
  expect_array(expr.type, false);
  const Type& array = node.array->type;
  expect(static_cast<int>(node.subscripts.size()) <= array.rank(), "there are at most as many subscripts as axes");
  int rank = array.rank();
  for (const Subscript& subscript : node.subscripts) {
    check_subscript(subscript);
    rank -= subscript.is_slice ? 0 : 1;
  }
  expect(expr.type.dtype() == array.dtype() && expr.type.rank() == rank,
         "a view has the array's dtype and the axes that are left");
}

void Verifier::check_node(const Expr& expr, const NewArray& node) {
  expect_array(expr.type, true);
  expect(static_cast<int>(node.shape.size()) == expr.type.rank(), "there are as many sizes as axes");
  for (const ExprPtr& size : node.shape) {
    check_as(size, Kind::I64, "a size is an i64");
  }
  expect((node.fill == Fill::Value) == (node.value != nullptr), "a fill value is there exactly for Fill::Value");
  if (node.value) {
    check_as(node.value, expr.type.dtype(), "a fill value has the element type");
  }
}

void Verifier::check_node(const Expr& expr, const ArrayLiteral& node) {
  expect_array(expr.type, true);
  expect(static_cast<int>(node.shape.size()) == expr.type.rank(), "there are as many sizes as axes");
  const std::int64_t count = std::accumulate(node.shape.begin(), node.shape.end(), std::int64_t{1}, std::multiplies<>());
  expect(count == static_cast<std::int64_t>(node.elements.size()), "there are as many elements as the shape says");
  for (const ExprPtr& element : node.elements) {
    check_as(element, expr.type.dtype(), "an element has the element type");
  }
}

void Verifier::check_node(const Expr& expr, const ArrayDim& node) {
  check(node.array);
  expect_array(node.array->type, false);
  expect(static_cast<int>(node.axis) < node.array->type.rank(), "the array has this axis");
  expect(expr.type.is(Kind::I64), "a size is an i64");
}

// ---- text --------------------------------------------------------------------------------------------------------------

void Verifier::check_pieces(const std::vector<FormatPiece>& pieces) {
  for (const FormatPiece& piece : pieces) {
    if (!piece.value) {
      continue;
    }
    check(piece.value);
    const Type& type = piece.value->type;
    expect(type.is_scalar() || type.is(Kind::Str) || type.is_tuple() || type.is_array() || type.is(Kind::None),
           "a piece has a text");
    expect(piece.spec.empty() || piece.conversion != 0 || type.is_scalar() || type.is(Kind::Str),
           "the value takes a specification");
    expect(piece.conversion == 0 || std::string_view("sra").find(piece.conversion) != std::string_view::npos,
           "a conversion is s, r or a");
  }
}

void Verifier::check_node(const Expr& expr, const Format& node) {
  expect(expr.type.is(Kind::Str), "formatting gives a str");
  check_pieces(node.pieces);
}

}  // namespace kjit::typed
