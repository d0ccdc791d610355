// A C++ program with kernels that `kjit build` has compiled: neither kjit's engine nor LLVM is in it.

#include <cstdio>
#include <vector>

#include <stats.h>  // made by kjit build: docstrings, types and shapes are in it

int main() {
  std::vector<double> x(100);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i % 10);
  std::printf("variance %.6f\n", stats::variance(x));
  const kjit::Array<double, 1> means = stats::moving_mean(x, 10);
  std::printf("%zu means, the first is %g\n", means.size(), means(0));
  try {
    stats::variance(std::vector<double>{1.0});
  } catch (const kjit::rt::Error& error) {
    std::printf("%s\n", error.what());
  }
}
