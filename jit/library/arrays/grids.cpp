// Arrays that are written as subscripts, np.r_[0:5, x], np.mgrid[0:2, 0:3], and np.indices. Entries: subscript_of_path,
// call_indices.

#include <algorithm>

#include "library/arrays/array_rows.h"
#include "library/arrays/kernel_functions.h"
#include "runtime/abi.h"
#include "typing/arrays/np_promotion.h"

namespace kjit {

namespace {

ExprPtr report_part(FunctionChecker& c, std::string_view name, std::string_view needed, const Type& given, Span span) {
  c.report<DiagId::E0606>(span, name, needed, to_string(given));
  return c.invalid(span);
}

// The numbers of start:stop:step; with an imaginary step, so many from start to stop, as np.linspace gives them.
ExprPtr numbers_of(FunctionChecker& c, std::string_view name, const ast::Slice& slice, Span span) {
  if (!slice.upper) return report_part(c, name, "slices with a stop", Kind::None, span);
  std::vector<ExprPtr> bounds;
  bounds.push_back(slice.lower ? c.check(*slice.lower) : c.int_constant(0, span));
  bounds.push_back(c.check(*slice.upper));
  const auto* count = slice.step ? std::get_if<ast::ImaginaryLiteral>(&slice.step->node) : nullptr;
  bounds.push_back(slice.step && !count ? c.check(*slice.step) : c.int_constant(1, span));
  bool whole = true;
  for (const ExprPtr& bound : bounds) {
    if (bound->type.is_unknown()) return c.invalid(span);
    if (!bound->type.is_scalar() || bound->type.is_complex())
      return report_part(c, name, "real numbers", bound->type, bound->span);
    whole = whole && !bound->type.is_float();
  }
  const Kind kind = whole && !count ? Kind::I64 : Kind::F64;
  for (ExprPtr& bound : bounds) bound = c.convert(std::move(bound), kind);
  const Type type = Type::array(kind, 1, Layout::C);
  if (!count) return c.builtin_call(whole ? Builtin::ArangeI64 : Builtin::ArangeF64, type, span, std::move(bounds));
  bounds.back() = c.int_constant(static_cast<std::int64_t>(count->value), span);
  bounds.push_back(c.bool_constant(true, span));
  return c.builtin_call(Builtin::Linspace, type, span, std::move(bounds));
}

// One part of np.r_ or np.c_: a slice, an array, or a number. Null: reported.
ExprPtr part_of(FunctionChecker& c, std::string_view name, const ast::Expr& expr) {
  const auto* slice = std::get_if<ast::Slice>(&expr.node);
  ExprPtr part = slice ? numbers_of(c, name, *slice, expr.span) : value_or_list(c, expr);
  if (part->type.is_scalar()) {
    std::vector<ExprPtr> one;
    one.push_back(c.int_constant(1, expr.span));
    const Kind kind = part->type.kind();
    part = new_array(c, typed::Fill::Value, kind, std::move(one), std::move(part), expr.span);
  }
  if (part->type.is_array()) return part;
  if (!part->type.is_unknown()) report_part(c, name, "arrays, numbers and slices", part->type, expr.span);
  return nullptr;
}

ExprPtr row_or_columns(FunctionChecker& c, std::string_view name, const ast::Subscript& node, Span span) {
  const bool columns = name == "c_";
  std::vector<ExprPtr> parts;
  for (const ast::ExprPtr& expr : node.indices) {
    ExprPtr part = part_of(c, name, *expr);
    if (!part) return c.invalid(span);
    if (columns && part->type.rank() == 1) part = insert_axis(c, std::move(part), 1, span);
    parts.push_back(std::move(part));
  }
  const int last = parts[0]->type.rank() - 1;
  return join_arrays(c, std::move(parts), columns ? last : 0, span);
}

// The vector along its own one of `rank` axes.
ExprPtr along_own_axis(FunctionChecker& c, ExprPtr vector, std::size_t own, std::size_t rank, Span span) {
  std::vector<std::int64_t> axes(rank, -1);
  axes[own] = 0;
  return axes_view(c, std::move(vector), axes, span);
}

// For each vector an array with its numbers along its own axis, all of one shape and type, along a new first axis.
ExprPtr full_grid(FunctionChecker& c, std::vector<ExprPtr> vectors, Span span) {
  return with_trivial(c, vectors, [&] {
    const std::size_t rank = vectors.size();
    std::vector<ExprPtr> layers;
    for (std::size_t own = 0; own < rank; ++own) {
      std::vector<ExprPtr> args;
      args.push_back(along_own_axis(c, c.clone(*vectors[own]), own, rank, span));
      if (args[0]->type.is_unknown()) return c.invalid(span);
      for (const ExprPtr& vector : vectors) args.push_back(c.make(Kind::I64, span, typed::ArrayDim{c.clone(*vector), 0}));
      const Type type = Type::array(vectors[own]->type.dtype(), static_cast<int>(rank), Layout::Strided);
      layers.push_back(array_call(c, KJIT_ARRAY_BroadcastTo, type, span, std::move(args)));
    }
    return stack_arrays(c, std::move(layers), span);
  });
}

ExprPtr grid(FunctionChecker& c, std::string_view name, const ast::Subscript& node, Span span) {
  std::vector<ExprPtr> vectors;
  for (const ast::ExprPtr& expr : node.indices) {
    const auto* slice = std::get_if<ast::Slice>(&expr->node);
    if (!slice) return report_part(c, name, "slices", Kind::None, expr->span);
    vectors.push_back(numbers_of(c, name, *slice, expr->span));
    if (vectors.back()->type.is_unknown()) return c.invalid(span);
  }
  const std::size_t rank = vectors.size();
  const bool floats = std::any_of(vectors.begin(), vectors.end(), [](const ExprPtr& v) { return v->type.dtype() == Kind::F64; });
  for (ExprPtr& vector : vectors) vector = c.convert_elements(std::move(vector), floats ? Kind::F64 : Kind::I64, span);
  if (!node.is_tuple) return std::move(vectors[0]);
  if (name == "mgrid") return full_grid(c, std::move(vectors), span);
  std::vector<ExprPtr> open;
  std::vector<Type> types;
  for (std::size_t own = 0; own < rank; ++own) {
    open.push_back(along_own_axis(c, std::move(vectors[own]), own, rank, span));
    if (open.back()->type.is_unknown()) return c.invalid(span);
    types.push_back(open.back()->type);
  }
  return c.make(Type::tuple(std::move(types)), span, typed::MakeTuple{std::move(open)});
}

}  // namespace

// Null: no name that is subscripted.
ExprPtr subscript_of_path(FunctionChecker& c, const ast::Expr& expr, const ast::Subscript& node, std::string_view path) {
  if (path == "numpy.r_" || path == "numpy.c_") return row_or_columns(c, path.substr(6), node, expr.span);
  if (path == "numpy.mgrid" || path == "numpy.ogrid") return grid(c, path.substr(6), node, expr.span);
  return nullptr;
}

// np.r_ and the like without a subscript.
ExprPtr call_subscripted(FunctionChecker& c, const CallSite& site) {
  const std::string name(site.name);
  c.report<DiagId::E0605>(site.call.callee->span, "'" + name + "'")
      .suggest(name == "ix_" ? "it stands in a subscript: a[np.ix_(rows, columns)]"
                             : "it is subscripted: np." + name + "[0:3, 0:2]");
  return c.invalid(site.span());
}

ExprPtr call_indices(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"dimensions"});
  std::optional<std::vector<ExprPtr>> sizes = taken ? check_shape(c, *(*taken)[0]) : std::nullopt;
  if (!sizes) return c.invalid(site.span());
  std::vector<ExprPtr> vectors;
  for (ExprPtr& size : *sizes) {
    std::vector<ExprPtr> bounds;
    bounds.push_back(c.int_constant(0, site.span()));
    bounds.push_back(std::move(size));
    bounds.push_back(c.int_constant(1, site.span()));
    vectors.push_back(c.builtin_call(Builtin::ArangeI64, Type::array(Kind::I64, 1, Layout::C), site.span(), std::move(bounds)));
  }
  return full_grid(c, std::move(vectors), site.span());
}

}  // namespace kjit
