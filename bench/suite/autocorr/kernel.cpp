#include <cstdint>

extern "C" void kernel(const int64_t* mask, int64_t n, double* acf, int64_t lags) {
  int64_t words = 0;
  for (int64_t i = 0; i < n; ++i) words += mask[i];
#pragma omp parallel for
  for (int64_t t = 0; t < lags; ++t) {
    double s = 0;
    for (int64_t i = 1; i < n - t; ++i) s += static_cast<double>(mask[i] * mask[i + t]);
    acf[t] = s / static_cast<double>(words);
  }
}
