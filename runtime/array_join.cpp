// Arrays made of others: array_Concatenate, array_Roll, array_Repeat, array_Interp.

#include <algorithm>

#include "runtime/array_call.h"

namespace kjit::runtime {

namespace {

// Positions [first, first + count) of an axis.
kjit_array slice_of(int32_t rank, const kjit_array* array, int32_t axis, int64_t first, int64_t count) {
  kjit_array part{static_cast<char*>(array->data) + first * array->dims[rank + axis], nullptr, {}};
  std::copy(array->dims, array->dims + 2 * rank, part.dims);
  part.dims[axis] = count;
  return part;
}

kjit_status assign(const ArrayCall& call, const kjit_array& to, const kjit_array& from) {
  return kjit_array_assign(call.ctx, call.site, call.dtype, call.rank, &to, call.rank, &from);
}

}  // namespace

kjit_status array_Concatenate(const ArrayCall& call) {
  const auto axis = static_cast<int32_t>(call.number(call.count - 1));
  const int32_t arrays = call.count - 1;
  int64_t shape[KJIT_MAX_RANK];
  std::copy(call.array(0)->dims, call.array(0)->dims + call.rank, shape);
  shape[axis] = 0;
  for (int32_t k = 0; k < arrays; k++) {
    for (int32_t i = 0; i < call.rank; i++) {
      if (i == axis) continue;
      if (call.array(k)->dims[i] != shape[i]) {
        return value_error(
            call.ctx, call.site,
            "all the input array dimensions except for the concatenation axis must match exactly, but along dimension " +
                std::to_string(i) + ", the array at index 0 has size " + std::to_string(shape[i]) + " and the array at index " +
                std::to_string(k) + " has size " + std::to_string(call.array(k)->dims[i]));
      }
    }
    shape[axis] += call.array(k)->dims[axis];
  }
  if (new_result(call, shape) != KJIT_OK) return KJIT_FAILED;
  int64_t first = 0;
  for (int32_t k = 0; k < arrays; k++) {
    const int64_t count = call.array(k)->dims[axis];
    if (assign(call, slice_of(call.rank, call.result(), axis, first, count), *call.array(k)) != KJIT_OK) return KJIT_FAILED;
    first += count;
  }
  return KJIT_OK;
}

kjit_status array_Roll(const ArrayCall& call) {
  const auto axis = static_cast<int32_t>(call.number(2));
  const kjit_array* array = call.array(0);
  if (new_result(call, array->dims) != KJIT_OK) return KJIT_FAILED;
  const int64_t length = array->dims[axis];
  if (length == 0) return KJIT_OK;
  const int64_t shift = (call.number(1) % length + length) % length;
  if (assign(call, slice_of(call.rank, call.result(), axis, shift, length - shift),
             slice_of(call.rank, array, axis, 0, length - shift)) != KJIT_OK)
    return KJIT_FAILED;
  return assign(call, slice_of(call.rank, call.result(), axis, 0, shift),
                slice_of(call.rank, array, axis, length - shift, shift));
}

kjit_status array_Repeat(const ArrayCall& call) {
  const auto axis = static_cast<int32_t>(call.number(2));
  const kjit_array* array = call.array(0);
  const int64_t times = call.number(1);
  if (times < 0) return value_error(call.ctx, call.site, "repeats may not contain negative values.");
  int64_t shape[KJIT_MAX_RANK];
  std::copy(array->dims, array->dims + call.rank, shape);
  shape[axis] *= times;
  if (new_result(call, shape) != KJIT_OK) return KJIT_FAILED;
  for (int64_t i = 0; i < array->dims[axis] && times > 0; i++) {
    if (assign(call, slice_of(call.rank, call.result(), axis, i * times, times), slice_of(call.rank, array, axis, i, 1)) !=
        KJIT_OK)
      return KJIT_FAILED;
  }
  return KJIT_OK;
}

// As NumPy: the slope of each interval, from its left end; a NaN that this gives is tried from the right end.
kjit_status array_Interp(const ArrayCall& call) {
  const kjit_array *xp = call.array(1), *fp = call.array(2);
  const int64_t length = xp->dims[0];
  if (length == 0) return value_error(call.ctx, call.site, "array of sample points is empty");
  if (fp->dims[0] != length) return value_error(call.ctx, call.site, "fp and xp are not of the same length.");
  if (call.rank >= 0 && new_result(call, call.array(0)->dims) != KJIT_OK) return KJIT_FAILED;
  const auto x_at = [&](int64_t i) { return load<double>(static_cast<const char*>(xp->data) + i * xp->dims[1]); };
  const auto f_at = [&](int64_t i) { return load<double>(static_cast<const char*>(fp->data) + i * fp->dims[1]); };
  const auto value = [&](double x) {
    if (x != x) return x;
    int64_t low = 0, high = length;  // the last sample that is not above x
    while (low < high) {
      const int64_t middle = low + (high - low) / 2;
      if (x_at(middle) <= x)
        low = middle + 1;
      else
        high = middle;
    }
    const int64_t j = low - 1;
    if (j < 0) return f_at(0);
    if (j >= length - 1) return f_at(length - 1);
    if (x_at(j) == x) return f_at(j);
    const double slope = (f_at(j + 1) - f_at(j)) / (x_at(j + 1) - x_at(j));
    double result = slope * (x - x_at(j)) + f_at(j);
    if (result != result) {
      result = slope * (x - x_at(j + 1)) + f_at(j + 1);
      if (result != result && f_at(j) == f_at(j + 1)) result = f_at(j);
    }
    return result;
  };
  if (call.rank < 0) {
    store(static_cast<char*>(call.out), value(load<double>(static_cast<const char*>(call.args[0].data))));
    return KJIT_OK;
  }
  auto* out = static_cast<double*>(call.result()->data);
  StopLook look(call);
  for_each_element<double>(call.rank, call.array(0), [&](double x, int64_t i) {
    look(8);
    out[i] = value(x);
  });
  return KJIT_OK;
}

}  // namespace kjit::runtime
