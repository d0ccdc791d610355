#include <cstdint>

extern "C" int64_t kernel(uint8_t* composite, int64_t n) {
  for (int64_t i = 0; i < n; ++i) composite[i] = 0;
  int64_t count = 0;
  for (int64_t i = 2; i < n; ++i)
    if (composite[i] == 0) {
      ++count;
      for (int64_t k = i * i; k < n; k += i) composite[k] = 1;
    }
  return count;
}
