#include <cstdint>

// A generator in two lines (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014), one stream an
// iteration.
static double uniform(uint64_t& state) {
  uint64_t z = state += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return -1.0 + 2.0 * ((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

extern "C" double kernel(int64_t n) {
  int64_t inside = 0;
#pragma omp parallel for reduction(+ : inside)
  for (int64_t i = 0; i < n; ++i) {
    uint64_t state = static_cast<uint64_t>(i) * 0x9e3779b97f4a7c15ULL * 2;
    const double x = uniform(state), y = uniform(state);
    inside += x * x + y * y < 1.0;
  }
  return 4.0 * inside / n;
}
