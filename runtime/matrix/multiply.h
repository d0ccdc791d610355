#pragma once
// Private to the runtime. Products of matrices.

#include <stdint.h>

#include "runtime/abi.h"

namespace kjit::runtime {

// A matrix as it lies in memory; strides in bytes.
struct MatrixView {
  const char* data;
  int64_t rows, columns, down, across;
};

// out = a @ b, row-major without gaps; a.columns == b.rows. Each element is the sum of its products from first to last, beginning
// with 0, with the same bits on every CPU and any number of threads. T is double, float, uint64_t or uint32_t (for signed ones as
// well: they wrap around). `parallel`: on all threads of the call. KJIT_FAILED: it is to stop, or there is no memory.
template <typename T>
kjit_status multiply(kjit_context* ctx, uint32_t site, const MatrixView& a, const MatrixView& b, T* out, bool parallel);

extern template kjit_status multiply<double>(kjit_context*, uint32_t, const MatrixView&, const MatrixView&, double*, bool);
extern template kjit_status multiply<float>(kjit_context*, uint32_t, const MatrixView&, const MatrixView&, float*, bool);
extern template kjit_status multiply<uint64_t>(kjit_context*, uint32_t, const MatrixView&, const MatrixView&, uint64_t*, bool);
extern template kjit_status multiply<uint32_t>(kjit_context*, uint32_t, const MatrixView&, const MatrixView&, uint32_t*, bool);

}  // namespace kjit::runtime
