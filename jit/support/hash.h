#pragma once
// A hash of bytes that is the same on every machine and in every release: checksums and keys of what is stored. Not for secrets.

#include <cstdint>
#include <string>
#include <string_view>

namespace kjit {

struct Hash128 {
  std::uint64_t low = 0, high = 0;

  bool operator==(const Hash128&) const = default;
};

Hash128 hash128(std::string_view bytes);
std::string to_hex(const Hash128& hash);  // 32 digits

}  // namespace kjit
