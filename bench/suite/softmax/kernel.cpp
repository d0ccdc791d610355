#include <algorithm>
#include <cmath>
#include <cstdint>

extern "C" void kernel(const double* x, int64_t n, int64_t m, double* out, int64_t, int64_t) {
#pragma omp parallel for
  for (int64_t i = 0; i < n; ++i) {
    double largest = x[i * m], total = 0;
    for (int64_t j = 0; j < m; ++j) largest = std::max(largest, x[i * m + j]);
    for (int64_t j = 0; j < m; ++j) total += out[i * m + j] = std::exp(x[i * m + j] - largest);
    for (int64_t j = 0; j < m; ++j) out[i * m + j] /= total;
  }
}
