#include <algorithm>
#include <cstdint>

extern "C" int64_t kernel(const int64_t* a, int64_t n, const int64_t* b, int64_t m, int64_t* row, int64_t) {
  for (int64_t j = 0; j <= m; ++j) row[j] = j;
  for (int64_t i = 0; i < n; ++i) {
    int64_t diagonal = row[0];
    row[0] = i + 1;
    for (int64_t j = 0; j < m; ++j) {
      const int64_t cost = a[i] == b[j] ? diagonal : diagonal + 1;
      diagonal = row[j + 1];
      row[j + 1] = std::min(cost, std::min(row[j], diagonal) + 1);
    }
  }
  return row[m];
}
