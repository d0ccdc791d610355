// The common shape of operands. Entry: kjit_broadcast_extents.

#include <algorithm>
#include <string>
#include <vector>

#include "runtime/array_call.h"
#include "runtime/array_loop/plan.h"
#include "runtime/mask_step.h"
#include "runtime/runtime.h"

namespace {

using namespace kjit::runtime;

using Shape = std::vector<int64_t>;

Shape shape_of(const kjit_operand& operand) {
  const int64_t* dims = array_of(operand)->dims;
  return Shape(dims, dims + operand.rank);
}

// The common shape. False: there is none.
bool broadcast(const Shape* shapes, size_t count, Shape& common) {
  common.clear();
  for (const Shape* shape = shapes; shape != shapes + count; shape++) {
    if (shape->size() > common.size()) common.insert(common.begin(), shape->size() - common.size(), 1);
    const size_t skipped = common.size() - shape->size();
    for (size_t own = 0; own < shape->size(); own++) {
      int64_t& extent = common[skipped + own];
      const int64_t size = (*shape)[own];
      if (extent != 1 && size != 1 && size != extent) return false;
      if (extent == 1) extent = size;
    }
  }
  return true;
}

// The shapes that the last step joins. False: a step before it fails.
bool shapes_before_last(const kjit_operand* operands, const int32_t* shapes, std::vector<Shape>& stack) {
  for (int32_t k = 1; k < shapes[0]; k++) {
    if (shapes[k] >= 0) {
      stack.push_back(shape_of(operands[shapes[k]]));
      continue;
    }
    const auto joined = static_cast<size_t>(-shapes[k]);
    const size_t first = stack.size() - joined;
    Shape common;
    if (!broadcast(&stack[first], joined, common)) return false;
    stack.resize(first);
    stack.push_back(common);
  }
  return true;
}

bool have_one_shape(const kjit_operand* operands, int32_t count) {
  for (int32_t k = 1; k < count; k++) {
    const bool same =
        operands[k].rank == operands[0].rank &&
        std::equal(array_of(operands[k])->dims, array_of(operands[k])->dims + operands[k].rank, array_of(operands[0])->dims);
    if (!same) return false;
  }
  return true;
}

// The mask and the array that it is an index of are of one rank.
kjit_status check_mask(kjit_context* ctx, uint32_t site, const kjit_operand* operands, int32_t count, const int32_t* shapes) {
  std::vector<Shape> stack;
  if (have_one_shape(operands, count) || !shapes_before_last(operands, shapes, stack)) return KJIT_OK;
  const Shape &mask = stack.front(), &array = stack.back();
  for (size_t axis = 0; axis < array.size(); axis++) {
    const size_t skipped = array.size() - mask.size();
    const int64_t own = axis < skipped ? 1 : mask[axis - skipped];
    if (own == array[axis]) continue;
    return index_error(ctx, site,
                       "boolean index did not match indexed array along axis " + std::to_string(axis) + "; size of axis is " +
                           std::to_string(array[axis]) + " but size of corresponding boolean axis is " + std::to_string(own));
  }
  return KJIT_OK;
}

// Those of the first step that fails.
std::vector<Shape> misfits(const kjit_operand* operands, int32_t count, const int32_t* shapes) {
  std::vector<Shape> stack;
  for (int32_t k = 1; shapes && k <= shapes[0]; k++) {
    if (shapes[k] >= 0) {
      stack.push_back(shape_of(operands[shapes[k]]));
      continue;
    }
    const auto joined = shapes[k] == KJIT_MASK_STEP ? stack.size() : static_cast<size_t>(-shapes[k]);
    const size_t first = stack.size() - joined;
    Shape common;
    if (!broadcast(&stack[first], joined, common)) return {stack.begin() + static_cast<ptrdiff_t>(first), stack.end()};
    stack.resize(first);
    stack.push_back(common);
  }
  stack.clear();
  for (int32_t k = 0; k < count; k++) stack.push_back(shape_of(operands[k]));
  return stack;
}

kjit_status broadcast_error(kjit_context* ctx, uint32_t site, const kjit_operand* operands, int32_t count,
                            const int32_t* shapes) {
  std::string text = "operands could not be broadcast together with shapes";
  for (const Shape& shape : misfits(operands, count, shapes)) {
    text += " " + shape_text(static_cast<int32_t>(shape.size()), shape.data());
  }
  return value_error(ctx, site, text);
}

}  // namespace

namespace kjit::runtime {

kjit_status array_CheckBroadcast(const ArrayCall& call) {
  int32_t arrays = 0, rank = 0;
  for (; arrays < call.count && call.rank_of(arrays) >= 0; arrays++) rank = std::max(rank, call.rank_of(arrays));
  std::vector<int32_t> shapes = {call.count - arrays};
  for (int32_t k = arrays; k < call.count; k++) shapes.push_back(static_cast<int32_t>(call.number(k)));
  int64_t extents[KJIT_MAX_RANK];
  return kjit_broadcast_extents(call.ctx, call.site, call.args, arrays, shapes.data(), rank, extents);
}

}  // namespace kjit::runtime

extern "C" kjit_status kjit_broadcast_extents(kjit_context* ctx, uint32_t site, const kjit_operand* operands, int32_t count,
                                              const int32_t* shapes, int32_t rank, int64_t* extents) {
  const bool is_masked = shapes && shapes[shapes[0]] == KJIT_MASK_STEP;
  if (is_masked && check_mask(ctx, site, operands, count, shapes) != KJIT_OK) return KJIT_FAILED;
  std::fill(extents, extents + rank, 1);
  for (int32_t k = 0; k < count; k++) {
    for (int32_t own = 0; own < operands[k].rank; own++) {
      int64_t& extent = extents[rank - operands[k].rank + own];
      const int64_t size = array_of(operands[k])->dims[own];
      if (extent != 1 && size != 1 && size != extent) return broadcast_error(ctx, site, operands, count, shapes);
      if (extent == 1) extent = size;
    }
  }
  return KJIT_OK;
}
