// What this machine and this process are like. Entry: memory_bandwidth, peak_kilobytes.

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "bench/contestant.h"

namespace kjit::cli {

double memory_bandwidth() {
  constexpr std::size_t kCount = std::size_t{1} << 22;  // 32 MB an array
  std::vector<double> a(kCount, 1), b(kCount, 2), c(kCount, 0);
  double best = 1e9;
  for (int round = 0; round < 4; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < kCount; ++i) c[i] = a[i] + 0.5 * b[i];
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    a.swap(c);  // each round needs the one before
  }
  return 3 * sizeof(double) * kCount / best;
}

// ru_maxrss would have that of the process which started this one.
std::int64_t peak_kilobytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    std::int64_t kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes;
  }
  return 0;
}

}  // namespace kjit::cli
