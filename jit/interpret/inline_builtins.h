#pragma once
// The rows of convention Inline of library/builtins.def.

#include <vector>

#include "interpret/arithmetic.h"

namespace kjit::interpreter {

// np.minimum (wins: Lt) and np.maximum (Gt): a NaN wins, else the second of two equal values.
Value numpy_extreme(typed::CompareOp wins, const Value& first, const Value& second);
Value inline_builtin(const typed::BuiltinCall& call, Kind result, const std::vector<Value>& args, Rules rules, Trap& trap);

}  // namespace kjit::interpreter
