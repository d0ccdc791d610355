// Calls: of functions that are translated as well, and of the C library.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <string_view>

#include "translator.h"

namespace kjit::import {

using namespace clang;

namespace {

// C's functions of floats that never raise, by the kernel's name for them. The names with f behind them are those of floats of 32
// bits.
struct LibraryRow {
  std::string_view c_name, kernel_name;
  int arguments;
};
constexpr std::array kLibrary = std::to_array<LibraryRow>({
    {"sqrt", "np.sqrt", 1},
    {"cbrt", "np.cbrt", 1},
    {"fabs", "abs", 1},
    {"floor", "np.floor", 1},
    {"ceil", "np.ceil", 1},
    {"trunc", "np.trunc", 1},
    {"rint", "np.rint", 1},
    {"nearbyint", "np.rint", 1},
    {"exp", "np.exp", 1},
    {"exp2", "np.exp2", 1},
    {"expm1", "np.expm1", 1},
    {"log", "np.log", 1},
    {"log2", "np.log2", 1},
    {"log10", "np.log10", 1},
    {"log1p", "np.log1p", 1},
    {"sin", "np.sin", 1},
    {"cos", "np.cos", 1},
    {"tan", "np.tan", 1},
    {"asin", "np.arcsin", 1},
    {"acos", "np.arccos", 1},
    {"atan", "np.arctan", 1},
    {"sinh", "np.sinh", 1},
    {"cosh", "np.cosh", 1},
    {"tanh", "np.tanh", 1},
    {"asinh", "np.arcsinh", 1},
    {"acosh", "np.arccosh", 1},
    {"atanh", "np.arctanh", 1},
    {"pow", "np.power", 2},
    {"atan2", "np.arctan2", 2},
    {"hypot", "np.hypot", 2},
    {"fmod", "np.fmod", 2},
    {"copysign", "np.copysign", 2},
    {"fmax", "np.fmax", 2},
    {"fmin", "np.fmin", 2},
    {"nextafter", "np.nextafter", 2},
});

const LibraryRow* find_row(std::string_view name) {
  for (const LibraryRow& row : kLibrary) {
    if (row.c_name == name || (name.ends_with('f') && row.c_name == name.substr(0, name.size() - 1))) return &row;
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

std::vector<std::string> FunctionTranslator::arguments(const CallExpr& call, const FunctionDecl& callee) {
  std::vector<std::string> list;
  if (callee.isVariadic() || call.getNumArgs() != callee.getNumParams())
    refuse(call.getExprLoc(), "a call with a variable number of arguments");
  for (unsigned k = 0; k < call.getNumArgs(); ++k) {
    const Expr* argument = call.getArg(k);
    const QualType type = callee.getParamDecl(k)->getType();
    if (type->isFunctionPointerType() || type->isVoidPointerType()) {
      const auto* reference = dyn_cast<DeclRefExpr>(argument->IgnoreParenImpCasts());
      if (!reference) refuse(argument->getExprLoc(), "a computed pointer to something unknown");
      const auto* function = dyn_cast<FunctionDecl>(reference->getDecl());
      list.push_back(function ? unit_.use(*function, argument->getExprLoc())
                              : variable(*reference->getDecl(), argument->getExprLoc()).name);
      continue;
    }
    if (container_element(type)) {
      list.push_back(view_of(decayed(place(argument->IgnoreImplicit()))));
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
  return list;
}

std::optional<Value> FunctionTranslator::library_call(const CallExpr& call, const std::string& full_name) {
  const std::string name(plain_name(full_name));
  const auto scalar = scalar_of(call.getType(), context_);
  const auto argument = [&](unsigned k) { return expression(call.getArg(k)); };
  if (name == "free") return atom("", Rep::None);
  if (name == "isnan" || name == "isinf" || name == "isfinite" || name == "isinf_sign") {
    const char* known = name == "isnan" ? "np.isnan" : name == "isfinite" ? "np.isfinite" : "np.isinf";
    const Value holds = kjit::import::call(known, argument(0), Rep::Bool);
    if (name != "isinf_sign") return holds;  // isinf() of Clang: 1, or -1 for -inf
    const Value sign = atom(fmt::format("int(np.copysign(1.0, {}))", argument(0).text), Rep::Int, {-1, 1});
    return infix(kjit::import::call("int", holds, Rep::Int, {0, 1}), "*", sign, Prec::Product, Rep::Int, {-1, 1});
  }
  if (name == "signbit") {
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
  if (name == "round" || name == "roundf") return kjit::import::call(unit_.use(Helper::Round), argument(0), scalar->rep);
  if (name == "erf" || name == "erfc") return kjit::import::call("math." + name, argument(0), Rep::F64);
  const LibraryRow* row = find_row(name);
  if (!row || call.getNumArgs() != static_cast<unsigned>(row->arguments)) return std::nullopt;
  const Value first = argument(0);
  if (row->arguments == 1) return kjit::import::call(row->kernel_name, first, scalar->rep);
  return atom(fmt::format("{}({}, {})", row->kernel_name, first.text, argument(1).text), scalar->rep);
}

bool FunctionTranslator::memory_call(const CallExpr& call) {
  const FunctionDecl* callee = call.getDirectCallee();
  if (!callee || !callee->getIdentifier() || callee->hasBody()) return false;
  const std::string_view name = plain_name(callee->getName());
  const bool copies = name == "memcpy" || name == "memmove";
  if ((!copies && name != "memset") || call.getNumArgs() != 3) return false;
  const auto target_of = [&](const Expr* expr) {  // without the conversion to void*
    const auto* cast = dyn_cast<ImplicitCastExpr>(expr);
    return pointer(cast && cast->getCastKind() == CK_BitCast ? cast->getSubExpr() : expr);
  };
  const Place to = target_of(call.getArg(0));
  if (!scalar_of(to.type, context_)) refuse(call.getExprLoc(), "memory that holds no numbers");
  const Expr* size = call.getArg(2)->IgnoreParenImpCasts();
  Value count;
  if (const Expr* elements = element_count(size)) {
    count = read_only_index(elements);
  } else {
    Expr::EvalResult bytes;
    if (!size->EvaluateAsInt(bytes, context_)) refuse(call.getExprLoc(), "a size that is not 'count * sizeof(type)'");
    count =
        integer(bytes.Val.getInt().getExtValue() / static_cast<std::int64_t>(context_.getTypeSizeInChars(to.type).getQuantity()));
  }
  const auto part = [&](const Place& place) {
    std::string list;
    for (std::size_t k = 0; k + 1 < place.indices.size(); ++k) list += place.indices[k].text + ", ";
    const Value end = moved(place, count, true).indices.back();
    const Value& begin = place.indices.back();
    return fmt::format("{}[{}{}:{}]", place.base, list, begin.text == "0" ? "" : begin.text, end.text);
  };
  if (copies) {
    const Place from = target_of(call.getArg(1));
    if (from.is_table || !context_.hasSameUnqualifiedType(to.type, from.type))
      refuse(call.getExprLoc(), "memory read as another type");
    out_.line(fmt::format("{} = {}", part(to), part(from)));
    return true;
  }
  const auto* zero = dyn_cast<IntegerLiteral>(call.getArg(1)->IgnoreParenImpCasts());
  if (!zero || zero->getValue() != 0) refuse(call.getExprLoc(), "memset with something other than 0");
  out_.line(fmt::format("{} = 0", part(to)));
  return true;
}

std::optional<Value> FunctionTranslator::method_call(const CXXMemberCallExpr& call) {
  const CXXMethodDecl* method = call.getMethodDecl();
  if (!method || !method->getIdentifier() || !container_element(call.getObjectType())) return std::nullopt;
  const auto object = [&] { return place(call.getImplicitObjectArgument()); };
  const llvm::StringRef name = method->getName();
  if (name == "size") {
    const Value length{fmt::format("len({})", view_of(decayed(object()))), Prec::Atom, Rep::Int, {0, signed_range(64).hi}, false};
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
    refuse(call.getExprLoc(),
           fmt::format("a call of the method '{}'", member->getMethodDecl() ? member->getMethodDecl()->getNameAsString() : "?"));
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
