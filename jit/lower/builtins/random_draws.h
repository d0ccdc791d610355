#pragma once
// Random draws in loops: where the pattern of draws is fixed, they become arithmetic on the loop counter that LLVM can vectorise.
//
// (Which loops these are: analysis/loops/draws.h.) In general a draw is a call of the runtime, which keeps the stream in the
// context. An innermost loop whose iterations all draw the same number of times uses whole Philox blocks, in one iteration or in
// two: which draws begin a block and which take its second half is known at compile time, and pass k computes the blocks first +
// k * (draws / 2) .... Such a loop gets a second version, chosen before it starts: it needs a stream that has no half block left
// over, and no Mersenne Twister. The numbers are the same (runtime/abi.h).

#include <optional>

#include "lower/function_lowering.h"

namespace kjit {

// The 32-bit words of a 64-bit draw, each in an i64.
struct RawDraw {
  llvm::Value* low;
  llvm::Value* high;
};

// The stream inside such a loop.
struct StaticDraws {
  llvm::Value* key;
  llvm::Value* lane;
  llvm::AllocaInst* block;                  // next block to compute
  std::optional<RawDraw> second_half = {};  // of the last block, until it is used
};

llvm::Value* emit_philox_test(FunctionLowering& f);  // i1: the context's stream is Philox
llvm::Value* emit_draw_test(FunctionLowering& f);    // i1: and it is at the start of a block
// The stream of the context as the loop starts, and back when it ends.
StaticDraws begin_static_draws(FunctionLowering& f);
void end_static_draws(FunctionLowering& f, const StaticDraws& draws);

// A drawing builtin in a loop frame with draws.
llvm::Value* lower_static_draw(FunctionLowering& f, const typed::Expr& expr, const typed::BuiltinCall& node);

}  // namespace kjit
