// Expressions: names, literals, attributes, logic. Entry: FunctionChecker::check.

#include <algorithm>
#include <cstdint>

#include "typing/check/checker.h"
#include "typing/check/python_names.h"

namespace kjit {

FunctionChecker::ExprPtr FunctionChecker::check(const ast::Expr& expr) {
  if (auto known = checked_.find(&expr); known != checked_.end()) {
    ExprPtr value = std::move(known->second);
    checked_.erase(known);
    return value;
  }
  return std::visit(
      [&](const auto& node) -> ExprPtr {
        using Node = std::decay_t<decltype(node)>;
        if constexpr (std::is_same_v<Node, ast::NoneLiteral>) {
          return none_constant(expr.span);
        } else if constexpr (std::is_same_v<Node, ast::BoolLiteral>) {
          return bool_constant(node.value, expr.span);
        } else if constexpr (std::is_same_v<Node, ast::IntLiteral>) {
          if (node.value > INT64_MAX) return make(Kind::U64, expr.span, typed::Constant{node.value});
          return int_constant(static_cast<std::int64_t>(node.value), expr.span);
        } else if constexpr (std::is_same_v<Node, ast::FloatLiteral>) {
          return float_constant(node.value, expr.span);
        } else if constexpr (std::is_same_v<Node, ast::ImaginaryLiteral>) {
          return make(Kind::C128, expr.span, typed::Constant{std::complex<double>(0, node.value)});
        } else if constexpr (std::is_same_v<Node, ast::StringLiteral>) {
          return str_constant(node.value, expr.span);
        } else if constexpr (std::is_same_v<Node, ast::FString>) {
          return check_fstring(expr, node);
        } else if constexpr (std::is_same_v<Node, ast::Name>) {
          return check_name(expr, node);
        } else if constexpr (std::is_same_v<Node, ast::Unary>) {
          return check_unary(expr, node);
        } else if constexpr (std::is_same_v<Node, ast::Binary>) {
          return check_binary(expr, node);
        } else if constexpr (std::is_same_v<Node, ast::BoolOperation>) {
          return check_bool_operation(expr, node);
        } else if constexpr (std::is_same_v<Node, ast::Compare>) {
          return check_compare(expr, node);
        } else if constexpr (std::is_same_v<Node, ast::Conditional>) {
          return check_conditional(expr, node);
        } else if constexpr (std::is_same_v<Node, ast::Call>) {
          return check_call(expr, node);
        } else if constexpr (std::is_same_v<Node, ast::Attribute>) {
          return check_attribute(expr, node);
        } else if constexpr (std::is_same_v<Node, ast::Subscript>) {
          return check_subscript(expr, node);
        } else if constexpr (std::is_same_v<Node, ast::Tuple>) {
          return check_tuple(expr, node.elements);
        } else if constexpr (std::is_same_v<Node, ast::Lambda>) {
          return check_lambda(expr, node);
        } else {
          // List, ListComprehension, Slice and Ellipsis outside the places that take them.
          report<DiagId::E0516>(expr.span).suggest(
              "use a tuple (1, 2, 3) or an array, np.array([1, 2, 3]); instead of a list that grows, make an array of the final "
              "size, "
              "out = np.zeros(n), and set out[i] in the loop");
          return invalid(expr.span);
        }
      },
      expr.node);
}

const typed::Expr* FunctionChecker::kept(const ast::Expr& expr) const {
  const auto known = checked_.find(&expr);
  return known == checked_.end() ? nullptr : known->second.get();
}

// ---- names ----

FunctionChecker::ExprPtr FunctionChecker::check_name(const ast::Expr& expr, const ast::Name& name) {
  Found found = find_name(*name_scope_, name.id);
  if (!found.binding) {
    if (name.id == "__name__") return str_constant(scope_.module == 0 ? "__main__" : "kernel", expr.span);
    if (library().is_known("builtins." + name.id)) return path_value("builtins." + name.id, expr.span);
    if (const PythonName* known = find_python_name(name.id)) {
      report<DiagId::E0401>(expr.span, name.id)
          .suggest("it is " + std::string(known->kind) + " of Python; " + std::string(known->advice));
      return invalid(expr.span);
    }
    Diagnostic& diag = report<DiagId::E0401>(expr.span, name.id);
    std::vector<std::string_view> names = visible_names(scope_);
    std::vector<std::string_view> builtins = library().builtin_function_names();
    names.insert(names.end(), builtins.begin(), builtins.end());
    std::string_view near = did_you_mean(name.id, names);
    if (!near.empty()) {
      diag.suggest("did you mean '" + std::string(near) + "'?");
    } else if (library().is_module(canonical_module(name.id)) || name.id == "np") {
      diag.suggest(name.id == "np" ? "write `import numpy as np` at the top" : "write `import " + name.id + "` at the top");
    }
    return invalid(expr.span);
  }
  if (refuse_function_from_below(*found.binding, name.id, expr.span)) return invalid(expr.span);
  return bound_value(*found.binding, name.id, expr.span);
}

// The script runs from top to bottom; functions know all of the file when they are called.
bool FunctionChecker::refuse_function_from_below(const Binding& binding, const std::string& name, Span use) {
  if (binding.kind != BindingKind::Function || !scope_.is_module()) return false;
  const Span definition = binding.function->definition->name_span;
  if (definition.file != use.file || definition.begin < use.begin) return false;
  const std::uint32_t line = program_.modules().sources.locate(definition).line;
  report<DiagId::E0401>(use, name).suggest("its def is below, in line " + std::to_string(line) + ": move that up");
  return true;
}

FunctionChecker::ExprPtr FunctionChecker::bound_value(const Binding& binding, const std::string& name, Span span) {
  switch (binding.kind) {
    case BindingKind::Variable: return read_variable(name, span);
    case BindingKind::Constant: {
      // Expanded in place: a constant expression has no effects, and the optimiser folds it.
      const Scope* outer = std::exchange(name_scope_, binding.home);
      ExprPtr value = check(*binding.value);
      name_scope_ = outer;
      value->span = span;
      return value;
    }
    case BindingKind::Function: return function_value(*binding.function, span);
    case BindingKind::Path: return path_value(binding.path, span);
  }
  KJIT_UNREACHABLE("binding kinds are complete");
}

// A module, or an imported kernel file, without this name.
void FunctionChecker::report_no_member(const ast::Expr& owner, Span span, std::string_view module, std::string_view name) {
  if (!module.starts_with("file ")) {
    const auto* alias = std::get_if<ast::Name>(&owner.node);
    const Found found = alias ? find_name(*name_scope_, alias->id) : Found{};
    const bool named = found.binding && !found.binding->module.empty() && found.binding->path == module;
    report<DiagId::E0403>(span, name, named ? std::string_view(found.binding->module) : module)
        .suggest(library().suggest(module, name));
    return;
  }
  const Scope& file = *program_.scopes().modules[std::stoul(std::string(module.substr(5)))];
  std::string file_name = program_.modules().sources.file(file.module).name();
  file_name = file_name.substr(file_name.rfind('/') + 1);
  Diagnostic& diag = report<DiagId::E0406>(span, file_name.substr(0, file_name.rfind('.')), name);
  std::string_view near = did_you_mean(name, visible_names(file));
  if (!near.empty()) diag.suggest("did you mean '" + std::string(near) + "'?");
}

FunctionChecker::ExprPtr FunctionChecker::read_variable(const std::string& name, Span span) {
  Found found = find_name(scope_, name);
  bool of_module = found.owner && found.owner->is_module();
  bool shared = of_module && (&scope_ != found.owner || std::binary_search(scope_.shared.begin(), scope_.shared.end(), name));
  if (!shared) {
    typed::LocalId local = local_of(name, span);
    spec_.origins.uses.push_back({span, name, &spec_});
    return make(function_.locals[local].type, span, typed::ReadLocal{local});
  }
  ModuleVariable* variable = found.owner->module == 0 ? program_.module_variable(name, found.binding->span) : nullptr;
  if (!variable) {
    report<DiagId::E0408>(span, name)
        .note(found.binding->span, "assigned here, by the script")
        .suggest("pass it as an argument, or make it a constant: one assignment of a constant expression at the top level");
    return invalid(span);
  }
  spec_.origins.uses.push_back({span, name, program_.script_if_runs()});
  spec_.low = std::min(spec_.low, 0);  // the script, at the bottom of the stack, may still widen it
  return make(variable->type, span, typed::ReadGlobal{variable->id, true});
}

FunctionChecker::ExprPtr FunctionChecker::path_value(std::string_view path, Span span) {
  if (path.empty()) return invalid(span);  // a wrong import, reported there
  const PathRow* row = library().find(path);
  if (row && row->category == PathCategory::Constant) return float_constant(row->constant, span);
  if (row && row->category == PathCategory::Dtype) return make(Type::dtype_value(row->dtype), span, typed::Constant{});
  if (path == "builtins.float") return make(Type::dtype_value(Kind::F64), span, typed::Constant{});
  if (path == "builtins.int") return make(Type::dtype_value(Kind::I64), span, typed::Constant{});
  if (path == "builtins.bool") return make(Type::dtype_value(Kind::Bool), span, typed::Constant{});
  if (path == "builtins.complex") return make(Type::dtype_value(Kind::C128), span, typed::Constant{});
  const std::string text = "'" + program_.text(span) + "'";
  if (path == "sys.argv") {
    report<DiagId::E0409>(span, "the list " + text)
        .suggest("read it where it is used: len(sys.argv), int(sys.argv[1]); the values can be passed on");
  } else if (row && row->category == PathCategory::Module) {
    report<DiagId::E0409>(span, "module " + text);
  } else if (row && row->category == PathCategory::Annotation) {
    report<DiagId::E0409>(span, "the type " + text).suggest("it stands in annotations; np.zeros(n) makes an array");
  } else {
    report<DiagId::E0409>(span, "builtin function " + text)
        .suggest("call it, or wrap it in a function of your own to pass it on");
  }
  return invalid(span);
}

std::string FunctionChecker::path_of_name(const std::string& name) const {
  Found found = find_name(*name_scope_, name);
  if (found.binding) return found.binding->kind == BindingKind::Path ? found.binding->path : "";
  return library().is_known("builtins." + name) ? "builtins." + name : "";
}

std::string FunctionChecker::path_of(const ast::Expr& expr) const {
  if (const auto* name = std::get_if<ast::Name>(&expr.node)) return path_of_name(name->id);
  if (const auto* attribute = std::get_if<ast::Attribute>(&expr.node)) {
    std::string base = path_of(*attribute->value);
    return base.empty() ? "" : base + "." + attribute->name;
  }
  return "";
}

FunctionChecker::ExprPtr FunctionChecker::function_value(const Scope& function, Span span) {
  std::vector<ExprPtr> captured = captured_values(function, span);
  std::vector<Type> types;
  for (const ExprPtr& value : captured) {
    if (value->type.is_unknown()) return invalid(span);
    types.push_back(value->type);
  }
  return make(Type::function(function.definition, std::move(types)), span, typed::MakeTuple{std::move(captured)});
}

FunctionChecker::ExprPtr FunctionChecker::check_lambda(const ast::Expr& expr, const ast::Lambda& lambda) {
  return function_value(*program_.scopes().by_definition.at(lambda.function.get()), expr.span);
}

// ---- attributes ----

FunctionChecker::ExprPtr FunctionChecker::check_attribute(const ast::Expr& expr, const ast::Attribute& attribute) {
  std::string base = path_of(*attribute.value);
  if (!base.empty()) {
    std::string path = base + "." + attribute.name;
    if (const Binding* member = find_member(program_.scopes(), path)) return bound_value(*member, attribute.name, expr.span);
    if (path == "sys.argv" || library().is_known(path)) return path_value(path, expr.span);
    report_no_member(*attribute.value, attribute.name_span, base, attribute.name);
    return invalid(expr.span);
  }
  if (const auto* call = std::get_if<ast::Call>(&attribute.value->node)) {
    const std::string function = path_of(*call->callee);
    if (function == "numpy.finfo" || function == "numpy.iinfo") return limit_of_type(expr, *call, function, attribute);
  }
  ExprPtr value = check(*attribute.value);
  Type type = value->type;
  if (type.is_unknown()) return value;
  const std::string& name = attribute.name;
  if (type.is_array()) {
    if (ExprPtr result = array_attribute(name, std::move(value), expr.span)) return result;
  }
  if (type.is_complex() && (name == "real" || name == "imag")) {
    std::vector<ExprPtr> args;
    args.push_back(std::move(value));
    return builtin_call(name == "real" ? Builtin::Real : Builtin::Imag, real_part_kind(type.kind()), expr.span, std::move(args));
  }
  if ((type.is_integer() || type.is_float()) && name == "real") return value;
  if ((type.is_integer() || type.is_float()) && name == "imag") return convert(int_constant(0, expr.span), type);
  Diagnostic& diag = report<DiagId::E0607>(attribute.name_span, to_string(type), name);
  if (type.is_array()) {
    static const std::vector<std::string_view> kNames = {"shape", "size",   "ndim",   "dtype",  "itemsize", "sum", "min",
                                                         "max",   "mean",   "prod",   "std",    "var",      "any", "all",
                                                         "copy",  "argmin", "argmax", "astype", "fill",     "dot"};
    std::string_view near = did_you_mean(name, kNames);
    if (!near.empty()) {
      diag.suggest("did you mean '" + std::string(near) + "'?");
    }
  }
  return invalid(expr.span);
}

FunctionChecker::ExprPtr FunctionChecker::array_attribute(const std::string& name, ExprPtr value, Span span) {
  const Type type = value->type;
  if (ExprPtr result = library().arrays().attribute(*this, name, value, span)) return result;
  auto dim = [&](const typed::Expr& array, int axis) {
    return make(Kind::I64, span, typed::ArrayDim{clone(array), static_cast<std::uint32_t>(axis)});
  };
  if (name == "shape") {
    return with_value(std::move(value), [&](const typed::Expr& array) {
      std::vector<ExprPtr> dims;
      for (int axis = 0; axis < type.rank(); ++axis) dims.push_back(dim(array, axis));
      return make(Type::tuple(std::vector<Type>(type.rank(), Kind::I64)), span, typed::MakeTuple{std::move(dims)});
    });
  }
  if (name == "size") {
    return with_value(std::move(value), [&](const typed::Expr& array) {
      ExprPtr size = dim(array, 0);
      for (int axis = 1; axis < type.rank(); ++axis) size = binary(typed::BinaryOp::Mul, std::move(size), dim(array, axis), span);
      return size;
    });
  }
  if (name == "ndim") return int_constant(type.rank(), span);
  if (name == "nbytes") {
    return binary(typed::BinaryOp::Mul, array_attribute("size", std::move(value), span),
                  int_constant(byte_size(type.dtype()), span), span);
  }
  if (name == "itemsize") return int_constant(byte_size(type.dtype()), span);
  if (name == "dtype") return make(Type::dtype_value(type.dtype()), span, typed::Constant{});
  return nullptr;
}

// ---- logic ----

typed::ExprPtr TreeBuilder::truth(ExprPtr value) {
  Type type = value->type;
  Span span = value->span;
  if (type.is_unknown() || type.is(Kind::Bool)) return value;
  if (type.is_scalar() || type.is(Kind::Str)) return convert(std::move(value), Kind::Bool);
  if (type.is(Kind::None)) return bool_constant(false, span);
  if (type.is_tuple()) return bool_constant(!type.elements().empty(), span);
  Diagnostic& diag = report<DiagId::E0505>(span, to_string(type));
  if (type.is_array()) diag.suggest("test one element, or use a.any() or a.all(), or a.size > 0");
  return invalid(span);
}

FunctionChecker::ExprPtr FunctionChecker::check_condition(const ast::Expr& expr) {
  if (const auto* unary = std::get_if<ast::Unary>(&expr.node); unary && unary->op == ast::UnaryOp::Not) {
    return negate(check_condition(*unary->operand), expr.span);
  }
  const auto* logic = std::get_if<ast::BoolOperation>(&expr.node);
  if (!logic) return truth(check(expr));
  bool is_and = logic->op == ast::BoolOp::And;
  std::vector<ExprPtr> values;
  for (const ast::ExprPtr& value : logic->values) {
    ExprPtr condition = check_condition(*value);
    // A constant operand decides or drops out at once, so that `x is not None and x > 0` needs no type for the second part.
    if (std::optional<bool> known = bool_value(*condition)) {
      if (*known == is_and) continue;
      if (values.empty()) return condition;
    }
    if (condition->type.is_unknown()) {
      for (std::size_t i = &value - logic->values.data() + 1; i < logic->values.size(); ++i) check_condition(*logic->values[i]);
      return condition;
    }
    values.push_back(std::move(condition));
  }
  if (values.empty()) return bool_constant(is_and, expr.span);
  ExprPtr result = std::move(values.back());
  for (std::size_t i = values.size() - 1; i-- > 0;) {
    ExprPtr decided = bool_constant(!is_and, expr.span);
    result = is_and
                 ? make(Kind::Bool, expr.span, typed::Conditional{std::move(values[i]), std::move(result), std::move(decided)})
                 : make(Kind::Bool, expr.span, typed::Conditional{std::move(values[i]), std::move(decided), std::move(result)});
  }
  return result;
}

// `a and b` is a if a is false, else b; the two meet in their joined type.
FunctionChecker::ExprPtr FunctionChecker::check_bool_operation(const ast::Expr& expr, const ast::BoolOperation& node) {
  std::vector<ExprPtr> values;
  Type type;
  bool settled = true;
  for (const ast::ExprPtr& value : node.values) {
    values.push_back(check(*value));
    settled = settled && !values.back()->type.is_unknown();
    std::optional<Type> joined = join(type, values.back()->type);
    if (!joined) {
      report<DiagId::E0511>(expr.span, to_string(type), to_string(values.back()->type))
          .suggest("compare explicitly, so that each side is a bool, or convert one side");
      return invalid(expr.span);
    }
    type = *joined;
  }
  // While the types settle, the known operands stand for all: `n == 0 or odd(n - 1)` is a bool whatever odd() turns out to be.
  if (!settled) return make(type, expr.span, typed::Constant{});
  ExprPtr result = convert(std::move(values.back()), type);
  for (std::size_t i = values.size() - 1; i-- > 0;) {
    result = with_value(std::move(values[i]), [&](const typed::Expr& value) {
      ExprPtr condition = truth(clone(value));
      ExprPtr same = convert(clone(value), type);
      bool is_and = node.op == ast::BoolOp::And;
      return is_and ? make(type, expr.span, typed::Conditional{std::move(condition), std::move(result), std::move(same)})
                    : make(type, expr.span, typed::Conditional{std::move(condition), std::move(same), std::move(result)});
    });
  }
  return result;
}

FunctionChecker::ExprPtr FunctionChecker::check_conditional(const ast::Expr& expr, const ast::Conditional& node) {
  ExprPtr condition = check_condition(*node.condition);
  if (std::optional<bool> known = bool_value(*condition)) {
    return check(*known ? *node.then : *node.otherwise);
  }
  ExprPtr then = check(*node.then);
  ExprPtr otherwise = check(*node.otherwise);
  if (condition->type.is_unknown() || then->type.is_unknown() || otherwise->type.is_unknown()) {
    // While the types settle, one known arm stands for both: recursion often has its base case in the other.
    return condition->type.is_unknown() ? invalid(expr.span)
                                        : make(join(then->type, otherwise->type).value_or(Type()), expr.span, typed::Constant{});
  }
  const bool single = then->type.is(Kind::F32) || otherwise->type.is(Kind::F32);
  if (single && !adapt_literal(then, otherwise, expr.span)) return invalid(expr.span);
  std::optional<Type> type = join(then->type, otherwise->type);
  if (!type) {
    report<DiagId::E0511>(expr.span, to_string(then->type), to_string(otherwise->type)).suggest("convert one of them");
    return invalid(expr.span);
  }
  then = convert(std::move(then), *type);
  otherwise = convert(std::move(otherwise), *type);
  return make(*type, expr.span, typed::Conditional{std::move(condition), std::move(then), std::move(otherwise)});
}

FunctionChecker::ExprPtr FunctionChecker::check_tuple(const ast::Expr& expr, const std::vector<ast::ExprPtr>& elements) {
  std::vector<ExprPtr> values;
  std::vector<Type> types;
  bool known = true;
  for (const ast::ExprPtr& element : elements) {
    values.push_back(check(*element));
    types.push_back(values.back()->type);
    known = known && !types.back().is_unknown();
  }
  if (!known) return invalid(expr.span);
  return make(Type::tuple(std::move(types)), expr.span, typed::MakeTuple{std::move(values)});
}

}  // namespace kjit
