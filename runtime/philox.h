#pragma once
// Philox4x32-10: the counter-based generator of J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as
// easy as 1, 2, 3" (SC'11). The reference for every other implementation of it in kjit.

#include <array>
#include <cstdint>

namespace kjit::runtime {

using PhiloxCounter = std::array<uint32_t, 4>;
using PhiloxKey = std::array<uint32_t, 2>;

constexpr PhiloxCounter philox4x32_10(PhiloxCounter x, PhiloxKey key) {
  constexpr uint64_t m0 = 0xD2511F53, m1 = 0xCD9E8D57;
  constexpr uint32_t w0 = 0x9E3779B9, w1 = 0xBB67AE85;  // golden ratio, sqrt(3) - 1
  for (int round = 0; round < 10; round++) {
    uint64_t p0 = m0 * x[0], p1 = m1 * x[2];
    x = {static_cast<uint32_t>(p1 >> 32) ^ x[1] ^ key[0], static_cast<uint32_t>(p1),
         static_cast<uint32_t>(p0 >> 32) ^ x[3] ^ key[1], static_cast<uint32_t>(p0)};
    key = {key[0] + w0, key[1] + w1};
  }
  return x;
}

struct PhiloxDraws {
  uint64_t first, second;
};

// Block `block` of lane `lane`, as abi.h lays it out.
constexpr PhiloxDraws philox_block(uint64_t key, uint64_t lane, uint64_t block) {
  auto low = [](uint64_t x) { return static_cast<uint32_t>(x); };
  auto high = [](uint64_t x) { return static_cast<uint32_t>(x >> 32); };
  PhiloxCounter x = philox4x32_10({low(block), high(block), low(lane), high(lane)}, {low(key), high(key)});
  return {x[0] | static_cast<uint64_t>(x[1]) << 32, x[2] | static_cast<uint64_t>(x[3]) << 32};
}

}  // namespace kjit::runtime
