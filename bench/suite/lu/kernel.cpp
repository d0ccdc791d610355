#include <cstdint>

extern "C" void kernel(const double* a, int64_t n, int64_t, double* lu, int64_t, int64_t) {
  for (int64_t i = 0; i < n * n; ++i) lu[i] = a[i];
  for (int64_t k = 0; k < n - 1; ++k)
    for (int64_t i = k + 1; i < n; ++i) {
      const double x = lu[i * n + k] /= lu[k * n + k];
      for (int64_t j = k + 1; j < n; ++j) lu[i * n + j] -= x * lu[k * n + j];
    }
}
