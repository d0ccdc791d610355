// What kernels use inside and around parallel loops: atomic updates, the number of threads.

#include "library/handlers.h"

namespace kjit {

namespace {

const char* instead_of_array_of(const Type& type) {
  if (!type.is_array()) return "a variable that every iteration updates is a reduction: s += x, m = min(m, x)";
  if (Type(type.dtype()).is(Kind::Bool)) return "use an array of np.uint8";
  return "keep the real and the imaginary parts in two arrays of floats";
}

std::optional<std::vector<ExprPtr>> atomic_place(FunctionChecker& c, const CallSite& site, const ast::Expr& array,
                                                 const ast::Expr& index) {
  std::vector<ExprPtr> place;
  place.push_back(c.check(array));
  const Type type = place[0]->type;
  std::vector<typed::Subscript> subscripts;
  if (!c.add_subscript(index, 0, subscripts) || type.is_unknown()) return std::nullopt;
  if (!type.is_array() || !(Type(type.dtype()).is_integer() || Type(type.dtype()).is_float())) {
    c.report<DiagId::E0606>(array.span, site.name, "an array of integers or floats", to_string(type))
        .suggest(instead_of_array_of(type));
    return std::nullopt;
  }
  if (subscripts.size() != static_cast<std::size_t>(type.rank())) {
    c.report<DiagId::E0606>(index.span, site.name, std::to_string(type.rank()) + (type.rank() == 1 ? " index" : " indices"),
                            std::to_string(subscripts.size()))
        .suggest(type.rank() == 1 ? "" : "write the indices of one element as a tuple: (i, j)");
    return std::nullopt;
  }
  for (typed::Subscript& subscript : subscripts) place.push_back(std::move(subscript.index));
  return place;
}

// Of the element type, so that the step is one operation of the machine; what a store would truncate is refused.
ExprPtr atomic_value(FunctionChecker& c, const CallSite& site, const ast::Expr& value, const Type& dtype) {
  ExprPtr checked = c.check(value);
  const Type type = checked->type;
  if (type.is_unknown()) return checked;
  if (!type.is_scalar()) return c.bad_argument(site, "a number", type, value.span);
  if (type.is_complex() || (type.is_float() && dtype.is_integer())) {
    c.report<DiagId::E0706>(value.span, to_string(type), to_string(dtype))
        .suggest(type.is_complex() ? "write .real or abs(...)" : "write int(...), or make it an array of floats");
    return c.invalid(value.span);
  }
  return c.convert(std::move(checked), dtype);
}

}  // namespace

// atomic_add(array, index, value) and its like: the arguments that library/builtins.def states, the index spread over the axes.
ExprPtr call_atomic(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 3, {"array", "index", "value"});
  if (!taken) return c.invalid(site.span());
  std::optional<std::vector<ExprPtr>> args = atomic_place(c, site, *(*taken)[0], *(*taken)[1]);
  if (!args) return c.invalid(site.span());
  Type dtype = args->front()->type.dtype();
  args->push_back(atomic_value(c, site, *(*taken)[2], dtype));
  if (args->back()->type.is_unknown()) return c.invalid(site.span());
  return c.builtin_call(site.row->builtin(), dtype, site.span(), std::move(*args));
}

ExprPtr call_get_num_threads(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> none = c.check_args(site, 0, 0);
  return none ? c.builtin_call(Builtin::GetNumThreads, Kind::I64, site.span(), {}) : c.invalid(site.span());
}

// Only the script sets the number: what an iteration of a parallel loop did to it would depend on the thread that ran it.
ExprPtr call_set_num_threads(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 1);
  if (!args) return c.invalid(site.span());
  if (!c.is_script()) {
    c.report<DiagId::E0612>(site.span(), site.name, "at the top level of the script")
        .suggest("call it there, or use --threads N or prange(..., num_threads=N)");
    return c.invalid(site.span());
  }
  (*args)[0] = c.argument_i64(site, std::move((*args)[0]));
  if ((*args)[0]->type.is_unknown()) return c.invalid(site.span());
  return c.builtin_call(Builtin::SetNumThreads, Kind::None, site.span(), std::move(*args));
}

}  // namespace kjit
