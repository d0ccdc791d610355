#include <algorithm>
#include <cstdint>

extern "C" int64_t kernel(int64_t limit) {
  int64_t longest = 0;
#pragma omp parallel for schedule(dynamic, 1024) reduction(max : longest)
  for (int64_t start = 1; start < limit; ++start) {
    int64_t count = 0;
    for (int64_t n = start; n != 1; ++count) n = n % 2 == 0 ? n / 2 : 3 * n + 1;
    longest = std::max(longest, count);
  }
  return longest;
}
