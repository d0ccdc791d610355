#pragma once
// Counted loops: the pieces that serial and parallel loops share.

#include <functional>
#include <optional>

#include "lower/function_lowering.h"
#include "lower/loop_shape.h"

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

struct LoopVersion {
  Polling polling;
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

// lower_parallel.cpp
void lower_parallel_loop(FunctionLowering& f, const typed::Stmt& stmt, const typed::ForRange& node, const LoopRange& range,
                         const LoopExits& exits);

}  // namespace kjit
