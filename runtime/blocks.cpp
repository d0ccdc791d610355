// How a parallel loop is cut into blocks, and how partial results combine. Entry: kjit_block_count. Both are part of the
// language: results depend on them.

#include "runtime/runtime.h"

extern "C" {

int64_t kjit_block_count(int64_t trip_count) {
  constexpr int64_t most = 1024;  // enough to balance any number of threads that is in use, few enough to cost nothing
  return trip_count < 0 ? 0 : trip_count < most ? trip_count : most;
}

int64_t kjit_block_first(int64_t trip_count, int64_t block) {
  int64_t blocks = kjit_block_count(trip_count);
  if (blocks == 0) return 0;
  return static_cast<int64_t>(static_cast<__int128>(block) * trip_count / blocks);
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
