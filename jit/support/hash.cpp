// Two independent chains of multiply, rotate and fold over 64-bit words, each closed by a finalizer that lets every input bit
// reach every output bit (the shape of MurmurHash3's fmix64). Entry: hash128.

#include "support/hash.h"

#include <bit>
#include <cstring>

#include <fmt/format.h>

namespace kjit {

namespace {

constexpr std::uint64_t kOdd[4] = {0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F};

std::uint64_t finish(std::uint64_t value) {
  value = (value ^ (value >> 32)) * kOdd[2];
  value = (value ^ (value >> 29)) * kOdd[3];
  return value ^ (value >> 32);
}

void absorb(Hash128& state, std::uint64_t word) {
  state.low = std::rotl((state.low ^ word) * kOdd[0], 29);
  state.high = std::rotl((state.high + word) * kOdd[1], 37) ^ word;
}

}  // namespace

Hash128 hash128(std::string_view bytes) {
  Hash128 state{kOdd[2], kOdd[3]};
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + at, 8);
    absorb(state, word);
  }
  std::uint64_t last = 0;
  if (at < bytes.size()) std::memcpy(&last, bytes.data() + at, bytes.size() - at);
  absorb(state, last);
  absorb(state, bytes.size());
  return {finish(state.low + state.high), finish(std::rotl(state.high, 17) ^ state.low)};
}

std::string to_hex(const Hash128& hash) { return fmt::format("{:016x}{:016x}", hash.high, hash.low); }

}  // namespace kjit
