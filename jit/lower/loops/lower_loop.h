#pragma once
// Counted loops: the pieces that serial and parallel loops share.

#include <functional>
#include <optional>

#include "analysis/loops/loop_plan.h"
#include "lower/function_lowering.h"

namespace kjit {

struct LoopRange {
  llvm::Value* start;
  llvm::Value* stop;
  llvm::Value* step;
  std::optional<std::int64_t> constant_step;
  llvm::Value* trips;  // u64
};

struct LoopExits {
  llvm::BasicBlock* finished;  // all iterations done
  llvm::BasicBlock* on_break;
};

// How to emit one version of a loop.
struct LoopVersion {
  Polling polling;
  const LoopPlan* fast = nullptr;                             // set: the plan's tests hold
  StaticDraws* draws = nullptr;                               // set: the plan's draws are arithmetic
  bool runs = false;                                          // there is a first iteration, which was tested
  bool is_fallback = false;                                   // rarely run: optimise lightly
  unsigned interleave = 0;                                    // vectors in flight; 0: LLVM chooses
  llvm::Value* half_step = nullptr;                           // set: each pass does two iterations, this far apart
  std::function<void(llvm::Value* number)> each_iteration{};  // emitted at the start of the body
};

// Evaluates the bounds; traps a step of 0.
LoopRange lower_range(FunctionLowering& f, const typed::Stmt& stmt, const typed::ForRange& node);

// One loop, from the current block to one of the exits.
void emit_range_loop(FunctionLowering& f, const typed::Stmt& stmt, const typed::ForRange& node, const LoopRange& range,
                     const LoopVersion& version, const LoopExits& exits);

// Random streams of a prange loop: iteration k draws from lane first_lane + k, from its block 0 on.
struct LoopLanes {
  llvm::Value* key;
  llvm::Value* first_lane;
};

// What the caller adds to each iteration, given its number.
struct LoopHooks {
  std::function<void(llvm::Value* number)> each_iteration{};
  std::optional<LoopLanes> lanes{};  // set: begin_lane puts the context's stream there, where that is needed
  std::function<void(llvm::Value* number)> begin_lane{};
};

// loop_versions.cpp: the loop in the versions that are worth it.
void emit_loop_versions(FunctionLowering& f, const typed::Stmt& stmt, const typed::ForRange& node, const LoopRange& range,
                        const LoopExits& exits, const LoopHooks& hooks = {});

// lower_serial_region.cpp: prange without a plan.
void lower_serial_region(FunctionLowering& f, const typed::Stmt& stmt, const typed::ForRange& node, const LoopRange& range,
                         const LoopExits& exits);
// Streams of prange loops are counted only in programs that draw.
bool program_draws(const typed::Program& program);

// lower_parallel.cpp
void lower_parallel_loop(FunctionLowering& f, const typed::Stmt& stmt, const typed::ForRange& node, const LoopRange& range,
                         const LoopExits& exits);

}  // namespace kjit
