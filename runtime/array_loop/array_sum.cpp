// Sums of the elements of an array that is not made. Entry: kjit_array_map_sum.

#include <string.h>

#include <algorithm>
#include <vector>

#include "runtime/array_loop/plan.h"
#include "runtime/array_loop/row_runner.h"
#include "runtime/memory_order.h"
#include "runtime/pairwise.h"
#include "runtime/runtime.h"

namespace {

using namespace kjit::runtime;

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
  RowRunner runner_;
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
    loop.schedule = KJIT_AUTO;
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

extern "C" kjit_status kjit_array_map_sum(kjit_context* ctx, uint32_t site, kjit_element_kernel kernel, const void* scalars,
                                          const kjit_operand* operands, int32_t count, const int32_t* shapes, int32_t rank,
                                          int32_t dtype, int32_t flags, void* out) {
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
