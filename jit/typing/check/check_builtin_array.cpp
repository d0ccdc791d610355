// Functions that make arrays, and questions about them. Reductions and methods are in check_reduction.cpp. The table is in
// check_builtin.cpp.

#include "runtime/abi.h"
#include "typing/check/checker.h"

namespace kjit {

// An int, or a tuple or list of ints, as a shape: one I64 per axis.
std::optional<std::vector<FunctionChecker::ExprPtr>> FunctionChecker::check_shape(const ast::Expr& expr) {
  std::vector<ExprPtr> dims;
  const std::vector<ast::ExprPtr>* parts = nullptr;
  if (const auto* list = std::get_if<ast::List>(&expr.node)) parts = &list->elements;
  if (const auto* tuple = std::get_if<ast::Tuple>(&expr.node)) parts = &tuple->elements;
  if (parts) {
    for (const ast::ExprPtr& part : *parts) dims.push_back(check(*part));
  } else {
    ExprPtr value = check(expr);
    if (value->type.is_tuple()) {
      ExprPtr held = is_trivial(*value) || std::holds_alternative<typed::MakeTuple>(value->node) ? std::move(value) : nullptr;
      if (!held) {
        report<DiagId::E0708>(expr.span, "the result of a call").suggest("assign the tuple to a variable first");
        return std::nullopt;
      }
      if (auto* made = std::get_if<typed::MakeTuple>(&held->node)) {
        dims = std::move(made->elements);
      } else {
        for (std::uint32_t i = 0; i < held->type.elements().size(); ++i) {
          dims.push_back(make(held->type.elements()[i], expr.span, typed::TupleElement{clone(*held), i}));
        }
      }
    } else {
      dims.push_back(std::move(value));
    }
  }
  bool ok = true;
  for (ExprPtr& dim : dims) {
    if (!dim->type.is_integer() && !dim->type.is_unknown()) {
      Diagnostic& diag = report<DiagId::E0708>(dim->span, to_string(dim->type));
      if (dim->type.is_float()) diag.suggest("use // instead of /, or int(...)");
      return std::nullopt;
    }
    ok = ok && !dim->type.is_unknown();
    dim = convert(std::move(dim), Kind::I64);
  }
  if (dims.size() > KJIT_MAX_RANK) {
    report<DiagId::E0712>(expr.span, static_cast<int>(KJIT_MAX_RANK));
    return std::nullopt;
  }
  if (dims.empty()) {
    report<DiagId::E0708>(expr.span, "an empty tuple").suggest("use a scalar variable");
    return std::nullopt;
  }
  return ok ? std::optional(std::move(dims)) : std::nullopt;
}

FunctionChecker::ExprPtr FunctionChecker::new_array(typed::Fill fill, kjit::Kind dtype, std::vector<ExprPtr> shape, ExprPtr value,
                                                    Span span) {
  Type type = Type::array(dtype, static_cast<int>(shape.size()), Layout::C);
  return make(type, span, typed::NewArray{fill, std::move(shape), std::move(value)});
}

namespace {

typed::Fill fill_of(std::string_view name) {
  if (name.starts_with("zeros")) return typed::Fill::Zeros;
  if (name.starts_with("ones")) return typed::Fill::Ones;
  if (name == "scratch") return typed::Fill::Scratch;
  return name.starts_with("full") ? typed::Fill::Value : typed::Fill::Empty;
}

// np.full and np.array take NumPy's default type of the value.
Kind default_dtype(const Type& type) { return type.is_scalar() ? type.kind() : Kind::F64; }

}  // namespace

FunctionChecker::ExprPtr FunctionChecker::call_new_array(const CallSite& site) {
  bool full = site.name == "full";
  std::vector<std::string_view> names =
      full ? std::vector<std::string_view>{"shape", "fill_value", "dtype"} : std::vector<std::string_view>{"shape", "dtype"};
  std::optional<std::vector<const ast::Expr*>> taken = take_args(site, full ? 2 : 1, names);
  if (!taken) return invalid(site.span());
  std::optional<std::vector<ExprPtr>> shape = check_shape(*(*taken)[0]);
  ExprPtr value = full ? check(*(*taken)[1]) : nullptr;
  kjit::Kind dtype = value ? default_dtype(value->type) : Kind::F64;
  if (const ast::Expr* given = taken->back()) {
    std::optional<kjit::Kind> named = dtype_of(*given);
    if (!named) return invalid(site.span());
    dtype = *named;
  }
  if (value) value = convert_number(std::move(value), dtype, to_string(Type(dtype)));
  if (!shape || (value && value->type.is_unknown())) return invalid(site.span());
  return new_array(fill_of(site.name), dtype, std::move(*shape), std::move(value), site.span());
}

FunctionChecker::ExprPtr FunctionChecker::call_new_like(const CallSite& site) {
  bool full = site.name == "full_like";
  std::vector<std::string_view> names =
      full ? std::vector<std::string_view>{"a", "fill_value", "dtype"} : std::vector<std::string_view>{"a", "dtype"};
  std::optional<std::vector<const ast::Expr*>> taken = take_args(site, full ? 2 : 1, names);
  if (!taken) return invalid(site.span());
  ExprPtr model = check(*(*taken)[0]);
  if (model->type.is_unknown()) return model;
  if (!model->type.is_array()) return bad_argument(site, "an array", model->type, model->span);
  kjit::Kind dtype = model->type.dtype();
  if (const ast::Expr* given = taken->back()) {
    std::optional<kjit::Kind> named = dtype_of(*given);
    if (!named) return invalid(site.span());
    dtype = *named;
  }
  ExprPtr value = full ? convert_number(check(*(*taken)[1]), dtype, to_string(Type(dtype))) : nullptr;
  if (value && value->type.is_unknown()) return invalid(site.span());
  return with_value(std::move(model), [&](const typed::Expr& array) {
    std::vector<ExprPtr> shape;
    for (int axis = 0; axis < array.type.rank(); ++axis) {
      shape.push_back(make(Kind::I64, site.span(), typed::ArrayDim{clone(array), static_cast<std::uint32_t>(axis)}));
    }
    return new_array(fill_of(site.name), dtype, std::move(shape), std::move(value), site.span());
  });
}

// np.arange(stop), (start, stop), (start, stop, step), with a dtype. Whether it counts in integers follows from all the bounds.
FunctionChecker::ExprPtr FunctionChecker::call_arange(const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = take_args(site, 1, {"start", "stop", "step", "dtype"});
  if (!taken) return invalid(site.span());
  std::vector<ExprPtr> bounds;
  bool integer = true;
  for (std::size_t i = 0; i < 3; ++i) {
    if (!(*taken)[i]) continue;
    bounds.push_back(check(*(*taken)[i]));
    const Type& type = bounds.back()->type;
    if (type.is_unknown()) return invalid(site.span());
    if (!type.is_scalar() || type.is_complex()) return bad_argument(site, "real numbers", type, bounds.back()->span);
    integer = integer && !type.is_float();
  }
  if (!(*taken)[1] && (*taken)[2]) return bad_argument(site, "a stop when a step is given", Kind::None, site.span());
  kjit::Kind counted = integer ? Kind::I64 : Kind::F64;
  for (ExprPtr& bound : bounds) bound = convert(std::move(bound), counted);
  std::vector<ExprPtr> args;
  if (bounds.size() == 1) args.push_back(convert(int_constant(0, site.span()), counted));
  for (ExprPtr& bound : bounds) args.push_back(std::move(bound));
  if (args.size() == 2) args.push_back(convert(int_constant(1, site.span()), counted));
  ExprPtr result = builtin_call(integer ? Builtin::ArangeI64 : Builtin::ArangeF64, Type::array(counted, 1, Layout::C),
                                site.span(), std::move(args));
  if (!(*taken)[3]) return result;
  std::optional<kjit::Kind> dtype = dtype_of(*(*taken)[3]);
  return dtype ? astype(std::move(result), *dtype, site.span()) : invalid(site.span());
}

FunctionChecker::ExprPtr FunctionChecker::call_linspace(const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = take_args(site, 2, {"start", "stop", "num", "endpoint"});
  if (!taken) return invalid(site.span());
  std::vector<ExprPtr> args;
  args.push_back(argument_f64(site, check(*(*taken)[0])));
  args.push_back(argument_f64(site, check(*(*taken)[1])));
  args.push_back((*taken)[2] ? argument_i64(site, check(*(*taken)[2])) : int_constant(50, site.span()));
  args.push_back((*taken)[3] ? check_condition(*(*taken)[3]) : bool_constant(true, site.span()));
  for (const ExprPtr& arg : args) {
    if (arg->type.is_unknown()) return invalid(site.span());
  }
  return builtin_call(Builtin::Linspace, Type::array(Kind::F64, 1, Layout::C), site.span(), std::move(args));
}

FunctionChecker::ExprPtr FunctionChecker::astype(ExprPtr array, kjit::Kind dtype, Span span) {
  Type type = Type::array(dtype, array->type.rank(), Layout::C);
  bool same = array->type.dtype() == dtype;
  std::vector<ExprPtr> args;
  args.push_back(std::move(array));
  return builtin_call(same ? Builtin::ArrayCopy : Builtin::Astype, type, span, std::move(args));
}

// np.array of nested lists and tuples of scalars, or of another array (a copy).
FunctionChecker::ExprPtr FunctionChecker::call_array(const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = take_args(site, 1, {"object", "dtype"});
  if (!taken) return invalid(site.span());
  std::optional<kjit::Kind> dtype;
  if ((*taken)[1] && !std::holds_alternative<ast::NoneLiteral>((*taken)[1]->node)) {
    dtype = dtype_of(*(*taken)[1]);
    if (!dtype) return invalid(site.span());
  }
  const ast::Expr& source = *(*taken)[0];
  bool literal = std::holds_alternative<ast::List>(source.node) || std::holds_alternative<ast::Tuple>(source.node);
  if (literal) return array_literal(source, dtype);
  ExprPtr value = check(source);
  if (value->type.is_unknown()) return value;
  if (value->type.is_tuple()) return array_of_tuple(site, std::move(value), dtype);
  if (!value->type.is_array()) return bad_argument(site, "a list, a tuple or an array", value->type, value->span);
  bool keep = site.name == "asarray" && (!dtype || *dtype == value->type.dtype());
  return keep ? std::move(value) : astype(std::move(value), dtype.value_or(value->type.dtype()), site.span());
}

FunctionChecker::ExprPtr FunctionChecker::array_of_tuple(const CallSite& site, ExprPtr tuple, std::optional<kjit::Kind> dtype) {
  Span span = tuple->span;
  return with_value(std::move(tuple), [&](const typed::Expr& whole) {
    std::vector<ExprPtr> elements;
    for (std::uint32_t i = 0; i < whole.type.elements().size(); ++i) {
      elements.push_back(make(whole.type.elements()[i], span, typed::TupleElement{clone(whole), i}));
    }
    return finish_literal({static_cast<std::int64_t>(elements.size())}, std::move(elements), dtype, site.span());
  });
}

FunctionChecker::ExprPtr FunctionChecker::array_literal(const ast::Expr& expr, std::optional<kjit::Kind> dtype) {
  std::vector<std::int64_t> shape;
  std::vector<ExprPtr> elements;
  if (!collect_literal(expr, 0, shape, elements)) return invalid(expr.span);
  return finish_literal(std::move(shape), std::move(elements), dtype, expr.span);
}

FunctionChecker::ExprPtr FunctionChecker::finish_literal(std::vector<std::int64_t> shape, std::vector<ExprPtr> elements,
                                                         std::optional<kjit::Kind> dtype, Span span) {
  if (elements.empty()) {
    report<DiagId::E0709>(span).suggest("use np.zeros(0) for an array without elements");
    return invalid(span);
  }
  Type common;
  for (const ExprPtr& element : elements) {
    if (element->type.is_unknown()) return invalid(span);
    if (!element->type.is_scalar()) {
      report<DiagId::E0706>(element->span, to_string(element->type), "numbers");
      return invalid(span);
    }
    std::optional<Type> joined = common.is_unknown() ? element->type : numeric_join(common, element->type);
    if (!joined) return bad_operands("np.array", common, element->type, span);
    common = *joined;
  }
  kjit::Kind kind = dtype.value_or(common.kind());
  for (ExprPtr& element : elements) {
    element = convert_number(std::move(element), kind, to_string(Type(kind)));
    if (element->type.is_unknown()) return invalid(span);
  }
  Type type = Type::array(kind, static_cast<int>(shape.size()), Layout::C);
  return make(type, span, typed::ArrayLiteral{std::move(shape), std::move(elements)});
}

// `shape` grows with the first list of each depth; every later one must agree with it.
bool FunctionChecker::collect_literal(const ast::Expr& expr, std::size_t depth, std::vector<std::int64_t>& shape,
                                      std::vector<ExprPtr>& elements) {
  const std::vector<ast::ExprPtr>* parts = nullptr;
  if (const auto* list = std::get_if<ast::List>(&expr.node)) parts = &list->elements;
  if (const auto* tuple = std::get_if<ast::Tuple>(&expr.node)) parts = &tuple->elements;
  if (!parts) {
    bool deep_enough = depth == shape.size();
    if (!deep_enough) report<DiagId::E0709>(expr.span);
    elements.push_back(check(expr));
    return deep_enough;
  }
  auto count = static_cast<std::int64_t>(parts->size());
  bool first = depth == shape.size() && elements.empty();
  if (first) shape.push_back(count);
  if (shape.size() > KJIT_MAX_RANK) {
    report<DiagId::E0712>(expr.span, static_cast<int>(KJIT_MAX_RANK));
    return false;
  }
  if (depth >= shape.size() || shape[depth] != count) {
    report<DiagId::E0709>(expr.span);
    return false;
  }
  for (const ast::ExprPtr& part : *parts) {
    if (!collect_literal(*part, depth + 1, shape, elements)) return false;
  }
  return true;
}

FunctionChecker::ExprPtr FunctionChecker::call_eye(const CallSite& site) {
  bool identity = site.name == "identity";
  std::vector<std::string_view> names =
      identity ? std::vector<std::string_view>{"n", "dtype"} : std::vector<std::string_view>{"N", "M", "k", "dtype"};
  std::optional<std::vector<const ast::Expr*>> taken = take_args(site, 1, names);
  if (!taken) return invalid(site.span());
  ExprPtr rows = argument_i64(site, check(*(*taken)[0]));
  ExprPtr columns = !identity && (*taken)[1] ? argument_i64(site, check(*(*taken)[1])) : nullptr;
  ExprPtr diagonal = !identity && (*taken)[2] ? argument_i64(site, check(*(*taken)[2])) : int_constant(0, site.span());
  kjit::Kind dtype = Kind::F64;
  if (taken->back()) {
    std::optional<kjit::Kind> named = dtype_of(*taken->back());
    if (!named) return invalid(site.span());
    dtype = *named;
  }
  if (rows->type.is_unknown() || diagonal->type.is_unknown() || (columns && columns->type.is_unknown()))
    return invalid(site.span());
  return with_value(std::move(rows), [&](const typed::Expr& count) {
    std::vector<ExprPtr> args;
    args.push_back(clone(count));
    args.push_back(columns ? std::move(columns) : clone(count));
    args.push_back(std::move(diagonal));
    return builtin_call(Builtin::Eye, Type::array(dtype, 2, Layout::C), site.span(), std::move(args));
  });
}

// np.shape, np.size and np.ndim are the attributes of the same names.
FunctionChecker::ExprPtr FunctionChecker::call_array_query(const CallSite& site) {
  if (site.call.args.size() != 1 || !site.call.keywords.empty()) {
    report<DiagId::E0601>(site.span(), site.name, 1, site.call.args.size() + site.call.keywords.size());
    return invalid(site.span());
  }
  ExprPtr value = check(*site.call.args[0]);
  if (value->type.is_unknown()) return value;
  if (!value->type.is_array()) return bad_argument(site, "an array", value->type, value->span);
  return array_attribute(std::string(site.name), std::move(value), site.span());
}

}  // namespace kjit
