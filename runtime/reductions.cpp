// Reductions over all elements of a view. Entry: kjit_array_sum and its siblings.
//
// Floating sums follow NumPy to the last bit: elements in the order of memory (element.h), summed pairwise.

#include <math.h>

#include <algorithm>
#include <utility>

#include "runtime/element.h"
#include "runtime/element_arithmetic.h"
#include "runtime/extremum.h"
#include "runtime/gathering.h"
#include "runtime/pieces.h"
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

// Pairwise summation of at(begin) ... at(begin + n - 1): up to 128 terms in eight accumulators, longer rows cut in halves at a
// multiple of 8. A complex number is two terms; its accumulators are four pairs.
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
T pairwise(const kjit_context* ctx, int64_t begin, int64_t n, const At& at) {
  constexpr int64_t lanes = is_complex<T> ? 4 : 8;
  if (n < lanes) {
    T sum{};
    for (int64_t i = 0; i < n; i++) sum += at(begin + i);
    return sum;
  }
  if (n <= lanes * 16) return pairwise_block<T>(begin, n, at);
  if (n > kPieceElements && must_stop(ctx)) return {};
  int64_t half = n / 2;
  half -= half % lanes;
  T left = pairwise<T>(ctx, begin, half, at);
  return left + pairwise<T>(ctx, begin + half, n - half, at);
}

template <typename T>
T sum_gathered(const kjit_context* ctx, const Rows& rows, const void* data) {
  int64_t sizes[KJIT_MAX_RANK], strides[KJIT_MAX_RANK];
  std::copy(rows.shape, rows.shape + rows.outer_rank, sizes);
  std::copy(rows.strides, rows.strides + rows.outer_rank, strides);
  sizes[rows.outer_rank] = rows.inner;
  strides[rows.outer_rank] = rows.step;
  return add_gathered<T>(ctx, T{}, static_cast<const char*>(data), sizes, strides, rows.outer_rank + 1);
}

template <typename T, typename S>
S sum_converted(const kjit_context* ctx, const Rows& rows, void* data) {
  S buffer[kGatheredElements], total{};
  int64_t filled = 0;
  auto flush = [&] {
    total += pairwise<S>(ctx, 0, filled, [&](int64_t i) { return buffer[i]; });
    filled = 0;
  };
  for_each_piece(ctx, rows, data, [&](const char* row, int64_t, int64_t length) {
    for (int64_t i = 0; i < length; i++) {
      buffer[filled++] = static_cast<S>(load<T>(row + i * rows.step));
      if (filled == kGatheredElements) flush();
    }
  });
  flush();
  return total;
}

// The sum of floating or complex elements, or of any as float64. One walk through memory is summed as a whole.
template <typename T, typename S>
S float_sum(const kjit_context* ctx, int32_t rank, const kjit_array* array) {
  Rows rows = rows_by_memory(rank, array);
  if (element_count(rank, array) == 0) return S{};
  if constexpr (!std::is_same_v<T, S>)
    return sum_converted<T, S>(ctx, rows, array->data);
  else {
    if (rows.count != 1) return sum_gathered<T>(ctx, rows, array->data);
    const char* row = static_cast<const char*>(array->data);
    return S{} + pairwise<S>(ctx, 0, rows.inner, [&](int64_t i) { return load<T>(row + i * rows.step); });
  }
}

template <typename T>
Sum<T> sum_of(const kjit_context* ctx, int32_t rank, const kjit_array* array) {
  if constexpr (is_floating<T> || is_complex<T>) {
    return float_sum<T, T>(ctx, rank, array);
  } else {
    Sum<T> total = 0;
    for_each_element<T>(ctx, rank, array, [&](T value, int64_t) { total = plus(total, static_cast<Sum<T>>(value)); });
    return total;
  }
}

template <typename T>
Sum<T> product_of(const kjit_context* ctx, int32_t rank, const kjit_array* array) {
  Sum<T> product{1};
  Rows rows = rows_by_memory(rank, array);
  for_each_piece(ctx, rows, array->data, [&](const char* row, int64_t, int64_t length) {
    for (int64_t i = 0; i < length; i++) product = times(product, static_cast<Sum<T>>(load<T>(row + i * rows.step)));
  });
  return product;
}

// NumPy divides the sum as a float64, and a complex one by a complex number, which multiplies.
template <typename M>
M divided(M sum, int64_t count) {
  auto n = static_cast<double>(count);
  if constexpr (is_complex<M>)
    return M(C128(sum) * (1 / n));
  else
    return static_cast<M>(static_cast<double>(sum) / n);
}

template <typename T>
Mean<T> mean_of(const kjit_context* ctx, int32_t rank, const kjit_array* array) {
  using M = Mean<T>;
  return divided(float_sum<T, M>(ctx, rank, array), element_count(rank, array));
}

// The squared distances from the mean, in the order of memory: NumPy makes an array of them, and sums that.
template <typename T>
kjit_status variance_of(kjit_context* ctx, uint32_t site, int32_t rank, const kjit_array* array, int64_t ddof,
                        Real<Mean<T>>& out) {
  using R = Real<Mean<T>>;
  int64_t count = element_count(rank, array);
  kjit_buffer* buffer;
  if (kjit_buffer_new(ctx, site, count * static_cast<int64_t>(sizeof(R)), 0, &buffer) != KJIT_OK) return KJIT_FAILED;
  auto* squares = static_cast<R*>(buffer->memory);
  Mean<T> mean = float_sum<T, Mean<T>>(ctx, rank, array);
  if constexpr (is_complex<T>)
    mean *= 1 / static_cast<R>(count);  // here NumPy does not leave the type of the elements
  else
    mean /= static_cast<R>(count);
  Rows rows = rows_by_memory(rank, array);
  for_each_piece(ctx, rows, array->data, [&](const char* row, int64_t first, int64_t length) {
    for (int64_t i = 0; i < length; i++) {
      Mean<T> d = static_cast<Mean<T>>(load<T>(row + i * rows.step)) - mean;
      if constexpr (is_complex<T>)
        squares[first + i] = d.real() * d.real() + d.imag() * d.imag();
      else
        squares[first + i] = d * d;
    }
  });
  R sum = pairwise<R>(ctx, 0, count, [&](int64_t i) { return squares[i]; });
  kjit_release(buffer);
  out = divided(sum, std::max<int64_t>(count - ddof, 0));
  return KJIT_OK;
}

// Complex numbers compare as pairs, as NumPy does it.
template <typename T>
bool less(const T& a, const T& b) {
  if constexpr (is_complex<T>)
    return a.real() < b.real() || (a.real() == b.real() && a.imag() < b.imag());
  else
    return a < b;
}

template <typename T>
struct Extreme {
  T value{};
  int64_t position = 0;
};

// Which of equal elements is meant shows where they are 0.0 and -0.0, and in positions.
enum class Rule {
  Python,    // the first; NaNs only lose comparisons
  Position,  // the first, or the first NaN
  NumPy,     // the last, or the first NaN: np.maximum from left to right
};

// The least (or greatest) element. The array is not empty.
template <bool kGreatest, typename T>
Extreme<T> extreme_of(const kjit_context* ctx, int32_t rank, const kjit_array* array, Rule rule) {
  Extreme<T> best{load<T>(static_cast<const char*>(array->data)), 0};
  const auto take = [&](const T& value, int64_t i) {
    bool better = kGreatest ? less(best.value, value) : less(value, best.value);
    if (rule == Rule::NumPy) better = better || value == best.value;
    if (rule != Rule::Python) better = !is_nan(best.value) && (better || is_nan(value));
    if (better) best = {value, i};
  };
  const Rows rows = rows_in_order(rank, array);
  for_each_piece(ctx, rows, array->data, [&](const char* row, int64_t first, int64_t length) {
    for_each_candidate<kGreatest, T>(
        row, rows.step, length, [&] { return best.value; },
        [&](int64_t begin, int64_t end) {
          for (int64_t i = begin; i < end; i++) take(load<T>(row + i * rows.step), first + i);
        });
  });
  return best;
}
template <typename T>
Extreme<T> extreme_of(const kjit_context* ctx, int32_t rank, const kjit_array* array, bool greatest, Rule rule) {
  return greatest ? extreme_of<true, T>(ctx, rank, array, rule) : extreme_of<false, T>(ctx, rank, array, rule);
}

kjit_status check_not_empty(kjit_context* ctx, uint32_t site, int32_t rank, const kjit_array* array) {
  return element_count(rank, array) > 0 ? KJIT_OK : kjit_trap(ctx, KJIT_TRAP_EmptyReduction, site, 0, 0, 0);
}

// Calls f with the element type and stores what it returns, unless the call is to stop.
template <typename F>
kjit_status reduce(kjit_context* ctx, uint32_t site, int32_t dtype, void* out, F f) {
  with_type(dtype, [&](auto tag) { store(static_cast<char*>(out), f(tag)); });
  return kjit_poll(ctx, site);
}

kjit_status reduce_extreme(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, bool greatest,
                           Rule rule, void* out) {
  if (check_not_empty(ctx, site, rank, array) != KJIT_OK) return KJIT_FAILED;
  return reduce(ctx, site, dtype, out,
                [&](auto tag) { return extreme_of<typename decltype(tag)::type>(ctx, rank, array, greatest, rule).value; });
}

kjit_status reduce_position(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, bool greatest,
                            int64_t* out) {
  if (check_not_empty(ctx, site, rank, array) != KJIT_OK) return KJIT_FAILED;
  return reduce(ctx, site, dtype, out, [&](auto tag) {
    return extreme_of<typename decltype(tag)::type>(ctx, rank, array, greatest, Rule::Position).position;
  });
}

// Is there an element of this truth? Looks no further than needed.
bool has_element(const kjit_context* ctx, int32_t dtype, int32_t rank, const kjit_array* array, bool truth) {
  return with_type(dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    bool found = false;
    Rows rows = rows_in_order(rank, array);
    int64_t left = kPieceElements;
    while_rows(rows, static_cast<char*>(array->data), [&](const char* row, int64_t) {
      for (int64_t begin = 0, length; begin < rows.inner && !found; begin += length, left -= length) {
        if (left <= 0 && must_stop(ctx)) return false;
        if (left <= 0) left = kPieceElements;
        length = std::min(left, rows.inner - begin);
        for (int64_t i = begin; i < begin + length && !found; i++) found = is_true(load<T>(row + i * rows.step)) == truth;
      }
      return !found;
    });
    return found;
  });
}

template <typename T>
auto dot_of(const kjit_context* ctx, const kjit_array* a, const kjit_array* b) {
  const auto* x = static_cast<const char*>(a->data);
  const auto* y = static_cast<const char*>(b->data);
  int64_t n = a->dims[0];
  auto at = [&](int64_t i) { return std::pair(load<T>(x + i * a->dims[1]), load<T>(y + i * b->dims[1])); };
  if constexpr (std::is_same_v<T, Bool>) {
    bool any = false;
    in_pieces(ctx, n, kPieceElements, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) any |= at(i).first && at(i).second;
    });
    return Bool{any};
  } else if constexpr (std::is_integral_v<T>) {
    uint64_t sum = 0;
    in_pieces(ctx, n, kPieceElements, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) sum += static_cast<uint64_t>(at(i).first) * static_cast<uint64_t>(at(i).second);
    });
    return static_cast<T>(sum);
  } else {
    return pairwise<T>(ctx, 0, n, [&](int64_t i) {
      auto [p, q] = at(i);
      return times(p, q);
    });
  }
}

}  // namespace

extern "C" {

kjit_status kjit_array_sum(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, void* out) {
  return reduce(ctx, site, dtype, out, [&](auto tag) { return sum_of<typename decltype(tag)::type>(ctx, rank, array); });
}

kjit_status kjit_array_sum_sequential(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array,
                                      void* out) {
  return reduce(ctx, site, dtype, out, [&](auto tag) {
    using T = typename decltype(tag)::type;
    Sum<T> total{};
    for_each_element<T>(ctx, rank, array, [&](const T& value, int64_t) { total = plus(total, static_cast<Sum<T>>(value)); });
    return total;
  });
}

kjit_status kjit_array_prod(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, void* out) {
  return reduce(ctx, site, dtype, out, [&](auto tag) { return product_of<typename decltype(tag)::type>(ctx, rank, array); });
}

kjit_status kjit_array_min(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, void* out) {
  return reduce_extreme(ctx, site, dtype, rank, array, false, Rule::NumPy, out);
}
kjit_status kjit_array_max(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, void* out) {
  return reduce_extreme(ctx, site, dtype, rank, array, true, Rule::NumPy, out);
}
kjit_status kjit_array_python_min(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array,
                                  void* out) {
  return reduce_extreme(ctx, site, dtype, rank, array, false, Rule::Python, out);
}
kjit_status kjit_array_python_max(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array,
                                  void* out) {
  return reduce_extreme(ctx, site, dtype, rank, array, true, Rule::Python, out);
}
kjit_status kjit_array_argmin(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array,
                              int64_t* out) {
  return reduce_position(ctx, site, dtype, rank, array, false, out);
}
kjit_status kjit_array_argmax(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array,
                              int64_t* out) {
  return reduce_position(ctx, site, dtype, rank, array, true, out);
}

int32_t kjit_array_any(kjit_context* ctx, int32_t dtype, int32_t rank, const kjit_array* array) {
  return has_element(ctx, dtype, rank, array, true);
}
int32_t kjit_array_all(kjit_context* ctx, int32_t dtype, int32_t rank, const kjit_array* array) {
  return !has_element(ctx, dtype, rank, array, false);
}

kjit_status kjit_array_mean(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, void* out) {
  return reduce(ctx, site, dtype, out, [&](auto tag) { return mean_of<typename decltype(tag)::type>(ctx, rank, array); });
}

kjit_status kjit_array_var(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, int64_t ddof,
                           void* out) {
  return with_type(dtype, [&](auto tag) -> kjit_status {
    using T = typename decltype(tag)::type;
    Real<Mean<T>> variance;
    if (variance_of<T>(ctx, site, rank, array, ddof, variance) != KJIT_OK) return KJIT_FAILED;
    store(static_cast<char*>(out), variance);
    return kjit_poll(ctx, site);
  });
}

kjit_status kjit_array_std(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array, int64_t ddof,
                           void* out) {
  return with_type(dtype, [&](auto tag) -> kjit_status {
    using T = typename decltype(tag)::type;
    Real<Mean<T>> variance;
    if (variance_of<T>(ctx, site, rank, array, ddof, variance) != KJIT_OK) return KJIT_FAILED;
    store(static_cast<char*>(out), std::sqrt(variance));
    return kjit_poll(ctx, site);
  });
}

kjit_status kjit_array_dot(kjit_context* ctx, uint32_t site, int32_t dtype, const kjit_array* a, const kjit_array* b, void* out) {
  if (a->dims[0] != b->dims[0]) return kjit_trap(ctx, KJIT_TRAP_ShapeMismatch, site, 0, a->dims[0], b->dims[0]);
  return reduce(ctx, site, dtype, out, [&](auto tag) { return dot_of<typename decltype(tag)::type>(ctx, a, b); });
}

}  // extern "C"
