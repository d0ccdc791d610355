// Arrays from the elements of arrays. Entry: kjit_array_map, kjit_array_map_into.

#include <algorithm>
#include <vector>

#include "runtime/array_call.h"
#include "runtime/array_loop/plan.h"
#include "runtime/array_loop/row_runner.h"
#include "runtime/memory_order.h"
#include "runtime/runtime.h"
#include "runtime/shape.h"

namespace {

using namespace kjit::runtime;

// Below this many elements a loop on all cores is slower than on one (bench/arrays measures it).
constexpr int64_t kParallelElements = 65536;

// ---- all rows ----------------------------------------------------

// A piece of work of a parallel loop: rows, or parts of rows where these are long.
struct Cutting {
  const Plan* plan;
  int64_t parts;   // of each row
  int64_t length;  // elements of a part
};

kjit_status run_units(kjit_context* ctx, void* closure, int64_t first, int64_t last, void*) {
  const auto& cutting = *static_cast<const Cutting*>(closure);
  const int64_t row_length = cutting.plan->row_length();
  RowRunner runner(*cutting.plan);
  for (int64_t unit = first; unit < last; unit++) {
    const int64_t begin = unit % cutting.parts * cutting.length;
    const int64_t end = std::min(begin + cutting.length, row_length);
    if (runner.run(ctx, unit / cutting.parts, begin, end) != KJIT_OK) return KJIT_FAILED;
  }
  return KJIT_OK;
}

kjit_status run_parallel(kjit_context* ctx, const Plan& plan, int64_t rows) {
  const int64_t row_length = plan.row_length();
  Cutting cutting{&plan, (row_length + kDensePiece - 1) / kDensePiece, kDensePiece};
  kjit_loop loop{};
  loop.trip_count = rows * cutting.parts;
  loop.body = run_units;
  loop.closure = &cutting;
  loop.grain = std::max<int64_t>(1, kDensePiece / row_length);
  loop.schedule = KJIT_AUTO;
  loop.site = plan.site;
  return kjit_parallel_for(ctx, &loop);
}

kjit_status run(kjit_context* ctx, const Plan& plan, int32_t flags) {
  const int64_t rows = plan.row_count(), row_length = plan.row_length();
  const bool large = rows * row_length >= kParallelElements;
  if ((flags & KJIT_LOOP_PARALLEL) && large && ctx->in_parallel == 0 && kjit_get_num_threads(ctx) > 1) {
    return run_parallel(ctx, plan, rows);
  }
  RowRunner runner(plan);
  for (int64_t row = 0; row < rows; row++) {
    if (runner.run(ctx, row, 0, row_length) != KJIT_OK) return KJIT_FAILED;
  }
  return KJIT_OK;
}

// ---- assignment to a view ----------------------------------------

// Whether elements go to more than one place of the target each: they are computed once.
bool is_repeated(int32_t rank, const int64_t* extents, int32_t target_rank, const kjit_array* target) {
  int64_t elements = 1;
  for (int32_t axis = 0; axis < rank; axis++) elements *= extents[axis];
  return elements != element_count(target_rank, target);
}

// Whether an element of the operand may be read after another element's result was stored over it.
bool is_hazard(const kjit_operand& operand, const Stream& seen, const Stream& target_seen, int32_t rank, const int64_t* extents,
               int32_t dtype, int32_t target_rank, const kjit_array* target) {
  if (!kjit_arrays_overlap(operand.dtype, operand.rank, array_of(operand), dtype, target_rank, target)) return false;
  if (seen.data != target_seen.data || seen.item != target_seen.item) return true;
  for (int32_t axis = 0; axis < rank; axis++) {
    if (extents[axis] > 1 && seen.strides[axis] != target_seen.strides[axis]) return true;
  }
  return false;
}

}  // namespace

extern "C" {

kjit_status kjit_array_map(kjit_context* ctx, uint32_t site, kjit_element_kernel kernel, const void* scalars,
                           const kjit_operand* operands, int32_t count, const int32_t* shapes, int32_t rank, int32_t dtype,
                           int32_t flags, kjit_array* out) {
  Plan plan{.kernel = kernel, .scalars = scalars, .site = site, .rank = rank, .extents = {}, .streams = {}};
  if (kjit_broadcast_extents(ctx, site, operands, count, shapes, rank, plan.extents) != KJIT_OK) return KJIT_FAILED;
  if (kjit_array_new(ctx, site, dtype, rank, plan.extents, KJIT_EMPTY, out) != KJIT_OK) return KJIT_FAILED;
  if (element_count(rank, out) == 0) return KJIT_OK;
  if (flags & kLoopKeepOrder) keep_order(operands, count, rank, kjit_dtype_size(dtype), out->dims + rank);
  for (int32_t k = 0; k < count; k++)
    plan.streams.push_back(stream_of(array_of(operands[k]), operands[k].rank, operands[k].dtype, rank));
  plan.streams.push_back(stream_of(out, rank, dtype, rank));
  arrange(plan);
  if (run(ctx, plan, flags) == KJIT_OK) return KJIT_OK;
  kjit_release(out->owner);
  return KJIT_FAILED;
}

kjit_status kjit_array_map_into(kjit_context* ctx, uint32_t site, kjit_element_kernel kernel, const void* scalars,
                                const kjit_operand* operands, int32_t count, const int32_t* shapes, int32_t rank, int32_t dtype,
                                int32_t flags, int32_t target_rank, const kjit_array* target) {
  Plan plan{.kernel = kernel, .scalars = scalars, .site = site, .rank = target_rank, .extents = {}, .streams = {}};
  int64_t extents[KJIT_MAX_RANK];
  if (kjit_broadcast_extents(ctx, site, operands, count, shapes, rank, extents) != KJIT_OK) return KJIT_FAILED;
  bool fits = true;
  for (int32_t axis = 0; axis < rank; axis++) {
    const int32_t own = target_rank - rank + axis;
    fits = fits && (extents[axis] == 1 || (own >= 0 && extents[axis] == target->dims[own]));
  }
  if (!fits) return assignment_error(ctx, site, rank, extents, target_rank, target->dims);
  std::copy(target->dims, target->dims + target_rank, plan.extents);
  if (element_count(target_rank, target) == 0) return KJIT_OK;
  const Stream seen = stream_of(target, target_rank, dtype, target_rank);
  bool needs_copy = is_repeated(rank, extents, target_rank, target);
  for (int32_t k = 0; k < count; k++) {
    // Leading axes of size 1 may be more than the target has.
    const int32_t extra = std::max(0, operands[k].rank - target_rank);
    kjit_array cut{array_of(operands[k])->data, nullptr, {}};
    const int32_t own_rank = operands[k].rank - extra;
    for (int32_t axis = 0; axis < own_rank; axis++) {
      cut.dims[axis] = array_of(operands[k])->dims[extra + axis];
      cut.dims[own_rank + axis] = array_of(operands[k])->dims[operands[k].rank + extra + axis];
    }
    plan.streams.push_back(stream_of(&cut, own_rank, operands[k].dtype, target_rank));
    needs_copy =
        needs_copy || is_hazard(operands[k], plan.streams.back(), seen, target_rank, plan.extents, dtype, target_rank, target);
  }
  if (needs_copy) {
    kjit_array copy;
    if (kjit_array_map(ctx, site, kernel, scalars, operands, count, shapes, rank, dtype, flags, &copy) != KJIT_OK)
      return KJIT_FAILED;
    const kjit_status status = kjit_array_assign(ctx, site, dtype, target_rank, target, rank, &copy);
    kjit_release(copy.owner);
    return status;
  }
  plan.streams.push_back(seen);
  arrange(plan);
  return run(ctx, plan, flags);
}

}  // extern "C"
