#pragma once
// The rows of convention Inline of typing/builtins.def.

#include <vector>

#include "interpret/arithmetic.h"

namespace kjit::interpreter {

Value inline_builtin(const typed::BuiltinCall& call, const std::vector<Value>& args, Rules rules, Trap& trap);

}  // namespace kjit::interpreter
