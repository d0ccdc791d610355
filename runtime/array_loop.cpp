// Loops over the elements of arrays. Entry: kjit_array_map, kjit_array_map_into.
//
// A plan lists the axes of the index space from the slowest to the fastest, merged where all operands allow it; the innermost is
// the row. A row is computed in pieces. An operand whose elements do not lie densely along the row is packed into a buffer first,
// the result unpacked, so that one kernel, which LLVM vectorises, serves every layout.

#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "runtime/array_call.h"
#include "runtime/element.h"
#include "runtime/memory_order.h"
#include "runtime/pairwise.h"
#include "runtime/runtime.h"
#include "runtime/shape.h"

namespace {

using namespace kjit::runtime;

constexpr int64_t kDensePiece = 16384;   // elements between two looks at the interrupt flag
constexpr int64_t kPackedPiece = 512;    // elements of a buffer: some of them fit the first-level cache
constexpr int64_t kRepeatedPiece = 256;  // of one that is filled with one element for each row, which takes its own time
// Below this many elements a loop on all cores is slower than on one (bench/arrays measures it).
constexpr int64_t kParallelElements = 65536;

// One array of the loop, seen in its index space.
struct Stream {
  char* data;
  int64_t item;
  int64_t strides[KJIT_MAX_RANK];  // 0 where it is repeated
};

struct Plan {
  kjit_element_kernel kernel;
  const void* scalars;
  uint32_t site;
  int32_t rank = 0;
  int64_t extents[KJIT_MAX_RANK];
  std::vector<Stream> streams;  // the operands, then the result

  Stream& result() { return streams.back(); }
};

// ---- shapes ------------------------------------------------------

const kjit_array* array_of(const kjit_operand& operand) { return static_cast<const kjit_array*>(operand.data); }

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

// Those of the first step that fails.
std::vector<Shape> misfits(const kjit_operand* operands, int32_t count, const int32_t* shapes) {
  std::vector<Shape> stack;
  for (int32_t k = 1; shapes && k <= shapes[0]; k++) {
    if (shapes[k] >= 0) {
      stack.push_back(shape_of(operands[shapes[k]]));
      continue;
    }
    const auto joined = static_cast<size_t>(-shapes[k]);
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

Stream stream_of(const kjit_array* array, int32_t array_rank, int32_t dtype, int32_t rank) {
  Stream stream{static_cast<char*>(array->data), kjit_dtype_size(dtype), {}};
  for (int32_t axis = 0; axis < rank; axis++) {
    const int32_t own = axis - (rank - array_rank);
    stream.strides[axis] = own < 0 || array->dims[own] == 1 ? 0 : array->dims[array_rank + own];
  }
  return stream;
}

// The strides, in bytes, of a result that lies in memory as NumPy's (kLoopKeepOrder).
void keep_order(const kjit_operand* operands, int32_t count, int32_t rank, int64_t item, int64_t* strides) {
  const kjit_operand& order = operands[count];
  kept_strides(operands, rank, static_cast<const int16_t*>(order.data), order.rank, strides);
  for (int32_t axis = 0; axis < rank; axis++) strides[axis] *= item;
}

// ---- the order of the axes ---------------------------------------

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

// Elements may be computed in any order: the axis along which memory is nearest becomes the row.
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

// ---- pieces of rows ----------------------------------------------

template <typename T>
void copy_strided(char* to, int64_t to_step, const char* from, int64_t from_step, int64_t count) {
  for (int64_t i = 0; i < count; i++) store(to + i * to_step, load<T>(from + i * from_step));
}

struct Wide {
  uint64_t words[2];
};

// `count` times the same item.
template <typename T>
void fill_items(char* to, const char* from, int64_t count) {
  const T value = load<T>(from);
  for (int64_t i = 0; i < count; i++) store(to + i * static_cast<int64_t>(sizeof(T)), value);
}

void fill_items(int64_t item, char* to, const char* from, int64_t count) {
  switch (item) {
    case 1: return fill_items<uint8_t>(to, from, count);
    case 2: return fill_items<uint16_t>(to, from, count);
    case 4: return fill_items<uint32_t>(to, from, count);
    case 8: return fill_items<uint64_t>(to, from, count);
    default: return fill_items<Wide>(to, from, count);
  }
}

void copy_items(int64_t item, char* to, int64_t to_step, const char* from, int64_t from_step, int64_t count) {
  switch (item) {
    case 1: return copy_strided<uint8_t>(to, to_step, from, from_step, count);
    case 2: return copy_strided<uint16_t>(to, to_step, from, from_step, count);
    case 4: return copy_strided<uint32_t>(to, to_step, from, from_step, count);
    case 8: return copy_strided<uint64_t>(to, to_step, from, from_step, count);
    default: return copy_strided<Wide>(to, to_step, from, from_step, count);
  }
}

bool should_stop(const kjit_context* ctx) {
  return __atomic_load_n(ctx->interrupt, __ATOMIC_RELAXED) != 0 || __atomic_load_n(ctx->cancel, __ATOMIC_RELAXED) != 0;
}

// Runs rows of one plan; each thread has one.
class Runner {
 public:
  explicit Runner(const Plan& plan) : plan_(plan), row_(plan.streams.size()), at_(plan.streams.size()) {
    const int32_t inner = plan.rank - 1;
    size_t bytes = 0;
    bool only_repeats = true;
    for (const Stream& stream : plan.streams) {
      dense_.push_back(stream.strides[inner] == stream.item);
      if (dense_.back()) continue;
      bytes += static_cast<size_t>(stream.item * kPackedPiece);
      only_repeats = only_repeats && stream.strides[inner] == 0 && &stream != &plan.streams.back();
    }
    piece_ = bytes == 0 ? kDensePiece : only_repeats ? kRepeatedPiece : kPackedPiece;
    if (bytes) buffers_ = std::make_unique<char[]>(bytes);
  }

  int64_t piece() const { return piece_; }

  // Elements [first, last) of row `row`.
  // `into`: where the result's elements go, densely, instead of to the result.
  kjit_status run(kjit_context* ctx, int64_t row, int64_t first, int64_t last, char* into = nullptr) {
    seek(row);
    if (into) row_.back() = into - first * plan_.streams.back().item;
    for (int64_t at = first; at < last; at += piece_) {
      if (should_stop(ctx) && kjit_poll(ctx, plan_.site) != KJIT_OK) return KJIT_FAILED;
      if (compute(ctx, at, std::min(piece_, last - at)) != KJIT_OK) return KJIT_FAILED;
    }
    return KJIT_OK;
  }

 private:
  void seek(int64_t row) {
    filled_ = 0;
    for (size_t k = 0; k < row_.size(); k++) row_[k] = plan_.streams[k].data;
    for (int32_t axis = plan_.rank - 2; axis >= 0; axis--) {
      const int64_t index = row % plan_.extents[axis];
      row /= plan_.extents[axis];
      for (size_t k = 0; k < row_.size(); k++) row_[k] += index * plan_.streams[k].strides[axis];
    }
  }

  kjit_status compute(kjit_context* ctx, int64_t at, int64_t count) {
    const int32_t inner = plan_.rank - 1;
    const size_t result = plan_.streams.size() - 1;
    char* buffer = buffers_.get();
    for (size_t k = 0; k <= result; k++) {
      const Stream& stream = plan_.streams[k];
      char* from = row_[k] + at * stream.strides[inner];
      at_[k] = dense_[k] ? from : buffer;
      if (dense_[k]) continue;
      if (stream.strides[inner] == 0 && k < result) {  // one element for the whole row
        if (filled_ < count) fill_items(stream.item, buffer, from, count);
      } else if (k < result) {
        copy_items(stream.item, buffer, stream.item, from, stream.strides[inner], count);
      }
      buffer += stream.item * kPackedPiece;
    }
    filled_ = std::max(filled_, count);
    if (plan_.kernel(ctx, plan_.scalars, at_.data(), count) != KJIT_OK) return KJIT_FAILED;
    if (!dense_[result]) {
      const Stream& stream = plan_.streams[result];
      const int64_t step = stream.strides[inner];
      copy_items(stream.item, row_[result] + at * step, step, at_[result], stream.item, count);
    }
    return KJIT_OK;
  }

  const Plan& plan_;
  std::vector<char*> row_;  // the first element of each stream in the present row
  std::vector<char*> at_;
  std::vector<char> dense_;
  std::unique_ptr<char[]> buffers_;
  int64_t piece_;
  int64_t filled_ = 0;  // how far the buffers of repeated elements are filled for the present row
};

// ---- all rows ----------------------------------------------------

int64_t row_count(const Plan& plan) {
  int64_t rows = 1;
  for (int32_t axis = 0; axis + 1 < plan.rank; axis++) rows *= plan.extents[axis];
  return rows;
}

// A piece of work of a parallel loop: rows, or parts of rows where these are long.
struct Cutting {
  const Plan* plan;
  int64_t parts;   // of each row
  int64_t length;  // elements of a part
};

kjit_status run_units(kjit_context* ctx, void* closure, int64_t first, int64_t last, void*) {
  const auto& cutting = *static_cast<const Cutting*>(closure);
  const int64_t row_length = cutting.plan->extents[cutting.plan->rank - 1];
  Runner runner(*cutting.plan);
  for (int64_t unit = first; unit < last; unit++) {
    const int64_t begin = unit % cutting.parts * cutting.length;
    const int64_t end = std::min(begin + cutting.length, row_length);
    if (runner.run(ctx, unit / cutting.parts, begin, end) != KJIT_OK) return KJIT_FAILED;
  }
  return KJIT_OK;
}

kjit_status run_parallel(kjit_context* ctx, const Plan& plan, int64_t rows) {
  const int64_t row_length = plan.extents[plan.rank - 1];
  Cutting cutting{&plan, (row_length + kDensePiece - 1) / kDensePiece, kDensePiece};
  kjit_loop loop{};
  loop.trip_count = rows * cutting.parts;
  loop.body = run_units;
  loop.closure = &cutting;
  loop.grain = std::max<int64_t>(1, kDensePiece / row_length);
  loop.schedule = KJIT_STATIC;
  loop.site = plan.site;
  return kjit_parallel_for(ctx, &loop);
}

kjit_status run(kjit_context* ctx, const Plan& plan, int32_t flags) {
  const int64_t rows = row_count(plan), row_length = plan.extents[plan.rank - 1];
  const bool large = rows * row_length >= kParallelElements;
  if ((flags & KJIT_LOOP_PARALLEL) && large && ctx->in_parallel == 0 && kjit_get_num_threads(ctx) > 1) {
    return run_parallel(ctx, plan, rows);
  }
  Runner runner(plan);
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

// ---- sums -----------------------------------------------------------

constexpr int64_t kSumPiece = 1024;     // elements that are computed at once: a buffer in the first-level cache
constexpr int64_t kSumShare = 1 << 16;  // elements of a share of the work

// Sums elements [first, first + n) of the plan's one row, as pairwise() would sum them in an array.
template <typename T>
class RowSum {
 public:
  explicit RowSum(const Plan& plan) : runner_(plan) {}

  kjit_status sum(kjit_context* ctx, int64_t first, int64_t n, T* out) {
    if (n <= kSumPiece) {
      if (runner_.run(ctx, 0, first, first + n, reinterpret_cast<char*>(buffer_)) != KJIT_OK) return KJIT_FAILED;
      *out = pairwise<T>(reinterpret_cast<const char*>(buffer_), sizeof(T), n);
      return KJIT_OK;
    }
    const int64_t half = pairwise_half<T>(n);
    T left, right;
    if (sum(ctx, first, half, &left) != KJIT_OK || sum(ctx, first + half, n - half, &right) != KJIT_OK) return KJIT_FAILED;
    *out = left + right;
    return KJIT_OK;
  }

 private:
  Runner runner_;
  alignas(64) T buffer_[kSumPiece];
};

// A share of a sum: a node of the tree of halves.
struct Share {
  int64_t first, count;
};

template <typename T>
void cut_sum(int64_t first, int64_t n, std::vector<Share>& shares) {
  if (n <= kSumShare) return shares.push_back({first, n});
  const int64_t half = pairwise_half<T>(n);
  cut_sum<T>(first, half, shares);
  cut_sum<T>(first + half, n - half, shares);
}

template <typename T>
T join_sums(int64_t n, const T*& next) {
  if (n <= kSumShare) return *next++;
  const int64_t half = pairwise_half<T>(n);
  const T left = join_sums<T>(half, next);
  return left + join_sums<T>(n - half, next);
}

template <typename T>
struct SumWork {
  const Plan* plan;
  std::vector<Share> shares;
  std::vector<T> sums;
};

template <typename T>
kjit_status sum_shares(kjit_context* ctx, void* closure, int64_t first, int64_t last, void*) {
  auto& work = *static_cast<SumWork<T>*>(closure);
  RowSum<T> row(*work.plan);
  for (int64_t k = first; k < last; k++) {
    const Share share = work.shares[static_cast<size_t>(k)];
    if (row.sum(ctx, share.first, share.count, &work.sums[static_cast<size_t>(k)]) != KJIT_OK) return KJIT_FAILED;
  }
  return KJIT_OK;
}

template <typename T>
kjit_status sum_row(kjit_context* ctx, const Plan& plan, int32_t flags, T* out) {
  const int64_t count = plan.extents[0];
  SumWork<T> work{&plan, {}, {}};
  cut_sum<T>(0, count, work.shares);
  const auto shares = static_cast<int64_t>(work.shares.size());
  work.sums.resize(work.shares.size());
  const bool parallel = (flags & KJIT_LOOP_PARALLEL) && shares > 1 && ctx->in_parallel == 0 && kjit_get_num_threads(ctx) > 1;
  kjit_status status;
  if (parallel) {
    kjit_loop loop{};
    loop.trip_count = shares;
    loop.body = sum_shares<T>;
    loop.closure = &work;
    loop.schedule = KJIT_STATIC;
    loop.site = plan.site;
    status = kjit_parallel_for(ctx, &loop);
  } else {
    status = sum_shares<T>(ctx, &work, 0, shares, nullptr);
  }
  const T* next = work.sums.data();
  if (status == KJIT_OK) *out = T{} + join_sums<T>(count, next);
  return status;
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

extern "C" {

kjit_status kjit_broadcast_extents(kjit_context* ctx, uint32_t site, const kjit_operand* operands, int32_t count,
                                   const int32_t* shapes, int32_t rank, int64_t* extents) {
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

kjit_status kjit_array_map_sum(kjit_context* ctx, uint32_t site, kjit_element_kernel kernel, const void* scalars,
                               const kjit_operand* operands, int32_t count, const int32_t* shapes, int32_t rank, int32_t dtype,
                               int32_t flags, void* out) {
  Plan plan{.kernel = kernel, .scalars = scalars, .site = site, .rank = rank, .extents = {}, .streams = {}};
  if (kjit_broadcast_extents(ctx, site, operands, count, shapes, rank, plan.extents) != KJIT_OK) return KJIT_FAILED;
  int64_t elements = 1;
  for (int32_t axis = 0; axis < rank; axis++) elements *= plan.extents[axis];
  if (elements == 0) {
    memset(out, 0, static_cast<size_t>(kjit_dtype_size(dtype)));
    return KJIT_OK;
  }
  for (int32_t k = 0; k < count; k++) {
    plan.streams.push_back(stream_of(array_of(operands[k]), operands[k].rank, operands[k].dtype, rank));
  }
  Stream result{nullptr, kjit_dtype_size(dtype), {}};  // where the elements of the array that is summed would be
  if (flags & kLoopKeepOrder) {
    keep_order(operands, count, rank, result.item, result.strides);
  } else {
    int64_t stride = result.item;
    for (int32_t axis = rank - 1; axis >= 0; axis--) {
      result.strides[axis] = plan.extents[axis] == 1 ? 0 : stride;
      stride *= plan.extents[axis];
    }
  }
  plan.streams.push_back(result);
  arrange(plan);
  if (plan.rank == 1) {  // computed in the order in which such an array would be summed
    return dtype == KJIT_F32 ? sum_row<float>(ctx, plan, flags, static_cast<float*>(out))
                             : sum_row<double>(ctx, plan, flags, static_cast<double*>(out));
  }
  kjit_array all;
  if (kjit_array_map(ctx, site, kernel, scalars, operands, count, shapes, rank, dtype, flags, &all) != KJIT_OK)
    return KJIT_FAILED;
  const auto* data = static_cast<const char*>(all.data);
  if (dtype == KJIT_F32) {
    *static_cast<float*>(out) = 0.0F + pairwise<float>(data, 4, elements);
  } else {
    *static_cast<double*>(out) = 0.0 + pairwise<double>(data, 8, elements);
  }
  kjit_release(all.owner);
  return KJIT_OK;
}

}  // extern "C"
