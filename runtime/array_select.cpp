// Elements chosen by masks and by arrays of integers. Entries: array_SelectMask, array_PutMask, array_Gather, array_Scatter,
// array_NonzeroAxis, array_Argwhere.

#include <algorithm>
#include <optional>

#include "runtime/array_call.h"

namespace kjit::runtime {

namespace {

const char* element_at(int32_t rank, const kjit_array* array, const int64_t* index) {
  const char* at = static_cast<const char*>(array->data);
  for (int32_t axis = 0; axis < rank; axis++) at += index[axis] * array->dims[rank + axis];
  return at;
}

// A sub-array: the axes behind the first `skipped` ones, from an element on.
kjit_array part_of(int32_t rank, const kjit_array* array, int32_t skipped, const char* at) {
  kjit_array part{const_cast<char*>(at), nullptr, {}};
  for (int32_t axis = skipped; axis < rank; axis++) {
    part.dims[axis - skipped] = array->dims[axis];
    part.dims[rank - skipped + axis - skipped] = array->dims[rank + axis];
  }
  return part;
}

kjit_status check_mask(const ArrayCall& call) {
  for (int32_t axis = 0; axis < call.rank_of(1); axis++) {
    const int64_t size = call.array(0)->dims[axis], given = call.array(1)->dims[axis];
    if (size == given) continue;
    return index_error(call.ctx, call.site,
                       "boolean index did not match indexed array along axis " + std::to_string(axis) + "; size of axis is " +
                           std::to_string(size) + " but size of corresponding boolean axis is " + std::to_string(given));
  }
  return KJIT_OK;
}

// Stops counting when the call is to stop, which the caller asks for next.
int64_t count_true(const kjit_context* ctx, int32_t rank, const kjit_array* mask) {
  int64_t count = 0;
  for_each_element<uint8_t>(ctx, rank, mask, [&](uint8_t value, int64_t) { count += value != 0; });
  return count;
}

// Calls f(address in the array of the place's first element) for each place of the mask that holds.
template <typename F>
void for_each_true(const ArrayCall& call, F f) {
  const int32_t rank = call.rank_of(1);
  const kjit_array *mask = call.array(1), *array = call.array(0);
  if (element_count(rank, mask) == 0) return;
  int64_t index[KJIT_MAX_RANK] = {};
  const int64_t inner = mask->dims[rank - 1], mask_step = mask->dims[2 * rank - 1],
                step = array->dims[call.rank_of(0) + rank - 1];
  do {
    const char* flag = element_at(rank, mask, index);
    const char* at = static_cast<const char*>(array->data);
    for (int32_t axis = 0; axis < rank; axis++) at += index[axis] * array->dims[call.rank_of(0) + axis];
    for (int64_t i = 0; i < inner; i++) {
      if (flag[i * mask_step]) f(const_cast<char*>(at + i * step));
    }
    index[rank - 1] = inner - 1;
  } while (next_index(rank, mask->dims, index));
}

void copy_part(int32_t dtype, int32_t rank, const kjit_array* to, const kjit_array* from) {
  int64_t index[KJIT_MAX_RANK] = {};
  const auto item = static_cast<size_t>(kjit_dtype_size(dtype));
  if (element_count(rank, to) == 0) return;
  do {
    memcpy(const_cast<char*>(element_at(rank, to, index)), element_at(rank, from, index), item);
  } while (next_index(rank, to->dims, index));
}

void copy_item(int64_t item, char* to, const char* from) {
  with_item_size(item, [&](auto size) { memcpy(to, from, size.value); });
}

// ---- integer arrays ----------------------------------------------

// a[..., i, ..., j, ...]: `first` is the position of `place` among the arguments.
struct Selection {
  int32_t indices, place;
  int32_t shape_rank = 0;          // of the index arrays, broadcast
  int64_t shape[KJIT_MAX_RANK];    // of the index arrays
  int32_t rank = 0;                // of the whole
  int64_t extents[KJIT_MAX_RANK];  // of the whole: other axes, with the index arrays' axes at `place`
  int32_t axis[KJIT_MAX_RANK];     // of the array, that index k selects on
  int32_t kept[KJIT_MAX_RANK];     // axes of the array that no index selects on
  int32_t kept_count = 0;
};

kjit_status prepare(const ArrayCall& call, int32_t first, Selection& s) {
  s.indices = (call.count - first - 1) / 2;
  s.place = static_cast<int32_t>(call.number(first));
  const kjit_operand* arrays = call.args + first + 1;
  for (int32_t k = 0; k < s.indices; k++) {
    s.axis[k] = static_cast<int32_t>(call.number(first + 1 + s.indices + k));
    s.shape_rank = std::max(s.shape_rank, arrays[k].rank);
  }
  if (kjit_broadcast_extents(call.ctx, call.site, arrays, s.indices, nullptr, s.shape_rank, s.shape) != KJIT_OK)
    return KJIT_FAILED;
  for (int32_t axis = 0; axis < call.rank_of(0); axis++) {
    if (std::find(s.axis, s.axis + s.indices, axis) == s.axis + s.indices) s.kept[s.kept_count++] = axis;
  }
  for (int32_t k = 0; k <= s.kept_count; k++) {
    if (k == s.place) s.rank = static_cast<int32_t>(std::copy(s.shape, s.shape + s.shape_rank, s.extents + s.rank) - s.extents);
    if (k < s.kept_count) s.extents[s.rank++] = call.array(0)->dims[s.kept[k]];
  }
  return KJIT_OK;
}

kjit_status out_of_bounds(const ArrayCall& call, int64_t index, int32_t axis, int64_t size) {
  return kjit_trap(call.ctx, KJIT_TRAP_IndexOutOfRange, call.site, index, axis, size);
}

// The offset in bytes that the index arrays give for each place of their shape.
kjit_status offsets_of(const ArrayCall& call, int32_t first, const Selection& s, std::vector<int64_t>& offsets) {
  const kjit_array* array = call.array(0);
  int64_t count = 1;
  for (int32_t axis = 0; axis < s.shape_rank; axis++) count *= s.shape[axis];
  offsets.assign(static_cast<size_t>(count), 0);
  for (int32_t k = 0; k < s.indices && count > 0; k++) {
    const kjit_array* index_array = call.array(first + 1 + k);
    const int32_t rank = call.rank_of(first + 1 + k);
    const int64_t size = array->dims[s.axis[k]], stride = array->dims[call.rank_of(0) + s.axis[k]];
    int64_t index[KJIT_MAX_RANK] = {};
    size_t at = 0;
    do {
      const char* address = static_cast<const char*>(index_array->data);
      for (int32_t own = 0; own < rank; own++) {
        if (index_array->dims[own] != 1) address += index[s.shape_rank - rank + own] * index_array->dims[rank + own];
      }
      const auto written = load<int64_t>(address);
      const int64_t position = written < 0 ? written + size : written;
      if (position < 0 || position >= size) return out_of_bounds(call, written, s.axis[k], size);
      offsets[at++] += position * stride;
    } while (next_index(s.shape_rank, s.shape, index));
  }
  return KJIT_OK;
}

// Calls f(address in the array) for each place of the selection, in C order.
template <typename F>
void for_each_selected(const ArrayCall& call, const Selection& s, const std::vector<int64_t>& offsets, F f) {
  const kjit_array* array = call.array(0);
  for (int32_t axis = 0; axis < s.rank; axis++) {
    if (s.extents[axis] == 0) return;
  }
  int64_t index[KJIT_MAX_RANK] = {};
  do {
    int64_t chosen = 0, offset = 0;
    for (int32_t axis = 0; axis < s.shape_rank; axis++) chosen = chosen * s.shape[axis] + index[s.place + axis];
    for (int32_t k = 0; k < s.kept_count; k++) {
      offset += index[k < s.place ? k : k + s.shape_rank] * array->dims[call.rank_of(0) + s.kept[k]];
    }
    f(static_cast<char*>(array->data) + offset + offsets[static_cast<size_t>(chosen)]);
  } while (next_index(s.rank, s.extents, index));
}

// Places of a mask (or of numbers) of one axis that hold, in order: f(place, how many came before it). Called for other places,
// too, so that there is no branch for each element, which would be predicted wrongly half of the time; what the last call for a
// number said counts.
template <typename T, typename F>
void for_each_place(const ArrayCall& call, const kjit_array& flags, int64_t count, F f) {
  StopLook look(call);
  const auto* data = static_cast<const char*>(flags.data);
  const int64_t length = flags.dims[0], step = flags.dims[1];
  for (int64_t begin = 0, found = 0; begin < length && found < count; begin += kPieceElements) {
    look(kPieceElements);
    const int64_t end = std::min(begin + kPieceElements, length);
    for (int64_t i = begin; i < end && found < count; i++) {
      f(i, found);
      found += is_true(load<T>(data + i * step));
    }
  }
}

kjit_status select_elements(const ArrayCall& call, int64_t item, int64_t count) {
  const kjit_array& array = *call.array(0);
  const auto* from = static_cast<const char*>(array.data);
  auto* to = static_cast<char*>(call.result()->data);
  with_item_size(item, [&](auto size) {
    for_each_place<uint8_t>(call, *call.array(1), count, [&](int64_t i, int64_t found) {
      memcpy(to + found * size.value, from + i * array.dims[1], size.value);
    });
  });
  return KJIT_OK;
}

}  // namespace

kjit_status array_SelectMask(const ArrayCall& call) {
  if (check_mask(call) != KJIT_OK) return KJIT_FAILED;
  const int32_t rank = call.rank_of(0), masked = call.rank_of(1);
  int64_t shape[KJIT_MAX_RANK] = {count_true(call.ctx, masked, call.array(1))};
  for (int32_t axis = masked; axis < rank; axis++) shape[1 + axis - masked] = call.array(0)->dims[axis];
  if (kjit_poll(call.ctx, call.site) != KJIT_OK) return KJIT_FAILED;
  if (new_result(call, shape) != KJIT_OK) return KJIT_FAILED;
  const int64_t item = kjit_dtype_size(call.dtype);
  if (rank == 1) return select_elements(call, item, shape[0]);
  auto* to = static_cast<char*>(call.result()->data);
  StopLook look(call);
  for_each_true(call, [&](char* at) {
    look();
    if (rank == masked) {
      copy_item(item, to, at);
      to += item;
      return;
    }
    kjit_array from = part_of(rank, call.array(0), masked, at);
    kjit_array into = part_of(call.rank, call.result(), 1, to);
    copy_part(call.dtype, rank - masked, &into, &from);
    to += call.result()->dims[call.rank];
  });
  return KJIT_OK;
}

kjit_status array_PutMask(const ArrayCall& call) {
  if (check_mask(call) != KJIT_OK) return KJIT_FAILED;
  const int32_t rank = call.rank_of(0), masked = call.rank_of(1), dtype = call.dtype_of(0);
  const int32_t left = rank - masked + 1;  // axes of what is assigned
  int64_t shape[KJIT_MAX_RANK] = {count_true(call.ctx, masked, call.array(1))};
  for (int32_t axis = masked; axis < rank; axis++) shape[1 + axis - masked] = call.array(0)->dims[axis];
  if (kjit_poll(call.ctx, call.site) != KJIT_OK) return KJIT_FAILED;
  if (call.rank_of(2) == 1 && left == 1 && call.array(2)->dims[0] != shape[0] && call.array(2)->dims[0] != 1) {
    return value_error(call.ctx, call.site,
                       "NumPy boolean array indexing assignment cannot assign " + std::to_string(call.array(2)->dims[0]) +
                           " input values to the " + std::to_string(shape[0]) + " output values where the mask is true");
  }
  kjit_array values;  // in the shape of what is assigned, apart from the array
  if (kjit_array_new(call.ctx, call.site, dtype, left, shape, KJIT_EMPTY, &values) != KJIT_OK) return KJIT_FAILED;
  const kjit_status status = kjit_array_assign(call.ctx, call.site, dtype, left, &values, call.rank_of(2), call.array(2));
  if (status == KJIT_OK) {
    auto* from = static_cast<char*>(values.data);
    const int64_t item = kjit_dtype_size(dtype);
    for_each_true(call, [&](char* at) {
      if (rank == masked) return copy_item(item, at, from), from += item, void();
      kjit_array into = part_of(rank, call.array(0), masked, at);
      kjit_array part = part_of(left, &values, 1, from);
      copy_part(dtype, rank - masked, &into, &part);
      from += values.dims[left];
    });
  }
  kjit_release(values.owner);
  return status;
}

namespace {

// a[idx] of one index array, where what one index chooses lies densely in memory: elements or rows.
struct DenseChoice {
  int64_t size, stride;  // of the axis
  int64_t bytes;         // that one index chooses
};

std::optional<DenseChoice> dense_choice(const ArrayCall& call) {
  constexpr int32_t kArguments = 4;  // array, place, index array, axis
  if (call.count != kArguments || call.number(3) != 0) return std::nullopt;
  const kjit_array* array = call.array(0);
  const int32_t rank = call.rank_of(0);
  int64_t bytes = kjit_dtype_size(call.dtype);
  for (int32_t axis = rank - 1; axis > 0; axis--) {
    if (array->dims[rank + axis] != bytes && array->dims[axis] != 1) return std::nullopt;
    bytes *= array->dims[axis];
  }
  return DenseChoice{array->dims[0], array->dims[rank], bytes};
}

// copy(to, from) copies what one index chooses.
template <typename Copy>
kjit_status gather_dense(const ArrayCall& call, const DenseChoice& choice, Copy copy) {
  const auto* from = static_cast<const char*>(call.array(0)->data);
  auto* to = static_cast<char*>(call.result()->data);
  StopLook look(call);
  const Rows rows = rows_in_order(call.rank_of(2), call.array(2));
  std::optional<int64_t> wrong;
  while_rows(rows, static_cast<char*>(call.array(2)->data), [&](const char* row, int64_t first) {
    for (int64_t i = 0; i < rows.inner && !wrong; i++) {
      look(4 + choice.bytes / 8);
      const auto written = load<int64_t>(row + i * rows.step);
      const int64_t position = written < 0 ? written + choice.size : written;
      if (static_cast<uint64_t>(position) >= static_cast<uint64_t>(choice.size))
        wrong = written;
      else
        copy(to + (first + i) * choice.bytes, from + position * choice.stride);
    }
    return !wrong;
  });
  if (!wrong) return finished(call.ctx, call.site, static_cast<kjit_buffer*>(call.result()->owner));
  kjit_release(call.result()->owner);
  return out_of_bounds(call, *wrong, 0, choice.size);
}

kjit_status gather_dense(const ArrayCall& call, const DenseChoice& choice) {
  if (choice.bytes != kjit_dtype_size(call.dtype))
    return gather_dense(call, choice, [&](char* to, const char* from) { copy_bytes(call.ctx, to, from, choice.bytes); });
  return with_item_size(choice.bytes, [&](auto size) {
    return gather_dense(call, choice, [=](char* to, const char* from) { memcpy(to, from, size.value); });
  });
}

}  // namespace

kjit_status array_Gather(const ArrayCall& call) {
  Selection s;
  if (const auto choice = dense_choice(call)) {
    if (prepare(call, 1, s) != KJIT_OK || new_result(call, s.extents) != KJIT_OK) return KJIT_FAILED;
    return gather_dense(call, *choice);
  }
  std::vector<int64_t> offsets;
  if (prepare(call, 1, s) != KJIT_OK || offsets_of(call, 1, s, offsets) != KJIT_OK) return KJIT_FAILED;
  if (new_result(call, s.extents) != KJIT_OK) return KJIT_FAILED;
  auto* to = static_cast<char*>(call.result()->data);
  const int64_t item = kjit_dtype_size(call.dtype);
  StopLook look(call);
  for_each_selected(call, s, offsets, [&](char* at) {
    look(4);
    copy_item(item, to, at);
    to += item;
  });
  return KJIT_OK;
}

kjit_status array_Scatter(const ArrayCall& call) {
  Selection s;
  std::vector<int64_t> offsets;
  if (prepare(call, 2, s) != KJIT_OK || offsets_of(call, 2, s, offsets) != KJIT_OK) return KJIT_FAILED;
  const int32_t dtype = call.dtype_of(0);
  kjit_array values;
  if (kjit_array_new(call.ctx, call.site, dtype, s.rank, s.extents, KJIT_EMPTY, &values) != KJIT_OK) return KJIT_FAILED;
  const kjit_status status = kjit_array_assign(call.ctx, call.site, dtype, s.rank, &values, call.rank_of(1), call.array(1));
  if (status == KJIT_OK) {
    auto* from = static_cast<char*>(values.data);
    const int64_t item = kjit_dtype_size(dtype);
    for_each_selected(call, s, offsets, [&](char* at) {
      copy_item(item, at, from);
      from += item;
    });
  }
  kjit_release(values.owner);
  return status;
}

namespace {

template <typename T>
kjit_status positions_of(const ArrayCall& call) {
  int64_t count = 0;
  for_each_element<T>(call.ctx, 1, call.array(0), [&](const T& value, int64_t) { count += is_true(value); });
  if (kjit_poll(call.ctx, call.site) != KJIT_OK || new_result(call, &count) != KJIT_OK) return KJIT_FAILED;
  auto* positions = static_cast<int64_t*>(call.result()->data);
  for_each_place<T>(call, *call.array(0), count, [&](int64_t i, int64_t found) { positions[found] = i; });
  return KJIT_OK;
}

}  // namespace

kjit_status array_NonzeroAxis(const ArrayCall& call) {
  const int32_t rank = call.rank_of(0);
  const kjit_array* array = call.array(0);
  const auto axis = static_cast<int32_t>(call.number(1));
  if (call.count > 2) {  // further arguments: the array that a mask of one axis is an index of, and the axis, of the mask's size
    const int64_t size = call.array(2)->dims[call.number(3)];
    if (size != array->dims[0]) {
      return index_error(call.ctx, call.site,
                         "boolean index did not match indexed array along axis " + std::to_string(call.number(3)) +
                             "; size of axis is " + std::to_string(size) + " but size of corresponding boolean axis is " +
                             std::to_string(array->dims[0]));
    }
  }
  if (rank == 1) return with_type(call.dtype_of(0), [&](auto tag) { return positions_of<typename decltype(tag)::type>(call); });
  std::vector<int64_t> positions;
  int64_t behind = 1;
  for (int32_t i = axis + 1; i < rank; i++) behind *= array->dims[i];
  with_type(call.dtype_of(0), [&](auto tag) {
    using T = typename decltype(tag)::type;
    StopLook look(call);
    for_each_element<T>(rank, array, [&](const T& value, int64_t at) {
      look();
      if (is_true(value)) positions.push_back(at / behind % array->dims[axis]);
    });
  });
  const auto count = static_cast<int64_t>(positions.size());
  if (new_result(call, &count) != KJIT_OK) return KJIT_FAILED;
  std::copy(positions.begin(), positions.end(), static_cast<int64_t*>(call.result()->data));
  return KJIT_OK;
}

kjit_status array_Argwhere(const ArrayCall& call) {
  const int32_t rank = call.rank_of(0);
  const kjit_array* array = call.array(0);
  std::vector<int64_t> positions;
  with_type(call.dtype_of(0), [&](auto tag) {
    using T = typename decltype(tag)::type;
    StopLook look(call);
    for_each_element<T>(rank, array, [&](const T& value, int64_t at) {
      look();
      if (!is_true(value)) return;
      const size_t first = positions.size();
      positions.resize(first + static_cast<size_t>(rank));
      for (int32_t axis = rank - 1; axis >= 0; axis--) {
        positions[first + static_cast<size_t>(axis)] = at % array->dims[axis];
        at /= array->dims[axis];
      }
    });
  });
  const int64_t shape[2] = {static_cast<int64_t>(positions.size()) / rank, rank};
  if (new_result(call, shape) != KJIT_OK) return KJIT_FAILED;
  std::copy(positions.begin(), positions.end(), static_cast<int64_t*>(call.result()->data));
  return KJIT_OK;
}

}  // namespace kjit::runtime
