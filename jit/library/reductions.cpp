// Reductions of whole arrays, and the methods of arrays.

#include <algorithm>
#include <iterator>

#include "library/arrays/array_forms.h"
#include "library/handlers.h"
#include "support/assert.h"

namespace kjit {

namespace {

Kind sum_kind(Kind dtype) {
  if (dtype == Kind::Bool || Type(dtype).is_signed()) return Kind::I64;
  return Type(dtype).is_unsigned() ? Kind::U64 : dtype;
}

Kind mean_kind(Kind dtype) { return Type(dtype).is_float() || Type(dtype).is_complex() ? dtype : Kind::F64; }

Kind spread_kind(Kind dtype) { return Type(dtype).is_complex() ? real_part_kind(dtype) : mean_kind(dtype); }

struct Reduction {
  Builtin builtin;
  Kind (*result)(Kind dtype);
};

constexpr Reduction kReductions[] = {
    {Builtin::ArraySum, sum_kind},
    {Builtin::ArrayProd, sum_kind},
    {Builtin::ArrayMin, [](Kind dtype) { return dtype; }},
    {Builtin::ArrayMax, [](Kind dtype) { return dtype; }},
    {Builtin::ArrayArgmin, [](Kind) { return Kind::I64; }},
    {Builtin::ArrayArgmax, [](Kind) { return Kind::I64; }},
    {Builtin::ArrayMean, mean_kind},
    {Builtin::ArrayVar, spread_kind},
    {Builtin::ArrayStd, spread_kind},
    {Builtin::ArrayAny, [](Kind) { return Kind::Bool; }},
    {Builtin::ArrayAll, [](Kind) { return Kind::Bool; }},
};

bool has_ddof(Builtin reduction) { return reduction == Builtin::ArrayVar || reduction == Builtin::ArrayStd; }

// The array that a reduction is called with, which may be written as a list; unknown if it is none.
ExprPtr array_argument(FunctionChecker& c, const CallSite& site, const ast::Expr& source) {
  bool literal = std::holds_alternative<ast::List>(source.node) || std::holds_alternative<ast::Tuple>(source.node);
  ExprPtr value = literal ? array_literal(c, source, std::nullopt) : c.check(source);
  if (value->type.is_unknown() || value->type.is_array()) return value;
  if (value->type.is_tuple() && !value->type.elements().empty()) {
    const Span span = value->span;
    return array_of_tuple(c, std::move(value), std::nullopt, span);
  }
  return c.bad_argument(site, "an array", value->type, value->span);
}

}  // namespace

ExprPtr reduce_array(FunctionChecker& c, Builtin reduction, ExprPtr array, Span span, ExprPtr ddof) {
  const auto* row =
      std::find_if(std::begin(kReductions), std::end(kReductions), [&](const Reduction& r) { return r.builtin == reduction; });
  KJIT_ASSERT(row != std::end(kReductions), "the names of reductions name rows of this table");
  if (!array->type.is_array()) return array;  // wrong, and reported; or one number already
  if (ExprPtr fold = fold_whole(c, reduction, array, ddof, span)) return fold;
  if (reduction == Builtin::ArrayProd) keep_memory_order(*array);
  const Type result = Type(row->result(array->type.dtype())).as_numpy();
  std::vector<ExprPtr> args;
  args.push_back(std::move(array));
  if (has_ddof(reduction)) args.push_back(ddof ? std::move(ddof) : c.int_constant(0, span));
  return c.builtin_call(reduction, result, span, std::move(args));
}

ExprPtr dot(FunctionChecker& c, ExprPtr a, ExprPtr b, Span span) {
  std::optional<Kind> common = promote(a->type.dtype(), b->type.dtype());
  if (!common) return c.bad_operands("dot", a->type.dtype(), b->type.dtype(), span);
  std::vector<ExprPtr> args;
  args.push_back(a->type.dtype() == *common ? std::move(a) : c.astype(std::move(a), *common, span));
  args.push_back(b->type.dtype() == *common ? std::move(b) : c.astype(std::move(b), *common, span));
  return c.builtin_call(Builtin::Dot, *common, span, std::move(args));
}

ExprPtr call_array_reduction(FunctionChecker& c, const CallSite& site) {
  const Builtin reduction = site.row->builtin();
  std::optional<std::vector<const ast::Expr*>> taken =
      has_ddof(reduction) ? c.take_args(site, 1, {"a", "ddof"}) : c.take_args(site, 1, {"a"});
  if (!taken) return c.invalid(site.span());
  ExprPtr value = array_argument(c, site, *(*taken)[0]);
  if (value->type.is_unknown()) return value;
  ExprPtr ddof = has_ddof(reduction) && (*taken)[1] ? c.argument_i64(site, c.check(*(*taken)[1])) : nullptr;
  return reduce_array(c, reduction, std::move(value), site.span(), std::move(ddof));
}

ExprPtr call_fsum(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"a"});
  if (!taken) return c.invalid(site.span());
  ExprPtr value = array_argument(c, site, *(*taken)[0]);
  if (value->type.is_unknown()) return value;
  if (value->type.rank() != 1) return c.bad_argument(site, "an array of one dimension", value->type, value->span);
  if (value->type.dtype() != Kind::F64) value = c.astype(std::move(value), Kind::F64, site.span());
  std::vector<ExprPtr> args;
  args.push_back(std::move(value));
  return c.builtin_call(Builtin::Fsum, Kind::F64, site.span(), std::move(args));
}

// The sum of the truth values.
ExprPtr call_count_nonzero(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"a"});
  if (!taken) return c.invalid(site.span());
  ExprPtr value = array_argument(c, site, *(*taken)[0]);
  if (value->type.is_unknown()) return value;
  return reduce_array(c, Builtin::ArraySum, c.astype(std::move(value), Kind::Bool, site.span()), site.span(), nullptr);
}

ExprPtr call_dot(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 2, 2);
  if (!args) return c.invalid(site.span());
  for (const ExprPtr& arg : *args) {
    bool vector = arg->type.is_array() && arg->type.rank() == 1 && arg->type.dtype() != Kind::Bool;
    if (!vector) return c.bad_argument(site, "two vectors of numbers", arg->type, arg->span);
  }
  return dot(c, std::move((*args)[0]), std::move((*args)[1]), site.span());
}

// ---- methods ----

ExprPtr array_astype(FunctionChecker& c, const CallSite& site, const MethodRow&, ExprPtr array) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"dtype"});
  std::optional<Kind> dtype = taken ? c.dtype_of(*(*taken)[0]) : std::nullopt;
  if (!dtype) return c.invalid(site.span());
  const bool copy = array->type.dtype() == *dtype && !std::holds_alternative<typed::ArrayLoop>(array->node);
  return copy ? c.astype(std::move(array), *dtype, site.span()) : c.convert_elements(std::move(array), *dtype, site.span());
}

ExprPtr array_copy(FunctionChecker& c, const CallSite& site, const MethodRow&, ExprPtr array) {
  const Kind dtype = array->type.dtype();
  return c.check_args(site, 0, 0) ? c.astype(std::move(array), dtype, site.span()) : c.invalid(site.span());
}

ExprPtr array_item(FunctionChecker& c, const CallSite& site, const MethodRow&, ExprPtr array) {
  if (!site.call.args.empty() || array->type.rank() != 1) return nullptr;
  const Type dtype = array->type.dtype();
  typed::Element first;
  first.array = std::move(array);
  first.indices.push_back(c.int_constant(0, site.span()));
  return c.make(dtype, site.span(), std::move(first));
}

ExprPtr array_dot(FunctionChecker& c, const CallSite& site, const MethodRow&, ExprPtr array) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 1);
  if (!args) return c.invalid(site.span());
  const Type other = (*args)[0]->type;
  bool vectors = array->type.rank() == 1 && other.is_array() && other.rank() == 1;
  if (!vectors) return c.bad_argument(site, "two vectors of numbers", other, site.span());
  return dot(c, std::move(array), std::move((*args)[0]), site.span());
}

ExprPtr array_fill(FunctionChecker& c, const CallSite& site, const MethodRow&, ExprPtr array) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 1);
  if (!args) return c.invalid(site.span());
  const Type type = array->type;
  ExprPtr value = c.convert_number(std::move((*args)[0]), type.dtype(), to_string(Type(type.dtype())));
  if (value->type.is_unknown()) return value;
  typed::View all;  // a[...]
  all.array = std::move(array);
  c.emit(site.span(), typed::AssignView{std::move(value), c.make(type, site.span(), std::move(all))});
  return c.none_constant(site.span());
}

ExprPtr array_reduce(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr array) {
  std::vector<std::string_view> names;
  if (has_ddof(row.builtin)) names = {"ddof"};
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 0, std::move(names));
  if (!taken) return c.invalid(site.span());
  ExprPtr ddof = !taken->empty() && (*taken)[0] ? c.argument_i64(site, c.check(*(*taken)[0])) : nullptr;
  return reduce_array(c, row.builtin, std::move(array), site.span(), std::move(ddof));
}

}  // namespace kjit
