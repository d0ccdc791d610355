// Folds along axes. Entries: array_Fold, array_ArgFold.
//
// The order is NumPy 2's, which decides the bits of floating sums: axes from the largest stride to the smallest, neighbours
// merged where memory allows it and both are folded or both kept. If the innermost one is folded, each of its rows is summed
// pairwise (8 accumulators, blocks of 128, halves above) and added to the result, and so is what several folded axes have
// gathered (gathering.h); else rows are added element by element, in order.

#include <stdlib.h>

// libstdc++'s own stable_sort uses what it has deprecated itself, and Clang says so at our instantiation of it.
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
#include <algorithm>

#include "runtime/array_call.h"
#include "runtime/array_fold.h"
#include "runtime/element_arithmetic.h"
#include "runtime/extremum.h"
#include "runtime/fold_operators.h"
#include "runtime/gathering.h"
#include "runtime/pairwise.h"

namespace kjit::runtime {

namespace {

struct Axis {
  int64_t size, in, out, mask;  // strides in bytes; out is 0 on folded axes
  bool folded;
};

std::vector<Axis> order_axes(const ArrayCall& call, uint64_t folded, const int64_t* out_strides, const kjit_array* mask,
                             int32_t mask_rank) {
  const kjit_array* array = call.array(0);
  const int32_t rank = call.rank_of(0);
  std::vector<Axis> axes;
  for (int32_t i = 0; i < rank; i++) {
    if (array->dims[i] == 1) continue;
    const int32_t own = i - (rank - mask_rank);
    const int64_t mask_stride = !mask || own < 0 || mask->dims[own] == 1 ? 0 : mask->dims[mask_rank + own];
    axes.push_back({array->dims[i], array->dims[rank + i], out_strides[i], mask_stride, (folded >> i & 1) != 0});
  }
  std::stable_sort(axes.begin(), axes.end(), [](const Axis& a, const Axis& b) { return std::abs(a.in) > std::abs(b.in); });
  for (size_t i = axes.size(); i-- > 1;) {
    Axis &outer = axes[i - 1], &inner = axes[i];
    const bool joined = outer.folded == inner.folded && outer.in == inner.in * inner.size &&
                        outer.out == inner.out * inner.size && outer.mask == inner.mask * inner.size;
    if (!joined) continue;
    inner.size *= outer.size;
    axes.erase(axes.begin() + static_cast<std::ptrdiff_t>(i - 1));
  }
  return axes;
}

// ---- one row ---------------------------------------------------

template <typename Op, typename T>
T fold_in_order(T total, const char* in, int64_t step, int64_t count) {
  for (int64_t i = 0; i < count; i++) total = Op::apply(total, load<T>(in + i * step));
  return total;
}

template <typename Op>
inline constexpr bool is_extremum_of_all = std::is_same_v<Op, Least> || std::is_same_v<Op, Greatest>;
template <typename Op>
inline constexpr bool is_extremum =
    is_extremum_of_all<Op> || std::is_same_v<Op, LeastNumber> || std::is_same_v<Op, GreatestNumber>;

template <typename Op, typename T>
T fold_extremum(T total, const char* in, int64_t step, int64_t count) {
  constexpr bool greatest = std::is_same_v<Op, Greatest>;
  for_each_candidate<greatest, T>(
      in, step, count, [&] { return total; },
      [&](int64_t begin, int64_t end) { total = fold_in_order<Op>(total, in + begin * step, step, end - begin); });
  return total;
}

template <typename Op, typename T>
void fold_run(char* out, const char* in, int64_t step, int64_t count) {
  const T total = load<T>(out);
  if constexpr (std::is_same_v<Op, Sum> && (is_floating<T> || is_complex<T>)) {
    return store(out, total + pairwise<T>(in, step, count));
  } else if constexpr (is_extremum_of_all<Op>) {
    return store(out, fold_extremum<Op>(total, in, step, count));
  }
  store(out, fold_in_order<Op>(total, in, step, count));
}

template <typename Op, typename T>
void fold_row(const Axis& axis, char* out, const char* in, const char* mask) {
  if (axis.folded) {
    if (!mask) return fold_run<Op, T>(out, in, axis.in, axis.size);
    for (int64_t i = 0; i < axis.size;) {  // runs of the mask
      while (i < axis.size && !mask[i * axis.mask]) i++;
      const int64_t first = i;
      while (i < axis.size && mask[i * axis.mask]) i++;
      if (i > first) fold_run<Op, T>(out, in + first * axis.in, axis.in, i - first);
    }
    return;
  }
  constexpr auto item = static_cast<int64_t>(sizeof(T));
  if (!mask && axis.in == item && axis.out == item) {  // apart in memory: the loop vectorises
    char* __restrict to = out;
    const char* __restrict from = in;
    for (int64_t i = 0; i < axis.size; i++) store(to + i * item, Op::apply(load<T>(to + i * item), load<T>(from + i * item)));
    return;
  }
  for (int64_t i = 0; i < axis.size; i++) {
    if (mask && !mask[i * axis.mask]) continue;
    store(out + i * axis.out, Op::apply(load<T>(out + i * axis.out), load<T>(in + i * axis.in)));
  }
}

// `rows` rows of `width` elements, each densely in memory and `step` bytes behind the one before, added to `out` in order. Four
// at a time, so that `out` is read and written less often.
template <typename Op, typename T>
void fold_rows(char* __restrict out, const char* __restrict in, int64_t step, int64_t rows, int64_t width) {
  constexpr auto item = static_cast<int64_t>(sizeof(T));
  for (; rows >= 4; rows -= 4, in += 4 * step) {
    for (int64_t i = 0; i < width * item; i += item) {
      T total = Op::apply(load<T>(out + i), load<T>(in + i));
      total = Op::apply(total, load<T>(in + step + i));
      total = Op::apply(total, load<T>(in + 2 * step + i));
      store(out + i, Op::apply(total, load<T>(in + 3 * step + i)));
    }
  }
  for (; rows > 0; rows--, in += step) {
    for (int64_t i = 0; i < width * item; i += item) store(out + i, Op::apply(load<T>(out + i), load<T>(in + i)));
  }
}

// The two innermost axes are a plane whose rows are added to one row of the result.
template <typename T>
bool is_plane(const std::vector<Axis>& axes, bool masked) {
  constexpr auto item = static_cast<int64_t>(sizeof(T));
  if (masked || axes.size() < 2) return false;
  const Axis &rows = axes[axes.size() - 2], &row = axes.back();
  return rows.folded && !row.folded && row.in == item && row.out == item;
}

// What is folded: the axes, and where the first elements lie. `flags`: the mask's, or null.
struct Region {
  std::vector<Axis> axes;
  char* out;
  const char* in;
  const char* flags;
};

template <typename Op, typename T>
kjit_status fold_plane(kjit_context* ctx, uint32_t site, const Region& region) {
  constexpr int64_t kRowsAtOnce = 1024;
  const auto outer = static_cast<int32_t>(region.axes.size()) - 2;
  const Axis rows = region.axes[static_cast<size_t>(outer)], row = region.axes.back();
  int64_t shape[KJIT_MAX_RANK], index[KJIT_MAX_RANK] = {};
  for (int32_t i = 0; i < outer; i++) shape[i] = region.axes[static_cast<size_t>(i)].size;
  do {
    int64_t from = 0, to = 0;
    for (int32_t i = 0; i < outer; i++) {
      from += index[i] * region.axes[static_cast<size_t>(i)].in;
      to += index[i] * region.axes[static_cast<size_t>(i)].out;
    }
    for (int64_t at = 0; at < rows.size; at += kRowsAtOnce) {
      fold_rows<Op, T>(region.out + to, region.in + from + at * rows.in, rows.in, std::min(kRowsAtOnce, rows.size - at),
                       row.size);
      if (kjit_poll(ctx, site) != KJIT_OK) return KJIT_FAILED;
    }
  } while (next_index(outer, shape, index));
  return KJIT_OK;
}

// How many of the innermost axes are folded: they are gathered if they are several, summed, and without a mask.
template <typename Op, typename T>
int32_t gathered_axes(const Region& region) {
  if (!std::is_same_v<Op, Sum> || !(is_floating<T> || is_complex<T>) || region.flags) return 0;
  int32_t count = 0;
  while (count < static_cast<int32_t>(region.axes.size()) &&
         region.axes[region.axes.size() - 1 - static_cast<size_t>(count)].folded)
    count++;
  return count > 1 ? count : 0;
}

template <typename Op, typename T>
kjit_status fold_region(kjit_context* ctx, uint32_t site, const Region& region) {
  const std::vector<Axis>& axes = region.axes;
  char* out = region.out;
  const char *in = region.in, *flags = region.flags;
  if (axes.empty()) {
    if (!flags || *flags) store(out, Op::apply(load<T>(out), load<T>(in)));
    return KJIT_OK;
  }
  if (is_plane<T>(axes, flags != nullptr)) return fold_plane<Op, T>(ctx, site, region);
  const int32_t gathered = gathered_axes<Op, T>(region);
  const auto outer = static_cast<int32_t>(axes.size()) - std::max(gathered, 1);
  int64_t shape[KJIT_MAX_RANK], index[KJIT_MAX_RANK] = {};
  for (int32_t i = 0; i < outer; i++) shape[i] = axes[static_cast<size_t>(i)].size;
  int64_t sizes[KJIT_MAX_RANK], strides[KJIT_MAX_RANK];  // of the gathered axes
  for (int32_t i = 0; i < gathered; i++) {
    sizes[i] = axes[static_cast<size_t>(outer + i)].size;
    strides[i] = axes[static_cast<size_t>(outer + i)].in;
  }
  int64_t since_poll = 0;
  do {
    int64_t from = 0, to = 0, at = 0;
    for (int32_t i = 0; i < outer; i++) {
      const Axis& axis = axes[static_cast<size_t>(i)];
      from += index[i] * axis.in;
      to += index[i] * axis.out;
      at += index[i] * axis.mask;
    }
    if (gathered > 0) {
      if constexpr (is_floating<T> || is_complex<T>)
        store(out + to, add_gathered<T>(ctx, load<T>(out + to), in + from, sizes, strides, gathered));
    } else {
      fold_row<Op, T>(axes.back(), out + to, in + from, flags ? flags + at : nullptr);
    }
    since_poll += gathered > 0 ? kGatheredElements : axes.back().size;
    if (since_poll > 1 << 20) {
      since_poll = 0;
      if (kjit_poll(ctx, site) != KJIT_OK) return KJIT_FAILED;
    }
  } while (next_index(outer, shape, index));
  return gathered > 0 ? kjit_poll(ctx, site) : KJIT_OK;
}

// ---- on all cores ------------------------------------------------

// Below this many elements one core is faster (bench/arrays).
constexpr int64_t kParallelElements = 1 << 16;

// The region cut along an axis that is kept: the parts' results are apart, and each is computed as it would be in the whole.
struct Cutting {
  const Region* region;
  uint32_t site;
  size_t axis;
  int64_t length;  // of a part
};

template <typename Op, typename T>
kjit_status fold_parts(kjit_context* ctx, void* closure, int64_t first, int64_t last, void*) {
  const auto& cutting = *static_cast<const Cutting*>(closure);
  for (int64_t part = first; part < last; part++) {
    Region region = *cutting.region;
    Axis& axis = region.axes[cutting.axis];
    const int64_t begin = part * cutting.length;
    axis.size = std::min(cutting.length, axis.size - begin);
    region.in += begin * axis.in;
    region.out += begin * axis.out;
    if (region.flags) region.flags += begin * axis.mask;
    if (fold_region<Op, T>(ctx, cutting.site, region) != KJIT_OK) return KJIT_FAILED;
  }
  return KJIT_OK;
}

template <typename Op, typename T>
kjit_status fold_all(const ArrayCall& call, const Region& region) {
  int64_t elements = 1;
  size_t widest = region.axes.size();
  for (size_t k = 0; k < region.axes.size(); k++) {
    elements *= region.axes[k].size;
    const bool wider = widest == region.axes.size() || region.axes[k].size > region.axes[widest].size;
    if (!region.axes[k].folded && wider) widest = k;
  }
  const bool parallel = (call.number(3) & kFoldParallel) != 0 && call.ctx->in_parallel == 0 && elements >= kParallelElements;
  if (!parallel || widest == region.axes.size() || kjit_get_num_threads(call.ctx) < 2)
    return fold_region<Op, T>(call.ctx, call.site, region);
  constexpr int64_t kParts = 64, kLine = 64;  // whole lines of the cache for each part, where the axis is the row of the result
  const int64_t size = region.axes[widest].size, length = ((size + kParts - 1) / kParts + kLine - 1) / kLine * kLine;
  Cutting cutting{&region, call.site, widest, size >= 2 * kLine ? length : 1};
  kjit_loop loop{};
  loop.trip_count = (size + cutting.length - 1) / cutting.length;
  loop.body = fold_parts<Op, T>;
  loop.closure = &cutting;
  loop.grain = 1;
  loop.schedule = KJIT_AUTO;
  loop.site = call.site;
  return kjit_parallel_for(call.ctx, &loop);
}

// ---- the result --------------------------------------------------

// Where the result's elements lie, by axis of the array; folded axes have stride 0.
struct Target {
  char* data;
  int64_t strides[KJIT_MAX_RANK];
  int64_t count = 1;
};

kjit_status make_target(const ArrayCall& call, int32_t dtype, uint64_t folded, bool keep, Target& target) {
  const kjit_array* array = call.array(0);
  const int32_t rank = call.rank_of(0);
  if (call.rank < 0) {
    std::fill(target.strides, target.strides + rank, 0);
    target.data = static_cast<char*>(call.out);
    return KJIT_OK;
  }
  int64_t shape[KJIT_MAX_RANK];
  int32_t axes = 0;
  for (int32_t i = 0; i < rank; i++) {
    const bool is_folded = (folded >> i & 1) != 0;
    if (!is_folded || keep) shape[axes++] = is_folded ? 1 : array->dims[i];
  }
  if (kjit_array_new(call.ctx, call.site, dtype, call.rank, shape, KJIT_EMPTY, call.result()) != KJIT_OK) return KJIT_FAILED;
  int64_t stride = kjit_dtype_size(dtype);
  for (int32_t i = rank - 1; i >= 0; i--) {
    const bool is_folded = (folded >> i & 1) != 0;
    target.strides[i] = is_folded ? 0 : stride;
    if (!is_folded) stride *= array->dims[i];
  }
  target.count = stride / kjit_dtype_size(dtype);
  target.data = static_cast<char*>(call.result()->data);
  return KJIT_OK;
}

// The first elements along the folded axes, which NumPy begins a minimum with; folding them again changes nothing.
template <typename T>
void copy_first(const ArrayCall& call, uint64_t folded, const Target& target) {
  const kjit_array* array = call.array(0);
  const int32_t rank = call.rank_of(0);
  int64_t shape[KJIT_MAX_RANK], index[KJIT_MAX_RANK] = {};
  for (int32_t i = 0; i < rank; i++) shape[i] = (folded >> i & 1) != 0 ? 1 : array->dims[i];
  do {
    int64_t from = 0, to = 0;
    for (int32_t i = 0; i < rank; i++) {
      from += index[i] * array->dims[rank + i];
      to += index[i] * target.strides[i];
    }
    store(target.data + to, load<T>(static_cast<const char*>(array->data) + from));
  } while (next_index(rank, shape, index));
}

template <typename Op, typename T>
kjit_status fold(const ArrayCall& call, const char* name) {
  const auto folded = static_cast<uint64_t>(call.number(2));
  const bool has_initial = call.count > 4;
  const kjit_array* mask = call.count > 5 ? call.array(5) : nullptr;
  Target target;
  if (make_target(call, call.dtype, folded, (call.number(3) & kFoldKeepDims) != 0, target) != KJIT_OK) return KJIT_FAILED;
  const bool empty = element_count(call.rank_of(0), call.array(0)) == 0;
  kjit_status status = KJIT_OK;
  if (has_initial) {
    for (int64_t i = 0; i < target.count; i++)
      memcpy(target.data + i * static_cast<int64_t>(sizeof(T)), call.args[4].data, sizeof(T));
  } else if constexpr (is_extremum<Op>) {
    if (empty && target.count > 0) {
      status = value_error(call.ctx, call.site,
                           std::string("zero-size array to reduction operation ") + name + " which has no identity");
    } else if (!empty) {
      copy_first<T>(call, folded, target);
    }
  } else {
    for (int64_t i = 0; i < target.count; i++)
      store(target.data + i * static_cast<int64_t>(sizeof(T)), Op::template identity<T>());
  }
  if (status == KJIT_OK && !empty) {
    status = fold_all<Op, T>(
        call, {order_axes(call, folded, target.strides, mask, mask ? call.rank_of(5) : 0), target.data,
               static_cast<const char*>(call.array(0)->data), mask ? static_cast<const char*>(mask->data) : nullptr});
  }
  if (status != KJIT_OK && call.rank >= 0) kjit_release(call.result()->owner);
  return status;
}

template <typename T>
kjit_status fold_truth(const ArrayCall& call, bool any) {
  const auto folded = static_cast<uint64_t>(call.number(2));
  Target target;
  if (make_target(call, KJIT_BOOL, folded, (call.number(3) & kFoldKeepDims) != 0, target) != KJIT_OK) return KJIT_FAILED;
  memset(target.data, any ? 0 : 1, static_cast<size_t>(target.count));
  if (element_count(call.rank_of(0), call.array(0)) == 0) return KJIT_OK;
  const kjit_array* array = call.array(0);
  const int32_t rank = call.rank_of(0);
  int64_t index[KJIT_MAX_RANK] = {};
  do {
    int64_t from = 0, to = 0;
    for (int32_t i = 0; i < rank; i++) {
      from += index[i] * array->dims[rank + i];
      to += index[i] * target.strides[i];
    }
    if (is_true(load<T>(static_cast<const char*>(array->data) + from)) == any) target.data[to] = any;
  } while (next_index(rank, array->dims, index));
  return KJIT_OK;
}

// Of `count` elements, not none: the position of the first NaN, else of the first of those that none is beyond.
template <bool kGreatest, typename T>
int64_t first_extremum(const char* at, int64_t step, int64_t count) {
  T best = load<T>(at);
  int64_t place = 0;
  for_each_candidate<kGreatest, T>(
      at, step, count, [&] { return best; },
      [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end && !is_nan(best); i++) {
          const T value = load<T>(at + i * step);
          if (is_beyond<kGreatest>(value, best) || is_nan(value)) best = value, place = i;
        }
      });
  return place;
}

template <typename T>
kjit_status arg_fold(const ArrayCall& call, bool greatest) {
  const auto axis = static_cast<int32_t>(call.number(2));
  Target target;
  if (make_target(call, KJIT_I64, uint64_t{1} << axis, (call.number(3) & kFoldKeepDims) != 0, target) != KJIT_OK)
    return KJIT_FAILED;
  const Lines lines = lines_along(call.rank_of(0), call.array(0), axis);
  if (lines.length == 0 && target.count > 0) {
    kjit_release(call.result()->owner);
    return value_error(call.ctx, call.site,
                       std::string("attempt to get ") + (greatest ? "argmax" : "argmin") + " of an empty sequence");
  }
  const char* data = static_cast<const char*>(call.array(0)->data);
  for (size_t line = 0; line < lines.offsets.size(); line++) {
    const char* at = data + lines.offsets[line];
    const int64_t place =
        greatest ? first_extremum<true, T>(at, lines.step, lines.length) : first_extremum<false, T>(at, lines.step, lines.length);
    store(target.data + static_cast<int64_t>(line) * 8, place);
  }
  return KJIT_OK;
}

}  // namespace

kjit_status array_Fold(const ArrayCall& call) {
  const int64_t op = call.number(1);
  return with_type(call.dtype_of(0), [&](auto tag) -> kjit_status {
    using T = typename decltype(tag)::type;
    if (op == KJIT_FOLD_ANY || op == KJIT_FOLD_ALL) return fold_truth<T>(call, op == KJIT_FOLD_ANY);
    if constexpr (std::is_same_v<T, Bool>) {
      return op == KJIT_FOLD_MIN ? fold<Least, uint8_t>(call, "minimum") : fold<Greatest, uint8_t>(call, "maximum");
    } else {
      if (op == KJIT_FOLD_SUM) return fold<Sum, T>(call, "add");
      if (op == KJIT_FOLD_PROD) return fold<Product, T>(call, "multiply");
      if constexpr (is_floating<T>) {
        if ((call.number(3) & kFoldNumbers) != 0)
          return op == KJIT_FOLD_MIN ? fold<LeastNumber, T>(call, "fmin") : fold<GreatestNumber, T>(call, "fmax");
      }
      if constexpr (!is_complex<T>) {
        return op == KJIT_FOLD_MIN ? fold<Least, T>(call, "minimum") : fold<Greatest, T>(call, "maximum");
      } else {
        return value_error(call.ctx, call.site, "complex numbers have no order");
      }
    }
  });
}

kjit_status array_ArgFold(const ArrayCall& call) {
  const bool greatest = call.number(1) != 0;
  return with_type(call.dtype_of(0), [&](auto tag) -> kjit_status {
    using T = typename decltype(tag)::type;
    if constexpr (std::is_same_v<T, Bool>)
      return arg_fold<uint8_t>(call, greatest);
    else if constexpr (is_complex<T>)
      return value_error(call.ctx, call.site, "complex numbers have no order");
    else
      return arg_fold<T>(call, greatest);
  });
}

}  // namespace kjit::runtime
