#include <cstdint>

static int64_t escape_time(double cr, double ci, int64_t limit) {
  double zr = 0, zi = 0;
  for (int64_t step = 0; step < limit; ++step) {
    const double zr2 = zr * zr, zi2 = zi * zi;
    if (zr2 + zi2 > 4.0) return step;
    zi = 2.0 * zr * zi + ci;
    zr = zr2 - zi2 + cr;
  }
  return limit;
}

extern "C" void kernel(int64_t* image, int64_t n, int64_t, int64_t limit) {
#pragma omp parallel for schedule(dynamic)
  for (int64_t y = 0; y < n; ++y)
    for (int64_t x = 0; x < n; ++x) image[y * n + x] = escape_time(-2.0 + 2.5 * x / n, -1.25 + 2.5 * y / n, limit);
}
