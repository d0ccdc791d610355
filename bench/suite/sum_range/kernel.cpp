#include <cstdint>

extern "C" int64_t kernel(int64_t n) {
  int64_t x = 0;
  for (int64_t i = 0; i < n; ++i) x += i;
  return x;
}
