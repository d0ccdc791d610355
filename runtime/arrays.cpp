// Arrays: making, copying, converting, filling. Entry: kjit_array_new.

#include <math.h>
#include <string.h>

#include <algorithm>

#include "runtime/array_call.h"
#include "runtime/element.h"
#include "runtime/pieces.h"
#include "runtime/runtime.h"
#include "runtime/shape.h"

namespace {

using namespace kjit::runtime;

// A new array of one axis; its data as T*.
template <typename T>
kjit_status new_vector(kjit_context* ctx, uint32_t site, int32_t dtype, int64_t count, kjit_array* out, T** data) {
  if (kjit_array_new(ctx, site, dtype, 1, &count, KJIT_EMPTY, out) != KJIT_OK) return KJIT_FAILED;
  *data = static_cast<T*>(out->data);
  return KJIT_OK;
}

void fill_ones(const kjit_context* ctx, int32_t dtype, int64_t count, void* data) {
  with_type(dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T one{1};
    fill_bytes(ctx, static_cast<char*>(data), count, &one, sizeof one);
  });
}

// ---- conversion ----

// What the machine's conversion to int32 or int64 gives: the least value where the number does not fit.
int64_t truncated(double value, bool wide) {
  double limit = wide ? 0x1p63 : 0x1p31;
  if (value < limit && (wide ? value >= -limit : value > -limit - 1)) return static_cast<int64_t>(value);
  return wide ? INT64_MIN : INT32_MIN;
}

template <typename To>
To integer_from(double value) {
  if constexpr (std::is_same_v<To, uint64_t>) {
    // Two halves, as compilers do it for lack of an instruction.
    return value >= 0x1p63 ? static_cast<uint64_t>(truncated(value - 0x1p63, true)) ^ (1ull << 63)
                           : static_cast<uint64_t>(truncated(value, true));
  } else {
    return static_cast<To>(truncated(value, std::is_same_v<To, int64_t> || std::is_same_v<To, uint32_t>));
  }
}

template <typename To, typename From>
To converted(const From& value) {
  if constexpr (is_complex<From>) {
    if constexpr (is_complex<To>)
      return To(value);
    else if constexpr (std::is_same_v<To, Bool>)
      return Bool{value != From{}};
    else
      return converted<To>(value.real());
  } else if constexpr (is_complex<To>) {
    return To(converted<typename To::value_type>(value));
  } else if constexpr (std::is_same_v<From, Bool>) {
    if constexpr (std::is_same_v<To, Bool>)
      return value;
    else
      return static_cast<To>(value.value);
  } else if constexpr (std::is_same_v<To, Bool>) {
    return Bool{value != 0};
  } else if constexpr (is_floating<From> && std::is_integral_v<To>) {
    return integer_from<To>(static_cast<double>(value));
  } else {
    return static_cast<To>(value);
  }
}

template <typename From, typename To>
void convert_all(const kjit_context* ctx, int32_t rank, const kjit_array* from, To* to) {
  for_each_element<From>(ctx, rank, from, [&](const From& value, int64_t i) { to[i] = converted<To>(value); });
}

// ---- assignment ----

// `src` seen in the shape of `dst`: stride 0 along the axes that it repeats.
kjit_status broadcast(kjit_context* ctx, uint32_t site, int32_t dst_rank, const kjit_array* dst, int32_t src_rank,
                      const kjit_array* src, kjit_array* out) {
  out->data = src->data;
  out->owner = nullptr;
  int32_t extra = src_rank - dst_rank;  // leading axes of size 1 may be too many
  for (int32_t axis = 0; axis < extra; axis++) {
    if (src->dims[axis] != 1) return assignment_error(ctx, site, src_rank, src->dims, dst_rank, dst->dims);
  }
  for (int32_t axis = 0; axis < dst_rank; axis++) {
    int32_t from = axis + extra;
    int64_t size = from < 0 ? 1 : src->dims[from];
    if (size != dst->dims[axis] && size != 1) return assignment_error(ctx, site, src_rank, src->dims, dst_rank, dst->dims);
    out->dims[axis] = dst->dims[axis];
    out->dims[dst_rank + axis] = size == 1 ? 0 : src->dims[src_rank + from];
  }
  return KJIT_OK;
}

struct Extent {
  uintptr_t begin, end;
};

Extent extent_of(int64_t item, int32_t rank, const kjit_array* array) {
  auto base = reinterpret_cast<uintptr_t>(array->data);
  Extent extent{base, base + static_cast<uintptr_t>(item)};
  for (int32_t axis = 0; axis < rank; axis++) {
    int64_t reach = (array->dims[axis] - 1) * array->dims[rank + axis];
    (reach < 0 ? extent.begin : extent.end) += static_cast<uintptr_t>(reach);
  }
  return extent;
}

bool may_overlap(int64_t item, int32_t rank, const kjit_array* a, const kjit_array* b) {
  Extent x = extent_of(item, rank, a);
  Extent y = extent_of(item, rank, b);
  return x.begin < y.end && y.begin < x.end;
}

// What lies along one axis of two arrays, in bytes.
struct Step {
  int64_t to, from;
};

template <int64_t kItem>
void copy_items(char* to, const char* from, Step step, int64_t count) {
  for (int64_t i = 0; i < count; i++) memcpy(to + i * step.to, from + i * step.from, kItem);
}

void copy_items(int64_t item, char* to, const char* from, Step step, int64_t count) {
  with_item_size(item, [&](auto size) { copy_items<size.value>(to, from, step, count); });
}

// A plane whose columns are near in memory where it comes from, and its rows where it goes: squares whose lines of the cache
// stay.
void transpose_items(const kjit_context* ctx, int64_t item, char* to, const char* from, Step down, Step across, int64_t rows,
                     int64_t columns) {
  constexpr int64_t kSide = 32;
  int64_t left_to_look = kPieceElements;
  for (int64_t top = 0; top < rows; top += kSide) {
    const int64_t bottom = std::min(top + kSide, rows);
    for (int64_t left = 0; left < columns; left += kSide) {
      const int64_t width = std::min(kSide, columns - left);
      for (int64_t row = top; row < bottom; row++)
        copy_items(item, to + row * down.to + left * across.to, from + row * down.from + left * across.from, across, width);
      left_to_look -= kSide * kSide;
      if (left_to_look > 0) continue;
      if (must_stop(ctx)) return;
      left_to_look = kPieceElements;
    }
  }
}

// Element by element in C order; the shapes are equal and the memory is apart.
void copy_elements(const kjit_context* ctx, int64_t item, int32_t rank, const kjit_array* dst, const kjit_array* src) {
  if (element_count(rank, dst) == 0) return;
  const auto step_of = [&](int32_t axis) { return axis < 0 ? Step{} : Step{dst->dims[rank + axis], src->dims[rank + axis]}; };
  const auto size_of = [&](int32_t axis) { return axis < 0 ? int64_t{1} : dst->dims[axis]; };
  const Step across = step_of(rank - 1), down = step_of(rank - 2);
  const int64_t columns = size_of(rank - 1), rows = size_of(rank - 2);
  const bool transposed = rank >= 2 && std::abs(across.from) > std::abs(down.from) && rows > 1 && columns > 1;
  const int32_t outer = rank - (transposed ? 2 : 1);  // axes that are walked through here
  int64_t index[KJIT_MAX_RANK] = {};
  auto* to = static_cast<char*>(dst->data);
  auto* from = static_cast<const char*>(src->data);
  const int64_t inner = transposed ? rows * columns : columns;
  for (int64_t copied = 0;; copied += inner) {
    if (copied >= kPieceElements) {
      if (must_stop(ctx)) return;
      copied = 0;
    }
    if (transposed) {
      transpose_items(ctx, item, to, from, down, across, rows, columns);
    } else if (across.to == item && across.from == item) {
      copy_bytes(ctx, to, from, columns * item);
    } else {
      in_pieces(ctx, columns, kPieceElements, [&](int64_t begin, int64_t end) {
        copy_items(item, to + begin * across.to, from + begin * across.from, across, end - begin);
      });
    }
    int32_t axis = outer - 1;
    for (; axis >= 0; axis--) {
      to += step_of(axis).to;
      from += step_of(axis).from;
      if (++index[axis] < dst->dims[axis]) break;
      to -= dst->dims[axis] * step_of(axis).to;
      from -= dst->dims[axis] * step_of(axis).from;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

// Length of np.arange(start, stop, step) for integers: the exact quotient, rounded up.
kjit_status range_length(kjit_context* ctx, uint32_t site, int64_t start, int64_t stop, int64_t step, int64_t* out) {
  if (step == 0)
    return kjit_trap(ctx, KJIT_TRAP_IntDivisionByZero, site,
                     static_cast<int64_t>(static_cast<uint64_t>(stop) - static_cast<uint64_t>(start)), 0, 0);
  __int128 span = static_cast<__int128>(stop) - start;
  __int128 length = step > 0 ? (span + step - 1) / step : (-span - step - 1) / -static_cast<__int128>(step);
  *out = length < 0 || (span > 0) != (step > 0) ? 0 : length > INT64_MAX ? INT64_MAX : static_cast<int64_t>(length);
  return KJIT_OK;
}

kjit_status range_length(kjit_context* ctx, uint32_t site, double start, double stop, double step, int64_t* out) {
  if (step == 0) return kjit_trap(ctx, KJIT_TRAP_FloatDivisionByZero, site, 0, 0, 0);
  double quotient = (stop - start) / step;
  double length = ceil(quotient);
  if (isnan(length)) return kjit_trap(ctx, KJIT_TRAP_ArangeLength, site, 0, 0, 0);
  // A span that is lost against a huge step still has its first element.
  if (quotient == 0 && stop != start) length = signbit(quotient) ? 0 : 1;
  *out = length <= 0 ? 0 : length >= 0x1p63 ? INT64_MAX : static_cast<int64_t>(length);
  return KJIT_OK;
}

}  // namespace

extern "C" {

int64_t kjit_dtype_size(int32_t dtype) {
  return with_type(dtype, [](auto tag) { return static_cast<int64_t>(sizeof(typename decltype(tag)::type)); });
}

kjit_status kjit_array_new(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const int64_t* shape, int32_t fill,
                           kjit_array* out) {
  if (check_shape(ctx, site, rank, shape) != KJIT_OK) return KJIT_FAILED;
  int64_t item = kjit_dtype_size(dtype);
  int64_t bytes = total_bytes(rank, shape, item);
  kjit_buffer* buffer;
  if (kjit_buffer_new(ctx, site, bytes, fill == KJIT_ZEROS, &buffer) != KJIT_OK) return KJIT_FAILED;
  describe(buffer, rank, shape, item, out);
  if (fill != KJIT_ONES) return KJIT_OK;
  fill_ones(ctx, dtype, bytes / item, out->data);
  return finished(ctx, site, out->owner);
}

kjit_status kjit_array_full(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const int64_t* shape,
                            const void* value, kjit_array* out) {
  if (kjit_array_new(ctx, site, dtype, rank, shape, KJIT_EMPTY, out) != KJIT_OK) return KJIT_FAILED;
  fill_bytes(ctx, static_cast<char*>(out->data), element_count(rank, out), value, kjit_dtype_size(dtype));
  return finished(ctx, site, out->owner);
}

kjit_status kjit_arange_i64(kjit_context* ctx, uint32_t site, int64_t start, int64_t stop, int64_t step, kjit_array* out) {
  int64_t count;
  int64_t* data;
  if (range_length(ctx, site, start, stop, step, &count) != KJIT_OK) return KJIT_FAILED;
  if (new_vector(ctx, site, KJIT_I64, count, out, &data) != KJIT_OK) return KJIT_FAILED;
  in_pieces(ctx, count, kPieceElements, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++)
      data[i] = static_cast<int64_t>(static_cast<uint64_t>(start) + static_cast<uint64_t>(i) * static_cast<uint64_t>(step));
  });
  return finished(ctx, site, out->owner);
}

kjit_status kjit_arange_f64(kjit_context* ctx, uint32_t site, double start, double stop, double step, kjit_array* out) {
  int64_t count;
  double* data;
  if (range_length(ctx, site, start, stop, step, &count) != KJIT_OK) return KJIT_FAILED;
  if (new_vector(ctx, site, KJIT_F64, count, out, &data) != KJIT_OK) return KJIT_FAILED;
  // NumPy's step is the difference of the first two elements, which has been rounded twice.
  double delta = (start + step) - start;
  in_pieces(ctx, count, kPieceElements, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) data[i] = start + static_cast<double>(i) * delta;
  });
  if (count > 1) data[1] = start + step;
  return finished(ctx, site, out->owner);
}

kjit_status kjit_linspace(kjit_context* ctx, uint32_t site, double start, double stop, int64_t count, int32_t endpoint,
                          kjit_array* out) {
  double* data;
  if (new_vector(ctx, site, KJIT_F64, count, out, &data) != KJIT_OK) return KJIT_FAILED;
  double intervals = static_cast<double>(endpoint ? count - 1 : count);
  double delta = stop - start;
  double step = delta / intervals;
  in_pieces(ctx, count, kPieceElements, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      auto at = static_cast<double>(i);
      // A step that underflows to 0 is multiplied in later; a single point has no step.
      data[i] = (intervals <= 0 ? at * delta : step == 0 ? at / intervals * delta : at * step) + start;
    }
  });
  if (endpoint && count > 1) data[count - 1] = stop;
  return finished(ctx, site, out->owner);
}

kjit_status kjit_eye(kjit_context* ctx, uint32_t site, int32_t dtype, int64_t rows, int64_t columns, int64_t diagonal,
                     kjit_array* out) {
  int64_t shape[2] = {rows, columns};
  if (kjit_array_new(ctx, site, dtype, 2, shape, KJIT_ZEROS, out) != KJIT_OK) return KJIT_FAILED;
  if (diagonal >= columns || diagonal <= -rows) return KJIT_OK;
  int64_t item = kjit_dtype_size(dtype);
  int64_t row = std::max<int64_t>(0, -diagonal);
  int64_t column = row + diagonal;
  for (; row < rows && column < columns; row++, column++)
    fill_ones(ctx, dtype, 1, static_cast<char*>(out->data) + (row * columns + column) * item);
  return KJIT_OK;
}

kjit_status kjit_array_copy(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array,
                            kjit_array* out) {
  if (kjit_array_new(ctx, site, dtype, rank, shape_of(array), KJIT_EMPTY, out) != KJIT_OK) return KJIT_FAILED;
  copy_elements(ctx, kjit_dtype_size(dtype), rank, out, array);
  return finished(ctx, site, out->owner);
}

kjit_status kjit_array_astype(kjit_context* ctx, uint32_t site, int32_t from, int32_t to, int32_t rank, const kjit_array* array,
                              kjit_array* out) {
  if (kjit_array_new(ctx, site, to, rank, shape_of(array), KJIT_EMPTY, out) != KJIT_OK) return KJIT_FAILED;
  with_type(from, [&](auto source) {
    with_type(to, [&](auto target) {
      convert_all<typename decltype(source)::type>(ctx, rank, array, static_cast<typename decltype(target)::type*>(out->data));
    });
  });
  return finished(ctx, site, out->owner);
}

kjit_status kjit_array_fill(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const kjit_array* array,
                            const void* value) {
  int64_t item = kjit_dtype_size(dtype);
  Rows rows = rows_in_order(rank, array);
  for_each_piece(ctx, rows, array->data, [&](char* row, int64_t, int64_t length) {
    if (rows.step == item) return fill_bytes(ctx, row, length, value, item);
    for (int64_t i = 0; i < length; i++) memcpy(row + i * rows.step, value, static_cast<size_t>(item));
  });
  return kjit_poll(ctx, site);
}

kjit_status kjit_array_assign(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t dst_rank, const kjit_array* dst,
                              int32_t src_rank, const kjit_array* src) {
  kjit_array source;
  if (broadcast(ctx, site, dst_rank, dst, src_rank, src, &source) != KJIT_OK) return KJIT_FAILED;
  int64_t item = kjit_dtype_size(dtype);
  if (element_count(dst_rank, dst) == 0) return KJIT_OK;
  if (!may_overlap(item, dst_rank, dst, &source)) {
    copy_elements(ctx, item, dst_rank, dst, &source);
    return kjit_poll(ctx, site);
  }
  kjit_array copy;
  if (kjit_array_copy(ctx, site, dtype, dst_rank, &source, &copy) != KJIT_OK) return KJIT_FAILED;
  copy_elements(ctx, item, dst_rank, dst, &copy);
  kjit_release(copy.owner);
  return kjit_poll(ctx, site);
}

int32_t kjit_array_is_contiguous(int32_t dtype, int32_t rank, const kjit_array* array) {
  int64_t expected = kjit_dtype_size(dtype);
  bool contiguous = true;
  for (int32_t axis = rank - 1; axis >= 0; axis--) {
    if (array->dims[axis] == 0) return 1;
    if (array->dims[axis] != 1 && array->dims[rank + axis] != expected) contiguous = false;
    expected *= array->dims[axis];
  }
  return contiguous;
}

kjit_status kjit_slice_resolve(kjit_context* ctx, uint32_t site, int32_t flags, int64_t lower, int64_t upper, int64_t step,
                               int64_t length, kjit_slice* out) {
  if (!(flags & KJIT_HAS_STEP)) step = 1;
  if (step == 0) return kjit_trap(ctx, KJIT_TRAP_SliceStepZero, site, 0, 0, 0);
  // Positions count from the end when negative, and stop just outside the array: 0 .. length forwards, -1 .. length - 1
  // backwards.
  const int64_t least = step < 0 ? -1 : 0;
  const int64_t greatest = step < 0 ? length - 1 : length;
  auto clamp = [&](int64_t at) { return at < 0 ? std::max(at + length, least) : std::min(at, greatest); };
  int64_t begin = flags & KJIT_HAS_LOWER ? clamp(lower) : step < 0 ? greatest : least;
  int64_t end = flags & KJIT_HAS_UPPER ? clamp(upper) : step < 0 ? least : greatest;
  uint64_t span = step > 0      ? (end > begin ? static_cast<uint64_t>(end - begin) : 0)
                  : begin > end ? static_cast<uint64_t>(begin - end)
                                : 0;
  uint64_t stride = step > 0 ? static_cast<uint64_t>(step) : -static_cast<uint64_t>(step);
  int64_t count = span == 0 ? 0 : static_cast<int64_t>((span - 1) / stride + 1);
  *out = {count > 0 || (begin >= 0 && begin < length) ? begin : 0, step, count};
  return KJIT_OK;
}

}  // extern "C"
