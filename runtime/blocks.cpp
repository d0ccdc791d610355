// How a parallel loop is cut into blocks, and how partial results combine. Entry: kjit_block_count. Both are part of the
// language: results depend on them.

#include "runtime/runtime.h"

namespace {

// 1024 blocks: enough to balance any number of threads that is in use, few enough to cost nothing.
constexpr int kMostBlocksShift = 10;
constexpr int64_t kMostBlocks = int64_t{1} << kMostBlocksShift;

}  // namespace

extern "C" {

int64_t kjit_block_count(int64_t trip_count) { return trip_count < 0 ? 0 : trip_count < kMostBlocks ? trip_count : kMostBlocks; }

int64_t kjit_block_first(int64_t trip_count, int64_t block) {
  if (trip_count < kMostBlocks) return block;
  return static_cast<int64_t>(static_cast<__int128>(block) * trip_count >> kMostBlocksShift);
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
