#pragma once
// Private to the runtime: element types of arrays as C++ types, and views of any rank.

#include <stdint.h>
#include <string.h>

#include <cmath>
#include <complex>
#include <type_traits>

#include "runtime/runtime.h"

namespace kjit::runtime {

using C64 = std::complex<float>;
using C128 = std::complex<double>;

// A bool in an array is a byte 0 or 1; a type of its own keeps it apart from uint8.
struct Bool {
  uint8_t value;
  operator bool() const { return value != 0; }
};

// NaN is true, as in Python.
template <typename T>
bool is_true(const T& value) {
  if constexpr (std::is_same_v<T, Bool>)
    return value.value != 0;
  else
    return value != T{};
}

template <typename T>
inline constexpr bool is_complex = std::is_same_v<T, C64> || std::is_same_v<T, C128>;
template <typename T>
inline constexpr bool is_floating = std::is_same_v<T, float> || std::is_same_v<T, double>;

// Of complex numbers in one part at least.
template <typename T>
bool is_nan(const T& value) {
  if constexpr (is_complex<T>)
    return std::isnan(value.real()) || std::isnan(value.imag());
  else if constexpr (is_floating<T>)
    return std::isnan(value);
  else
    return false;
}

template <typename T>
struct TypeTag {
  using type = T;
};

// Calls f(TypeTag<T>{}) for the element type.
template <typename F>
decltype(auto) with_type(int32_t dtype, F f) {
  switch (dtype) {
    case KJIT_BOOL: return f(TypeTag<Bool>{});
    case KJIT_I8: return f(TypeTag<int8_t>{});
    case KJIT_I16: return f(TypeTag<int16_t>{});
    case KJIT_I32: return f(TypeTag<int32_t>{});
    case KJIT_U8: return f(TypeTag<uint8_t>{});
    case KJIT_U16: return f(TypeTag<uint16_t>{});
    case KJIT_U32: return f(TypeTag<uint32_t>{});
    case KJIT_U64: return f(TypeTag<uint64_t>{});
    case KJIT_F32: return f(TypeTag<float>{});
    case KJIT_F64: return f(TypeTag<double>{});
    case KJIT_C64: return f(TypeTag<C64>{});
    case KJIT_C128: return f(TypeTag<C128>{});
    default: return f(TypeTag<int64_t>{});
  }
}

// Calls f(std::integral_constant<int64_t, size>{}) for the size of an element.
template <typename F>
decltype(auto) with_item_size(int64_t item, F f) {
  switch (item) {
    case 1: return f(std::integral_constant<int64_t, 1>{});
    case 2: return f(std::integral_constant<int64_t, 2>{});
    case 4: return f(std::integral_constant<int64_t, 4>{});
    case 8: return f(std::integral_constant<int64_t, 8>{});
    default: return f(std::integral_constant<int64_t, 16>{});
  }
}

// Elements may lie at any address (a field of a struct, a slice of bytes).
template <typename T>
T load(const char* address) {
  T value;
  memcpy(&value, address, sizeof value);
  return value;
}
template <typename T>
void store(char* address, const T& value) {
  memcpy(address, &value, sizeof value);
}

inline const int64_t* shape_of(const kjit_array* array) { return array->dims; }
inline const int64_t* strides_of(int32_t rank, const kjit_array* array) { return array->dims + rank; }
inline int64_t element_count(int32_t rank, const kjit_array* array) {
  int64_t count = 1;
  for (int32_t axis = 0; axis < rank; axis++) count *= array->dims[axis];
  return count;
}

// A view as an odometer over its rows: `inner` elements at distance `step`, for each setting of the outer axes. Rank 0 is one row
// of one.
struct Rows {
  int32_t outer_rank = 0;
  int64_t shape[KJIT_MAX_RANK];
  int64_t strides[KJIT_MAX_RANK];
  int64_t inner = 1, step = 0;
  int64_t count = 1;  // rows
};

// In C order; axes are merged where the memory allows it.
Rows rows_in_order(int32_t rank, const kjit_array* array);
// In NumPy's order of reduction: axes by the size of their stride, then merged.
Rows rows_by_memory(int32_t rank, const kjit_array* array);

// Calls f(row address, index of its first element) for each row, until one returns false.
template <typename F>
void while_rows(const Rows& rows, char* row, F f) {
  int64_t index[KJIT_MAX_RANK] = {};
  for (int64_t r = 0; r < rows.count; r++) {
    if (!f(row, r * rows.inner)) return;
    for (int32_t axis = rows.outer_rank - 1; axis >= 0; axis--) {
      row += rows.strides[axis];
      if (++index[axis] < rows.shape[axis]) break;
      row -= rows.shape[axis] * rows.strides[axis];
      index[axis] = 0;
    }
  }
}

// The same for all rows.
template <typename F>
void for_each_row(const Rows& rows, void* data, F f) {
  while_rows(rows, static_cast<char*>(data), [&](char* row, int64_t first) {
    f(row, first);
    return true;
  });
}

// Calls f(element, position) in C order. For short arrays; pieces.h has the one that can be stopped.
template <typename T, typename F>
void for_each_element(int32_t rank, const kjit_array* array, F f) {
  Rows rows = rows_in_order(rank, array);
  for_each_row(rows, array->data, [&](const char* row, int64_t first) {
    for (int64_t i = 0; i < rows.inner; i++) f(load<T>(row + i * rows.step), first + i);
  });
}

}  // namespace kjit::runtime
