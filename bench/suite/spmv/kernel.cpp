#include <cstdint>

extern "C" void kernel(const int64_t* begins, int64_t, const int64_t* columns, int64_t, const double* values, int64_t,
                       const double* x, int64_t, double* y, int64_t n) {
#pragma omp parallel for
  for (int64_t i = 0; i < n; ++i) {
    double s = 0;
    for (int64_t k = begins[i]; k < begins[i + 1]; ++k) s += values[k] * x[columns[k]];
    y[i] = s;
  }
}
