#include <cstdint>

extern "C" void kernel(double* m, int64_t n, int64_t width) {
#pragma omp parallel for
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < width; ++j) m[i * width + j] = static_cast<double>(i * i + j * j);
}
