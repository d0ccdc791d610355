#pragma once
// Private to the runtime: CPython's generator, the Mersenne Twister MT19937 of M. Matsumoto and T. Nishimura (1998).

#include <stdint.h>

namespace kjit::runtime {

struct Twister {
  static constexpr int kSize = 624;
  uint32_t state[kSize];
  int position = kSize;
  bool has_gauss = false;
  double next_gauss = 0;  // the second number of the pair that random.gauss makes

  void seed(int64_t value);  // random.seed(value): of |value|
  uint32_t next32();
  double random();             // 53 bits
  uint64_t bits(int count);    // getrandbits(count), 0 <= count <= 64
  uint64_t below(uint64_t n);  // uniform in 0 .. n - 1 by rejection; n > 0
  double gauss(double mu, double sigma);
  double normalvariate(double mu, double sigma);

 private:
  void seed_from_number(uint32_t number);
  void seed_from_array(const uint32_t* key, int length);
  void refill();
};

}  // namespace kjit::runtime
