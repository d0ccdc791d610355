#include <cstdint>
#include <vector>

static void step(const int64_t* old, int64_t* next, int64_t height, int64_t width) {
#pragma omp parallel for
  for (int64_t y = 0; y < height; ++y) {
    const int64_t *above = old + (y + height - 1) % height * width, *row = old + y * width,
                  *below = old + (y + 1) % height * width;
    for (int64_t x = 0; x < width; ++x) {
      const int64_t left = (x + width - 1) % width, right = (x + 1) % width;
      const int64_t around =
          above[left] + above[x] + above[right] + row[left] + row[right] + below[left] + below[x] + below[right];
      next[y * width + x] = around == 3 || (around == 2 && row[x] == 1);
    }
  }
}

extern "C" void kernel(const int64_t* start, int64_t n, int64_t m, int64_t* cells, int64_t, int64_t, int64_t pairs) {
  std::vector<int64_t> work(start, start + n * m), next(n * m);
  for (int64_t k = 0; k < pairs; ++k) {
    step(work.data(), next.data(), n, m);
    step(next.data(), work.data(), n, m);
  }
  for (int64_t i = 0; i < n * m; ++i) cells[i] = work[i];
}
