// Folds along axes: np.sum(a, axis=0), a.mean(axis=1, keepdims=True) and their kin. Entries: the handlers of array_rows.h,
// fold_whole.

#include <algorithm>

#include "library/arrays/array_rows.h"
#include "library/arrays/kernel_functions.h"
#include "runtime/abi.h"
#include "runtime/array_fold.h"
#include "typing/arrays/np_promotion.h"

namespace kjit {

void keep_memory_order(typed::Expr& array) {
  auto* loop = std::get_if<typed::ArrayLoop>(&array.node);
  if (!loop || array.type.rank() < 2) return;
  bool in_order = true;
  for (const ExprPtr& operand : loop->operands) {
    keep_memory_order(*operand);
    in_order = in_order && (!operand->type.is_array() || operand->type.is_contiguous() || operand->type.rank() < 2);
  }
  if (!in_order) array.type = Type::array(array.type.dtype(), array.type.rank(), Layout::Strided);
}

Kind accumulator(Kind dtype) {
  if (dtype == Kind::Bool || Type(dtype).is_signed()) return Kind::I64;
  return Type(dtype).is_unsigned() ? Kind::U64 : dtype;
}

namespace {

// What one call says.
struct FoldOptions {
  std::vector<int> axes;
  bool keepdims = false;
  bool numbers = false;  // NaN does not count
  ExprPtr initial, where;
  std::optional<Kind> dtype;
  bool is_whole = false;  // no axis was named
};

// The same axes for a second fold of the same array.
FoldOptions same_axes(const FoldOptions& options) {
  FoldOptions same;
  same.axes = options.axes;
  same.keepdims = options.keepdims;
  return same;
}

// The result's type: a scalar if no axis is left.
Type folded_type(const Type& array, const FoldOptions& options, Kind dtype) {
  const auto folded = static_cast<int>(options.axes.size());
  const int rank = options.keepdims ? array.rank() : array.rank() - folded;
  return rank == 0 ? Type(dtype).as_numpy() : Type::array(dtype, rank, Layout::C);
}

// One function of runtime/array_fold.cpp over the axes; takes `initial` and `where` out of the options.
ExprPtr fold_call(FunctionChecker& c, int op, ExprPtr array, FoldOptions& options, Kind result, Span span) {
  keep_memory_order(*array);
  const Type type = folded_type(array->type, options, result);
  std::int64_t bits = 0;
  for (const int axis : options.axes) bits |= std::int64_t{1} << axis;
  const Kind dtype = array->type.dtype();
  std::vector<ExprPtr> args;
  args.push_back(std::move(array));
  args.push_back(c.int_constant(op, span));
  args.push_back(c.int_constant(bits, span));
  args.push_back(
      c.int_constant((options.keepdims ? runtime::kFoldKeepDims : 0) | (options.numbers ? runtime::kFoldNumbers : 0), span));
  if (options.where && !options.initial) options.initial = c.int_constant(op == KJIT_FOLD_PROD ? 1 : 0, span);
  if (options.initial) args.push_back(c.convert(std::move(options.initial), dtype));
  if (options.where) args.push_back(std::move(options.where));
  return array_call(c, KJIT_ARRAY_Fold, type, span, std::move(args));
}

// How many elements one result comes from, as a number of the kind.
ExprPtr folded_count(FunctionChecker& c, const typed::Expr& array, const FoldOptions& options, Span span) {
  ExprPtr count;
  for (const int axis : options.axes) {
    ExprPtr size = c.make(Kind::I64, span, typed::ArrayDim{c.clone(array), static_cast<std::uint32_t>(axis)});
    count = count ? c.binary(typed::BinaryOp::Mul, std::move(count), std::move(size), span) : std::move(size);
  }
  return count;
}

// Of complex numbers in both parts.
ExprPtr nan_of(FunctionChecker& c, Kind kind, Span span) {
  ExprPtr nan = c.float_constant(__builtin_nan(""), span);
  if (!Type(kind).is_complex()) return c.convert(std::move(nan), kind);
  std::vector<ExprPtr> parts;
  parts.push_back(c.clone(*nan));
  parts.push_back(std::move(nan));
  return c.convert(c.builtin_call(Builtin::MakeComplex, Kind::C128, span, std::move(parts)), kind);
}

// sum * (1 / n), as NumPy divides a complex number by a real one: (re + im * 0) * (1 / n), (im - re * 0) * (1 / n).
ExprPtr scale_complex(FunctionChecker& c, const typed::Expr& sum, const typed::Expr& n, Span span) {
  using enum typed::BinaryOp;
  const auto binary = [&](typed::BinaryOp op, ExprPtr x, ExprPtr y) {
    return c.make(Kind::F64, span, typed::Binary{op, std::move(x), std::move(y)});
  };
  const auto part = [&](Builtin which) {
    std::vector<ExprPtr> whole;
    whole.push_back(c.clone(sum));
    return c.builtin_call(which, Kind::F64, span, std::move(whole));
  };
  const auto scaled = [&](typed::BinaryOp op, Builtin own, Builtin other) {
    ExprPtr nothing = binary(Mul, part(other), c.float_constant(0.0, span));
    ExprPtr factor = binary(TrueDiv, c.float_constant(1.0, span), c.clone(n));
    return binary(Mul, binary(op, part(own), std::move(nothing)), std::move(factor));
  };
  std::vector<ExprPtr> parts;
  parts.push_back(scaled(Add, Builtin::Real, Builtin::Imag));
  parts.push_back(scaled(Sub, Builtin::Imag, Builtin::Real));
  return c.builtin_call(Builtin::MakeComplex, Kind::C128, span, std::move(parts));
}

// NumPy's division, for scalars too: by 0 it gives NaN. Complex numbers are divided in C128, as the count is a 64-bit integer.
ExprPtr divide_quietly(FunctionChecker& c, ExprPtr sum, ExprPtr count, Span span) {
  const Kind kind = sum->type.is_array() ? sum->type.dtype() : sum->type.kind();
  const bool complex = Type(kind).is_complex();
  const Kind real = complex ? Kind::F64 : kind;
  count = c.convert(std::move(count), real);
  if (sum->type.is_array()) {
    if (!complex) return c.array_binary(typed::BinaryOp::TrueDiv, std::move(sum), std::move(count), span);
    sum = c.convert_elements(std::move(sum), Kind::C128, span);
    count = c.convert(std::move(count), Kind::C128);
    return c.convert_elements(c.array_binary(typed::BinaryOp::TrueDiv, std::move(sum), std::move(count), span), kind, span);
  }
  if (complex) sum = c.convert(std::move(sum), Kind::C128);
  return c.with_value(std::move(count), [&](const typed::Expr& n) {
    return c.with_value(std::move(sum), [&](const typed::Expr& total) {
      ExprPtr zero = c.convert(c.int_constant(0, span), real);
      ExprPtr empty = c.make(Kind::Bool, span, typed::Compare{typed::CompareOp::Eq, c.clone(n), std::move(zero)});
      ExprPtr nan = nan_of(c, kind, span);
      ExprPtr mean = complex ? c.convert(scale_complex(c, total, n, span), kind)
                             : c.make(kind, span, typed::Binary{typed::BinaryOp::TrueDiv, c.clone(total), c.clone(n)});
      return c.make(Type(kind).as_numpy(), span, typed::Conditional{std::move(empty), std::move(nan), std::move(mean)});
    });
  });
}

ExprPtr fold_mean(FunctionChecker& c, ExprPtr array, FoldOptions options, Span span) {
  keep_memory_order(*array);
  return c.with_value(std::move(array), [&](const typed::Expr& whole) {
    const Kind own = whole.type.dtype();
    const bool inexact = Type(own).is_float() || Type(own).is_complex();
    const Kind kind = options.dtype.value_or(inexact ? own : Kind::F64);
    ExprPtr count = folded_count(c, whole, options, span);
    ExprPtr sum = fold_call(c, KJIT_FOLD_SUM, c.convert_elements(c.clone(whole), kind, span), options, kind, span);
    return divide_quietly(c, std::move(sum), std::move(count), span);
  });
}

// The mean of the squares of the distances from the mean, in NumPy's steps.
ExprPtr fold_variance(FunctionChecker& c, ExprPtr array, FoldOptions options, ExprPtr ddof, bool root, Span span) {
  const Kind own = array->type.dtype();
  const bool inexact = Type(own).is_float() || Type(own).is_complex();
  if (!inexact) array = c.convert_elements(std::move(array), Kind::F64, span);
  keep_memory_order(*array);
  return c.with_value(std::move(array), [&](const typed::Expr& whole) {
    FoldOptions kept = same_axes(options);
    kept.keepdims = true;
    ExprPtr mean = fold_mean(c, c.clone(whole), std::move(kept), span);
    ExprPtr distance = c.array_binary(typed::BinaryOp::Sub, c.clone(whole), std::move(mean), span);
    const Kind kind = distance->type.dtype();
    std::vector<ExprPtr> one;
    one.push_back(std::move(distance));
    FunctionChecker::LoopParts parts = c.loop_parts(std::move(one));
    ExprPtr squares = c.with_value(std::move(parts.bodies[0]), [&](const typed::Expr& x) {
      if (!Type(kind).is_complex()) return c.make(kind, span, typed::Binary{typed::BinaryOp::Mul, c.clone(x), c.clone(x)});
      const Kind real = real_part_kind(kind);
      const auto square = [&](Builtin part) {
        std::vector<ExprPtr> arg;
        arg.push_back(c.clone(x));
        ExprPtr value = c.builtin_call(part, real, span, std::move(arg));
        return c.with_value(std::move(value), [&](const typed::Expr& v) {
          return c.make(real, span, typed::Binary{typed::BinaryOp::Mul, c.clone(v), c.clone(v)});
        });
      };
      return c.make(real, span, typed::Binary{typed::BinaryOp::Add, square(Builtin::Real), square(Builtin::Imag)});
    });
    ExprPtr loop = c.finish_loop(std::move(parts), std::move(squares), span);
    const Kind real = loop->type.dtype();
    ExprPtr sum = fold_call(c, KJIT_FOLD_SUM, std::move(loop), options, real, span);
    ExprPtr count = c.binary(typed::BinaryOp::Sub, folded_count(c, whole, options, span), std::move(ddof), span);
    std::vector<ExprPtr> limits;
    limits.push_back(std::move(count));
    limits.push_back(c.int_constant(0, span));
    ExprPtr variance = divide_quietly(c, std::move(sum), c.builtin_call(Builtin::Max, Kind::I64, span, std::move(limits)), span);
    if (!root) return variance;
    std::vector<ExprPtr> args;
    if (!variance->type.is_array()) {
      args.push_back(std::move(variance));
      return c.builtin_call(Builtin::Sqrt, Type(real).as_numpy(), span, std::move(args));
    }
    std::vector<ExprPtr> values;
    values.push_back(std::move(variance));
    FunctionChecker::LoopParts rooted = c.loop_parts(std::move(values));
    args.push_back(std::move(rooted.bodies[0]));
    return c.finish_loop(std::move(rooted), c.builtin_call(Builtin::Sqrt, real, span, std::move(args)), span);
  });
}

// Options that bring elements along. False: reported.
bool take_elements(FunctionChecker& c, const ArrayArguments& given, FoldOptions& fold) {
  if (const ast::Expr* initial = given.option("initial"); !is_none(initial)) {
    fold.initial = c.check(*initial);
    const Type type = fold.initial->type;
    if (!type.is_scalar() && !type.is_unknown()) c.bad_argument(given.site, "a number", type, initial->span);
    if (!type.is_scalar()) return false;
  }
  if (const ast::Expr* where = given.option("where"); where) {
    fold.where = c.check(*where);
    const Type type = fold.where->type;
    const bool is_mask = type.is_array() && type.dtype() == Kind::Bool;
    if (!is_mask && !type.is_unknown()) c.bad_argument(given.site, "an array of bools", type, given.span());
    if (!is_mask) return false;
  }
  return true;
}

// Empty: a wrong option, reported.
std::optional<FoldOptions> fold_options(FunctionChecker& c, const ArrayArguments& given) {
  FoldOptions fold;
  const ast::Expr* axis = given.option("axis");
  fold.is_whole = is_none(axis);
  std::optional<std::vector<int>> axes = constant_axes(c, axis, given.rank());
  if (!axes) return std::nullopt;
  fold.axes = std::move(*axes);
  const bool along_one = given.row.axes == AxisRule::One;
  if (!fold.is_whole && (fold.axes.empty() || (along_one && fold.axes.size() != 1))) {
    c.bad_argument(given.site, along_one ? "one axis" : "at least one axis", Type::tuple({}), axis->span);
    return std::nullopt;
  }
  if (const ast::Expr* keepdims = given.option("keepdims"); !is_none(keepdims)) {
    std::optional<bool> keep = c.bool_value(*c.check_condition(*keepdims));
    if (!keep) c.bad_argument(given.site, "a constant keepdims", Kind::Bool, keepdims->span);
    if (!keep) return std::nullopt;
    fold.keepdims = *keep;
  }
  if (const ast::Expr* dtype = given.option("dtype"); !is_none(dtype)) {
    fold.dtype = c.dtype_of(*dtype);
    if (!fold.dtype) return std::nullopt;
  }
  return take_elements(c, given, fold) ? std::optional(std::move(fold)) : std::nullopt;
}

// The truth of the elements: outside of the mask one that any (False) or all (True) does not see.
ExprPtr where_neutral(FunctionChecker& c, ExprPtr array, ExprPtr mask, int op, Span span) {
  array = c.convert_elements(std::move(array), Kind::Bool, span);
  if (op == KJIT_FOLD_ANY) return c.array_binary(typed::BinaryOp::BitAnd, std::move(array), std::move(mask), span);
  mask = c.array_unary(ast::UnaryOp::Invert, std::move(mask), span);
  return c.array_binary(typed::BinaryOp::BitOr, std::move(array), std::move(mask), span);
}

// `map` of each element, and of whether it is NaN.
ExprPtr map_nan(FunctionChecker& c, const typed::Expr& array, Span span,
                const std::function<ExprPtr(const typed::Expr& x, ExprPtr is_nan)>& map) {
  std::vector<ExprPtr> values;
  values.push_back(c.clone(array));
  FunctionChecker::LoopParts parts = c.loop_parts(std::move(values));
  ExprPtr body = c.with_value(std::move(parts.bodies[0]), [&](const typed::Expr& x) {
    std::vector<ExprPtr> arg;
    arg.push_back(c.clone(x));
    return map(x, c.builtin_call(Builtin::IsNan, Kind::Bool, span, std::move(arg)));
  });
  return c.finish_loop(std::move(parts), std::move(body), span);
}

// NaN counts as 0.
ExprPtr nan_sum(FunctionChecker& c, const typed::Expr& array, FoldOptions& fold, Span span) {
  const Kind own = array.type.dtype();
  ExprPtr numbers = map_nan(c, array, span, [&](const typed::Expr& x, ExprPtr nan) {
    ExprPtr zero = c.convert(c.float_constant(0.0, span), own);
    return c.make(own, span, typed::Conditional{std::move(nan), std::move(zero), c.clone(x)});
  });
  return fold_call(c, KJIT_FOLD_SUM, std::move(numbers), fold, own, span);
}

}  // namespace

ExprPtr fold_whole(FunctionChecker& c, Builtin reduction, ExprPtr& array, ExprPtr& ddof, Span span) {
  const Type dtype = array->type.dtype();
  if (!dtype.is_float() && !dtype.is_complex()) return nullptr;
  FoldOptions all;
  for (int axis = 0; axis < array->type.rank(); ++axis) all.axes.push_back(axis);
  if (reduction == Builtin::ArraySum) return fold_call(c, KJIT_FOLD_SUM, std::move(array), all, dtype.kind(), span);
  if (reduction == Builtin::ArrayMean) return fold_mean(c, std::move(array), std::move(all), span);
  if (reduction != Builtin::ArrayVar && reduction != Builtin::ArrayStd) return nullptr;
  ExprPtr lost = ddof ? std::move(ddof) : c.int_constant(0, span);
  return fold_variance(c, std::move(array), std::move(all), std::move(lost), reduction == Builtin::ArrayStd, span);
}

ExprPtr sum_axes(FunctionChecker& c, ExprPtr array, std::vector<int> axes, Kind kind, Span span) {
  FoldOptions fold;
  fold.axes = std::move(axes);
  return fold_call(c, KJIT_FOLD_SUM, c.convert_elements(std::move(array), kind, span), fold, kind, span);
}

// ---- handlers ----------------------------------------------------

// sum and prod.
ExprPtr array_accumulate(FunctionChecker& c, ArrayArguments given) {
  std::optional<FoldOptions> fold = fold_options(c, given);
  if (!fold) return c.invalid(given.span());
  const Kind kind = fold->dtype.value_or(accumulator(given.array->type.dtype()));
  return fold_call(c, given.row.op, c.convert_elements(std::move(given.array), kind, given.span()), *fold, kind, given.span());
}

// min and max.
ExprPtr array_extremum(FunctionChecker& c, ArrayArguments given) {
  std::optional<FoldOptions> fold = fold_options(c, given);
  if (!fold) return c.invalid(given.span());
  const Kind own = given.array->type.dtype();
  if (Type(own).is_complex()) return c.bad_argument(given.site, "real numbers", given.array->type, given.span());
  if (fold->where && !fold->initial) return c.bad_argument(given.site, "initial= beside where=", Kind::None, given.span());
  return fold_call(c, given.row.op, std::move(given.array), *fold, own, given.span());
}

// any and all.
ExprPtr array_test(FunctionChecker& c, ArrayArguments given) {
  std::optional<FoldOptions> fold = fold_options(c, given);
  if (!fold) return c.invalid(given.span());
  ExprPtr array = std::move(given.array);
  if (fold->where) array = where_neutral(c, std::move(array), std::move(fold->where), given.row.op, given.span());
  return fold_call(c, given.row.op, std::move(array), *fold, Kind::Bool, given.span());
}

// mean and average.
ExprPtr array_mean(FunctionChecker& c, ArrayArguments given) {
  std::optional<FoldOptions> fold = fold_options(c, given);
  return fold ? fold_mean(c, std::move(given.array), std::move(*fold), given.span()) : c.invalid(given.span());
}

ExprPtr array_average(FunctionChecker& c, ArrayArguments given) {
  const ast::Expr* weighted = given.option("weights");
  if (is_none(weighted)) return array_mean(c, std::move(given));
  const Span span = given.span();
  const int rank = given.rank();
  std::optional<FoldOptions> fold = fold_options(c, given);
  ExprPtr weights = value_or_list(c, *weighted);
  if (!fold || weights->type.is_unknown()) return c.invalid(span);
  const bool whole = fold->axes.size() == static_cast<std::size_t>(rank);
  const bool alike = weights->type.is_array() && weights->type.rank() == rank;
  const bool fits = alike || (weights->type.is_array() && weights->type.rank() == 1 && !whole);
  if (!fits)
    return c.bad_argument(given.site, "an axis for a vector of weights, or weights for each element", weights->type, span);
  if (!whole && fold->axes.size() != 1) return c.bad_argument(given.site, "one axis", Kind::None, span);
  const int last = whole ? 0 : rank - 1, axis = whole ? 0 : fold->axes[0];
  std::vector<ExprPtr> args;
  for (ExprPtr* array : {&given.array, &weights}) {
    ExprPtr value = whole ? flatten(c, std::move(*array), span) : std::move(*array);
    args.push_back(value->type.rank() == last + 1 ? with_axis_moved(c, std::move(value), axis, last, span) : std::move(value));
  }
  ExprPtr result = call_prelude_function(c, "weighted_average", std::move(args), span);
  if (result->type.is_unknown() || !fold->keepdims) return result;
  return keep_folded_axis(c, std::move(result), rank, whole ? -1 : axis, span);
}

namespace {

ExprPtr spread(FunctionChecker& c, ArrayArguments given, bool root) {
  const Span span = given.span();
  std::optional<FoldOptions> fold = fold_options(c, given);
  if (!fold) return c.invalid(span);
  const ast::Expr* lost = given.option("ddof");
  ExprPtr ddof = lost ? c.argument_i64(given.site, c.check(*lost)) : c.int_constant(0, span);
  if (ddof->type.is_unknown()) return c.invalid(span);
  return fold_variance(c, std::move(given.array), std::move(*fold), std::move(ddof), root, span);
}

}  // namespace

ExprPtr array_var(FunctionChecker& c, ArrayArguments given) { return spread(c, std::move(given), false); }
ExprPtr array_std(FunctionChecker& c, ArrayArguments given) { return spread(c, std::move(given), true); }

ExprPtr array_count_nonzero(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  std::optional<FoldOptions> fold = fold_options(c, given);
  if (!fold) return c.invalid(span);
  ExprPtr ones = c.convert_elements(c.convert_elements(std::move(given.array), Kind::Bool, span), Kind::I64, span);
  return fold_call(c, KJIT_FOLD_SUM, std::move(ones), *fold, Kind::I64, span);
}

ExprPtr array_ptp(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  std::optional<FoldOptions> fold = fold_options(c, given);
  if (!fold) return c.invalid(span);
  const Kind own = given.array->type.dtype();
  return c.with_value(std::move(given.array), [&](const typed::Expr& whole) {
    FoldOptions second = same_axes(*fold);
    ExprPtr most = fold_call(c, KJIT_FOLD_MAX, c.clone(whole), *fold, own, span);
    ExprPtr least = fold_call(c, KJIT_FOLD_MIN, c.clone(whole), second, own, span);
    return c.binary(typed::BinaryOp::Sub, std::move(most), std::move(least), span);
  });
}

// argmin and argmax: the row's operation is 1 for the latter.
ExprPtr array_position(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  std::optional<FoldOptions> fold = fold_options(c, given);
  if (!fold) return c.invalid(span);
  if (fold->is_whole && fold->keepdims) return c.bad_argument(given.site, "an axis beside keepdims", Kind::None, span);
  const Type type = folded_type(given.array->type, *fold, Kind::I64);
  if (fold->is_whole || !type.is_array()) {
    return reduce_array(c, given.row.op == 1 ? Builtin::ArrayArgmax : Builtin::ArrayArgmin, std::move(given.array), span);
  }
  std::vector<ExprPtr> args;
  args.push_back(std::move(given.array));
  args.push_back(c.int_constant(given.row.op, span));
  args.push_back(c.int_constant(fold->axes[0], span));
  args.push_back(c.int_constant(fold->keepdims ? 1 : 0, span));
  return array_call(c, KJIT_ARRAY_ArgFold, type, span, std::move(args));
}

// cumsum and cumprod: the row's operation is 1 for the latter.
ExprPtr array_cumulate(FunctionChecker& c, ArrayArguments given) {
  const Span span = given.span();
  std::optional<FoldOptions> fold = fold_options(c, given);
  if (!fold) return c.invalid(span);
  const Kind kind = fold->dtype.value_or(accumulator(given.array->type.dtype()));
  ExprPtr array = c.convert_elements(std::move(given.array), kind, span);
  if (fold->is_whole) array = flatten(c, std::move(array), span);
  const Type type = Type::array(kind, array->type.rank(), Layout::C);
  std::vector<ExprPtr> args;
  args.push_back(std::move(array));
  args.push_back(c.int_constant(given.row.op, span));
  args.push_back(c.int_constant(fold->is_whole ? 0 : fold->axes[0], span));
  return array_call(c, KJIT_ARRAY_Cumulate, type, span, std::move(args));
}

ExprPtr array_nansum(FunctionChecker& c, ArrayArguments given) {
  if (!Type(given.array->type.dtype()).is_float()) return array_accumulate(c, std::move(given));
  std::optional<FoldOptions> fold = fold_options(c, given);
  if (!fold) return c.invalid(given.span());
  const Span span = given.span();
  keep_memory_order(*given.array);
  return c.with_value(std::move(given.array), [&](const typed::Expr& whole) { return nan_sum(c, whole, *fold, span); });
}

// NaN does not count at all.
ExprPtr array_nanmean(FunctionChecker& c, ArrayArguments given) {
  const Kind own = given.array->type.dtype();
  if (!Type(own).is_float()) return array_mean(c, std::move(given));
  const Span span = given.span();
  std::optional<FoldOptions> fold = fold_options(c, given);
  if (!fold) return c.invalid(span);
  keep_memory_order(*given.array);
  return c.with_value(std::move(given.array), [&](const typed::Expr& whole) {
    FoldOptions second = same_axes(*fold);
    ExprPtr sum = nan_sum(c, whole, *fold, span);
    ExprPtr counted = map_nan(c, whole, span, [&](const typed::Expr&, ExprPtr nan) {
      ExprPtr number = c.make(Kind::Bool, span, typed::Unary{typed::UnaryOp::Not, std::move(nan)});
      return c.make(Kind::I64, span, typed::Convert{std::move(number)});
    });
    ExprPtr count = fold_call(c, KJIT_FOLD_SUM, std::move(counted), second, Kind::I64, span);
    if (!sum->type.is_array()) return divide_quietly(c, std::move(sum), std::move(count), span);
    count = c.convert_elements(std::move(count), own, span);
    return c.array_binary(typed::BinaryOp::TrueDiv, std::move(sum), std::move(count), span);
  });
}

// nanmin and nanmax: a NaN does not count, unless there is nothing else.
ExprPtr array_nan_extremum(FunctionChecker& c, ArrayArguments given) {
  const Kind own = given.array->type.dtype();
  if (!Type(own).is_float()) return array_extremum(c, std::move(given));
  std::optional<FoldOptions> fold = fold_options(c, given);
  if (!fold) return c.invalid(given.span());
  fold->numbers = true;
  return fold_call(c, given.row.op, std::move(given.array), *fold, own, given.span());
}

}  // namespace kjit
