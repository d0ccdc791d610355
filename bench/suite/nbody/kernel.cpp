#include <cmath>
#include <cstdint>
#include <cstring>

extern "C" void kernel(const double* start, int64_t, int64_t, double* p, int64_t, int64_t, int64_t steps) {
  auto b = reinterpret_cast<double(*)[7]>(p);
  std::memcpy(p, start, 35 * sizeof(double));
  const double dt = 0.01;
  for (int64_t step = 0; step < steps; ++step) {
    for (int i = 0; i < 5; ++i)
      for (int j = i + 1; j < 5; ++j) {
        const double dx = b[i][0] - b[j][0], dy = b[i][1] - b[j][1], dz = b[i][2] - b[j][2];
        const double d2 = dx * dx + dy * dy + dz * dz, mag = dt / (d2 * std::sqrt(d2));
        const double mi = b[j][6] * mag, mj = b[i][6] * mag;
        b[i][3] -= dx * mi, b[i][4] -= dy * mi, b[i][5] -= dz * mi;
        b[j][3] += dx * mj, b[j][4] += dy * mj, b[j][5] += dz * mj;
      }
    for (int i = 0; i < 5; ++i)
      for (int k = 0; k < 3; ++k) b[i][k] += dt * b[i][3 + k];
  }
}
