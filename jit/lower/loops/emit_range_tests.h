#pragma once
// The tests in front of a loop that let its fast version do without bounds checks.

#include "analysis/loops/loop_plan.h"
#include "lower/function_lowering.h"

namespace kjit {

// i1: all tests hold for a loop that runs trip_minus_one + 1 times from `start` in steps of `step`.
llvm::Value* emit_range_tests(FunctionLowering& f, const std::vector<RangeTest>& tests, llvm::Value* start,
                              llvm::Value* trip_minus_one, std::int64_t step);

}  // namespace kjit
