#include <complex>
#include <cstdint>

// The product of the textbook: std::complex checks for NaN and calls a function, which kernels in Python do not do either.
extern "C" void kernel(int64_t* image, int64_t n, int64_t, int64_t limit) {
#pragma omp parallel for schedule(dynamic)
  for (int64_t y = 0; y < n; ++y)
    for (int64_t x = 0; x < n; ++x) {
      double re = static_cast<double>(x - n / 2) / (0.4 * n), im = static_cast<double>(y - n / 2) / (0.4 * n);
      int64_t steps = 0;
      while (re * re + im * im <= 4.0 && steps < limit) {
        const double next = re * re - im * im - 0.8;
        im = re * im + im * re + 0.156;
        re = next;
        ++steps;
      }
      image[y * n + x] = steps;
    }
}
