#include <cstdint>

extern "C" void kernel(const double* x, int64_t n, const double* y, int64_t, double* out, int64_t, double a) {
#pragma omp parallel for
  for (int64_t i = 0; i < n; ++i) out[i] = a * x[i] + y[i];
}
