// The Mersenne Twister and what CPython's random module makes of it. Entry: Twister.

#include "runtime/twister.h"

#include <bit>
#include <cmath>

namespace kjit::runtime {

namespace {

constexpr int kMiddle = 397;
constexpr double kTwoPi = 2.0 * 3.141592653589793;

uint32_t mix(uint32_t previous) { return previous ^ (previous >> 30); }

}  // namespace

void Twister::seed_from_number(uint32_t number) {
  state[0] = number;
  for (uint32_t i = 1; i < kSize; i++) state[i] = 1812433253u * mix(state[i - 1]) + i;
  position = kSize;
}

// init_by_array of the reference implementation: two walks around the state.
void Twister::seed_from_array(const uint32_t* key, int length) {
  seed_from_number(19650218u);
  int at = 1;
  auto advance = [&] {
    if (++at == kSize) state[0] = state[kSize - 1], at = 1;
  };
  for (int step = 0, from = 0; step < (length > kSize ? length : kSize); step++) {
    state[at] = (state[at] ^ (mix(state[at - 1]) * 1664525u)) + key[from] + static_cast<uint32_t>(from);
    from = (from + 1) % length;
    advance();
  }
  for (int step = 1; step < kSize; step++) {
    state[at] = (state[at] ^ (mix(state[at - 1]) * 1566083941u)) - static_cast<uint32_t>(at);
    advance();
  }
  state[0] = 0x80000000u;
}

void Twister::seed(int64_t value) {
  uint64_t magnitude = value < 0 ? -static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  uint32_t key[2] = {static_cast<uint32_t>(magnitude), static_cast<uint32_t>(magnitude >> 32)};
  seed_from_array(key, key[1] ? 2 : 1);
  has_gauss = false;
}

void Twister::refill() {
  for (int i = 0; i < kSize; i++) {
    uint32_t y = (state[i] & 0x80000000u) | (state[(i + 1) % kSize] & 0x7fffffffu);
    state[i] = state[(i + kMiddle) % kSize] ^ (y >> 1) ^ (y & 1 ? 0x9908b0dfu : 0);
  }
  position = 0;
}

uint32_t Twister::next32() {
  if (position == kSize) refill();
  uint32_t y = state[position++];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680u;
  y ^= (y << 15) & 0xefc60000u;
  return y ^ (y >> 18);
}

double Twister::random() {
  uint64_t high = next32() >> 5, low = next32() >> 6;
  return static_cast<double>(high << 26 | low) * 0x1p-53;
}

uint64_t Twister::bits(int count) {
  if (count == 0) return 0;
  if (count <= 32) return next32() >> (32 - count);
  uint64_t low = next32();
  return low | static_cast<uint64_t>(next32() >> (64 - count)) << 32;
}

uint64_t Twister::below(uint64_t n) {
  int width = std::bit_width(n);
  uint64_t draw = bits(width);
  while (draw >= n) draw = bits(width);
  return draw;
}

double Twister::gauss(double mu, double sigma) {
  if (has_gauss) {
    has_gauss = false;
    return mu + next_gauss * sigma;
  }
  double angle = random() * kTwoPi;
  double radius = std::sqrt(-2.0 * std::log(1.0 - random()));
  next_gauss = std::sin(angle) * radius;
  has_gauss = true;
  return mu + std::cos(angle) * radius * sigma;
}

// Kinderman and Monahan's ratio of uniform deviates (1977).
double Twister::normalvariate(double mu, double sigma) {
  static const double magic = 4 * std::exp(-0.5) / std::sqrt(2.0);
  for (;;) {
    double u1 = random();
    double u2 = 1.0 - random();
    double z = magic * (u1 - 0.5) / u2;
    if (z * z / 4.0 <= -std::log(u2)) return mu + z * sigma;
  }
}

}  // namespace kjit::runtime
