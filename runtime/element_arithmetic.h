#pragma once
// Private to the runtime: sums and products of elements. Integers wrap around; a product of complex numbers is NumPy's four
// products, without C's repair of infinities.

#include <stdint.h>

#include <type_traits>

#include "runtime/element.h"

namespace kjit::runtime {

template <typename T>
T plus(T a, T b) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<std::make_unsigned_t<T>>(a) + static_cast<std::make_unsigned_t<T>>(b));
  else
    return a + b;
}

template <typename T>
T times(T a, T b) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
  else if constexpr (is_complex<T>)
    return T(a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real());
  else
    return a * b;
}

}  // namespace kjit::runtime
