#include <cstdint>

extern "C" void kernel(const int64_t* values, int64_t n, int64_t* counts, int64_t bins) {
  for (int64_t b = 0; b < bins; ++b) counts[b] = 0;
#pragma omp parallel for reduction(+ : counts[ : bins])
  for (int64_t i = 0; i < n; ++i) ++counts[values[i]];
}
