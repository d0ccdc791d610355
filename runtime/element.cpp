// Views of any rank as rows. Entry: rows_in_order, rows_by_memory.

#include "runtime/element.h"

#include <cstdlib>
#include <utility>

namespace kjit::runtime {

namespace {

struct Axis {
  int64_t size, stride;
};

// Adds an axis behind the others, as one with the last of them when together they are one walk through memory.
void append(Axis* axes, int32_t& count, Axis axis) {
  if (axis.size == 1) return;
  if (count > 0 && axes[count - 1].stride == axis.size * axis.stride) {
    axes[count - 1] = {axes[count - 1].size * axis.size, axis.stride};
  } else {
    axes[count++] = axis;
  }
}

Rows rows_of(const Axis* axes, int32_t rank) {
  Axis merged[KJIT_MAX_RANK];
  int32_t count = 0;
  for (int32_t i = 0; i < rank; i++) append(merged, count, axes[i]);
  Rows rows;
  for (int32_t i = 0; i + 1 < count; i++) {
    rows.shape[i] = merged[i].size;
    rows.strides[i] = merged[i].stride;
    rows.count *= merged[i].size;
  }
  if (count > 0) {
    rows.outer_rank = count - 1;
    rows.inner = merged[count - 1].size;
    rows.step = merged[count - 1].stride;
  }
  return rows;
}

}  // namespace

Rows rows_in_order(int32_t rank, const kjit_array* array) {
  Axis axes[KJIT_MAX_RANK];
  for (int32_t i = 0; i < rank; i++) axes[i] = {shape_of(array)[i], strides_of(rank, array)[i]};
  return rows_of(axes, rank);
}

Rows rows_by_memory(int32_t rank, const kjit_array* array) {
  Axis axes[KJIT_MAX_RANK];
  for (int32_t i = 0; i < rank; i++) axes[i] = {shape_of(array)[i], strides_of(rank, array)[i]};
  for (int32_t i = 1; i < rank; i++) {  // a stable sort of very few
    for (int32_t j = i; j > 0 && std::abs(axes[j - 1].stride) < std::abs(axes[j].stride); j--) std::swap(axes[j - 1], axes[j]);
  }
  return rows_of(axes, rank);
}

}  // namespace kjit::runtime
