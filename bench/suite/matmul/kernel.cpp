#include <cstdint>

extern "C" void kernel(const double* __restrict a, int64_t n, int64_t m, const double* __restrict b, int64_t, int64_t p,
                       double* __restrict c, int64_t, int64_t) {
#pragma omp parallel for
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = 0; j < p; ++j) c[i * p + j] = 0;
    for (int64_t k = 0; k < m; ++k)
      for (int64_t j = 0; j < p; ++j) c[i * p + j] += a[i * m + k] * b[k * p + j];
  }
}
