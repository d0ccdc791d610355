#pragma once
// Readings of the clock, which nothing crosses: see lower_clock.cpp.

#include "lower/function_lowering.h"

namespace kjit {

// A builtin that reads the clock.
llvm::Value* lower_clock(FunctionLowering& f, const typed::Expr& expr, const typed::BuiltinCall& node);

}  // namespace kjit
