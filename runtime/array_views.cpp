// Views that rearrange axes: array_Axes, array_Reshape, array_Contiguous, array_BroadcastTo, array_Diagonal, array_ComplexPart.

#include <stdlib.h>

#include <algorithm>

#include "runtime/array_call.h"

namespace kjit::runtime {

namespace {

void begin_view(const ArrayCall& call) {
  kjit_array* view = call.result();
  view->data = call.array(0)->data;
  view->owner = call.array(0)->owner;
  kjit_retain(view->owner);
}

void set_axis(const ArrayCall& call, int32_t axis, int64_t size, int64_t stride) {
  call.result()->dims[axis] = size;
  call.result()->dims[call.rank + axis] = stride;
}

// The strides with which the elements, in C order, are seen in the new shape; false where there are none. Runs of old axes that
// are contiguous among themselves must be cut by the new shape at their ends.
bool strides_of_reshaped(int32_t rank, const kjit_array* array, int32_t new_rank, const int64_t* shape, int64_t* strides) {
  int64_t old_shape[KJIT_MAX_RANK], old_strides[KJIT_MAX_RANK];
  int32_t axes = 0;
  for (int32_t axis = 0; axis < rank; axis++) {
    if (array->dims[axis] == 1) continue;
    old_shape[axes] = array->dims[axis];
    old_strides[axes++] = array->dims[rank + axis];
  }
  int32_t from = 0, to = 0;
  while (from < axes && to < new_rank) {
    int32_t from_end = from + 1, to_end = to + 1;
    int64_t old_count = old_shape[from], new_count = shape[to];
    while (old_count != new_count) {
      if (new_count < old_count) {
        new_count *= shape[to_end++];
      } else {
        old_count *= old_shape[from_end++];
      }
    }
    for (int32_t axis = from; axis + 1 < from_end; axis++) {
      if (old_strides[axis] != old_strides[axis + 1] * old_shape[axis + 1]) return false;
    }
    strides[to_end - 1] = old_strides[from_end - 1];
    for (int32_t axis = to_end - 1; axis > to; axis--) strides[axis - 1] = strides[axis] * shape[axis];
    from = from_end;
    to = to_end;
  }
  const int64_t last = to > 0 ? strides[to - 1] : 0;
  for (; to < new_rank; to++) strides[to] = last;
  return true;
}

kjit_status reshape_error(const ArrayCall& call, const int64_t* shape) {
  std::string sizes = "(";
  for (int32_t axis = 0; axis < call.rank; axis++) {
    sizes += std::to_string(shape[axis]) + (call.rank == 1 || axis + 1 < call.rank ? "," : "");
  }
  return value_error(call.ctx, call.site,
                     "cannot reshape array of size " + std::to_string(element_count(call.rank_of(0), call.array(0))) +
                         " into shape " + sizes + ")");
}

}  // namespace

kjit_status array_Axes(const ArrayCall& call) {
  const kjit_array* array = call.array(0);
  const int32_t rank = call.rank_of(0);
  bool used[KJIT_MAX_RANK] = {};
  for (int32_t axis = 0; axis < call.rank; axis++) {
    if (call.number(1 + axis) >= 0) used[call.number(1 + axis)] = true;
  }
  for (int32_t axis = 0; axis < rank; axis++) {
    if (!used[axis] && array->dims[axis] != 1)
      return value_error(call.ctx, call.site, "cannot select an axis to squeeze out which has size not equal to one");
  }
  begin_view(call);
  for (int32_t axis = 0; axis < call.rank; axis++) {
    const int64_t from = call.number(1 + axis);
    set_axis(call, axis, from < 0 ? 1 : array->dims[from], from < 0 ? 0 : array->dims[rank + from]);
  }
  return KJIT_OK;
}

kjit_status array_Reshape(const ArrayCall& call) {
  const kjit_array* array = call.array(0);
  const int32_t rank = call.rank_of(0);
  int64_t shape[KJIT_MAX_RANK], known = 1;
  int32_t open = -1;
  for (int32_t axis = 0; axis < call.rank; axis++) {
    shape[axis] = call.number(1 + axis);
    if (shape[axis] < 0) {
      if (open >= 0) return value_error(call.ctx, call.site, "can only specify one unknown dimension");
      open = axis;
    } else {
      known *= shape[axis];
    }
  }
  const int64_t count = element_count(rank, array);
  if (open >= 0) {
    if (known == 0 || count % known != 0) return reshape_error(call, shape);
    shape[open] = count / known;
  } else if (known != count) {
    return reshape_error(call, shape);
  }
  int64_t strides[KJIT_MAX_RANK] = {};
  if (count == 0) return new_result(call, shape);
  if (strides_of_reshaped(rank, array, call.rank, shape, strides)) {
    begin_view(call);
    for (int32_t axis = 0; axis < call.rank; axis++) set_axis(call, axis, shape[axis], strides[axis]);
    return KJIT_OK;
  }
  kjit_array copy;
  if (kjit_array_copy(call.ctx, call.site, call.dtype, rank, array, &copy) != KJIT_OK) return KJIT_FAILED;
  int64_t stride = kjit_dtype_size(call.dtype);
  call.result()->data = copy.data;
  call.result()->owner = copy.owner;
  for (int32_t axis = call.rank - 1; axis >= 0; axis--) {
    set_axis(call, axis, shape[axis], stride);
    stride *= shape[axis];
  }
  return KJIT_OK;
}

kjit_status array_Contiguous(const ArrayCall& call) {
  const kjit_array* array = call.array(0);
  const int32_t rank = call.rank_of(0);
  if (!kjit_array_is_contiguous(call.dtype, rank, array)) {
    return kjit_array_copy(call.ctx, call.site, call.dtype, rank, array, call.result());
  }
  begin_view(call);
  std::copy(array->dims, array->dims + 2 * rank, call.result()->dims);
  return KJIT_OK;
}

kjit_status array_BroadcastTo(const ArrayCall& call) {
  const kjit_array* array = call.array(0);
  const int32_t rank = call.rank_of(0);
  int64_t shape[KJIT_MAX_RANK];
  for (int32_t axis = 0; axis < call.rank; axis++) shape[axis] = call.number(1 + axis);
  bool fits = rank <= call.rank;
  for (int32_t own = 0; fits && own < rank; own++) {
    fits = array->dims[own] == 1 || array->dims[own] == shape[call.rank - rank + own];
  }
  if (!fits) {
    return value_error(call.ctx, call.site,
                       "operands could not be broadcast together with remapped shapes [original->remapped]: " +
                           shape_text(rank, array->dims) + "  and requested shape " + shape_text(call.rank, shape));
  }
  begin_view(call);
  for (int32_t axis = 0; axis < call.rank; axis++) {
    const int32_t own = axis - (call.rank - rank);
    set_axis(call, axis, shape[axis], own < 0 || array->dims[own] == 1 ? 0 : array->dims[rank + own]);
  }
  return KJIT_OK;
}

kjit_status array_Diagonal(const ArrayCall& call) {
  const kjit_array* array = call.array(0);
  const int32_t rank = call.rank_of(0);
  const int64_t offset = call.number(1);
  const auto first = static_cast<int32_t>(call.number(2)), second = static_cast<int32_t>(call.number(3));
  const int64_t rows = array->dims[first] - std::max<int64_t>(0, -offset);
  const int64_t columns = array->dims[second] - std::max<int64_t>(0, offset);
  const int64_t length = std::max<int64_t>(0, std::min(rows, columns));
  begin_view(call);
  if (length > 0) {
    const int64_t skipped = offset >= 0 ? offset * array->dims[rank + second] : -offset * array->dims[rank + first];
    call.result()->data = static_cast<char*>(array->data) + skipped;
  }
  int32_t axis = 0;
  for (int32_t i = 0; i < rank; i++) {
    if (i != first && i != second) set_axis(call, axis, array->dims[i], array->dims[rank + i]), axis++;
  }
  set_axis(call, axis, length, array->dims[rank + first] + array->dims[rank + second]);
  return KJIT_OK;
}

kjit_status array_ComplexPart(const ArrayCall& call) {
  const kjit_array* array = call.array(0);
  begin_view(call);
  call.result()->data = static_cast<char*>(array->data) + call.number(1) * kjit_dtype_size(call.dtype);
  for (int32_t axis = 0; axis < call.rank; axis++) set_axis(call, axis, array->dims[axis], array->dims[call.rank + axis]);
  return KJIT_OK;
}

}  // namespace kjit::runtime
