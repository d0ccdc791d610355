#pragma once
// Private to the runtime: the blocks of a parallel loop that a thread has still to run, and that others may take from.

#include <stdint.h>

#include <algorithm>
#include <atomic>

namespace kjit::runtime {

// Blocks begin .. end - 1.
struct BlockRange {
  int64_t begin = 0, end = 0;

  int64_t size() const { return end - begin; }
  bool empty() const { return begin >= end; }
};

// Takers agree by the value of one word, both ends of the range. A block is in one share or in none, and in none once it has been
// taken to be run; so when a word has its old value again it means what it meant, and taking from it is right.
class WorkShare {
 public:
  static constexpr int64_t kMostBlocks = INT64_C(1) << 31;  // block numbers are below

  // Only by the thread that has the share, which is empty: others take nothing from an empty one.
  void give(BlockRange range) { word_.store(pack(range)); }

  int64_t size() const { return unpack(word_.load(std::memory_order_relaxed)).size(); }

  // The lowest blocks, up to `most`.
  BlockRange take(int64_t most) {
    return split([most](BlockRange range) { return BlockRange{range.begin, std::min(range.begin + most, range.end)}; },
                 [](BlockRange range, BlockRange taken) { return BlockRange{taken.end, range.end}; });
  }
  // The upper half, or all of a share of one block.
  BlockRange take_half() {
    return split([](BlockRange range) { return BlockRange{range.begin + range.size() / 2, range.end}; },
                 [](BlockRange range, BlockRange taken) { return BlockRange{range.begin, taken.begin}; });
  }

 private:
  static uint64_t pack(BlockRange range) { return static_cast<uint64_t>(range.begin) << 32 | static_cast<uint64_t>(range.end); }
  static BlockRange unpack(uint64_t word) { return {static_cast<int64_t>(word >> 32), static_cast<int64_t>(word & UINT32_MAX)}; }

  // part(range) of what there is; rest(range, part) stays.
  template <typename Part, typename Rest>
  BlockRange split(Part part, Rest rest) {
    uint64_t word = word_.load(std::memory_order_relaxed);
    for (;;) {
      const BlockRange range = unpack(word);
      if (range.empty()) return {};
      const BlockRange taken = part(range);
      if (word_.compare_exchange_weak(word, pack(rest(range, taken)))) return taken;
    }
  }

  std::atomic<uint64_t> word_{0};
};

}  // namespace kjit::runtime
