// Versions of a loop: a fast one that relies on facts tested once in front of it, and the general one. Entry: emit_loop_versions.

#include "lower/builtins/random_draws.h"
#include "lower/features.h"
#include "lower/loops/emit_range_tests.h"
#include "lower/loops/lower_loop.h"

namespace kjit {
namespace {

using namespace typed;

class Versions {
 public:
  Versions(FunctionLowering& f, const Stmt& stmt, const ForRange& node, const LoopRange& range, const LoopHooks& hooks)
      : f_(f), b_(f.b), stmt_(stmt), node_(node), range_(range), hooks_(hooks), plan_(f.m.loops.of(node.id)) {}

  void emit(const LoopExits& exits) {
    if (!plan_.has_fast_version()) return emit_general(LoopVersion{plan_.polling}, exits);
    llvm::BasicBlock* choose = f_.new_block("loop_choose");
    b_.CreateCondBr(b_.CreateICmpNE(range_.trips, f_.int64(0)), choose, exits.finished);
    f_.start_block(choose);
    llvm::BasicBlock* fast_block = f_.new_block("loop_fast");
    llvm::BasicBlock* general_block = f_.new_block("loop_general");
    f_.branch_unlikely(b_.CreateNot(emit_test()), general_block, fast_block);
    f_.start_block(fast_block);
    emit_fast(exits);
    f_.start_block(general_block);
    f_.begin_rare_code();
    LoopVersion general{plan_.polling};
    general.is_fallback = true;
    general.runs = true;
    emit_general(general, exits);
  }

 private:
  llvm::Value* emit_test() {
    llvm::Value* passes = b_.getTrue();
    if (plan_.draws) passes = hooks_.lanes ? emit_philox_test(f_) : emit_draw_test(f_);
    if (plan_.range_tests.empty()) return passes;
    llvm::Value* last = b_.CreateSub(range_.trips, f_.int64(1));
    return b_.CreateAnd(passes, emit_range_tests(f_, plan_.range_tests, range_.start, last, *range_.constant_step));
  }

  void emit_general(LoopVersion version, const LoopExits& exits) {
    version.each_iteration = [this](llvm::Value* number) {
      if (hooks_.each_iteration) hooks_.each_iteration(number);
      if (hooks_.lanes && f_.function.draws_random) hooks_.begin_lane(number);
    };
    emit_range_loop(f_, stmt_, node_, range_, version, exits);
  }

  void emit_fast(const LoopExits& exits) {
    LoopVersion version{plan_.polling};
    version.fast = &plan_;
    version.runs = !plan_.draws;  // of which an odd number divides the iterations
    if (!plan_.draws) return emit_general(version, exits);
    // A block of four words for each lane keeps twenty values alive: more than two vectors in flight do not fit the registers.
    version.interleave = 2;
    version.each_iteration = hooks_.each_iteration;
    hooks_.lanes ? emit_with_lanes(version, exits) : emit_with_blocks(version, exits);
  }

  // prange: each iteration begins with block 0 of its own lane.
  void emit_with_lanes(LoopVersion version, const LoopExits& exits) {
    StaticDraws draws{hooks_.lanes->key, nullptr, f_.entry_alloca(f_.m.i64(), "block")};
    version.draws = &draws;
    version.each_iteration = [&](llvm::Value* number) {
      if (hooks_.each_iteration) hooks_.each_iteration(number);
      draws.lane = b_.CreateAdd(hooks_.lanes->first_lane, number);
      draws.second_half.reset();
      b_.CreateStore(f_.int64(0), draws.block);
    };
    emit_range_loop(f_, stmt_, node_, range_, version, exits);
  }

  // One stream, block after block. An odd number of draws in an iteration: two iterations at a time, and the last one by itself
  // if it is left over.
  void emit_with_blocks(LoopVersion version, const LoopExits& exits) {
    const bool odd = *plan_.draws % 2 != 0;
    LoopRange passes = range_;
    if (odd) {
      version.half_step = range_.step;
      passes.step = b_.CreateMul(range_.step, f_.int64(2));
      passes.trips = b_.CreateLShr(range_.trips, 1);
    }
    StaticDraws draws = begin_static_draws(f_);
    version.draws = &draws;
    LoopExits inner{f_.new_block("draws_done"), f_.new_block("draws_left")};
    f_.leave_actions.push_back([this, &draws] { end_static_draws(f_, draws); });
    emit_range_loop(f_, stmt_, node_, passes, version, inner);
    f_.leave_actions.pop_back();
    f_.start_block(inner.on_break);
    end_static_draws(f_, draws);
    b_.CreateBr(exits.on_break);
    f_.start_block(inner.finished);
    end_static_draws(f_, draws);
    if (odd) return emit_left_over(exits);
    b_.CreateBr(exits.finished);
  }

  void emit_left_over(const LoopExits& exits) {
    LoopRange rest = range_;
    rest.trips = b_.CreateAnd(range_.trips, 1);
    llvm::Value* last = b_.CreateSub(range_.trips, f_.int64(1));
    rest.start = b_.CreateAdd(range_.start, b_.CreateMul(last, range_.step));
    LoopVersion once{Polling::Never};
    once.fast = &plan_;
    once.is_fallback = true;
    emit_range_loop(f_, stmt_, node_, rest, once, exits);
  }

  FunctionLowering& f_;
  llvm::IRBuilder<>& b_;
  const Stmt& stmt_;
  const ForRange& node_;
  const LoopRange& range_;
  const LoopHooks& hooks_;
  const LoopPlan& plan_;
};

}  // namespace

void emit_loop_versions(FunctionLowering& f, const Stmt& stmt, const ForRange& node, const LoopRange& range,
                        const LoopExits& exits, const LoopHooks& hooks) {
  Versions(f, stmt, node, range, hooks).emit(exits);
}

}  // namespace kjit
