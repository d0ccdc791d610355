// Reductions over all elements of a view. Entry: kjit_array_sum and its siblings.
//
// Floating sums follow NumPy: rows of the view in the order of memory (element.h), each summed pairwise, the row sums added in order to 0.

#include <math.h>

#include <algorithm>
#include <utility>

#include "runtime/element.h"
#include "runtime/runtime.h"

namespace {

using namespace kjit::runtime;

// The type a sum has: bool and integers widen to 64 bits.
template <typename T>
using Sum = std::conditional_t<std::is_same_v<T, Bool> || (std::is_integral_v<T> && std::is_signed_v<T>), int64_t,
                               std::conditional_t<std::is_integral_v<T>, uint64_t, T>>;
// The type of means: integers become float64.
template <typename T>
using Mean = std::conditional_t<is_floating<T> || is_complex<T>, T, double>;
template <typename T>
struct RealOf {
  using type = T;
};
template <typename T>
struct RealOf<std::complex<T>> {
  using type = T;
};
template <typename T>
using Real = typename RealOf<T>::type;

// Signed sums and products wrap.
template <typename T>
T add(T a, T b) {
  if constexpr (std::is_same_v<T, int64_t>) return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  else return a + b;
}
template <typename T>
T multiply(T a, T b) {
  if constexpr (std::is_same_v<T, int64_t>) return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
  else if constexpr (is_complex<T>) return T(a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real());
  else return a * b;
}

// Pairwise summation of at(begin) ... at(begin + n - 1): up to 128 terms in eight accumulators, longer rows cut in halves at a multiple of 8. A
// complex number is two terms; its accumulators are four pairs.
template <typename T, typename At>
T pairwise_block(int64_t begin, int64_t n, const At& at) {
  constexpr int64_t lanes = is_complex<T> ? 4 : 8;
  T lane[lanes];
  for (int64_t j = 0; j < lanes; j++) lane[j] = at(begin + j);
  int64_t i = lanes;
  for (; i < n - n % lanes; i += lanes) {
    for (int64_t j = 0; j < lanes; j++) lane[j] += at(begin + i + j);
  }
  T sum = (lane[0] + lane[1]) + (lane[2] + lane[3]);
  if constexpr (lanes == 8) sum += (lane[4] + lane[5]) + (lane[6] + lane[7]);
  for (; i < n; i++) sum += at(begin + i);
  return sum;
}

template <typename T, typename At>
T pairwise(int64_t begin, int64_t n, const At& at) {
  constexpr int64_t lanes = is_complex<T> ? 4 : 8;
  if (n < lanes) {
    T sum{};
    for (int64_t i = 0; i < n; i++) sum += at(begin + i);
    return sum;
  }
  if (n <= lanes * 16) return pairwise_block<T>(begin, n, at);
  int64_t half = n / 2;
  half -= half % lanes;
  T left = pairwise<T>(begin, half, at);
  return left + pairwise<T>(begin + half, n - half, at);
}

// Sum of the view's elements, each through `map`, in type S. `chunk` is where NumPy would flush its buffer (0: it needs none).
template <typename T, typename S, typename Map>
S sum_rows(int32_t rank, const kjit_array* array, int64_t chunk, Map map) {
  Rows rows = rows_by_stride(rank, array);
  S total{};
  for_each_row(rows, array->data, [&](char* row, int64_t) {
    for (int64_t begin = 0; begin < rows.inner;) {
      int64_t count = chunk ? std::min(chunk, rows.inner - begin) : rows.inner;
      const char* base = row + begin * rows.step;
      total += pairwise<S>(0, count, [&](int64_t i) { return map(load<T>(base + i * rows.step)); });
      begin += count;
    }
  });
  return total;
}

template <typename T>
Sum<T> sum_of(int32_t rank, const kjit_array* array) {
  if constexpr (is_floating<T> || is_complex<T>) {
    return sum_rows<T, T>(rank, array, 0, [](T value) { return value; });
  } else {
    Sum<T> total = 0;
    for_each_element<T>(rank, array, [&](T value, int64_t) { total = add(total, static_cast<Sum<T>>(value)); });
    return total;
  }
}

constexpr int64_t kConversionBuffer = 8192;  // elements that NumPy converts at a time

template <typename T>
Mean<T> mean_of(int32_t rank, const kjit_array* array) {
  auto count = static_cast<double>(element_count(rank, array));
  if constexpr (is_floating<T> || is_complex<T>) {
    return sum_of<T>(rank, array) / static_cast<Real<T>>(count);
  } else {
    return sum_rows<T, double>(rank, array, kConversionBuffer, [](T value) { return static_cast<double>(value); }) / count;
  }
}

template <typename T>
Real<Mean<T>> variance_of(int32_t rank, const kjit_array* array, int64_t ddof) {
  using M = Mean<T>;
  using R = Real<M>;
  M mean = mean_of<T>(rank, array);
  R squares = sum_rows<T, R>(rank, array, 0, [&](T value) {
    if constexpr (is_complex<T>) {
      T d = value - mean;
      return d.real() * d.real() + d.imag() * d.imag();
    } else {
      M d = static_cast<M>(value) - mean;
      return d * d;
    }
  });
  auto divisor = static_cast<R>(std::max<int64_t>(element_count(rank, array) - ddof, 0));
  return squares / divisor;
}

template <typename T>
bool is_nan(const T& value) {
  if constexpr (is_complex<T>) return std::isnan(value.real()) || std::isnan(value.imag());
  else if constexpr (is_floating<T>) return std::isnan(value);
  else return false;
}

// Complex numbers compare as pairs, as NumPy does it.
template <typename T>
bool less(const T& a, const T& b) {
  if constexpr (is_complex<T>) return a.real() < b.real() || (a.real() == b.real() && a.imag() < b.imag());
  else return a < b;
}

template <typename T>
struct Extreme {
  T value{};
  int64_t position = 0;
};

// The first least (or greatest) element; with `nan_wins` the first NaN, else NaNs only lose comparisons.
template <typename T>
Extreme<T> extreme_of(int32_t rank, const kjit_array* array, bool greatest, bool nan_wins) {
  Extreme<T> best;
  for_each_element<T>(rank, array, [&](const T& value, int64_t i) {
    bool better = greatest ? less(best.value, value) : less(value, best.value);
    if (nan_wins) better = !is_nan(best.value) && (better || is_nan(value));
    if (i == 0 || better) best = {value, i};
  });
  return best;
}

kjit_status check_not_empty(kjit_context* ctx, uint32_t site, int32_t rank, const kjit_array* array) {
  return element_count(rank, array) > 0 ? KJIT_OK : kjit_trap(ctx, KJIT_TRAP_EmptyReduction, site, 0, 0, 0);
}

// Calls f with the element type and stores what it returns.
template <typename F>
kjit_status reduce(int32_t dtype, void* out, F f) {
  with_type(dtype, [&](auto tag) { store(static_cast<char*>(out), f(tag)); });
  return KJIT_OK;
}

kjit_status reduce_extreme(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, bool greatest,
                           bool nan_wins, void* out) {
  if (check_not_empty(ctx, site, rank, array) != KJIT_OK) return KJIT_FAILED;
  return reduce(dtype, out, [&](auto tag) { return extreme_of<typename decltype(tag)::type>(rank, array, greatest, nan_wins).value; });
}

kjit_status reduce_position(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, bool greatest,
                            int64_t* out) {
  if (check_not_empty(ctx, site, rank, array) != KJIT_OK) return KJIT_FAILED;
  return reduce(dtype, out, [&](auto tag) { return extreme_of<typename decltype(tag)::type>(rank, array, greatest, true).position; });
}

template <typename T>
bool is_true(const T& value) {
  return value != T{};
}

template <typename T>
auto dot_of(const kjit_array* a, const kjit_array* b) {
  const auto* x = static_cast<const char*>(a->data);
  const auto* y = static_cast<const char*>(b->data);
  int64_t n = a->dims[0];
  auto at = [&](int64_t i) { return std::pair(load<T>(x + i * a->dims[1]), load<T>(y + i * b->dims[1])); };
  if constexpr (std::is_same_v<T, Bool>) {
    bool any = false;
    for (int64_t i = 0; i < n; i++) any |= at(i).first && at(i).second;
    return Bool{any};
  } else if constexpr (std::is_integral_v<T>) {
    uint64_t sum = 0;
    for (int64_t i = 0; i < n; i++) sum += static_cast<uint64_t>(at(i).first) * static_cast<uint64_t>(at(i).second);
    return static_cast<T>(sum);
  } else {
    return pairwise<T>(0, n, [&](int64_t i) {
      auto [p, q] = at(i);
      return multiply(p, q);
    });
  }
}

}  // namespace

extern "C" {

kjit_status kjit_array_sum(kjit_context*, uint32_t, int32_t dtype, int32_t rank, const kjit_array* array, void* out) {
  return reduce(dtype, out, [&](auto tag) { return sum_of<typename decltype(tag)::type>(rank, array); });
}

kjit_status kjit_array_sum_sequential(kjit_context*, uint32_t, int32_t dtype, int32_t rank, const kjit_array* array, void* out) {
  return reduce(dtype, out, [&](auto tag) {
    using T = typename decltype(tag)::type;
    Sum<T> total{};
    for_each_element<T>(rank, array, [&](const T& value, int64_t) { total = add(total, static_cast<Sum<T>>(value)); });
    return total;
  });
}

kjit_status kjit_array_prod(kjit_context*, uint32_t, int32_t dtype, int32_t rank, const kjit_array* array, void* out) {
  return reduce(dtype, out, [&](auto tag) {
    using T = typename decltype(tag)::type;
    Sum<T> product{1};
    for_each_element<T>(rank, array, [&](const T& value, int64_t) { product = multiply(product, static_cast<Sum<T>>(value)); });
    return product;
  });
}

kjit_status kjit_array_min(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, void* out) {
  return reduce_extreme(ctx, site, dtype, rank, array, false, true, out);
}
kjit_status kjit_array_max(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, void* out) {
  return reduce_extreme(ctx, site, dtype, rank, array, true, true, out);
}
kjit_status kjit_array_python_min(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, void* out) {
  return reduce_extreme(ctx, site, dtype, rank, array, false, false, out);
}
kjit_status kjit_array_python_max(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, void* out) {
  return reduce_extreme(ctx, site, dtype, rank, array, true, false, out);
}
kjit_status kjit_array_argmin(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, int64_t* out) {
  return reduce_position(ctx, site, dtype, rank, array, false, out);
}
kjit_status kjit_array_argmax(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, int64_t* out) {
  return reduce_position(ctx, site, dtype, rank, array, true, out);
}

int32_t kjit_array_any(int32_t dtype, int32_t rank, const kjit_array* array) {
  int32_t any = 0;
  with_type(dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    for_each_element<T>(rank, array, [&](const T& value, int64_t) { any |= is_true(value); });
  });
  return any;
}

int32_t kjit_array_all(int32_t dtype, int32_t rank, const kjit_array* array) {
  int32_t all = 1;
  with_type(dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    for_each_element<T>(rank, array, [&](const T& value, int64_t) { all &= is_true(value); });
  });
  return all;
}

kjit_status kjit_array_mean(kjit_context*, uint32_t, int32_t dtype, int32_t rank, const kjit_array* array, void* out) {
  return reduce(dtype, out, [&](auto tag) { return mean_of<typename decltype(tag)::type>(rank, array); });
}

kjit_status kjit_array_var(kjit_context*, uint32_t, int32_t dtype, int32_t rank, const kjit_array* array, int64_t ddof, void* out) {
  return reduce(dtype, out, [&](auto tag) { return variance_of<typename decltype(tag)::type>(rank, array, ddof); });
}

kjit_status kjit_array_std(kjit_context*, uint32_t, int32_t dtype, int32_t rank, const kjit_array* array, int64_t ddof, void* out) {
  return reduce(dtype, out, [&](auto tag) { return std::sqrt(variance_of<typename decltype(tag)::type>(rank, array, ddof)); });
}

kjit_status kjit_array_dot(kjit_context* ctx, uint32_t site, int32_t dtype, const kjit_array* a, const kjit_array* b, void* out) {
  if (a->dims[0] != b->dims[0]) return kjit_trap(ctx, KJIT_TRAP_ShapeMismatch, site, 0, a->dims[0], b->dims[0]);
  return reduce(dtype, out, [&](auto tag) { return dot_of<typename decltype(tag)::type>(a, b); });
}

}  // extern "C"
