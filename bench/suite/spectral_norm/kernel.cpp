#include <cmath>
#include <cstdint>

static void product(const double* x, double* y, int64_t n, bool transposed) {
#pragma omp parallel for
  for (int64_t i = 0; i < n; ++i) {
    double s = 0;
    if (transposed)
      for (int64_t j = 0; j < n; ++j) s += x[j] / static_cast<double>((i + j) * (i + j + 1) / 2 + j + 1);
    else
      for (int64_t j = 0; j < n; ++j) s += x[j] / static_cast<double>((i + j) * (i + j + 1) / 2 + i + 1);
    y[i] = s;
  }
}

extern "C" double kernel(double* u, int64_t n, double* v, int64_t, double* w, int64_t) {
  for (int64_t i = 0; i < n; ++i) u[i] = 1;
  for (int k = 0; k < 2; ++k) {
    product(u, w, n, false), product(w, v, n, true);
    product(v, w, n, false), product(w, u, n, true);
  }
  double uv = 0, vv = 0;
  for (int64_t i = 0; i < n; ++i) uv += u[i] * v[i], vv += v[i] * v[i];
  return std::sqrt(uv / vv);
}
