// Functions that make one array of several, which are written as a list or tuple.

#include <algorithm>

#include "library/arrays/array_rows.h"
#include "runtime/abi.h"
#include "typing/arrays/np_promotion.h"

namespace kjit {

ExprPtr call_join(FunctionChecker& c, const CallSite& site) {
  const Span span = site.span();
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"arrays", "axis"});
  if (!taken) return c.invalid(span);
  const std::vector<ast::ExprPtr>* parts = nullptr;
  if (const auto* list = std::get_if<ast::List>(&(*taken)[0]->node)) parts = &list->elements;
  if (const auto* tuple = std::get_if<ast::Tuple>(&(*taken)[0]->node)) parts = &tuple->elements;
  if (!parts || parts->empty())
    return c.bad_argument(site, "a list or tuple of arrays, written here,", Kind::None, (*taken)[0]->span);
  std::vector<ExprPtr> arrays;
  std::optional<NpOperand> common;
  int rank = 0;
  for (const ast::ExprPtr& part : *parts) {
    const bool literal = std::holds_alternative<ast::List>(part->node);
    ExprPtr value = literal ? array_literal(c, *part, std::nullopt) : c.check(*part);
    if (value->type.is_unknown()) return c.invalid(span);
    if (!value->type.is_array()) return c.bad_argument(site, "arrays", value->type, value->span);
    const NpOperand own = np_operand(value->type);
    common = common ? NpOperand{np_common(*common, own), false} : own;
    rank = value->type.rank();
    arrays.push_back(std::move(value));
  }
  const bool same = std::all_of(arrays.begin(), arrays.end(), [&](const ExprPtr& array) { return array->type.rank() == rank; });
  if (!same) return c.bad_argument(site, "arrays of one rank", arrays[0]->type, span);
  const bool adds_axis = site.name == "stack" || (site.name == "vstack" && rank == 1);
  const int result = rank + (adds_axis ? 1 : 0);
  int axis = site.name == "hstack" && rank > 1 ? 1 : 0;
  if ((*taken)[1] && (site.name == "stack" || site.name == "concatenate")) {
    if (is_none((*taken)[1])) {
      for (ExprPtr& array : arrays) array = flatten(c, std::move(array), span);
    } else {
      std::optional<int> given = constant_axis(c, *(*taken)[1], result);
      if (!given) return c.invalid(span);
      axis = *given;
    }
  }
  std::vector<ExprPtr> args;
  for (ExprPtr& array : arrays) {
    ExprPtr one = c.convert_elements(std::move(array), common->kind, span);
    args.push_back(adds_axis ? insert_axis(c, std::move(one), axis, span) : std::move(one));
  }
  const int final_rank = args[0]->type.rank();
  args.push_back(c.int_constant(axis, span));
  return array_call(c, KJIT_ARRAY_Concatenate, Type::array(common->kind, final_rank, Layout::C), span, std::move(args));
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
