#include <cstdint>
#include <utility>

static void sift(double* a, int64_t root, int64_t end) {
  while (2 * root + 1 < end) {
    int64_t child = 2 * root + 1;
    if (child + 1 < end && a[child] < a[child + 1]) ++child;
    if (a[root] >= a[child]) return;
    std::swap(a[root], a[child]);
    root = child;
  }
}

extern "C" void kernel(const double* values, int64_t n, double* out, int64_t) {
  for (int64_t i = 0; i < n; ++i) out[i] = values[i];
  for (int64_t root = n / 2 - 1; root >= 0; --root) sift(out, root, n);
  for (int64_t end = n - 1; end > 0; --end) {
    std::swap(out[0], out[end]);
    sift(out, 0, end);
  }
}
