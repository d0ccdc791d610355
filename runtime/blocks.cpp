// How a parallel loop is cut into blocks, and how partial results combine. Entry: kjit_block_count. Both are part of the
// language: results depend on them.

#include <algorithm>

#include "runtime/runtime.h"

namespace {

// 1024 blocks: enough to balance any number of threads that is in use, few enough to cost nothing.
constexpr int64_t kMostBlocks = 1024;
constexpr int64_t kMostCopiedBytes = int64_t{64} << 20;

}  // namespace

extern "C" {

int64_t kjit_block_count(int64_t trip_count) { return trip_count < 0 ? 0 : trip_count < kMostBlocks ? trip_count : kMostBlocks; }

int64_t kjit_block_first(int64_t trip_count, int64_t blocks, int64_t block) {
  if (blocks == trip_count) return block;
  const auto product = static_cast<unsigned __int128>(block) * static_cast<uint64_t>(trip_count);
  if (blocks == kMostBlocks) return static_cast<int64_t>(product / kMostBlocks);  // a shift
  return static_cast<int64_t>(product / static_cast<uint64_t>(blocks));
}

int64_t kjit_reduction_block_count(int64_t trip_count, int64_t elements, int64_t bytes) {
  const int64_t by_memory = kMostCopiedBytes / std::max<int64_t>(bytes, 1);
  const int64_t by_work = trip_count / std::max<int64_t>(elements, 1);
  return std::max<int64_t>(std::min({kjit_block_count(trip_count), by_memory, by_work}), 1);
}

void kjit_combine_partials(kjit_combine combine, void* closure, void* partials, int64_t stride, int64_t count) {
  auto* first = static_cast<char*>(partials);
  for (int64_t distance = 1; distance < count; distance *= 2) {
    for (int64_t i = 0; i + distance < count; i += 2 * distance) {
      combine(closure, first + i * stride, first + (i + distance) * stride);
    }
  }
}

}  // extern "C"
