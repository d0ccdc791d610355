// Functions of two arrays, and what is made of products and differences.

#include <algorithm>

#include "library/arrays/array_rows.h"
#include "library/arrays/kernel_functions.h"
#include "runtime/abi.h"
#include "typing/arrays/np_promotion.h"

namespace kjit {

ExprPtr matrix_product(FunctionChecker& c, ExprPtr a, ExprPtr b, Span span) {
  if (a->type.is_unknown() || b->type.is_unknown()) return c.invalid(span);
  if (!a->type.is_array() || !b->type.is_array()) {
    c.report<DiagId::E0502>(span, "@", to_string(a->type), to_string(b->type)).suggest("vectors and matrices are multiplied so");
    return c.invalid(span);
  }
  const Kind common = np_common(np_operand(a->type), np_operand(b->type));
  if (common == Kind::Bool) {
    c.report<DiagId::E0502>(span, "@", to_string(a->type), to_string(b->type)).suggest("convert with astype first");
    return c.invalid(span);
  }
  a = c.convert_elements(std::move(a), common, span);
  b = c.convert_elements(std::move(b), common, span);
  const int stacked = std::max({a->type.rank() - 2, b->type.rank() - 2, 0});  // axes along which there are several matrices
  const int rank = stacked + (a->type.rank() > 1 ? 1 : 0) + (b->type.rank() > 1 ? 1 : 0);
  if (rank == 0) return dot(c, std::move(a), std::move(b), span);
  std::vector<ExprPtr> args;
  args.push_back(std::move(a));
  args.push_back(std::move(b));
  args.push_back(c.int_constant(0, span));  // flags, of which the lowering knows
  return array_call(c, KJIT_ARRAY_MatMul, Type::array(common, rank, Layout::C), span, std::move(args));
}

namespace {

// a[1:] - a[:-1], n times.
ExprPtr differences(FunctionChecker& c, ExprPtr array, int axis, std::int64_t times, Span span) {
  for (; times > 0; --times) {
    array = c.with_value(std::move(array), [&](const typed::Expr& whole) {
      typed::Subscript upper, lower;
      upper.is_slice = lower.is_slice = true;
      upper.lower = c.int_constant(1, span);
      lower.upper = c.int_constant(-1, span);
      ExprPtr behind = slice_axis(c, c.clone(whole), axis, std::move(upper), span);
      ExprPtr before = slice_axis(c, c.clone(whole), axis, std::move(lower), span);
      if (whole.type.dtype() == Kind::Bool)
        return c.array_compare(typed::CompareOp::Ne, std::move(behind), std::move(before), span);
      return c.array_binary(typed::BinaryOp::Sub, std::move(behind), std::move(before), span);
    });
  }
  return array;
}

// |a - b| <= atol + rtol * |b|; equal values are close, NaN is not, but to NaN where that is asked for.
ExprPtr close_numbers(FunctionChecker& c, std::vector<ExprPtr> values, bool nan_is_equal, Span span) {
  using enum typed::BinaryOp;
  const Kind kind = values[0]->type.is_complex() || values[1]->type.is_complex() ? Kind::C128 : Kind::F64;
  const auto binary = [&](typed::BinaryOp op, Kind type, ExprPtr l, ExprPtr r) {
    return c.make(type, span, typed::Binary{op, std::move(l), std::move(r)});
  };
  const auto compare = [&](typed::CompareOp op, ExprPtr l, ExprPtr r) {
    return c.make(Kind::Bool, span, typed::Compare{op, std::move(l), std::move(r)});
  };
  const auto call = [&](Builtin builtin, Kind type, ExprPtr value) {
    std::vector<ExprPtr> args;
    args.push_back(std::move(value));
    return c.builtin_call(builtin, type, span, std::move(args));
  };
  return c.with_value(c.convert(std::move(values[0]), kind), [&](const typed::Expr& x) {
    return c.with_value(c.convert(std::move(values[1]), kind), [&](const typed::Expr& y) {
      ExprPtr distance = call(Builtin::Abs, Kind::F64, binary(Sub, kind, c.clone(x), c.clone(y)));
      ExprPtr part = binary(Mul, Kind::F64, std::move(values[2]), call(Builtin::Abs, Kind::F64, c.clone(y)));
      ExprPtr limit = binary(Add, Kind::F64, std::move(values[3]), std::move(part));
      ExprPtr near = compare(typed::CompareOp::Le, std::move(distance), std::move(limit));
      ExprPtr both = binary(BitAnd, Kind::Bool, std::move(near), call(Builtin::IsFinite, Kind::Bool, c.clone(y)));
      ExprPtr close = binary(BitOr, Kind::Bool, std::move(both), compare(typed::CompareOp::Eq, c.clone(x), c.clone(y)));
      if (!nan_is_equal) return close;
      ExprPtr nans = binary(BitAnd, Kind::Bool, compare(typed::CompareOp::Ne, c.clone(x), c.clone(x)),
                            compare(typed::CompareOp::Ne, c.clone(y), c.clone(y)));
      return binary(BitOr, Kind::Bool, std::move(close), std::move(nans));
    });
  });
}

// Of numbers, or element by element.
ExprPtr closeness(FunctionChecker& c, std::vector<ExprPtr> values, bool nan_is_equal, Span span) {
  const bool arrays = values[0]->type.is_array() || values[1]->type.is_array();
  for (std::size_t i = 2; i < 4; ++i) values[i] = c.convert(std::move(values[i]), Kind::F64);
  if (!arrays) return close_numbers(c, std::move(values), nan_is_equal, span);
  FunctionChecker::LoopParts parts = c.loop_parts(std::move(values));
  ExprPtr body = close_numbers(c, std::move(parts.bodies), nan_is_equal, span);
  return c.finish_loop(std::move(parts), std::move(body), span);
}

ExprPtr interpolate(FunctionChecker& c, const CallSite& site, ExprPtr x, const ast::Expr* xs, const ast::Expr* ys) {
  const Span span = site.span();
  if (x->type.is_complex()) return c.bad_argument(site, "real numbers", x->type, x->span);
  ExprPtr xp = c.check(*xs), fp = c.check(*ys);
  if (xp->type.is_unknown() || fp->type.is_unknown()) return c.invalid(span);
  for (const ExprPtr* table : {&xp, &fp}) {
    const bool vector = (*table)->type.is_array() && (*table)->type.rank() == 1 && !Type((*table)->type.dtype()).is_complex();
    if (!vector) return c.bad_argument(site, "vectors of real numbers", (*table)->type, span);
  }
  const Type type = x->type.is_array() ? Type::array(Kind::F64, x->type.rank(), Layout::C) : Type(Kind::F64).as_numpy();
  std::vector<ExprPtr> args;
  args.push_back(x->type.is_array() ? c.convert_elements(std::move(x), Kind::F64, span) : c.convert(std::move(x), Kind::F64));
  args.push_back(c.convert_elements(std::move(xp), Kind::F64, span));
  args.push_back(c.convert_elements(std::move(fp), Kind::F64, span));
  return array_call(c, KJIT_ARRAY_Interp, type, span, std::move(args));
}

std::vector<ExprPtr> one_argument(ExprPtr value) {
  std::vector<ExprPtr> args;
  args.push_back(std::move(value));
  return args;
}

// The second array; of an unknown type if it was refused.
ExprPtr second(FunctionChecker& c, const ArrayArguments& given) {
  ExprPtr other = c.check(*given.options[0]);
  if (other->type.is_unknown() || other->type.is_array() || other->type.is_scalar()) return other;
  return c.bad_argument(given.site, "an array", other->type, given.span());
}

bool has_numbers(const Type& type) { return type.is_scalar() || type.is_array(); }

}  // namespace

ExprPtr array_matmul(FunctionChecker& c, ArrayArguments given) {
  ExprPtr other = second(c, given);
  if (other->type.is_unknown()) return c.invalid(given.span());
  return matrix_product(c, std::move(given.array), std::move(other), given.span());
}

ExprPtr array_dot(FunctionChecker& c, ArrayArguments given) {
  ExprPtr other = second(c, given);
  if (other->type.is_unknown()) return c.invalid(given.span());
  if (other->type.is_scalar())
    return c.array_binary(typed::BinaryOp::Mul, std::move(given.array), std::move(other), given.span());
  if (given.rank() > 2 || other->type.rank() > 2)
    return c.bad_argument(given.site, "vectors or matrices (np.matmul takes stacks of them)", other->type, given.span());
  return matrix_product(c, std::move(given.array), std::move(other), given.span());
}

// Over the last axes of both.
ExprPtr array_inner(FunctionChecker& c, ArrayArguments given) {
  ExprPtr other = second(c, given);
  if (other->type.is_unknown()) return c.invalid(given.span());
  const bool fit = given.rank() <= 2 && other->type.is_array() && other->type.rank() <= 2;
  if (!fit) return c.bad_argument(given.site, "vectors or matrices", other->type, given.span());
  return matrix_product(c, std::move(given.array), transpose(c, std::move(other), given.span()), given.span());
}

// Of all elements in a row; the first array is conjugated.
ExprPtr array_vdot(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  ExprPtr other = second(c, given);
  if (other->type.is_unknown()) return c.invalid(span);
  if (!other->type.is_array()) return c.bad_argument(given.site, "two arrays", other->type, span);
  ExprPtr array = flatten(c, std::move(given.array), span);
  if (Type(array->type.dtype()).is_complex())
    array = call_prelude_function(c, "conjugated", one_argument(std::move(array)), span);
  return matrix_product(c, std::move(array), flatten(c, std::move(other), span), span);
}

ExprPtr array_outer(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  ExprPtr other = second(c, given);
  if (other->type.is_unknown()) return c.invalid(span);
  if (!other->type.is_array()) return c.bad_argument(given.site, "two arrays", other->type, span);
  ExprPtr column = insert_axis(c, flatten(c, std::move(given.array), span), 1, span);
  return c.array_binary(typed::BinaryOp::Mul, std::move(column), flatten(c, std::move(other), span), span);
}

ExprPtr array_diff(FunctionChecker& c, ArrayArguments given) {
  const auto& options = given.options;
  const std::optional<std::int64_t> times =
      is_none(options[0]) ? std::optional<std::int64_t>(1) : FunctionChecker::int_value(*c.check(*options[0]));
  const std::optional<int> axis =
      is_none(options[1]) ? std::optional(given.rank() - 1) : constant_axis(c, *options[1], given.rank());
  if (!times || !axis) return c.bad_argument(given.site, "constants", given.array->type, given.span());
  if (*times < 0) return c.bad_argument(given.site, "an order that is not negative", Kind::I64, options[0]->span);
  if (options[2] || options[3]) {
    const int last = given.rank() - 1;
    std::vector<ExprPtr> args = one_argument(with_axis_moved(c, std::move(given.array), *axis, last, given.span()));
    for (const ast::Expr* option : {options[2], options[3]}) {
      ExprPtr part = is_none(option) ? c.none_constant(given.span()) : value_or_list(c, *option);
      const bool moves = part->type.is_array() && part->type.rank() == last + 1;
      args.push_back(moves ? with_axis_moved(c, std::move(part), *axis, last, given.span()) : std::move(part));
    }
    ExprPtr longer = call_prelude_function(c, "extended", std::move(args), given.span());
    if (!longer->type.is_array()) return longer;
    given.array = with_axis_moved(c, std::move(longer), last, *axis, given.span());
  }
  return differences(c, std::move(given.array), *axis, *times, given.span());
}

ExprPtr array_isclose(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  std::vector<ExprPtr> values = one_argument(std::move(given.array));
  values.push_back(value_or_list(c, *given.options[0]));
  for (const ExprPtr& side : values) {
    if (side->type.is_unknown()) return c.invalid(span);
    if (!has_numbers(side->type)) return c.bad_argument(given.site, "numbers", side->type, span);
  }
  for (std::size_t i = 1; i < 3; ++i) {
    const ast::Expr* option = given.options[i];
    values.push_back(is_none(option) ? c.float_constant(i == 1 ? 1e-5 : 1e-8, span) : c.check(*option));
    const Type& type = values.back()->type;
    if (type.is_unknown()) return c.invalid(span);
    if (!type.is_scalar() || type.is_complex()) return c.bad_argument(given.site, "a number", type, span);
  }
  ExprPtr nan = is_none(given.options[3]) ? c.bool_constant(false, span) : c.check_condition(*given.options[3]);
  if (nan->type.is_unknown()) return c.invalid(span);
  const std::optional<bool> nan_is_equal = c.bool_value(*nan);
  if (!nan_is_equal) return c.bad_argument(given.site, "True or False as equal_nan", nan->type, span);
  return closeness(c, std::move(values), *nan_is_equal, span);
}

ExprPtr array_allclose(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  ExprPtr close = array_isclose(c, std::move(given));
  return close->type.is_unknown() ? std::move(close) : reduce_array(c, Builtin::ArrayAll, std::move(close), span);
}

ExprPtr array_equal(FunctionChecker& c, ArrayArguments given) {
  ExprPtr other = value_or_list(c, *given.options[0]);
  if (other->type.is_unknown()) return c.invalid(given.span());
  if (!other->type.is_array() && !other->type.is_scalar())
    return c.bad_argument(given.site, "an array", other->type, given.span());
  std::vector<ExprPtr> args = one_argument(std::move(given.array));
  args.push_back(std::move(other));
  return call_prelude_function(c, "array_equal", std::move(args), given.span());
}

ExprPtr array_interp(FunctionChecker& c, ArrayArguments given) {
  return interpolate(c, given.site, std::move(given.array), given.options[0], given.options[1]);
}

// The root of the sum of the squares; other norms have no form here.
ExprPtr call_norm(FunctionChecker& c, const CallSite& site) {
  const Span span = site.span();
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 1);
  if (!args) return c.invalid(span);
  ExprPtr array = std::move((*args)[0]);
  const bool real = array->type.is_array() && !Type(array->type.dtype()).is_complex();
  if (!real) return c.bad_argument(site, "an array of real numbers", array->type, span);
  const Kind kind = array->type.dtype() == Kind::F32 ? Kind::F32 : Kind::F64;
  array = c.convert_elements(std::move(array), kind, span);
  ExprPtr squares = c.array_binary(typed::BinaryOp::Pow, std::move(array), c.int_constant(2, span), span);
  std::vector<ExprPtr> sum;
  sum.push_back(reduce_array(c, Builtin::ArraySum, std::move(squares), span));
  return c.builtin_call(Builtin::Sqrt, Type(kind).as_numpy(), span, std::move(sum));
}

}  // namespace kjit
