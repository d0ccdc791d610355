#include <cstdint>

// Complex numbers are pairs; the product is the textbook's, as kernels in Python have it.
extern "C" void kernel(const double* x, int64_t n, const double* roots, int64_t, double* out, int64_t) {
  for (int64_t i = 0; i < 2 * n; ++i) out[i] = x[i];
  for (int64_t half = 1; half < n; half *= 2) {
    const int64_t stride = n / (2 * half);
    for (int64_t begin = 0; begin < n; begin += 2 * half)
      for (int64_t k = 0; k < half; ++k) {
        double *low = out + 2 * (begin + k), *high = low + 2 * half;
        const double* root = roots + 2 * k * stride;
        const double re = high[0] * root[0] - high[1] * root[1], im = high[0] * root[1] + high[1] * root[0];
        high[0] = low[0] - re, high[1] = low[1] - im;
        low[0] += re, low[1] += im;
      }
  }
}
