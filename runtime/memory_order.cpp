// Where NumPy puts the elements of an expression's result. Entry: kept_strides.

#include "runtime/memory_order.h"

#include <stdlib.h>

#include <algorithm>
#include <vector>

namespace kjit::runtime {

namespace {

// What an operand says about the axes of the index space; stride 0 where it has one element only, or is repeated.
struct Layout {
  int64_t extents[KJIT_MAX_RANK];
  int64_t strides[KJIT_MAX_RANK];
};

Layout layout_of(const kjit_operand& operand, int32_t rank) {
  const auto* array = static_cast<const kjit_array*>(operand.data);
  Layout layout;
  for (int32_t axis = 0; axis < rank; axis++) {
    const int32_t own = axis - (rank - operand.rank);
    layout.extents[axis] = own < 0 ? 1 : array->dims[own];
    layout.strides[axis] = layout.extents[axis] == 1 ? 0 : array->dims[operand.rank + own];
  }
  return layout;
}

enum class Says { Nothing, Inside, Outside };

// Whether `axis` belongs inside of `other`, in memory, by all of the operands that have something to say.
Says place(const Layout* first, const Layout* last, int32_t axis, int32_t other) {
  Says says = Says::Nothing;
  for (const Layout* layout = first; layout != last; layout++) {
    const int64_t a = std::abs(layout->strides[axis]), b = std::abs(layout->strides[other]);
    if (a == 0 || b == 0) continue;
    if (b <= a) return Says::Outside;  // C order wins
    says = Says::Inside;
  }
  return says;
}

// The layout of what an operation makes of the others.
Layout combined(const Layout* first, const Layout* last, int32_t rank) {
  Layout result;
  std::fill(result.extents, result.extents + rank, 1);
  for (const Layout* layout = first; layout != last; layout++) {
    for (int32_t axis = 0; axis < rank; axis++) {
      if (layout->extents[axis] != 1) result.extents[axis] = layout->extents[axis];
    }
  }
  // NumPy's insertion sort, from the innermost axis of C order on: an axis passes others that say nothing only if it gets
  // further.
  std::vector<int32_t> inside_first;
  for (int32_t axis = rank; axis-- > 0;) {
    auto at = static_cast<std::ptrdiff_t>(inside_first.size());
    for (std::ptrdiff_t k = at; k-- > 0;) {
      const Says says = place(first, last, axis, inside_first[static_cast<size_t>(k)]);
      if (says == Says::Outside) break;
      if (says == Says::Inside) at = k;
    }
    inside_first.insert(inside_first.begin() + at, axis);
  }
  int64_t stride = 1;
  for (const int32_t axis : inside_first) {
    result.strides[axis] = result.extents[axis] == 1 ? 0 : stride;
    stride *= result.extents[axis];
  }
  return result;
}

}  // namespace

void kept_strides(const kjit_operand* operands, int32_t rank, const int16_t* steps, int64_t count, int64_t* strides) {
  std::vector<Layout> stack;
  for (int64_t i = 0; i < count; i++) {
    if (steps[i] >= 0) {
      stack.push_back(layout_of(operands[steps[i]], rank));
      continue;
    }
    const Layout made = combined(&stack.back() + 1 + steps[i], &stack.back() + 1, rank);
    stack.resize(stack.size() + static_cast<size_t>(1 + steps[i]), made);
    stack.back() = made;
  }
  const Layout made = combined(stack.data(), stack.data() + stack.size(), rank);
  for (int32_t axis = 0; axis < rank; axis++) strides[axis] = made.extents[axis] == 1 ? 1 : made.strides[axis];
}

}  // namespace kjit::runtime
