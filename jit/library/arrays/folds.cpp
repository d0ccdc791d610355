// Folds along axes: np.sum(a, axis=0), a.mean(axis=1, keepdims=True) and their kin. Entry: call_fold.

#include <algorithm>

#include "library/arrays/array_rows.h"
#include "library/handlers.h"
#include "library/library.h"
#include "runtime/abi.h"
#include "typing/arrays/np_promotion.h"
#include "typing/check/checker.h"

namespace kjit {

namespace {

struct FoldName {
  std::string_view name;
  int op;
};
constexpr FoldName kFolds[] = {{"sum", KJIT_FOLD_SUM}, {"prod", KJIT_FOLD_PROD}, {"min", KJIT_FOLD_MIN}, {"amin", KJIT_FOLD_MIN},
                               {"max", KJIT_FOLD_MAX}, {"amax", KJIT_FOLD_MAX},  {"any", KJIT_FOLD_ANY}, {"all", KJIT_FOLD_ALL}};
constexpr std::string_view kOthers[] = {"mean", "average", "var",     "std",           "argmin", "argmax",
                                        "ptp",  "nansum",  "nanmean", "count_nonzero", "cumsum", "cumprod"};

const FoldName* find_fold(std::string_view name) {
  const auto* found = std::find_if(std::begin(kFolds), std::end(kFolds), [&](const FoldName& row) { return row.name == name; });
  return found == std::end(kFolds) ? nullptr : found;
}

Kind accumulator(Kind dtype) {
  if (dtype == Kind::Bool || Type(dtype).is_signed()) return Kind::I64;
  return Type(dtype).is_unsigned() ? Kind::U64 : dtype;
}

}  // namespace

bool is_fold_name(std::string_view name) {
  return find_fold(name) || std::find(std::begin(kOthers), std::end(kOthers), name) != std::end(kOthers);
}

// The result's type: a scalar if no axis is left.
Type FunctionChecker::folded_type(const Type& array, const FoldOptions& options, Kind dtype) {
  const auto folded = static_cast<int>(options.axes.size());
  const int rank = options.keepdims ? array.rank() : array.rank() - folded;
  return rank == 0 ? Type(dtype).as_numpy() : Type::array(dtype, rank, Layout::C);
}

FunctionChecker::ExprPtr FunctionChecker::fold_call(int op, ExprPtr array, FoldOptions& options, Kind result, Span span) {
  const Type type = folded_type(array->type, options, result);
  std::int64_t bits = 0;
  for (const int axis : options.axes) bits |= std::int64_t{1} << axis;
  const Kind dtype = array->type.dtype();
  std::vector<ExprPtr> args;
  args.push_back(std::move(array));
  args.push_back(int_constant(op, span));
  args.push_back(int_constant(bits, span));
  args.push_back(int_constant(options.keepdims ? 1 : 0, span));
  if (options.where && !options.initial) options.initial = int_constant(op == KJIT_FOLD_PROD ? 1 : 0, span);
  if (options.initial) args.push_back(convert(std::move(options.initial), dtype));
  if (options.where) args.push_back(std::move(options.where));
  return array_call(KJIT_ARRAY_Fold, type, span, std::move(args));
}

// How many elements one result comes from, as a number of the kind.
FunctionChecker::ExprPtr FunctionChecker::folded_count(const typed::Expr& array, const FoldOptions& options, Span span) {
  ExprPtr count;
  for (const int axis : options.axes) {
    ExprPtr size = make(Kind::I64, span, typed::ArrayDim{clone(array), static_cast<std::uint32_t>(axis)});
    count = count ? binary(typed::BinaryOp::Mul, std::move(count), std::move(size), span) : std::move(size);
  }
  return count;
}

// NumPy's division, for scalars too: by 0 it gives NaN.
FunctionChecker::ExprPtr FunctionChecker::divide_quietly(ExprPtr sum, ExprPtr count, Span span) {
  const Kind kind = sum->type.is_array() ? sum->type.dtype() : sum->type.kind();
  const Kind real = Type(kind).is_complex() ? real_part_kind(kind) : kind;
  count = convert(convert(std::move(count), real), kind);
  if (sum->type.is_array()) return array_binary(typed::BinaryOp::TrueDiv, std::move(sum), std::move(count), span);
  return with_value(std::move(count), [&](const typed::Expr& n) {
    return with_value(std::move(sum), [&](const typed::Expr& total) {
      ExprPtr zero = convert(int_constant(0, span), kind);
      ExprPtr empty = make(Kind::Bool, span, typed::Compare{typed::CompareOp::Eq, clone(n), std::move(zero)});
      ExprPtr nan = convert(float_constant(__builtin_nan(""), span), kind);
      ExprPtr mean = make(kind, span, typed::Binary{typed::BinaryOp::TrueDiv, clone(total), clone(n)});
      return make(Type(kind).as_numpy(), span, typed::Conditional{std::move(empty), std::move(nan), std::move(mean)});
    });
  });
}

FunctionChecker::ExprPtr FunctionChecker::fold_mean(ExprPtr array, FoldOptions options, std::optional<Kind> dtype, Span span) {
  return with_value(std::move(array), [&](const typed::Expr& whole) {
    const Kind own = whole.type.dtype();
    const bool inexact = Type(own).is_float() || Type(own).is_complex();
    const Kind kind = dtype.value_or(inexact ? own : Kind::F64);
    ExprPtr count = folded_count(whole, options, span);
    ExprPtr sum = fold_call(KJIT_FOLD_SUM, convert_elements(clone(whole), kind, span), options, kind, span);
    return divide_quietly(std::move(sum), std::move(count), span);
  });
}

// The mean of the squares of the distances from the mean, in NumPy's steps.
FunctionChecker::ExprPtr FunctionChecker::fold_variance(ExprPtr array, FoldOptions options, ExprPtr ddof, bool root, Span span) {
  const Kind own = array->type.dtype();
  const bool inexact = Type(own).is_float() || Type(own).is_complex();
  if (!inexact) array = convert_elements(std::move(array), Kind::F64, span);
  return with_value(std::move(array), [&](const typed::Expr& whole) {
    FoldOptions kept = {options.axes, true, nullptr, nullptr};
    ExprPtr mean = fold_mean(clone(whole), std::move(kept), std::nullopt, span);
    ExprPtr distance = array_binary(typed::BinaryOp::Sub, clone(whole), std::move(mean), span);
    const Kind kind = distance->type.dtype();
    std::vector<ExprPtr> one;
    one.push_back(std::move(distance));
    LoopParts parts = loop_parts(std::move(one));
    ExprPtr squares = with_value(std::move(parts.bodies[0]), [&](const typed::Expr& x) {
      if (!Type(kind).is_complex()) return make(kind, span, typed::Binary{typed::BinaryOp::Mul, clone(x), clone(x)});
      const Kind real = real_part_kind(kind);
      const auto square = [&](Builtin part) {
        std::vector<ExprPtr> arg;
        arg.push_back(clone(x));
        ExprPtr value = builtin_call(part, real, span, std::move(arg));
        return with_value(std::move(value), [&](const typed::Expr& v) {
          return make(real, span, typed::Binary{typed::BinaryOp::Mul, clone(v), clone(v)});
        });
      };
      return make(real, span, typed::Binary{typed::BinaryOp::Add, square(Builtin::Real), square(Builtin::Imag)});
    });
    ExprPtr loop = finish_loop(std::move(parts), std::move(squares), span);
    const Kind real = loop->type.dtype();
    ExprPtr sum = fold_call(KJIT_FOLD_SUM, std::move(loop), options, real, span);
    ExprPtr count = binary(typed::BinaryOp::Sub, folded_count(whole, options, span), std::move(ddof), span);
    std::vector<ExprPtr> limits;
    limits.push_back(std::move(count));
    limits.push_back(int_constant(0, span));
    ExprPtr variance = divide_quietly(std::move(sum), builtin_call(Builtin::Max, Kind::I64, span, std::move(limits)), span);
    if (!root) return variance;
    std::vector<ExprPtr> args;
    if (!variance->type.is_array()) {
      args.push_back(std::move(variance));
      return builtin_call(Builtin::Sqrt, Type(real).as_numpy(), span, std::move(args));
    }
    std::vector<ExprPtr> values;
    values.push_back(std::move(variance));
    LoopParts rooted = loop_parts(std::move(values));
    args.push_back(std::move(rooted.bodies[0]));
    return finish_loop(std::move(rooted), builtin_call(Builtin::Sqrt, real, span, std::move(args)), span);
  });
}

// Sums of floats over all axes, and what is made of them. Null: the runtime's own reduction.
FunctionChecker::ExprPtr FunctionChecker::fold_whole(std::string_view name, ExprPtr& array, ExprPtr& ddof, Span span) {
  const Type dtype = array->type.dtype();
  if (!dtype.is_float() && !dtype.is_complex()) return nullptr;
  FoldOptions all;
  for (int axis = 0; axis < array->type.rank(); ++axis) all.axes.push_back(axis);
  if (name == "sum") return fold_call(KJIT_FOLD_SUM, std::move(array), all, dtype.kind(), span);
  if (name == "mean") return fold_mean(std::move(array), std::move(all), std::nullopt, span);
  if (name != "var" && name != "std") return nullptr;
  return fold_variance(std::move(array), std::move(all), ddof ? std::move(ddof) : int_constant(0, span), name == "std", span);
}

// ---- one call ----------------------------------------------------

// Null: the form without options, which reduce_array knows.
FunctionChecker::ExprPtr FunctionChecker::call_fold(const CallSite& site, ExprPtr array,
                                                    const std::vector<const ast::Expr*>& options) {
  const Span span = site.span();
  enum { kAxis, kDtype, kKeepdims, kInitial, kWhere, kDdof };
  const std::string_view name = site.name;
  FoldOptions fold;
  std::optional<std::vector<int>> axes = constant_axes(options[kAxis], array->type.rank());
  if (!axes) return invalid(span);
  fold.axes = std::move(*axes);
  if (!is_none(options[kKeepdims])) {
    std::optional<bool> keep = bool_value(*check_condition(*options[kKeepdims]));
    if (!keep) return bad_argument(site, "a constant keepdims", Kind::Bool, options[kKeepdims]->span);
    fold.keepdims = *keep;
  }
  std::optional<Kind> dtype;
  if (!is_none(options[kDtype])) {
    dtype = dtype_of(*options[kDtype]);
    if (!dtype) return invalid(span);
  }
  if (options[kInitial]) {
    fold.initial = check(*options[kInitial]);
    if (fold.initial->type.is_unknown()) return invalid(span);
    if (!fold.initial->type.is_scalar()) return bad_argument(site, "a number", fold.initial->type, fold.initial->span);
  }
  if (options[kWhere]) {
    fold.where = check(*options[kWhere]);
    const bool mask = fold.where->type.is_array() && fold.where->type.dtype() == Kind::Bool;
    if (!mask) return bad_argument(site, "an array of bools", fold.where->type, span);
  }
  const bool along_one = name == "argmin" || name == "argmax" || name == "cumsum" || name == "cumprod";
  const bool is_wrong = fold.axes.empty() || (along_one && fold.axes.size() != 1);
  if (is_wrong && !is_none(options[kAxis])) {
    return bad_argument(site, along_one ? "one axis" : "at least one axis", Type::tuple({}), options[kAxis]->span);
  }
  const Kind own = array->type.dtype();
  if (const FoldName* row = find_fold(name)) {
    const bool numeric = row->op == KJIT_FOLD_SUM || row->op == KJIT_FOLD_PROD;
    const bool truth = row->op == KJIT_FOLD_ANY || row->op == KJIT_FOLD_ALL;
    const Kind kind = numeric ? dtype.value_or(accumulator(own)) : own;
    if (!numeric && !truth && Type(own).is_complex()) return bad_argument(site, "real numbers", array->type, span);
    return fold_call(row->op, convert_elements(std::move(array), kind, span), fold, truth ? Kind::Bool : kind, span);
  }
  if (name == "mean" || name == "average") return fold_mean(std::move(array), std::move(fold), dtype, span);
  if (name == "var" || name == "std") {
    ExprPtr ddof = options[kDdof] ? argument_i64(site, check(*options[kDdof])) : int_constant(0, span);
    if (ddof->type.is_unknown()) return invalid(span);
    return fold_variance(std::move(array), std::move(fold), std::move(ddof), name == "std", span);
  }
  if (name == "count_nonzero") {
    return fold_call(KJIT_FOLD_SUM, convert_elements(convert_elements(std::move(array), Kind::Bool, span), Kind::I64, span), fold,
                     Kind::I64, span);
  }
  if (name == "ptp") {
    return with_value(std::move(array), [&](const typed::Expr& whole) {
      FoldOptions second = {fold.axes, fold.keepdims, nullptr, nullptr};
      ExprPtr most = fold_call(KJIT_FOLD_MAX, clone(whole), fold, own, span);
      ExprPtr least = fold_call(KJIT_FOLD_MIN, clone(whole), second, own, span);
      return binary(typed::BinaryOp::Sub, std::move(most), std::move(least), span);
    });
  }
  if (name == "argmin" || name == "argmax") {
    if (is_none(options[kAxis])) {
      if (fold.keepdims) return bad_argument(site, "an axis beside keepdims", Kind::None, span);
      return reduce_array(name, std::move(array), span);
    }
    const Type type = folded_type(array->type, fold, Kind::I64);
    if (!type.is_array()) return reduce_array(name, std::move(array), span);
    std::vector<ExprPtr> args;
    args.push_back(std::move(array));
    args.push_back(int_constant(name == "argmax" ? 1 : 0, span));
    args.push_back(int_constant(fold.axes[0], span));
    args.push_back(int_constant(fold.keepdims ? 1 : 0, span));
    return array_call(KJIT_ARRAY_ArgFold, type, span, std::move(args));
  }
  if (name == "cumsum" || name == "cumprod") {
    const Kind kind = dtype.value_or(accumulator(own));
    array = convert_elements(std::move(array), kind, span);
    if (is_none(options[kAxis]) && array->type.rank() > 1) {
      std::vector<ExprPtr> shape;
      shape.push_back(int_constant(-1, span));
      array = reshape(std::move(array), std::move(shape), span);
    }
    const Type type = Type::array(kind, array->type.rank(), Layout::C);
    std::vector<ExprPtr> args;
    args.push_back(std::move(array));
    args.push_back(int_constant(name == "cumprod" ? 1 : 0, span));
    args.push_back(int_constant(is_none(options[kAxis]) ? 0 : fold.axes[0], span));
    return array_call(KJIT_ARRAY_Cumulate, type, span, std::move(args));
  }
  // nansum, nanmean: NaN counts as 0, and not at all.
  return with_value(std::move(array), [&](const typed::Expr& whole) {
    if (!Type(own).is_float()) {
      return name == "nansum"
                 ? fold_call(KJIT_FOLD_SUM, convert_elements(clone(whole), accumulator(own), span), fold, accumulator(own), span)
                 : fold_mean(clone(whole), std::move(fold), dtype, span);
    }
    const auto map = [&](const std::function<ExprPtr(const typed::Expr&, ExprPtr)>& use) {
      std::vector<ExprPtr> values;
      values.push_back(clone(whole));
      LoopParts parts = loop_parts(std::move(values));
      ExprPtr body = with_value(std::move(parts.bodies[0]), [&](const typed::Expr& x) {
        std::vector<ExprPtr> arg;
        arg.push_back(clone(x));
        return use(x, builtin_call(Builtin::IsNan, Kind::Bool, span, std::move(arg)));
      });
      return finish_loop(std::move(parts), std::move(body), span);
    };
    ExprPtr numbers = map([&](const typed::Expr& x, ExprPtr nan) {
      return make(own, span, typed::Conditional{std::move(nan), convert(float_constant(0.0, span), own), clone(x)});
    });
    FoldOptions second = {fold.axes, fold.keepdims, nullptr, nullptr};
    ExprPtr sum = fold_call(KJIT_FOLD_SUM, std::move(numbers), fold, own, span);
    if (name == "nansum") return sum;
    ExprPtr counted = map([&](const typed::Expr&, ExprPtr nan) {
      return make(Kind::I64, span, typed::Convert{make(Kind::Bool, span, typed::Unary{typed::UnaryOp::Not, std::move(nan)})});
    });
    ExprPtr count = fold_call(KJIT_FOLD_SUM, std::move(counted), second, Kind::I64, span);
    if (!sum->type.is_array()) return divide_quietly(std::move(sum), std::move(count), span);
    count = convert_elements(std::move(count), own, span);
    return array_binary(typed::BinaryOp::TrueDiv, std::move(sum), std::move(count), span);
  });
}

}  // namespace kjit
