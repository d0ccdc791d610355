// Arrays that a parallel loop accumulates into. Entry: kjit_fill_identity, kjit_accumulate.
//
// Each block of iterations has copies of its own, which lie in its partial. Integers wrap.

#include <algorithm>
#include <type_traits>

#include "runtime/element.h"
#include "runtime/runtime.h"

namespace {

using namespace kjit::runtime;

template <typename T>
constexpr bool is_supported = !std::is_same_v<T, Bool>;

template <typename T>
T identity(int32_t op) {
  if constexpr (is_complex<T>)
    return T(-0.0F, -0.0F);
  else if constexpr (is_floating<T>)
    return op == KJIT_MULTIPLY ? T(1) : T(-0.0);
  else
    return op == KJIT_MULTIPLY ? T(1) : op == KJIT_BIT_AND ? static_cast<T>(-1) : T(0);
}

template <typename T>
T combine_integers(int32_t op, T a, T b) {
  const auto x = static_cast<uint64_t>(a), y = static_cast<uint64_t>(b);
  switch (op) {
    case KJIT_MULTIPLY: return static_cast<T>(x * y);
    case KJIT_BIT_AND: return static_cast<T>(x & y);
    case KJIT_BIT_OR: return static_cast<T>(x | y);
    case KJIT_BIT_XOR: return static_cast<T>(x ^ y);
    default: return static_cast<T>(x + y);
  }
}

template <typename T>
T combine(int32_t op, T a, T b) {
  if constexpr (is_complex<T>)
    return a + b;
  else if constexpr (is_floating<T>)
    return op == KJIT_MULTIPLY ? a * b : a + b;
  else
    return combine_integers(op, a, b);
}

}  // namespace

extern "C" {

int64_t kjit_element_count(int32_t rank, const kjit_array* array) { return element_count(rank, array); }

void kjit_fill_identity(int32_t dtype, int32_t op, void* data, int64_t count) {
  with_type(dtype, [&]<typename Tag>(Tag) {
    using T = typename Tag::type;
    if constexpr (is_supported<T>) std::fill_n(static_cast<T*>(data), count, identity<T>(op));
  });
}

void kjit_accumulate(int32_t dtype, int32_t op, void* into, const void* from, int64_t count) {
  with_type(dtype, [&]<typename Tag>(Tag) {
    using T = typename Tag::type;
    if constexpr (is_supported<T>) {
      auto* a = static_cast<T*>(into);
      auto* b = static_cast<const T*>(from);
      for (int64_t i = 0; i < count; i++) a[i] = combine(op, a[i], b[i]);
    }
  });
}

void kjit_accumulate_into_array(int32_t dtype, int32_t op, int32_t rank, const kjit_array* into, const void* from) {
  const Rows rows = rows_in_order(rank, into);
  with_type(dtype, [&]<typename Tag>(Tag) {
    using T = typename Tag::type;
    if constexpr (is_supported<T>) {
      auto* values = static_cast<const T*>(from);
      for_each_row(rows, into->data, [&](char* row, int64_t first) {
        for (int64_t i = 0; i < rows.inner; i++) {
          char* element = row + i * rows.step;
          store(element, combine(op, load<T>(element), values[first + i]));
        }
      });
    }
  });
}

}  // extern "C"
