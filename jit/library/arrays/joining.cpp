// Functions that make one array of several, which are written as a list or tuple.

#include <algorithm>

#include "library/arrays/array_rows.h"
#include "library/arrays/kernel_functions.h"
#include "runtime/abi.h"
#include "typing/arrays/np_promotion.h"

namespace kjit {

namespace {

// The elements of a list or tuple that is written here, or of a tuple that has a name. Empty: reported.
std::optional<std::vector<ExprPtr>> parts_of(FunctionChecker& c, const CallSite& site, const ast::Expr& expr) {
  const std::vector<ast::ExprPtr>* written = nullptr;
  if (const auto* list = std::get_if<ast::List>(&expr.node)) written = &list->elements;
  if (const auto* tuple = std::get_if<ast::Tuple>(&expr.node)) written = &tuple->elements;
  std::vector<ExprPtr> parts;
  if (written) {
    for (const ast::ExprPtr& part : *written) parts.push_back(value_or_list(c, *part));
  } else {
    ExprPtr value = c.check(expr);
    if (value->type.is_unknown()) return std::nullopt;
    if (value->type.is_tuple() && !c.is_trivial(*value)) value = c.hold(std::move(value));
    if (value->type.is_tuple()) {
      for (std::uint32_t i = 0; i < value->type.elements().size(); ++i)
        parts.push_back(c.make(value->type.elements()[i], expr.span, typed::TupleElement{c.clone(*value), i}));
    }
  }
  if (parts.empty()) {
    c.bad_argument(site, "a list or tuple of arrays, written here,", Kind::None, expr.span);
    return std::nullopt;
  }
  const bool known = std::none_of(parts.begin(), parts.end(), [](const ExprPtr& part) { return part->type.is_unknown(); });
  return known ? std::optional(std::move(parts)) : std::nullopt;
}

// Of these functions a number may be a part, as an array of one element.
bool takes_numbers(std::string_view function) { return function != "concatenate" && function != "stack"; }

// The part with the axes that the function gives each before it joins them. Unknown: reported.
ExprPtr with_axes_for(FunctionChecker& c, const CallSite& site, ExprPtr part, Span span) {
  if (part->type.is_scalar() && takes_numbers(site.name)) {
    const Kind kind = part->type.kind();
    std::vector<ExprPtr> one;
    one.push_back(c.int_constant(1, span));
    part = new_array(c, typed::Fill::Value, kind, std::move(one), std::move(part), span);
  }
  if (!part->type.is_array()) return c.bad_argument(site, "arrays", part->type, part->span);
  const int rank = part->type.rank();
  if ((site.name == "vstack" || site.name == "dstack") && rank == 1) part = insert_axis(c, std::move(part), 0, span);
  if (site.name == "column_stack" && rank == 1) part = insert_axis(c, std::move(part), 1, span);
  if (site.name == "dstack" && rank <= 2) part = insert_axis(c, std::move(part), 2, span);
  return part;
}

}  // namespace

ExprPtr join_arrays(FunctionChecker& c, std::vector<ExprPtr> arrays, int axis, Span span) {
  std::optional<NpOperand> common;
  const int rank = arrays[0]->type.rank();
  for (const ExprPtr& array : arrays) {
    if (array->type.is_unknown()) return c.invalid(span);
    if (array->type.rank() != rank) {
      c.report<DiagId::E0606>(array->span, "joining", "arrays of one rank", to_string(array->type))
          .suggest("np.newaxis in a subscript, or np.atleast_2d, adds an axis");
      return c.invalid(span);
    }
    const NpOperand own = np_operand(array->type);
    common = common ? NpOperand{np_common(*common, own), false} : own;
  }
  for (ExprPtr& array : arrays) array = c.convert_elements(std::move(array), common->kind, span);
  arrays.push_back(c.int_constant(axis, span));
  return array_call(c, KJIT_ARRAY_Concatenate, Type::array(common->kind, rank, Layout::C), span, std::move(arrays));
}

ExprPtr call_join(FunctionChecker& c, const CallSite& site) {
  const Span span = site.span();
  const bool has_axis = site.name == "stack" || site.name == "concatenate";
  std::vector<std::string_view> names = {"arrays"};
  if (has_axis) names.push_back("axis");
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, names);
  std::optional<std::vector<ExprPtr>> arrays = taken ? parts_of(c, site, *(*taken)[0]) : std::nullopt;
  if (!arrays) return c.invalid(span);
  for (ExprPtr& array : *arrays) {
    array = with_axes_for(c, site, std::move(array), span);
    if (array->type.is_unknown()) return c.invalid(span);
  }
  const int rank = (*arrays)[0]->type.rank();
  const bool adds_axis = site.name == "stack";
  int axis = site.name == "dstack" ? 2 : site.name == "column_stack" || (site.name == "hstack" && rank > 1) ? 1 : 0;
  if (const ast::Expr* given = has_axis ? (*taken)[1] : nullptr) {
    if (is_none(given)) {
      for (ExprPtr& array : *arrays) array = flatten(c, std::move(array), span);
    } else {
      std::optional<int> wanted = constant_axis(c, *given, rank + (adds_axis ? 1 : 0));
      if (!wanted) return c.invalid(span);
      axis = *wanted;
    }
  }
  if (adds_axis) {
    const bool same =
        std::all_of(arrays->begin(), arrays->end(), [&](const ExprPtr& array) { return array->type.rank() == rank; });
    if (!same) return c.bad_argument(site, "arrays of one rank", (*arrays)[0]->type, span);
    for (ExprPtr& array : *arrays) array = insert_axis(c, std::move(array), axis, span);
  }
  return join_arrays(c, std::move(*arrays), axis, span);
}

// np.append(arr, values): both in a row, or along an axis.
ExprPtr call_append(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 2, {"arr", "values", "axis"});
  if (!taken) return c.invalid(site.span());
  std::vector<ExprPtr> both;
  for (std::size_t i = 0; i < 2; ++i) {
    both.push_back(value_or_list(c, *(*taken)[i]));
    if (both.back()->type.is_unknown()) return c.invalid(site.span());
  }
  if (!both[0]->type.is_array()) return c.bad_argument(site, "an array", both[0]->type, both[0]->span);
  if (is_none((*taken)[2])) return call_prelude_function(c, "append_flat", std::move(both), site.span());
  if (!both[1]->type.is_array()) return c.bad_argument(site, "an array beside axis", both[1]->type, both[1]->span);
  std::optional<int> axis = constant_axis(c, *(*taken)[2], both[0]->type.rank());
  return axis ? join_arrays(c, std::move(both), *axis, site.span()) : c.invalid(site.span());
}

namespace {

// A row of blocks, side by side. Null: reported.
ExprPtr block_row(FunctionChecker& c, const CallSite& site, const ast::Expr& row, int least_rank) {
  const auto* list = std::get_if<ast::List>(&row.node);
  std::vector<ExprPtr> parts;
  int rank = least_rank;
  for (std::size_t i = 0; i < (list ? list->elements.size() : 1); ++i) {
    parts.push_back(c.check(list ? *list->elements[i] : row));
    if (parts.back()->type.is_unknown()) return nullptr;
    if (!parts.back()->type.is_array()) {
      c.bad_argument(site, "arrays", parts.back()->type, parts.back()->span);
      return nullptr;
    }
    rank = std::max(rank, parts.back()->type.rank());
  }
  if (parts.empty()) {
    c.bad_argument(site, "blocks", Kind::None, row.span);
    return nullptr;
  }
  for (ExprPtr& part : parts) {
    while (part->type.rank() < rank) part = insert_axis(c, std::move(part), 0, site.span());
  }
  return join_arrays(c, std::move(parts), rank - 1, site.span());
}

}  // namespace

// np.block([[a, b], [c, d]]), np.block([a, b]).
ExprPtr call_block(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"arrays"});
  if (!taken) return c.invalid(site.span());
  const auto* rows = std::get_if<ast::List>(&(*taken)[0]->node);
  const bool nested = rows && !rows->elements.empty() && std::holds_alternative<ast::List>(rows->elements[0]->node);
  if (!nested) {
    ExprPtr row = block_row(c, site, *(*taken)[0], 1);
    return row ? std::move(row) : c.invalid(site.span());
  }
  std::vector<ExprPtr> joined_rows;
  for (const ast::ExprPtr& row : rows->elements) {
    ExprPtr one = block_row(c, site, *row, 2);
    if (!one || one->type.is_unknown()) return c.invalid(site.span());
    joined_rows.push_back(std::move(one));
  }
  const int rank = joined_rows[0]->type.rank();
  return join_arrays(c, std::move(joined_rows), rank - 2, site.span());
}

ExprPtr stack_arrays(FunctionChecker& c, std::vector<ExprPtr> arrays, Span span) {
  for (ExprPtr& array : arrays) array = insert_axis(c, std::move(array), 0, span);
  return join_arrays(c, std::move(arrays), 0, span);
}

// np.meshgrid(x, y): copies, in 'xy' order unless indexing="ij".
ExprPtr call_meshgrid(FunctionChecker& c, const CallSite& site) {
  const Span span = site.span();
  bool by_rows = false;
  for (const ast::Keyword& keyword : site.call.keywords) {
    const auto* text = std::get_if<ast::StringLiteral>(&keyword.value->node);
    const bool known = keyword.name == "indexing" && text && (text->value == "ij" || text->value == "xy");
    if (!known) return c.bad_argument(site, "indexing=\"xy\" or \"ij\"", Kind::None, keyword.name_span);
    by_rows = text->value == "ij";
  }
  if (site.call.args.size() != 2) return c.bad_argument(site, "two vectors", Kind::None, span);
  ExprPtr x = c.check(*site.call.args[0]), y = c.check(*site.call.args[1]);
  if (x->type.is_unknown() || y->type.is_unknown()) return c.invalid(span);
  for (const ExprPtr* vector : {&x, &y}) {
    if (!(*vector)->type.is_array() || (*vector)->type.rank() != 1)
      return c.bad_argument(site, "two vectors", (*vector)->type, span);
  }
  return c.with_value(std::move(x), [&](const typed::Expr& first) {
    return c.with_value(std::move(y), [&](const typed::Expr& second) {
      std::vector<ExprPtr> grids;
      std::vector<Type> types;
      for (const typed::Expr* vector : {&first, &second}) {
        const bool along_rows = (vector == &first) == by_rows;
        const auto size = [&](const typed::Expr& array) { return c.make(Kind::I64, span, typed::ArrayDim{c.clone(array), 0}); };
        std::vector<ExprPtr> args;
        args.push_back(insert_axis(c, c.clone(*vector), along_rows ? 1 : 0, span));
        args.push_back(size(by_rows ? first : second));
        args.push_back(size(by_rows ? second : first));
        ExprPtr view =
            array_call(c, KJIT_ARRAY_BroadcastTo, Type::array(vector->type.dtype(), 2, Layout::Strided), span, std::move(args));
        grids.push_back(c.astype(std::move(view), vector->type.dtype(), span));
        types.push_back(grids.back()->type);
      }
      return c.make(Type::tuple(std::move(types)), span, typed::MakeTuple{std::move(grids)});
    });
  });
}

}  // namespace kjit
