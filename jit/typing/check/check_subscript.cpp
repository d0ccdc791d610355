// Subscripts of arrays, tuples and strings. Entries: check_subscript for reading, array_place for storing.

#include <algorithm>

#include "typing/check/checker.h"

namespace kjit {

static ExprPtr subscript_argv(FunctionChecker& c, const ast::Expr& expr, const ast::Subscript& node);
static ExprPtr subscript_tuple(FunctionChecker& c, const ast::Expr& expr, const ast::Subscript& node, ExprPtr tuple);
static ExprPtr slice_tuple(FunctionChecker& c, const ast::Expr& expr, const ast::Slice& slice, ExprPtr tuple);
static ExprPtr subscript_string(FunctionChecker& c, const ast::Expr& expr, const ast::Subscript& node, ExprPtr text);
static ExprPtr check_slice_part(FunctionChecker& c, const ast::ExprPtr& part);
static ExprPtr subscript_array(FunctionChecker& c, const ast::Expr& expr, const ast::Subscript& node, ExprPtr array);
static std::optional<FunctionChecker::ArrayPlace> place_in(FunctionChecker& c, const ast::Expr& expr, const ast::Subscript& node,
                                                           ExprPtr array);
static std::optional<FunctionChecker::ArrayPlace> extend_view(FunctionChecker& c, const ast::Expr& expr,
                                                              const ast::Subscript& node, typed::View row);
static bool spread_index(FunctionChecker& c, const ast::Expr& index, ExprPtr tuple, std::vector<typed::Subscript>& subscripts);
static std::optional<FunctionChecker::ArrayPlace> make_place(FunctionChecker& c, Span span, ExprPtr array,
                                                             std::vector<typed::Subscript> subscripts);

namespace {

bool has_slice(const ast::Subscript& node) {
  return std::any_of(node.indices.begin(), node.indices.end(), [](const ast::ExprPtr& index) {
    return std::holds_alternative<ast::Slice>(index->node) || std::holds_alternative<ast::EllipsisLiteral>(index->node);
  });
}

}  // namespace

FunctionChecker::ExprPtr FunctionChecker::check_subscript(const ast::Expr& expr, const ast::Subscript& node) {
  const std::string path = path_of(*node.value);
  if (path == "sys.argv") return subscript_argv(*this, expr, node);
  if (ExprPtr array = path.empty() ? nullptr : library().arrays().subscript(*this, expr, node, path)) return array;
  ExprPtr value = check(*node.value);
  if (value->type.is_unknown()) {
    for (const ast::ExprPtr& index : node.indices) {
      bool plain = !std::holds_alternative<ast::Slice>(index->node) && !std::holds_alternative<ast::EllipsisLiteral>(index->node);
      if (plain) check(*index);
    }
    return value;
  }
  if (value->type.is_tuple()) return subscript_tuple(*this, expr, node, std::move(value));
  if (value->type.is_array()) return subscript_array(*this, expr, node, std::move(value));
  if (value->type.is(Kind::Str)) return subscript_string(*this, expr, node, std::move(value));
  report<DiagId::E0701>(expr.span, to_string(value->type));
  return invalid(expr.span);
}

ExprPtr subscript_argv(FunctionChecker& c, const ast::Expr& expr, const ast::Subscript& node) {
  if (node.indices.size() != 1 || has_slice(node)) {
    c.report<DiagId::E0612>(expr.span, "sys.argv", "with one index").suggest("read the arguments one by one: sys.argv[1]");
    return c.invalid(expr.span);
  }
  ExprPtr index = c.as_index(c.check(*node.indices[0]), node.indices[0]->span);
  if (index->type.is_unknown()) return index;
  std::vector<ExprPtr> args;
  args.push_back(std::move(index));
  return c.builtin_call(Builtin::Argv, Kind::Str, expr.span, std::move(args));
}

// ---- tuples ----

ExprPtr subscript_tuple(FunctionChecker& c, const ast::Expr& expr, const ast::Subscript& node, ExprPtr tuple) {
  const std::vector<Type> elements = tuple->type.elements();
  auto count = static_cast<std::int64_t>(elements.size());
  if (node.indices.size() != 1 || std::holds_alternative<ast::EllipsisLiteral>(node.indices[0]->node)) {
    c.report<DiagId::E0702>(expr.span, 1, node.indices.size()).suggest("write t[i][j] for a tuple in a tuple");
    return c.invalid(expr.span);
  }
  if (const auto* slice = std::get_if<ast::Slice>(&node.indices[0]->node)) return slice_tuple(c, expr, *slice, std::move(tuple));
  ExprPtr index = c.as_index(c.check(*node.indices[0]), node.indices[0]->span);
  if (index->type.is_unknown()) return index;
  if (std::optional<std::int64_t> constant = c.int_value(*index)) {
    std::int64_t position = *constant < 0 ? *constant + count : *constant;
    if (position < 0 || position >= count) {
      c.report<DiagId::E0704>(expr.span, *constant, count);
      return c.invalid(expr.span);
    }
    return c.make(elements[position], expr.span, typed::TupleElement{std::move(tuple), static_cast<std::uint32_t>(position)});
  }
  bool same = count > 0 && std::all_of(elements.begin(), elements.end(), [&](const Type& type) { return type == elements[0]; });
  if (!same) {
    c.report<DiagId::E0713>(expr.span).suggest("unpack the tuple into names, or use an array");
    return c.invalid(expr.span);
  }
  return c.make(elements[0], expr.span, typed::TupleElementDynamic{std::move(tuple), std::move(index)});
}

ExprPtr slice_tuple(FunctionChecker& c, const ast::Expr& expr, const ast::Slice& slice, ExprPtr tuple) {
  auto count = static_cast<std::int64_t>(tuple->type.elements().size());
  const auto constant_or = [&](const ast::ExprPtr& part, std::int64_t missing) -> std::optional<std::int64_t> {
    if (!part || std::holds_alternative<ast::NoneLiteral>(part->node)) return missing;
    ExprPtr value = c.check(*part);
    return c.int_value(*value);
  };
  const std::optional<std::int64_t> step = constant_or(slice.step, 1);
  const std::int64_t stride = std::clamp<std::int64_t>(step.value_or(0), -count - 1, count + 1);
  const bool falls = stride < 0;
  const std::int64_t least = falls ? -1 : 0, most = falls ? count - 1 : count;  // where a bound may lie, as in Python
  const auto bound = [&](const ast::ExprPtr& part, std::int64_t missing) -> std::optional<std::int64_t> {
    if (!part || std::holds_alternative<ast::NoneLiteral>(part->node)) return missing;
    const std::optional<std::int64_t> constant = constant_or(part, 0);
    if (!constant) return std::nullopt;
    return std::clamp<std::int64_t>(*constant < 0 ? *constant + count : *constant, least, most);
  };
  std::optional<std::int64_t> lower = bound(slice.lower, falls ? most : least), upper = bound(slice.upper, falls ? least : most);
  if (!lower || !upper || stride == 0) {
    c.report<DiagId::E0713>(expr.span).suggest("a slice of a tuple has constant bounds, and a constant step other than 0");
    return c.invalid(expr.span);
  }
  return c.with_value(std::move(tuple), [&](const typed::Expr& whole) {
    std::vector<ExprPtr> elements;
    std::vector<Type> types;
    for (std::int64_t i = *lower; falls ? i > *upper : i < *upper; i += stride) {
      types.push_back(whole.type.elements()[i]);
      elements.push_back(c.make(types.back(), expr.span, typed::TupleElement{c.clone(whole), static_cast<std::uint32_t>(i)}));
    }
    return c.make(Type::tuple(std::move(types)), expr.span, typed::MakeTuple{std::move(elements)});
  });
}

// ---- strings ----

ExprPtr subscript_string(FunctionChecker& c, const ast::Expr& expr, const ast::Subscript& node, ExprPtr text) {
  if (node.indices.size() != 1) {
    c.report<DiagId::E0702>(expr.span, 1, node.indices.size());
    return c.invalid(expr.span);
  }
  std::vector<ExprPtr> args;
  args.push_back(std::move(text));
  const auto* slice = std::get_if<ast::Slice>(&node.indices[0]->node);
  if (!slice) {
    ExprPtr index = c.as_index(c.check(*node.indices[0]), node.indices[0]->span);
    if (index->type.is_unknown()) return index;
    args.push_back(std::move(index));
    return c.builtin_call(Builtin::StrIndex, Kind::Str, expr.span, std::move(args));
  }
  std::int64_t flags = (slice->lower ? 1 : 0) | (slice->upper ? 2 : 0) | (slice->step ? 4 : 0);
  args.push_back(c.make(Kind::I32, expr.span, typed::Constant{flags}));
  for (const ast::ExprPtr* part : {&slice->lower, &slice->upper, &slice->step}) {
    ExprPtr bound = check_slice_part(c, *part);
    args.push_back(bound ? std::move(bound) : c.int_constant(0, expr.span));
    if (args.back()->type.is_unknown()) return c.invalid(expr.span);
  }
  return c.builtin_call(Builtin::StrSlice, Kind::Str, expr.span, std::move(args));
}

// ---- arrays ----

ExprPtr check_slice_part(FunctionChecker& c, const ast::ExprPtr& part) {
  if (!part || std::holds_alternative<ast::NoneLiteral>(part->node)) return nullptr;
  return c.as_index(c.check(*part), part->span);
}

ExprPtr subscript_array(FunctionChecker& c, const ast::Expr& expr, const ast::Subscript& node, ExprPtr array) {
  if (ExprPtr selected = c.library().arrays().index(c, expr, node, array)) return selected;
  std::optional<FunctionChecker::ArrayPlace> place = place_in(c, expr, node, std::move(array));
  if (!place) return c.invalid(expr.span);
  if (place->view) return std::move(place->view);
  Type dtype = place->array->type.dtype();
  return c.make(dtype.as_numpy(), expr.span, typed::Element{std::move(place->array), std::move(place->indices), {}});
}

std::optional<FunctionChecker::ArrayPlace> FunctionChecker::array_place(const ast::Expr& expr, const ast::Subscript& node) {
  ExprPtr value = check(*node.value);
  if (value->type.is_unknown()) {
    for (const ast::ExprPtr& index : node.indices) {
      if (!std::holds_alternative<ast::Slice>(index->node) && !std::holds_alternative<ast::EllipsisLiteral>(index->node))
        check(*index);
    }
    return std::nullopt;
  }
  if (!value->type.is_array()) {
    Diagnostic& diag = report<DiagId::E0705>(
        expr.span, value->type.is_tuple() ? "an element of a tuple" : "an element of " + to_string(value->type));
    if (value->type.is_tuple()) diag.suggest("tuples do not change; use an array, or make a new tuple");
    return std::nullopt;
  }
  return place_in(*this, expr, node, std::move(value));
}

Layout view_layout(const Type& array, const std::vector<typed::Subscript>& subscripts) {
  if (!array.is_contiguous()) return Layout::Strided;
  // Single indices in front keep C order; so does one slice without a step right behind them, with everything after it whole.
  std::size_t i = 0;
  while (i < subscripts.size() && !subscripts[i].is_slice) ++i;
  if (i < subscripts.size() && !subscripts[i].step) ++i;
  for (; i < subscripts.size(); ++i) {
    const typed::Subscript& rest = subscripts[i];
    if (!rest.is_slice || rest.lower || rest.upper || rest.step) return Layout::Strided;
  }
  return Layout::C;
}

std::optional<FunctionChecker::ArrayPlace> place_in(FunctionChecker& c, const ast::Expr& expr, const ast::Subscript& node,
                                                    ExprPtr array) {
  const Type type = array->type;
  auto rank = static_cast<std::size_t>(type.rank());
  std::size_t given = node.indices.size();
  for (const ast::ExprPtr& index : node.indices) {
    if (std::holds_alternative<ast::EllipsisLiteral>(index->node)) --given;
  }
  if (given > rank) {
    c.report<DiagId::E0702>(expr.span, rank, given);
    return std::nullopt;
  }
  // a[i][j] is a[i, j]: no view of a row in between.
  if (auto* row = std::get_if<typed::View>(&array->node); row && !has_slice(node)) {
    bool plain =
        std::none_of(row->subscripts.begin(), row->subscripts.end(), [](const typed::Subscript& s) { return s.is_slice; });
    if (plain) return extend_view(c, expr, node, std::move(*row));
  }
  std::vector<typed::Subscript> subscripts;
  bool ok = true;
  for (const ast::ExprPtr& index : node.indices) ok = c.add_subscript(*index, rank - given, subscripts) && ok;
  if (!ok) return std::nullopt;
  return make_place(c, expr.span, std::move(array), std::move(subscripts));
}

std::optional<FunctionChecker::ArrayPlace> extend_view(FunctionChecker& c, const ast::Expr& expr, const ast::Subscript& node,
                                                       typed::View row) {
  std::vector<typed::Subscript> subscripts = std::move(row.subscripts);
  bool ok = true;
  for (const ast::ExprPtr& index : node.indices) ok = c.add_subscript(*index, 0, subscripts) && ok;
  if (!ok) return std::nullopt;
  return make_place(c, expr.span, std::move(row.array), std::move(subscripts));
}

bool FunctionChecker::add_subscript(const ast::Expr& index, std::size_t left_out, std::vector<typed::Subscript>& subscripts) {
  if (std::holds_alternative<ast::EllipsisLiteral>(index.node)) {
    for (std::size_t i = 0; i < left_out; ++i) {
      subscripts.emplace_back();
      subscripts.back().is_slice = true;
    }
    return true;
  }
  typed::Subscript subscript;
  if (const auto* slice = std::get_if<ast::Slice>(&index.node)) {
    subscript.is_slice = true;
    subscript.lower = check_slice_part(*this, slice->lower);
    subscript.upper = check_slice_part(*this, slice->upper);
    subscript.step = check_slice_part(*this, slice->step);
    for (const ExprPtr* part : {&subscript.lower, &subscript.upper, &subscript.step}) {
      if (*part && (*part)->type.is_unknown()) return false;
    }
    if (subscript.step && int_value(*subscript.step) == 1) subscript.step = nullptr;
  } else {
    ExprPtr value = check(index);
    if (value->type.is_tuple()) return spread_index(*this, index, std::move(value), subscripts);
    subscript.index = as_index(std::move(value), index.span);
    if (subscript.index->type.is_unknown()) return false;
  }
  subscripts.push_back(std::move(subscript));
  return true;
}

// a[index] with index = (i, j) is a[i, j].
bool spread_index(FunctionChecker& c, const ast::Expr& index, ExprPtr tuple, std::vector<typed::Subscript>& subscripts) {
  auto* made = std::get_if<typed::MakeTuple>(&tuple->node);
  if (!made && !c.is_trivial(*tuple)) {
    c.report<DiagId::E0703>(index.span, "the result of a call").suggest("assign the tuple to a variable first");
    return false;
  }
  for (std::uint32_t i = 0; i < tuple->type.elements().size(); ++i) {
    typed::Subscript subscript;
    ExprPtr element = made ? std::move(made->elements[i])
                           : c.make(tuple->type.elements()[i], index.span, typed::TupleElement{c.clone(*tuple), i});
    subscript.index = c.as_index(std::move(element), index.span);
    if (subscript.index->type.is_unknown()) return false;
    subscripts.push_back(std::move(subscript));
  }
  return true;
}

std::optional<FunctionChecker::ArrayPlace> make_place(FunctionChecker& c, Span span, ExprPtr array,
                                                      std::vector<typed::Subscript> subscripts) {
  const Type type = array->type;
  if (subscripts.size() > static_cast<std::size_t>(type.rank())) {
    c.report<DiagId::E0702>(span, type.rank(), subscripts.size());
    return std::nullopt;
  }
  auto single = static_cast<int>(
      std::count_if(subscripts.begin(), subscripts.end(), [](const typed::Subscript& subscript) { return !subscript.is_slice; }));
  FunctionChecker::ArrayPlace place;
  if (single == type.rank()) {
    place.array = std::move(array);
    for (typed::Subscript& subscript : subscripts) place.indices.push_back(std::move(subscript.index));
    return place;
  }
  Type view = Type::array(type.dtype(), type.rank() - single, view_layout(type, subscripts));
  place.view = c.make(view, span, typed::View{std::move(array), std::move(subscripts)});
  return place;
}

}  // namespace kjit
