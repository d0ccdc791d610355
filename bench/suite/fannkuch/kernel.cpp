#include <algorithm>
#include <cstdint>

extern "C" int64_t kernel(int64_t* permutation, int64_t n, int64_t* rotations, int64_t, int64_t* work, int64_t) {
  for (int64_t i = 0; i < n; ++i) permutation[i] = i, rotations[i] = 0;
  int64_t most = 0;
  for (;;) {
    for (int64_t i = 0; i < n; ++i) work[i] = permutation[i];
    int64_t count = 0;
    for (int64_t first = work[0]; first != 0; first = work[0], ++count)
      for (int64_t low = 0, high = first; low < high; ++low, --high) std::swap(work[low], work[high]);
    most = std::max(most, count);
    int64_t length = 2;
    for (; length <= n; ++length) {
      const int64_t first = permutation[0];
      for (int64_t i = 0; i < length - 1; ++i) permutation[i] = permutation[i + 1];
      permutation[length - 1] = first;
      if (++rotations[length - 1] < length) break;
      rotations[length - 1] = 0;
    }
    if (length > n) return most;
  }
}
