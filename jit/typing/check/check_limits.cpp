// The limits of element types, which are constants: np.finfo(float).eps, np.iinfo(np.int32).max. Entry:
// FunctionChecker::limit_of_type.

#include <cstdint>
#include <limits>
#include <optional>

#include "typing/check/checker.h"

namespace kjit {

namespace {

template <typename T>
std::optional<double> float_limit(std::string_view name) {
  using Limits = std::numeric_limits<T>;
  if (name == "eps") return Limits::epsilon();
  if (name == "epsneg") return Limits::epsilon() / 2;
  if (name == "max") return Limits::max();
  if (name == "min") return Limits::lowest();
  if (name == "tiny" || name == "smallest_normal") return Limits::min();
  if (name == "smallest_subnormal") return Limits::denorm_min();
  if (name == "resolution") return sizeof(T) == 8 ? 1e-15 : static_cast<double>(1e-6F);
  return std::nullopt;
}

int bits_of(Kind kind) { return static_cast<int>(8 * byte_size(kind)); }

// Of an integer type; the largest u64 is no i64.
std::optional<std::int64_t> integer_limit(const Type& type, std::string_view name) {
  const int bits = bits_of(type.kind());
  if (name == "bits") return bits;
  const std::int64_t half = bits == 64 ? INT64_MAX : (std::int64_t{1} << (bits - 1)) - 1;
  if (name == "min") return type.is_signed() ? -half - 1 : 0;
  if (name == "max") return type.is_signed() ? half : 2 * half + 1;
  return std::nullopt;
}

}  // namespace

FunctionChecker::ExprPtr FunctionChecker::limit_of_type(const ast::Expr& expr, const ast::Call& call, const std::string& function,
                                                        const ast::Attribute& attribute) {
  const CallSite site{*attribute.value, call, function, std::string_view(function).substr(6)};
  const bool of_floats = function == "numpy.finfo";
  std::optional<std::vector<const ast::Expr*>> taken = take_args(site, 1, {"dtype"});
  if (!taken) return invalid(expr.span);
  std::optional<kjit::Kind> kind = dtype_of(*(*taken)[0]);
  if (!kind) return invalid(expr.span);
  if (of_floats && Type(*kind).is_complex()) kind = real_part_kind(*kind);
  const Type type(*kind);
  if (of_floats ? !type.is_float() : !type.is_integer()) {
    return bad_argument(site, of_floats ? "a type of floats" : "a type of integers", type, (*taken)[0]->span);
  }
  const std::string& name = attribute.name;
  if (of_floats && name == "bits") return int_constant(bits_of(*kind), expr.span);
  if (of_floats) {
    const std::optional<double> limit = type.is(Kind::F32) ? float_limit<float>(name) : float_limit<double>(name);
    if (limit) return make(type.as_numpy(), expr.span, typed::Constant{*limit, true});
  } else if (type.is(Kind::U64) && name == "max") {
    return make(Kind::U64, expr.span, typed::Constant{std::uint64_t{UINT64_MAX}});
  } else if (const std::optional<std::int64_t> limit = integer_limit(type, name)) {
    return int_constant(*limit, expr.span);
  }
  report<DiagId::E0607>(attribute.name_span, "np." + std::string(site.name) + "(...)", name)
      .suggest(of_floats ? "it has eps, max, min, tiny, bits" : "it has max, min, bits");
  return invalid(expr.span);
}

}  // namespace kjit
