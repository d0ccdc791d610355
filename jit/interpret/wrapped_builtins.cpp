// Builtins that are runtime functions with arguments or results of a special form (rows of convention Inline with a symbol): the
// element type of the result as an argument, arrays without dtype and rank, several results, arrays that are filled in place.

#include <utility>

#include "interpret/machine.h"
#include "interpret/memory.h"
#include "runtime/runtime.h"

namespace kjit::interpreter {

namespace {

std::int64_t element_count(const Array& array) {
  std::int64_t count = 1;
  for (int axis = 0; axis < array.rank(); ++axis) {
    count *= array.size(axis);
  }
  return count;
}

Value pair(Value first, Value second) {
  std::vector<Value> elements;
  elements.push_back(std::move(first));
  elements.push_back(std::move(second));
  return make_tuple(std::move(elements));
}

Value split_exponent(double value) {
  std::int64_t exponent = 0;
  const double fraction = kjit_math_frexp(value, &exponent);
  return pair({fraction}, {exponent});
}

Value split_whole(double value) {
  double whole = 0;
  const double fraction = kjit_math_modf(value, &whole);
  return pair({fraction}, {whole});
}

}  // namespace

MaybeValue Machine::wrap_runtime(const typed::Expr& expr, const typed::BuiltinCall& node, const std::vector<Value>& args) {
  switch (node.builtin) {
    case Builtin::Eye: return make_eye(expr, args);
    case Builtin::Astype: return change_dtype(expr, node, args);
    case Builtin::Dot: return dot(expr, args);
    case Builtin::Fsum: return fsum(expr, args);
    case Builtin::Frexp: return split_exponent(args[0].real());
    case Builtin::Modf: return split_whole(args[0].real());
    case Builtin::CmathPolar: return polar(expr, args);
    case Builtin::FillRandom:
    case Builtin::FillUniform:
    case Builtin::FillGauss:
    case Builtin::FillIntegers: return fill_random(expr, node, args);
    case Builtin::CallHost: return call_host(expr, node, args);
    case Builtin::CallExtern: return call_extern(expr, node, args);
    default: KJIT_UNREACHABLE("not a wrapped builtin");
  }
}

MaybeValue Machine::make_eye(const typed::Expr& expr, const std::vector<Value>& args) {
  kjit_array array;
  const kjit_status status =
      kjit_eye(&ctx_, expr.site, dtype_code(expr.type.dtype()), args[0].integer(), args[1].integer(), args[2].integer(), &array);
  return status == KJIT_OK ? MaybeValue(adopt_array(array, expr.type.rank())) : std::nullopt;
}

MaybeValue Machine::change_dtype(const typed::Expr& expr, const typed::BuiltinCall& node, const std::vector<Value>& args) {
  const std::int32_t from = dtype_code(node.args[0]->type.dtype());
  const int rank = expr.type.rank();
  kjit_array array;
  const kjit_status status =
      kjit_array_astype(&ctx_, expr.site, from, dtype_code(expr.type.dtype()), rank, args[0].array().descriptor(), &array);
  return status == KJIT_OK ? MaybeValue(adopt_array(array, rank)) : std::nullopt;
}

MaybeValue Machine::dot(const typed::Expr& expr, const std::vector<Value>& args) {
  alignas(kjit_complex) char result[sizeof(kjit_complex)];
  const kjit_status status = kjit_array_dot(&ctx_, expr.site, dtype_code(expr.type.kind()), args[0].array().descriptor(),
                                            args[1].array().descriptor(), result);
  return status == KJIT_OK ? MaybeValue(load_scalar(expr.type.kind(), result)) : std::nullopt;
}

MaybeValue Machine::fsum(const typed::Expr& expr, const std::vector<Value>& args) {
  double sum = 0;
  const kjit_status status = kjit_math_fsum(&ctx_, expr.site, args[0].array().descriptor(), &sum);
  return status == KJIT_OK ? MaybeValue(Value{sum}) : std::nullopt;
}

MaybeValue Machine::polar(const typed::Expr& expr, const std::vector<Value>& args) {
  const Complex& z = args[0].as<Complex>();
  const kjit_complex parts = {z.real(), z.imag()};
  double modulus = 0;
  double phase = 0;
  const kjit_status status = kjit_cmath_polar(&ctx_, expr.site, &parts, &modulus, &phase);
  return status == KJIT_OK ? MaybeValue(pair({modulus}, {phase})) : std::nullopt;
}

// The array is the first argument and, filled, the result.
MaybeValue Machine::fill_random(const typed::Expr& expr, const typed::BuiltinCall& node, const std::vector<Value>& args) {
  const Array& array = args[0].array();
  const std::int64_t count = element_count(array);
  auto* reals = reinterpret_cast<double*>(array.data());
  auto* integers = reinterpret_cast<std::int64_t*>(array.data());
  kjit_status status = KJIT_OK;
  switch (node.builtin) {
    case Builtin::FillRandom: status = kjit_rng_fill_random(&ctx_, expr.site, count, reals); break;
    case Builtin::FillUniform:
      status = kjit_rng_fill_uniform(&ctx_, expr.site, count, reals, args[1].real(), args[2].real());
      break;
    case Builtin::FillGauss: status = kjit_rng_fill_gauss(&ctx_, expr.site, count, reals, args[1].real(), args[2].real()); break;
    default: status = kjit_rng_fill_integers(&ctx_, expr.site, count, integers, args[1].integer(), args[2].integer());
  }
  return status == KJIT_OK ? MaybeValue(args[0]) : std::nullopt;
}

}  // namespace kjit::interpreter
