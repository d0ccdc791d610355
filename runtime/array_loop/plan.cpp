#include "runtime/array_loop/plan.h"

#include <stdlib.h>

#include <algorithm>
#include <utility>

#include "runtime/memory_order.h"

namespace kjit::runtime {

namespace {

int64_t reach(const Plan& plan, int32_t axis) {
  int64_t sum = 0;
  for (const Stream& stream : plan.streams) sum += std::abs(stream.strides[axis]) / stream.item;
  return sum;
}

void swap_axes(Plan& plan, int32_t a, int32_t b) {
  std::swap(plan.extents[a], plan.extents[b]);
  for (Stream& stream : plan.streams) std::swap(stream.strides[a], stream.strides[b]);
}

void remove_axis(Plan& plan, int32_t axis) {
  for (int32_t i = axis; i + 1 < plan.rank; i++) swap_axes(plan, i, i + 1);
  plan.rank--;
}

bool can_merge(const Plan& plan, int32_t axis) {
  return std::all_of(plan.streams.begin(), plan.streams.end(), [&](const Stream& stream) {
    return stream.strides[axis] == stream.strides[axis + 1] * plan.extents[axis + 1];
  });
}

}  // namespace

int64_t Plan::row_count() const {
  int64_t rows = 1;
  for (int32_t axis = 0; axis < row_axis(); axis++) rows *= extents[axis];
  return rows;
}

Stream stream_of(const kjit_array* array, int32_t array_rank, int32_t dtype, int32_t rank) {
  Stream stream{static_cast<char*>(array->data), kjit_dtype_size(dtype), {}};
  for (int32_t axis = 0; axis < rank; axis++) {
    const int32_t own = axis - (rank - array_rank);
    stream.strides[axis] = own < 0 || array->dims[own] == 1 ? 0 : array->dims[array_rank + own];
  }
  return stream;
}

void keep_order(const kjit_operand* operands, int32_t count, int32_t rank, int64_t item, int64_t* strides) {
  const kjit_operand& order = operands[count];
  kept_strides(operands, rank, static_cast<const int16_t*>(order.data), order.rank, strides);
  for (int32_t axis = 0; axis < rank; axis++) strides[axis] *= item;
}

void arrange(Plan& plan) {
  for (int32_t axis = plan.rank - 1; axis >= 0; axis--) {
    if (plan.extents[axis] == 1) remove_axis(plan, axis);
  }
  for (int32_t i = 1; i < plan.rank; i++) {
    for (int32_t k = i; k > 0 && reach(plan, k - 1) < reach(plan, k); k--) swap_axes(plan, k - 1, k);
  }
  for (int32_t axis = plan.rank - 2; axis >= 0; axis--) {
    if (!can_merge(plan, axis)) continue;
    const int64_t merged = plan.extents[axis] * plan.extents[axis + 1];
    swap_axes(plan, axis, axis + 1);  // keeps the strides of the inner one
    remove_axis(plan, axis + 1);
    plan.extents[axis] = merged;
  }
  if (plan.rank == 0) {
    plan.rank = 1;
    plan.extents[0] = 1;
    for (Stream& stream : plan.streams) stream.strides[0] = stream.item;
  }
}

}  // namespace kjit::runtime
