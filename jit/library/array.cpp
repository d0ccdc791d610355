// Functions that make arrays, and questions about them. Reductions and methods are in reductions.cpp.

#include <algorithm>

#include "library/arrays/array_forms.h"
#include "library/arrays/kernel_functions.h"
#include "library/handlers.h"
#include "runtime/abi.h"
#include "typing/tree/typed_walk.h"

namespace kjit {

namespace {

bool has_calls(const typed::Expr& expr) {
  bool found = false;
  typed::for_each_expr(expr, [&](const typed::Expr& part) { found = found || std::holds_alternative<typed::Call>(part.node); });
  return found;
}

}  // namespace

// An int, or a tuple or list of ints, as a shape: one I64 per axis.
std::optional<std::vector<ExprPtr>> check_shape(FunctionChecker& c, const ast::Expr& expr) {
  std::vector<ExprPtr> dims;
  const std::vector<ast::ExprPtr>* parts = nullptr;
  if (const auto* list = std::get_if<ast::List>(&expr.node)) parts = &list->elements;
  if (const auto* tuple = std::get_if<ast::Tuple>(&expr.node)) parts = &tuple->elements;
  if (parts) {
    for (const ast::ExprPtr& part : *parts) dims.push_back(c.check(*part));
  } else {
    ExprPtr value = c.check(expr);
    if (value->type.is_tuple()) {
      const bool ready = c.is_trivial(*value) || std::holds_alternative<typed::MakeTuple>(value->node);
      ExprPtr held = ready ? std::move(value) : has_calls(*value) ? nullptr : c.hold(std::move(value));
      if (!held) {
        c.report<DiagId::E0708>(expr.span, "the result of a call").suggest("assign the tuple to a variable first");
        return std::nullopt;
      }
      if (auto* made = std::get_if<typed::MakeTuple>(&held->node)) {
        dims = std::move(made->elements);
      } else {
        for (std::uint32_t i = 0; i < held->type.elements().size(); ++i) {
          dims.push_back(c.make(held->type.elements()[i], expr.span, typed::TupleElement{c.clone(*held), i}));
        }
      }
    } else {
      dims.push_back(std::move(value));
    }
  }
  bool ok = true;
  for (ExprPtr& dim : dims) {
    if (!dim->type.is_integer() && !dim->type.is_unknown()) {
      Diagnostic& diag = c.report<DiagId::E0708>(dim->span, to_string(dim->type));
      if (dim->type.is_float()) diag.suggest("use // instead of /, or int(...)");
      return std::nullopt;
    }
    ok = ok && !dim->type.is_unknown();
    dim = c.convert(std::move(dim), Kind::I64);
  }
  if (dims.size() > KJIT_MAX_RANK) {
    c.report<DiagId::E0712>(expr.span, static_cast<int>(KJIT_MAX_RANK));
    return std::nullopt;
  }
  if (dims.empty()) {
    c.report<DiagId::E0708>(expr.span, "an empty tuple").suggest("use a scalar variable");
    return std::nullopt;
  }
  return ok ? std::optional(std::move(dims)) : std::nullopt;
}

ExprPtr new_array(FunctionChecker& c, typed::Fill fill, Kind dtype, std::vector<ExprPtr> shape, ExprPtr value, Span span) {
  Type type = Type::array(dtype, static_cast<int>(shape.size()), Layout::C);
  return c.make(type, span, typed::NewArray{fill, std::move(shape), std::move(value)});
}

namespace {

// np.full and np.array take NumPy's default type of the value.
Kind default_dtype(const Type& type) { return type.is_scalar() ? type.kind() : Kind::F64; }

}  // namespace

namespace {

// A dtype argument; the default where it was left out, none (reported) where it is no type.
std::optional<Kind> dtype_or(FunctionChecker& c, const ast::Expr* given, Kind otherwise) {
  return given ? c.dtype_of(*given) : otherwise;
}

// An array like `model` of another dtype, filled as the row of the function says. `value` may be null.
ExprPtr new_like(FunctionChecker& c, const CallSite& site, ExprPtr model, Kind dtype, ExprPtr value) {
  return c.with_value(std::move(model), [&](const typed::Expr& array) {
    std::vector<ExprPtr> shape;
    for (int axis = 0; axis < array.type.rank(); ++axis) {
      shape.push_back(c.make(Kind::I64, site.span(), typed::ArrayDim{c.clone(array), static_cast<std::uint32_t>(axis)}));
    }
    return new_array(c, site.row->fill, dtype, std::move(shape), std::move(value), site.span());
  });
}

// The array that np.zeros_like and its like are called with; invalid, and reported, if it is none.
ExprPtr model_array(FunctionChecker& c, const CallSite& site, const ast::Expr& expr) {
  ExprPtr model = c.check(expr);
  if (model->type.is_unknown() || model->type.is_array()) return model;
  return c.bad_argument(site, "an array", model->type, model->span);
}

}  // namespace

// np.zeros, np.ones, np.empty and kjit.scratch.
ExprPtr call_new_array(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"shape", "dtype"});
  if (!taken) return c.invalid(site.span());
  std::optional<std::vector<ExprPtr>> shape = check_shape(c, *(*taken)[0]);
  std::optional<Kind> dtype = dtype_or(c, (*taken)[1], Kind::F64);
  if (!shape || !dtype) return c.invalid(site.span());
  return new_array(c, site.row->fill, *dtype, std::move(*shape), nullptr, site.span());
}

ExprPtr call_full(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 2, {"shape", "fill_value", "dtype"});
  if (!taken) return c.invalid(site.span());
  std::optional<std::vector<ExprPtr>> shape = check_shape(c, *(*taken)[0]);
  ExprPtr value = c.check(*(*taken)[1]);
  std::optional<Kind> dtype = dtype_or(c, (*taken)[2], default_dtype(value->type));
  if (!dtype) return c.invalid(site.span());
  value = c.convert_number(std::move(value), *dtype, to_string(Type(*dtype)));
  if (!shape || value->type.is_unknown()) return c.invalid(site.span());
  return new_array(c, site.row->fill, *dtype, std::move(*shape), std::move(value), site.span());
}

ExprPtr call_new_like(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"a", "dtype"});
  if (!taken) return c.invalid(site.span());
  ExprPtr model = model_array(c, site, *(*taken)[0]);
  if (model->type.is_unknown()) return model;
  std::optional<Kind> dtype = dtype_or(c, (*taken)[1], model->type.dtype());
  return dtype ? new_like(c, site, std::move(model), *dtype, nullptr) : c.invalid(site.span());
}

ExprPtr call_full_like(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 2, {"a", "fill_value", "dtype"});
  if (!taken) return c.invalid(site.span());
  ExprPtr model = model_array(c, site, *(*taken)[0]);
  if (model->type.is_unknown()) return model;
  std::optional<Kind> dtype = dtype_or(c, (*taken)[2], model->type.dtype());
  if (!dtype) return c.invalid(site.span());
  ExprPtr value = c.convert_number(c.check(*(*taken)[1]), *dtype, to_string(Type(*dtype)));
  if (value->type.is_unknown()) return c.invalid(site.span());
  return new_like(c, site, std::move(model), *dtype, std::move(value));
}

// np.arange(stop), (start, stop), (start, stop, step), with a dtype. Whether it counts in integers follows from all the bounds.
ExprPtr call_arange(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"start", "stop", "step", "dtype"});
  if (!taken) return c.invalid(site.span());
  std::vector<ExprPtr> bounds;
  bool integer = true;
  for (std::size_t i = 0; i < 3; ++i) {
    if (!(*taken)[i]) continue;
    bounds.push_back(c.check(*(*taken)[i]));
    const Type& type = bounds.back()->type;
    if (type.is_unknown()) return c.invalid(site.span());
    if (!type.is_scalar() || type.is_complex()) return c.bad_argument(site, "real numbers", type, bounds.back()->span);
    integer = integer && !type.is_float();
  }
  if (!(*taken)[1] && (*taken)[2]) return c.bad_argument(site, "a stop when a step is given", Kind::None, site.span());
  Kind counted = integer ? Kind::I64 : Kind::F64;
  for (ExprPtr& bound : bounds) bound = c.convert(std::move(bound), counted);
  std::vector<ExprPtr> args;
  if (bounds.size() == 1) args.push_back(c.convert(c.int_constant(0, site.span()), counted));
  for (ExprPtr& bound : bounds) args.push_back(std::move(bound));
  if (args.size() == 2) args.push_back(c.convert(c.int_constant(1, site.span()), counted));
  ExprPtr result = c.builtin_call(integer ? Builtin::ArangeI64 : Builtin::ArangeF64, Type::array(counted, 1, Layout::C),
                                  site.span(), std::move(args));
  if (!(*taken)[3]) return result;
  std::optional<Kind> dtype = c.dtype_of(*(*taken)[3]);
  return dtype ? c.astype(std::move(result), *dtype, site.span()) : c.invalid(site.span());
}

ExprPtr call_linspace(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken =
      c.take_args(site, 2, {"start", "stop", "num", "endpoint", "retstep", "dtype"});
  if (!taken) return c.invalid(site.span());
  const auto* steps = (*taken)[4] ? std::get_if<ast::BoolLiteral>(&(*taken)[4]->node) : nullptr;
  if ((*taken)[4] && !steps) return c.bad_argument(site, "True or False, written here,", Kind::Bool, (*taken)[4]->span);
  std::optional<Kind> dtype = (*taken)[5] ? c.dtype_of(*(*taken)[5]) : Kind::F64;
  if (!dtype) return c.invalid(site.span());
  std::vector<ExprPtr> args;
  args.push_back(c.argument_f64(site, c.check(*(*taken)[0])));
  args.push_back(c.argument_f64(site, c.check(*(*taken)[1])));
  args.push_back((*taken)[2] ? c.argument_i64(site, c.check(*(*taken)[2])) : c.int_constant(50, site.span()));
  args.push_back((*taken)[3] ? c.check_condition(*(*taken)[3]) : c.bool_constant(true, site.span()));
  for (const ExprPtr& arg : args) {
    if (arg->type.is_unknown()) return c.invalid(site.span());
  }
  if (steps && steps->value) return call_prelude_function(c, "linspace_and_step", std::move(args), site.span());
  ExprPtr result = c.builtin_call(Builtin::Linspace, Type::array(Kind::F64, 1, Layout::C), site.span(), std::move(args));
  if (*dtype == Kind::F64) return result;
  if (Type(*dtype).is_integer()) {
    std::vector<ExprPtr> numbers;
    numbers.push_back(std::move(result));
    result = call_prelude_function(c, "rounded_down", std::move(numbers), site.span());
  }
  return c.convert_elements(std::move(result), *dtype, site.span());
}

namespace {

ExprPtr finish_literal(FunctionChecker& c, std::vector<std::int64_t> shape, std::vector<ExprPtr> elements,
                       std::optional<Kind> dtype, Span span) {
  if (elements.empty()) {
    c.report<DiagId::E0709>(span).suggest("use np.zeros(0) for an array without elements");
    return c.invalid(span);
  }
  const bool of_arrays = shape.size() == 1 && std::all_of(elements.begin(), elements.end(),
                                                          [](const ExprPtr& element) { return element->type.is_array(); });
  if (of_arrays) {
    ExprPtr stacked = stack_arrays(c, std::move(elements), span);
    return dtype && stacked->type.is_array() ? c.convert_elements(std::move(stacked), *dtype, span) : std::move(stacked);
  }
  Type common;
  for (const ExprPtr& element : elements) {
    if (element->type.is_unknown()) return c.invalid(span);
    if (!element->type.is_scalar()) {
      c.report<DiagId::E0706>(element->span, to_string(element->type), "numbers");
      return c.invalid(span);
    }
    if (dtype) continue;
    std::optional<Type> joined = common.is_unknown() ? element->type : numeric_join(common, element->type);
    if (!joined) return c.bad_operands("np.array", common, element->type, span);
    common = *joined;
  }
  Kind kind = dtype ? *dtype : common.kind();
  for (ExprPtr& element : elements) {
    element = c.convert_number(std::move(element), kind, to_string(Type(kind)));
    if (element->type.is_unknown()) return c.invalid(span);
  }
  Type type = Type::array(kind, static_cast<int>(shape.size()), Layout::C);
  return c.make(type, span, typed::ArrayLiteral{std::move(shape), std::move(elements)});
}

// `shape` grows with the first list of each depth; every later one must agree with it.
bool collect_literal(FunctionChecker& c, const ast::Expr& expr, std::size_t depth, std::vector<std::int64_t>& shape,
                     std::vector<ExprPtr>& elements) {
  const std::vector<ast::ExprPtr>* parts = nullptr;
  if (const auto* list = std::get_if<ast::List>(&expr.node)) parts = &list->elements;
  if (const auto* tuple = std::get_if<ast::Tuple>(&expr.node)) parts = &tuple->elements;
  if (!parts) {
    bool deep_enough = depth == shape.size();
    if (!deep_enough) c.report<DiagId::E0709>(expr.span);
    elements.push_back(c.check(expr));
    return deep_enough;
  }
  auto count = static_cast<std::int64_t>(parts->size());
  bool first = depth == shape.size() && elements.empty();
  if (first) shape.push_back(count);
  if (shape.size() > KJIT_MAX_RANK) {
    c.report<DiagId::E0712>(expr.span, static_cast<int>(KJIT_MAX_RANK));
    return false;
  }
  if (depth >= shape.size() || shape[depth] != count) {
    c.report<DiagId::E0709>(expr.span);
    return false;
  }
  for (const ast::ExprPtr& part : *parts) {
    if (!collect_literal(c, *part, depth + 1, shape, elements)) return false;
  }
  return true;
}

}  // namespace

ExprPtr array_of_tuple(FunctionChecker& c, ExprPtr tuple, std::optional<Kind> dtype, Span span) {
  return c.with_value(std::move(tuple), [&](const typed::Expr& whole) {
    std::vector<ExprPtr> elements;
    for (std::uint32_t i = 0; i < whole.type.elements().size(); ++i) {
      elements.push_back(c.make(whole.type.elements()[i], span, typed::TupleElement{c.clone(whole), i}));
    }
    return finish_literal(c, {static_cast<std::int64_t>(elements.size())}, std::move(elements), dtype, span);
  });
}

ExprPtr array_literal(FunctionChecker& c, const ast::Expr& expr, std::optional<Kind> dtype) {
  std::vector<std::int64_t> shape;
  std::vector<ExprPtr> elements;
  if (!collect_literal(c, expr, 0, shape, elements)) return c.invalid(expr.span);
  return finish_literal(c, std::move(shape), std::move(elements), dtype, expr.span);
}

namespace {

// np.array of nested lists and tuples of scalars, or of another array (a copy).
ExprPtr to_array(FunctionChecker& c, const CallSite& site, bool may_share) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"object", "dtype", "copy"});
  if (!taken) return c.invalid(site.span());
  if (const ast::Expr* copy = (*taken)[2]) {
    const auto* said = std::get_if<ast::BoolLiteral>(&copy->node);
    if (!said || !said->value) return c.bad_argument(site, "copy=True, or nothing,", Kind::Bool, copy->span);
    may_share = false;
  }
  std::optional<Kind> dtype;
  if ((*taken)[1] && !std::holds_alternative<ast::NoneLiteral>((*taken)[1]->node)) {
    dtype = c.dtype_of(*(*taken)[1]);
    if (!dtype) return c.invalid(site.span());
  }
  const ast::Expr& source = *(*taken)[0];
  bool literal = std::holds_alternative<ast::List>(source.node) || std::holds_alternative<ast::Tuple>(source.node);
  if (literal) return array_literal(c, source, dtype);
  ExprPtr value = c.check(source);
  if (value->type.is_unknown()) return value;
  if (value->type.is_tuple()) return array_of_tuple(c, std::move(value), dtype, site.span());
  if (!value->type.is_array()) return c.bad_argument(site, "a list, a tuple or an array", value->type, value->span);
  const Kind wanted = dtype.value_or(value->type.dtype());
  bool keep = may_share && wanted == value->type.dtype();
  return keep ? std::move(value) : c.astype(std::move(value), wanted, site.span());
}

}  // namespace

ExprPtr call_array(FunctionChecker& c, const CallSite& site) { return to_array(c, site, false); }
ExprPtr call_asarray(FunctionChecker& c, const CallSite& site) { return to_array(c, site, true); }

namespace {

// `columns` may be null: as many as rows.
ExprPtr make_eye(FunctionChecker& c, const CallSite& site, ExprPtr rows, ExprPtr columns, ExprPtr diagonal,
                 const ast::Expr* given) {
  std::optional<Kind> dtype = dtype_or(c, given, Kind::F64);
  if (!dtype || rows->type.is_unknown() || diagonal->type.is_unknown() || (columns && columns->type.is_unknown()))
    return c.invalid(site.span());
  return c.with_value(std::move(rows), [&](const typed::Expr& count) {
    std::vector<ExprPtr> args;
    args.push_back(c.clone(count));
    args.push_back(columns ? std::move(columns) : c.clone(count));
    args.push_back(std::move(diagonal));
    return c.builtin_call(Builtin::Eye, Type::array(*dtype, 2, Layout::C), site.span(), std::move(args));
  });
}

}  // namespace

ExprPtr call_eye(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"N", "M", "k", "dtype"});
  if (!taken) return c.invalid(site.span());
  ExprPtr rows = c.argument_i64(site, c.check(*(*taken)[0]));
  ExprPtr columns = (*taken)[1] ? c.argument_i64(site, c.check(*(*taken)[1])) : nullptr;
  ExprPtr diagonal = (*taken)[2] ? c.argument_i64(site, c.check(*(*taken)[2])) : c.int_constant(0, site.span());
  return make_eye(c, site, std::move(rows), std::move(columns), std::move(diagonal), (*taken)[3]);
}

ExprPtr call_identity(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"n", "dtype"});
  if (!taken) return c.invalid(site.span());
  ExprPtr rows = c.argument_i64(site, c.check(*(*taken)[0]));
  return make_eye(c, site, std::move(rows), nullptr, c.int_constant(0, site.span()), (*taken)[1]);
}

// np.shape, np.size and np.ndim are the attributes of the same names; a number has no axes.
ExprPtr call_array_query(FunctionChecker& c, const CallSite& site) {
  std::vector<std::string_view> names = {"a"};
  if (site.name == "size") names.push_back("axis");
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, std::move(names));
  if (!taken) return c.invalid(site.span());
  ExprPtr value = value_or_list(c, *(*taken)[0]);
  if (value->type.is_unknown()) return value;
  const auto has_array = [](const Type& type) {
    return type.is_tuple() && std::ranges::any_of(type.elements(), [](const Type& e) { return e.is_array() || e.is_tuple(); });
  };
  if (has_array(value->type)) return c.bad_argument(site, "an array, or a tuple of numbers,", value->type, value->span);
  if (value->type.is_tuple() && site.name != "shape") {
    const auto count = static_cast<std::int64_t>(value->type.elements().size());
    return c.int_constant(site.name == "size" ? count : 1, site.span());
  }
  if (value->type.is_scalar() && site.name != "shape") return c.int_constant(site.name == "size" ? 1 : 0, site.span());
  if (!value->type.is_array()) return c.bad_argument(site, "an array", value->type, value->span);
  if (taken->size() == 2 && (*taken)[1]) {
    std::optional<int> axis = constant_axis(c, *(*taken)[1], value->type.rank());
    if (!axis) return c.invalid(site.span());
    return c.make(Kind::I64, site.span(), typed::ArrayDim{std::move(value), static_cast<std::uint32_t>(*axis)});
  }
  return c.array_attribute(std::string(site.name), std::move(value), site.span());
}

// np.finfo and np.iinfo stand in front of the name of a limit, which is a constant (FunctionChecker::limit_of_type).
ExprPtr call_limits(FunctionChecker& c, const CallSite& site) {
  c.report<DiagId::E0409>(site.span(), "the table that np." + std::string(site.name) + " gives")
      .suggest("read what is needed of it: np.finfo(float).eps, np.iinfo(int).max");
  return c.invalid(site.span());
}

}  // namespace kjit
