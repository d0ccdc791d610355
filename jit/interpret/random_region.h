#pragma once
// The random streams of a prange loop's iterations.

#include "runtime/runtime.h"

namespace kjit::interpreter {

// The context draws from the streams of the loop's iterations while this lives, and then goes on where it was.
class RandomRegion {
 public:
  // The Mersenne Twister is one sequence for one thread: loops that may run on several do without it.
  RandomRegion(kjit_context& ctx, bool parallel) : ctx_(ctx) {
    kjit_rng_enter_region(&ctx.rng, &region_);
    outer_ = ctx.rng;
    if (parallel) ctx.rng.twister = nullptr;
  }
  ~RandomRegion() { ctx_.rng = outer_; }
  RandomRegion(const RandomRegion&) = delete;
  RandomRegion& operator=(const RandomRegion&) = delete;

  void begin_iteration(std::uint64_t index) { kjit_rng_iteration(&ctx_.rng, &region_, static_cast<std::int64_t>(index)); }

 private:
  kjit_context& ctx_;
  kjit_rng_region region_;
  kjit_rng outer_;
};

}  // namespace kjit::interpreter
