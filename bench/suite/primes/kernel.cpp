#include <cstdint>

static bool is_prime(int64_t n) {
  if (n < 2) return false;
  if (n < 4) return true;
  if (n % 2 == 0 || n % 3 == 0) return false;
  for (int64_t divisor = 5; divisor * divisor <= n; divisor += 6)
    if (n % divisor == 0 || n % (divisor + 2) == 0) return false;
  return true;
}

extern "C" int64_t kernel(int64_t limit) {
  int64_t total = 0;
#pragma omp parallel for schedule(dynamic, 1024) reduction(+ : total)
  for (int64_t n = 2; n <= limit; ++n)
    if (is_prime(n)) total += n;
  return total;
}
