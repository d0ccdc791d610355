// libm by name: call_libm_function().

#include "interpret/libm.h"

#include <math.h>

#include <algorithm>
#include <iterator>

#include "support/assert.h"

namespace kjit::interpreter {

namespace {

struct Unary {
  std::string_view name;
  double (*wide)(double);
  float (*single)(float);
};
struct Binary {
  std::string_view name;
  double (*wide)(double, double);
  float (*single)(float, float);
};

constexpr Unary kUnary[] = {
#define FUNCTION(name) {#name, ::name, ::name##f}
    FUNCTION(sin),   FUNCTION(cos),  FUNCTION(tan),   FUNCTION(asin),  FUNCTION(acos),  FUNCTION(atan),
    FUNCTION(sinh),  FUNCTION(cosh), FUNCTION(tanh),  FUNCTION(asinh), FUNCTION(acosh), FUNCTION(atanh),
    FUNCTION(exp),   FUNCTION(exp2), FUNCTION(expm1), FUNCTION(log),   FUNCTION(log2),  FUNCTION(log10),
    FUNCTION(log1p), FUNCTION(cbrt), FUNCTION(erf),   FUNCTION(erfc),
};
constexpr Binary kBinary[] = {
    FUNCTION(atan2), FUNCTION(hypot), FUNCTION(fmod), FUNCTION(remainder), FUNCTION(nextafter), FUNCTION(pow),
#undef FUNCTION
};

template <typename Table>
auto find(const Table& table, std::string_view name) {
  const auto found = std::find_if(std::begin(table), std::end(table), [&](const auto& row) { return row.name == name; });
  return found == std::end(table) ? nullptr : found;
}

}  // namespace

double call_libm_function(std::string_view symbol, Kind kind, std::size_t arity, double x, double y) {
  const bool single = kind == Kind::F32;
  if (arity == 1) {
    const Unary* row = find(kUnary, symbol);
    KJIT_ASSERT(row != nullptr, "a builtin names an unknown function of one argument");
    return single ? static_cast<double>(row->single(static_cast<float>(x))) : row->wide(x);
  }
  const Binary* row = find(kBinary, symbol);
  KJIT_ASSERT(row != nullptr, "a builtin names an unknown function of two arguments");
  return single ? static_cast<double>(row->single(static_cast<float>(x), static_cast<float>(y))) : row->wide(x, y);
}

bool has_libm_function(std::string_view symbol) { return find(kUnary, symbol) != nullptr || find(kBinary, symbol) != nullptr; }

}  // namespace kjit::interpreter
