// What kernels use inside and around parallel loops: atomic updates, the number of threads. The table is in check_builtin.cpp.

#include "typing/check/checker.h"

namespace kjit {

namespace {

Builtin atomic_builtin(std::string_view name) {
  if (name == "atomic_min") return Builtin::AtomicMin;
  return name == "atomic_max" ? Builtin::AtomicMax : Builtin::AtomicAdd;
}

const char* instead_of_array_of(const Type& type) {
  if (!type.is_array()) return "a variable that every iteration updates is a reduction: s += x, m = min(m, x)";
  if (Type(type.dtype()).is(Kind::Bool)) return "use an array of np.uint8";
  return "keep the real and the imaginary parts in two arrays of floats";
}

}  // namespace

// atomic_add(array, index, value) and its like: the arguments of typing/tree/builtins.def, the index spread over the axes.
FunctionChecker::ExprPtr FunctionChecker::call_atomic(const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = take_args(site, 3, {"array", "index", "value"});
  if (!taken) return invalid(site.span());
  std::optional<std::vector<ExprPtr>> args = atomic_place(site, *(*taken)[0], *(*taken)[1]);
  if (!args) return invalid(site.span());
  Type dtype = args->front()->type.dtype();
  args->push_back(atomic_value(site, *(*taken)[2], dtype));
  if (args->back()->type.is_unknown()) return invalid(site.span());
  return builtin_call(atomic_builtin(site.name), dtype, site.span(), std::move(*args));
}

std::optional<std::vector<FunctionChecker::ExprPtr>> FunctionChecker::atomic_place(const CallSite& site, const ast::Expr& array,
                                                                                   const ast::Expr& index) {
  std::vector<ExprPtr> place;
  place.push_back(check(array));
  const Type type = place[0]->type;
  std::vector<typed::Subscript> subscripts;
  if (!add_subscript(index, 0, subscripts) || type.is_unknown()) return std::nullopt;
  if (!type.is_array() || !(Type(type.dtype()).is_integer() || Type(type.dtype()).is_float())) {
    report<DiagId::E0606>(array.span, site.name, "an array of integers or floats", to_string(type))
        .suggest(instead_of_array_of(type));
    return std::nullopt;
  }
  if (subscripts.size() != static_cast<std::size_t>(type.rank())) {
    report<DiagId::E0606>(index.span, site.name, std::to_string(type.rank()) + (type.rank() == 1 ? " index" : " indices"),
                          std::to_string(subscripts.size()))
        .suggest(type.rank() == 1 ? "" : "write the indices of one element as a tuple: (i, j)");
    return std::nullopt;
  }
  for (typed::Subscript& subscript : subscripts) place.push_back(std::move(subscript.index));
  return place;
}

// Of the element type, so that the step is one operation of the machine; what a store would truncate is refused.
FunctionChecker::ExprPtr FunctionChecker::atomic_value(const CallSite& site, const ast::Expr& value, const Type& dtype) {
  ExprPtr checked = check(value);
  const Type type = checked->type;
  if (type.is_unknown()) return checked;
  if (!type.is_scalar()) return bad_argument(site, "a number", type, value.span);
  if (type.is_complex() || (type.is_float() && dtype.is_integer())) {
    report<DiagId::E0706>(value.span, to_string(type), to_string(dtype))
        .suggest(type.is_complex() ? "write .real or abs(...)" : "write int(...), or make it an array of floats");
    return invalid(value.span);
  }
  return convert(std::move(checked), dtype);
}

// Only the script sets the number: what an iteration of a parallel loop did to it would depend on the thread that ran it.
FunctionChecker::ExprPtr FunctionChecker::call_threads(const CallSite& site) {
  if (site.name == "get_num_threads") {
    std::optional<std::vector<ExprPtr>> none = check_args(site, 0, 0);
    return none ? builtin_call(Builtin::GetNumThreads, Kind::I64, site.span(), {}) : invalid(site.span());
  }
  std::optional<std::vector<ExprPtr>> args = check_args(site, 1, 1);
  if (!args) return invalid(site.span());
  if (!scope_.is_module()) {
    report<DiagId::E0612>(site.span(), site.name, "at the top level of the script")
        .suggest("call it there, or use --threads N or prange(..., num_threads=N)");
    return invalid(site.span());
  }
  (*args)[0] = argument_i64(site, std::move((*args)[0]));
  if ((*args)[0]->type.is_unknown()) return invalid(site.span());
  return builtin_call(Builtin::SetNumThreads, Kind::None, site.span(), std::move(*args));
}

}  // namespace kjit
