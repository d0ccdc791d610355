// Products of matrices, and of stacks of them. Entry: array_MatMul.

#include <algorithm>
#include <type_traits>

#include "runtime/array_call.h"
#include "runtime/matrix/multiply.h"

namespace kjit::runtime {

namespace {

constexpr int64_t kParallelProduct = KJIT_LOOP_PARALLEL;  // of the last argument

// Elements that matrix/multiply.h does not know: small integers, complex numbers.
template <typename T>
void multiply_slowly(const ArrayCall& call, const MatrixView& a, const MatrixView& b, T* out) {
  StopLook look(call);
  std::vector<T> sums(static_cast<size_t>(b.columns));
  for (int64_t i = 0; i < a.rows; i++) {
    std::fill(sums.begin(), sums.end(), T{});
    for (int64_t k = 0; k < a.columns; k++) {
      const T factor = load<T>(a.data + i * a.down + k * a.across);
      const char* row = b.data + k * b.down;
      look(b.columns / 4 + 1);
      for (int64_t j = 0; j < b.columns; j++) {
        const T other = load<T>(row + j * b.across);
        T& sum = sums[static_cast<size_t>(j)];
        if constexpr (std::is_integral_v<T>)
          sum = static_cast<T>(static_cast<uint64_t>(sum) + static_cast<uint64_t>(factor) * static_cast<uint64_t>(other));
        else
          sum += factor * other;
      }
    }
    std::copy(sums.begin(), sums.end(), out + i * b.columns);
  }
}

template <typename T>
kjit_status multiply_typed(const ArrayCall& call, const MatrixView& a, const MatrixView& b, void* out) {
  const bool parallel = (call.number(2) & kParallelProduct) != 0;
  if constexpr (std::is_same_v<T, double> || std::is_same_v<T, float>)
    return multiply(call.ctx, call.site, a, b, static_cast<T*>(out), parallel);
  if constexpr (std::is_integral_v<T> && sizeof(T) >= 4)
    return multiply(call.ctx, call.site, a, b, static_cast<std::make_unsigned_t<T>*>(out), parallel);
  if constexpr (!std::is_same_v<T, Bool>) multiply_slowly(call, a, b, static_cast<T*>(out));
  return KJIT_OK;
}

// The axes in front of the last two, along which matrices are stacked.
int32_t stacked_axes(int32_t rank) { return std::max(rank - 2, 0); }

// A vector is a row on the left, a column on the right.
MatrixView matrix_of(const ArrayCall& call, int32_t operand) {
  const kjit_array* array = call.array(operand);
  const int32_t rank = call.rank_of(operand);
  const auto* data = static_cast<const char*>(array->data);
  const int64_t *sizes = array->dims + rank - 1, *strides = array->dims + 2 * rank - 1;  // of the last axis
  if (rank > 1) return {data, sizes[-1], sizes[0], strides[-1], strides[0]};
  return operand == 0 ? MatrixView{data, 1, sizes[0], 0, strides[0]} : MatrixView{data, sizes[0], 1, strides[0], 0};
}

kjit_status refuse_sizes(const ArrayCall& call, const MatrixView& left, const MatrixView& right) {
  const int32_t ra = call.rank_of(0), rb = call.rank_of(1);
  if (ra > 2 || rb > 2) {
    return value_error(call.ctx, call.site,
                       "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
                       "(n?,k),(k,m?)->(n?,m?) (size " +
                           std::to_string(right.rows) + " is different from " + std::to_string(left.columns) + ")");
  }
  return value_error(call.ctx, call.site,
                     "shapes " + shape_text(ra, call.array(0)->dims) + " and " + shape_text(rb, call.array(1)->dims) +
                         " not aligned: " + std::to_string(left.columns) + " (dim " + std::to_string(ra - 1) +
                         ") != " + std::to_string(right.rows) + " (dim 0)");
}

// The stacks, broadcast against each other. False: they do not fit.
bool stack_shape(const ArrayCall& call, int32_t axes, int64_t* shape) {
  std::fill(shape, shape + axes, 1);
  for (int32_t operand = 0; operand < 2; operand++) {
    const int32_t own = stacked_axes(call.rank_of(operand));
    for (int32_t axis = 0; axis < own; axis++) {
      int64_t& extent = shape[axes - own + axis];
      const int64_t size = call.array(operand)->dims[axis];
      if (extent != 1 && size != 1 && size != extent) return false;
      if (extent == 1) extent = size;
    }
  }
  return true;
}

// Where the operand's matrix for a place in the stack lies, in bytes from its first one.
int64_t offset_of(const ArrayCall& call, int32_t operand, int32_t axes, const int64_t* index) {
  const int32_t rank = call.rank_of(operand), own = stacked_axes(rank);
  const int64_t* dims = call.array(operand)->dims;
  int64_t offset = 0;
  for (int32_t axis = 0; axis < own; axis++) {
    if (dims[axis] != 1) offset += index[axes - own + axis] * dims[rank + axis];
  }
  return offset;
}

// One product after the other, each as it would be computed alone.
kjit_status multiply_stacks(const ArrayCall& call, const MatrixView& left, const MatrixView& right, int32_t axes,
                            const int64_t* shape) {
  auto* out = static_cast<char*>(call.result()->data);
  const int64_t bytes = left.rows * right.columns * kjit_dtype_size(call.dtype);
  if (std::find(shape, shape + axes, 0) != shape + axes) return KJIT_OK;
  int64_t index[KJIT_MAX_RANK] = {};
  do {
    MatrixView a = left, b = right;
    a.data += offset_of(call, 0, axes, index);
    b.data += offset_of(call, 1, axes, index);
    const kjit_status status =
        with_type(call.dtype_of(0), [&](auto tag) { return multiply_typed<typename decltype(tag)::type>(call, a, b, out); });
    if (status != KJIT_OK) return status;
    out += bytes;
  } while (axes > 0 && next_index(axes, shape, index));
  return KJIT_OK;
}

}  // namespace

kjit_status array_MatMul(const ArrayCall& call) {
  const int32_t ra = call.rank_of(0), rb = call.rank_of(1);
  const MatrixView left = matrix_of(call, 0), right = matrix_of(call, 1);
  if (left.columns != right.rows) return refuse_sizes(call, left, right);
  const int32_t stacked = std::max(stacked_axes(ra), stacked_axes(rb));
  int64_t shape[KJIT_MAX_RANK];
  if (!stack_shape(call, stacked, shape)) {
    return value_error(call.ctx, call.site,
                       "operands could not be broadcast together with shapes " + shape_text(ra, call.array(0)->dims) + " " +
                           shape_text(rb, call.array(1)->dims));
  }
  int32_t axes = stacked;
  if (ra > 1) shape[axes++] = left.rows;
  if (rb > 1) shape[axes] = right.columns;
  if (new_result(call, shape) != KJIT_OK) return KJIT_FAILED;
  const kjit_status status = multiply_stacks(call, left, right, stacked, shape);
  if (status != KJIT_OK) kjit_release(call.result()->owner);
  return status;
}

}  // namespace kjit::runtime
