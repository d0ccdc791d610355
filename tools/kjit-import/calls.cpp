// Calls: of functions that are translated as well, and of the C library.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <string_view>

#include "translator.h"

namespace kjit::import {

using namespace clang;

namespace {

// C's functions of floats, by the kernel's name for them. The names with f behind them are those of floats of 32 bits. NumPy's
// functions never raise, but have last places of their own where they are not exact; those of the math module have the C
// library's, and raise, which a helper keeps away.
struct LibraryRow {
  std::string_view c_name, kernel_name;
  int arguments;
  std::string_view double_name = "";  // of floats of 64 bits, if it is another one
  std::optional<Helper> helper = std::nullopt;
};
constexpr std::array kLibrary = std::to_array<LibraryRow>({
    {"sqrt", "np.sqrt", 1},
    {"cbrt", "np.cbrt", 1, "math.cbrt"},
    {"fabs", "abs", 1},
    {"floor", "np.floor", 1},
    {"ceil", "np.ceil", 1},
    {"trunc", "np.trunc", 1},
    {"rint", "np.rint", 1},
    {"nearbyint", "np.rint", 1},
    {"exp", "np.exp", 1, "", Helper::Exp},
    {"exp2", "np.exp2", 1, "", Helper::Exp2},
    {"expm1", "np.expm1", 1, "", Helper::Expm1},
    {"log", "np.log", 1, "", Helper::Log},
    {"log2", "np.log2", 1, "", Helper::Log2},
    {"log10", "np.log10", 1, "", Helper::Log10},
    {"log1p", "np.log1p", 1, "", Helper::Log1p},
    {"sin", "np.sin", 1, "", Helper::Sin},
    {"cos", "np.cos", 1, "", Helper::Cos},
    {"tan", "np.tan", 1, "", Helper::Tan},
    {"asin", "np.arcsin", 1, "", Helper::Asin},
    {"acos", "np.arccos", 1, "", Helper::Acos},
    {"atan", "np.arctan", 1, "math.atan"},
    {"sinh", "np.sinh", 1, "", Helper::Sinh},
    {"cosh", "np.cosh", 1, "", Helper::Cosh},
    {"tanh", "np.tanh", 1, "math.tanh"},
    {"asinh", "np.arcsinh", 1, "math.asinh"},
    {"acosh", "np.arccosh", 1, "", Helper::Acosh},
    {"atanh", "np.arctanh", 1, "", Helper::Atanh},
    {"pow", "np.power", 2},
    {"atan2", "np.arctan2", 2, "math.atan2"},
    {"hypot", "np.hypot", 2, "", Helper::Hypot},
    {"fmod", "np.fmod", 2},
    {"copysign", "np.copysign", 2},
    {"fmax", "np.fmax", 2},
    {"fmin", "np.fmin", 2},
    {"nextafter", "np.nextafter", 2},
});

const LibraryRow* find_row(std::string_view name) {
  for (const LibraryRow& row : kLibrary) {
    const bool has_suffix = name.ends_with('f') || name.ends_with('l');  // sinf, and sinl where long double is double
    if (row.c_name == name || (has_suffix && row.c_name == name.substr(0, name.size() - 1))) return &row;
  }
  return nullptr;
}

std::string_view plain_name(std::string_view name) {
  constexpr std::string_view prefix = "__builtin_";
  return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

// n of `n * sizeof(T)` and `sizeof(T) * n`.
const Expr* element_count(const Expr* size) {
  const auto is_sizeof = [](const Expr* expr) { return isa<UnaryExprOrTypeTraitExpr>(expr->IgnoreParenImpCasts()); };
  const auto* product = dyn_cast<BinaryOperator>(size->IgnoreParenImpCasts());
  if (!product || product->getOpcode() != BO_Mul) return nullptr;
  if (is_sizeof(product->getRHS())) return product->getLHS();
  return is_sizeof(product->getLHS()) ? product->getRHS() : nullptr;
}

bool is_zero(const Expr* expr) {
  const auto* number = dyn_cast<IntegerLiteral>(expr->IgnoreParenImpCasts());
  return number && number->getValue() == 0;
}

const FunctionDecl* callee_of(const Expr* expr) {
  const auto* call = dyn_cast<CallExpr>(expr->IgnoreParenCasts());
  return call ? call->getDirectCallee() : nullptr;
}

}  // namespace

bool FunctionTranslator::is_allocation(const Expr* expr) const {
  const FunctionDecl* callee = callee_of(expr);
  if (!callee || !callee->getIdentifier()) return false;
  const std::string_view name = plain_name(callee->getName());
  return name == "malloc" || name == "calloc" || name == "alloca";
}

void FunctionTranslator::allocate(const VarDecl& variable, const Expr& expr) {
  const auto& call = cast<CallExpr>(expr);
  const auto scalar = scalar_of(variable.getType()->getPointeeType(), context_);
  if (!scalar) refuse(call.getExprLoc(), "memory for something that is no number");
  const bool zeroed = call.getNumArgs() == 2;
  const Expr* count = zeroed ? call.getArg(0) : element_count(call.getArg(0));
  if (!count) refuse(call.getExprLoc(), "an allocation whose size is not 'count * sizeof(type)'");
  Variable result;
  result.home = Home::Pointer;
  const std::string size = read_only_index(count).text;
  result.name = names_.take(variable.getNameAsString());
  if (facts_.of(&variable).moves || facts_.of(&variable).sources.size() > 1) {
    result.position = names_.take(result.name + "_at");
    out_.line(fmt::format("{} = 0", result.position));
  }
  out_.line(fmt::format("{} = np.{}({}, dtype={})", result.name, zeroed ? "zeros" : "empty", size, dtype_of(*scalar)));
  variables_[&variable] = result;
}

void FunctionTranslator::add_record_arguments(const Place& place, const RecordDecl& record, bool by_value,
                                              std::vector<std::string>& list, SourceLocation where) {
  for (const FieldDecl* member : record.fields()) {
    const Place part = field(place, *member);
    const ArrayShape shape = array_shape(member->getType(), context_);
    if (const RecordDecl* inner = record_of(shape.element); inner && shape.rank == 0) {
      add_record_arguments(part, *inner, by_value, list, where);
    } else if (by_value) {
      list.push_back(shape.rank > 0 ? text_of(part) + ".copy()" : load(part, where).text);
    } else {
      list.push_back(view_of(part));
    }
  }
}

// The array that a vector, std::array, span, or a span made of one is.
std::string FunctionTranslator::container_text(const Expr& written) {
  const Expr* expr = written.IgnoreImplicit();
  if (const auto* cast = dyn_cast<ExplicitCastExpr>(expr)) return container_text(*cast->getSubExpr());
  if (const auto* made = dyn_cast<CXXConstructExpr>(expr); made && made->getNumArgs() >= 1) {
    const bool is_pair =
        made->getNumArgs() == 2 && made->getArg(0)->getType()->isPointerType() && made->getArg(1)->getType()->isIntegerType();
    if (!is_pair) return container_text(*made->getArg(0));
    return part_of(pointer(made->getArg(0)), read_only_index(made->getArg(1)));
  }
  if (const auto* call = dyn_cast<CXXMemberCallExpr>(expr);
      call && call->getMethodDecl() && call->getMethodDecl()->getIdentifier()) {
    const llvm::StringRef name = call->getMethodDecl()->getName();
    if (name == "subspan" || name == "first" || name == "last") {
      const Place all = decayed(place(call->getImplicitObjectArgument()));
      const Value count = read_only_index(call->getArg(0));
      const bool has_length = call->getNumArgs() > 1 && !isa<CXXDefaultArgExpr>(call->getArg(1));
      if (name == "first") return part_of(all, count);
      if (name == "last") return fmt::format("{0}[len({0}) - {1}:]", view_of(all), operand(count, Prec::Sum, true));
      if (!has_length) return view_of(moved(all, count, true));
      return part_of(moved(all, count, true), read_only_index(call->getArg(1)));
    }
  }
  return view_of(decayed(place(expr)));
}

// `count` elements from the place on: a[k:k + count].
std::string FunctionTranslator::part_of(const Place& place, const Value& count) {
  std::string list;
  for (std::size_t k = 0; k + 1 < place.indices.size(); ++k) list += place.indices[k].text + ", ";
  const Value& begin = place.indices.back();
  return fmt::format("{}[{}{}:{}]", place.base, list, begin.text == "0" ? "" : begin.text,
                     moved(place, count, true).indices.back().text);
}

std::vector<std::string> FunctionTranslator::arguments(const CallExpr& call, const FunctionDecl& callee) {
  std::vector<std::string> list;
  const auto* method = dyn_cast<CXXMethodDecl>(&callee);
  const bool has_object = method && method->isInstance();
  if (has_object && !method->getParent()->isLambda()) add_object(call, *method, list);
  const unsigned first = has_object && isa<CXXOperatorCallExpr>(call) ? 1 : 0;  // its first argument is the object
  add_arguments({call.getArgs() + first, call.getNumArgs() - first}, callee, list, call.getExprLoc());
  return list;
}

void FunctionTranslator::add_arguments(llvm::ArrayRef<const Expr*> given, const FunctionDecl& callee,
                                       std::vector<std::string>& list, SourceLocation where) {
  if (callee.isVariadic() || given.size() != callee.getNumParams()) refuse(where, "a call with a variable number of arguments");
  for (unsigned k = 0; k < given.size(); ++k) {
    const Expr* argument = given[k];
    const QualType type = callee.getParamDecl(k)->getType();
    if (is_closure(type)) {
      list.push_back(function_name(*argument));
      continue;
    }
    if (type->isFunctionPointerType() || type->isVoidPointerType()) {
      const auto* reference = dyn_cast<DeclRefExpr>(argument->IgnoreParenImpCasts());
      if (!reference) refuse(argument->getExprLoc(), "a computed pointer to something unknown");
      const auto* function = dyn_cast<FunctionDecl>(reference->getDecl());
      list.push_back(function ? unit_.use(*function, argument->getExprLoc())
                              : variable(*reference->getDecl(), argument->getExprLoc()).name);
      continue;
    }
    if (container_element(type)) {
      list.push_back(container_text(*argument));
      continue;
    }
    const bool is_reference = type->isReferenceType() && !type.getNonReferenceType().isConstQualified();
    if (type->isPointerType() || is_reference) {
      const Place target = is_reference ? place(argument) : pointer(argument);
      if (target.indices.empty() && !target.type->isArrayType()) refuse(argument->getExprLoc(), "a reference to this variable");
      if (const RecordDecl* record = record_of(target.type)) {
        add_record_arguments(target, *record, false, list, argument->getExprLoc());
      } else {
        list.push_back(target.indices.empty() ? target.base : view_of(target));
      }
      continue;
    }
    if (const RecordDecl* record = record_of(type.getNonReferenceType())) {
      add_record_arguments(place(argument->IgnoreImplicit()), *record, true, list, argument->getExprLoc());
      continue;
    }
    const auto scalar = scalar_of(type, context_);
    if (!scalar) refuse(argument->getExprLoc(), fmt::format("an argument of type '{}'", type.getAsString()));
    list.push_back(converted(expression(argument), *scalar).text);
  }
}

// __builtin_expect and the like, and functions that look at the bits of an integer.
std::optional<Value> FunctionTranslator::bit_call(const CallExpr& call, std::string_view name) {
  const auto scalar = scalar_of(call.getType(), context_);
  if (!scalar || call.getNumArgs() == 0) return std::nullopt;
  if (name == "expect" || name == "expect_with_probability") return converted(expression(call.getArg(0)), *scalar);
  const auto given = scalar_of(call.getArg(0)->getType(), context_);
  if (!given) return std::nullopt;
  if (name == "bit_cast") {
    return reinterpreted(converted(expression(call.getArg(0)), *given), *given, *scalar, call.getExprLoc());
  }
  if (name.ends_with("ll")) name.remove_suffix(2);
  if (name.ends_with('l') && name != "l") name.remove_suffix(1);
  if (name.starts_with("countl_")) name = "clz";
  if (name.starts_with("countr_")) name = "ctz";
  if ((name != "clz" && name != "ctz" && name.substr(0, 8) != "popcount") || !given->is_integer()) return std::nullopt;
  const Scalar pattern{given->bits == 64 ? Rep::U64 : Rep::Int, given->bits, false};
  const Value value = converted(expression(call.getArg(0)), pattern);
  const Range range{0, given->bits};
  const std::string number = fmt::format("int({})", value.text);
  if (name == "popcount") return atom(number + ".bit_count()", Rep::Int, range);
  if (name == "ctz") return kjit::import::call(unit_.use(Helper::TrailingZeros), value, Rep::Int, range);
  return infix(integer(given->bits), "-", atom(number + ".bit_length()", Rep::Int, range), Prec::Sum, Rep::Int, range);
}

std::optional<Value> FunctionTranslator::library_call(const CallExpr& call, const std::string& full_name) {
  const std::string name(plain_name(full_name));
  const auto scalar = scalar_of(call.getType(), context_);
  const auto argument = [&](unsigned k) { return expression(call.getArg(k)); };
  if (name == "free") return atom("", Rep::None);
  if (const auto bits = bit_call(call, name)) return bits;
  if (name == "isnan" || name == "isinf" || name == "isfinite" || name == "isinf_sign") {
    const char* known = name == "isnan" ? "np.isnan" : name == "isfinite" ? "np.isfinite" : "np.isinf";
    const Value holds = kjit::import::call(known, argument(0), Rep::Bool);
    if (name != "isinf_sign") return holds;  // isinf() of Clang: 1, or -1 for -inf
    const Value sign = atom(fmt::format("int(np.copysign(1.0, {}))", argument(0).text), Rep::Int, {-1, 1});
    return infix(kjit::import::call("int", holds, Rep::Int, {0, 1}), "*", sign, Prec::Product, Rep::Int, {-1, 1});
  }
  if (name == "signbit" || name == "signbitf" || name == "signbitl") {
    const Value sign{fmt::format("np.copysign(1.0, {})", argument(0).text), Prec::Atom, Rep::F64, {}, false};
    return infix(sign, "<", atom("0.0", Rep::F64), Prec::Compare, Rep::Bool);
  }
  if (name == "huge_val" || name == "inf" || name == "inff" || name == "huge_valf") {
    return scalar->rep == Rep::F32 ? atom("f32(np.inf)", Rep::F32) : atom("np.inf", Rep::F64);
  }
  if (name == "nan" || name == "nanf") return scalar->rep == Rep::F32 ? atom("f32(np.nan)", Rep::F32) : atom("np.nan", Rep::F64);
  if (!scalar) return std::nullopt;
  if (name == "abs" || name == "labs" || name == "llabs") {
    const Value value = converted(argument(0), *scalar);
    if (scalar->rep != Rep::Int) return kjit::import::call("abs", value, scalar->rep);
    const __int128 largest = std::max(-value.range.lo, value.range.hi);
    return wrapped(kjit::import::call("abs", value, Rep::Int, {0, largest}), *scalar);
  }
  if ((name == "max" || name == "min") && call.getNumArgs() == 2) {
    return atom(fmt::format("{}({}, {})", name, argument(0).text, argument(1).text), scalar->rep, scalar->range());
  }
  if (name == "lrint" || name == "llrint" || name == "lrintf" || name == "llrintf") {
    return kjit::import::call("int", kjit::import::call("np.rint", argument(0), Rep::F64), Rep::Int, scalar->range());
  }
  if (name == "lround" || name == "llround" || name == "lroundf" || name == "llroundf") {
    const Value rounded = kjit::import::call(unit_.use(Helper::Round), argument(0), Rep::F64);
    return kjit::import::call("int", rounded, Rep::Int, scalar->range());
  }
  for (const auto& [test, op] : {std::pair("isgreater", ">"), std::pair("isgreaterequal", ">="), std::pair("isless", "<"),
                                 std::pair("islessequal", "<=")}) {
    if (name == test) return infix(argument(0), op, argument(1), Prec::Compare, Rep::Bool);
  }
  if (name == "round" || name == "roundf") return kjit::import::call(unit_.use(Helper::Round), argument(0), scalar->rep);
  if (name == "erf" || name == "erfc") return kjit::import::call("math." + name, argument(0), Rep::F64);
  const LibraryRow* row = find_row(name);
  if (!row || call.getNumArgs() != static_cast<unsigned>(row->arguments)) return std::nullopt;
  std::string kernel_name(row->kernel_name);
  if (scalar->rep == Rep::F64 && !row->double_name.empty()) kernel_name = row->double_name;
  if (scalar->rep == Rep::F64 && row->helper) kernel_name = unit_.use(*row->helper);
  const Value first = argument(0);
  if (row->arguments == 1) return kjit::import::call(kernel_name, first, scalar->rep);
  return atom(fmt::format("{}({}, {})", kernel_name, first.text, argument(1).text), scalar->rep);
}

// memcpy of one number, whose bits may get another type, or of one record.
bool FunctionTranslator::copy_whole(const Place& to, const Place& from, SourceLocation where) {
  const auto target = scalar_of(to.type, context_), source = scalar_of(from.type, context_);
  if (target && source && target->bits == source->bits) {
    store(to, reinterpreted(load(from, where), *source, *target, where), where);
    return true;
  }
  const RecordDecl* record = record_of(to.type);
  if (!record || !context_.hasSameUnqualifiedType(to.type, from.type)) return false;
  assign_record(to, from, *record, where);
  return true;
}

bool FunctionTranslator::memory_call(const CallExpr& call) {
  const FunctionDecl* callee = call.getDirectCallee();
  if (!callee || !callee->getIdentifier() || callee->hasBody()) return false;
  const std::string_view name = plain_name(callee->getName());
  const bool copies = name == "memcpy" || name == "memmove";
  if ((!copies && name != "memset") || call.getNumArgs() != 3) return false;
  const SourceLocation where = call.getExprLoc();
  const Place to = address(call.getArg(0));
  const Expr* size = call.getArg(2)->IgnoreParenImpCasts();
  Expr::EvalResult known;
  const bool is_whole =
      size->EvaluateAsInt(known, context_) && !to.type->isIncompleteType() &&
      known.Val.getInt().getZExtValue() == static_cast<std::uint64_t>(context_.getTypeSizeInChars(to.type).getQuantity());
  if (is_whole && copies && copy_whole(to, address(call.getArg(1)), where)) return true;
  if (is_whole && !copies && scalar_of(to.type, context_) && is_zero(call.getArg(1)))
    return store(to, converted(integer(0), scalar_at(to, where)), where), true;
  if (!scalar_of(to.type, context_) || to.window || to.indices.empty()) refuse(where, "memory that holds no numbers");
  Value count;
  if (const Expr* elements = element_count(size)) {
    count = read_only_index(elements);
  } else {
    Expr::EvalResult bytes;
    if (!size->EvaluateAsInt(bytes, context_)) refuse(call.getExprLoc(), "a size that is not 'count * sizeof(type)'");
    count =
        integer(bytes.Val.getInt().getExtValue() / static_cast<std::int64_t>(context_.getTypeSizeInChars(to.type).getQuantity()));
  }
  const auto part = [&](const Place& place) { return part_of(place, count); };
  if (copies) {
    const Place from = address(call.getArg(1));
    if (from.is_table || from.window || from.indices.empty() || !context_.hasSameUnqualifiedType(to.type, from.type))
      refuse(call.getExprLoc(), "memory read as another type");
    out_.line(fmt::format("{} = {}", part(to), part(from)));
    return true;
  }
  if (!is_zero(call.getArg(1))) refuse(call.getExprLoc(), "memset with something other than 0");
  out_.line(fmt::format("{} = 0", part(to)));
  return true;
}

std::optional<Value> FunctionTranslator::method_call(const CXXMemberCallExpr& call) {
  const CXXMethodDecl* method = call.getMethodDecl();
  if (!method || !method->getIdentifier() || !container_element(call.getObjectType())) return std::nullopt;
  const auto object = [&] { return place(call.getImplicitObjectArgument()); };
  const llvm::StringRef name = method->getName();
  if (name == "size") {
    const Place counted = object();
    const Value length{fmt::format("len({})", counted.is_table ? counted.base : view_of(decayed(counted))),
                       Prec::Atom,
                       Rep::Int,
                       {0, signed_range(64).hi},
                       false};
    Value result = kjit::import::call("u64", length, Rep::U64);
    result.before = std::make_shared<const Value>(length);
    return result;
  }
  if (name == "empty")
    return infix(atom(fmt::format("len({})", view_of(decayed(object()))), Rep::Int), "==", integer(0), Prec::Compare, Rep::Bool);
  return std::nullopt;
}

Value FunctionTranslator::call(const CallExpr& call) {
  const Setting exact(in_subscript_, false);
  if (const auto* member = dyn_cast<CXXMemberCallExpr>(&call)) {
    if (const auto known = method_call(*member)) return *known;
  }
  const FunctionDecl* callee = call.getDirectCallee();
  const auto scalar = scalar_of(call.getType(), context_);
  const auto written = [&](const std::string& name, const std::vector<std::string>& list) {
    Value result = atom(fmt::format("{}({})", name, fmt::join(list, ", ")), scalar ? scalar->rep : Rep::None);
    if (scalar) result.range = scalar->range();
    return result;
  };
  if (!callee) {  // through a parameter that is a function
    const auto* reference = dyn_cast<DeclRefExpr>(call.getCallee()->IgnoreParenImpCasts());
    const auto* pointer_type = reference ? reference->getType()->getAs<PointerType>() : nullptr;
    if (!pointer_type) refuse(call.getExprLoc(), "a call of a computed function");
    std::vector<std::string> list;
    for (const Expr* argument : call.arguments()) {
      const auto* opaque = dyn_cast<DeclRefExpr>(argument->IgnoreParenImpCasts());
      if (opaque && argument->getType()->isVoidPointerType()) {
        list.push_back(variable(*opaque->getDecl(), argument->getExprLoc()).name);
      } else if (argument->getType()->isPointerType()) {
        list.push_back(view_of(pointer(argument)));
      } else {
        list.push_back(expression(argument).text);
      }
    }
    return written(variable(*reference->getDecl(), call.getExprLoc()).name, list);
  }
  const auto* closure = dyn_cast<CXXMethodDecl>(callee);
  if (closure && closure->getParent()->isLambda()) {
    const std::string name = function_name(*call.getArg(0));
    return written(name, arguments(call, *callee));
  }
  if (!unit_.has_body(*callee)) {
    const auto known = callee->getIdentifier() ? library_call(call, callee->getNameAsString()) : std::nullopt;
    if (known) return *known;
    refuse(call.getExprLoc(), fmt::format("a call of '{}', which has no body here", callee->getNameAsString()));
  }
  if (callee->isInStdNamespace()) {
    if (const auto known = library_call(call, callee->getNameAsString())) return *known;
  }
  const std::string name = unit_.use(*callee, call.getExprLoc());
  return written(name, arguments(call, *callee));
}

}  // namespace kjit::import
