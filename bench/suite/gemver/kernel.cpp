#include <cstdint>

extern "C" void kernel(const double* a, int64_t n, int64_t, const double* uv, int64_t, int64_t, double* b, int64_t, int64_t,
                       double* x, int64_t, double* w, int64_t) {
  const double *u1 = uv, *v1 = uv + n, *u2 = uv + 2 * n, *v2 = uv + 3 * n;
#pragma omp parallel for
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < n; ++j) b[i * n + j] = a[i * n + j] + u1[i] * v1[j] + u2[i] * v2[j];
#pragma omp parallel for
  for (int64_t i = 0; i < n; ++i) {
    double s = 0;
    for (int64_t j = 0; j < n; ++j) s += b[j * n + i] * v1[j];
    x[i] = 1.2 * s;
  }
#pragma omp parallel for
  for (int64_t i = 0; i < n; ++i) {
    double s = 0;
    for (int64_t j = 0; j < n; ++j) s += b[i * n + j] * x[j];
    w[i] = 1.5 * s;
  }
}
