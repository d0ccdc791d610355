#pragma once
// Private to the runtime: the elements of one row of a plan, in pieces.
//
// An operand whose elements do not lie densely along the row is packed into a buffer first, the result unpacked, so that one
// kernel, which LLVM vectorises, serves every layout. An operand that has one element for the whole row fills its buffer once for
// each row.

#include <stdint.h>

#include <memory>
#include <vector>

#include "runtime/array_loop/plan.h"
#include "runtime/runtime.h"

namespace kjit::runtime {

inline constexpr int64_t kDensePiece = 16384;  // elements between two looks at the stop flags

// Runs rows of one plan, which must outlive it; each thread has one. Consecutive rows are found fastest.
class RowRunner {
 public:
  // What buffers are made of: a line of the caches.
  struct alignas(64) Block {
    char bytes[64];
  };

  explicit RowRunner(const Plan& plan);

  // Computes elements [first, last) of row `row`; with `into`, the result, which must be dense along the row, has them there and
  // not in its place. KJIT_FAILED: the kernel failed, or the call is to stop.
  kjit_status run(kjit_context* ctx, int64_t row, int64_t first, int64_t last, char* into = nullptr);

 private:
  enum class Access : uint8_t {
    Dense,     // the kernel reads or writes it in its place
    Repeated,  // one element for the whole row
    Gaps,      // copied from or to its place
  };

  struct Cursor {
    Access access;
    char* row;        // its first element in the present row
    Block* buffer;    // null for Dense
    int64_t advance;  // bytes from what the kernel gets for one piece to what it gets for the next
  };

  void seek(int64_t row);
  void start(int64_t first, int64_t count, char* into);
  void pack(int64_t at, int64_t count);
  void unpack(int64_t at, int64_t count);

  const Plan& plan_;
  std::vector<Cursor> cursors_;  // one for each stream
  std::vector<char*> at_;        // what the kernel gets
  std::unique_ptr<Block[]> buffers_;
  std::vector<int64_t> index_;  // of the present row, on each axis but the last
  int64_t row_ = -1;            // the present row
  int64_t piece_ = 0;           // elements
  int64_t filled_ = 0;          // how far the buffers of repeated elements are filled for the present row
  bool packs_ = false;          // whether an operand has gaps
};

}  // namespace kjit::runtime
