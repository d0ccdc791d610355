#pragma once
// The reference interpreter: the typed tree, executed as its header says, without LLVM. What compiled code does is right if it
// agrees.
//
// Arrays, text, random numbers and errors come from the runtime, as for compiled code; arithmetic is computed here independently.

#include <functional>
#include <string_view>

#include "analysis/races/parallel_plan.h"
#include "runtime/abi.h"
#include "typing/tree/typed_tree.h"

namespace kjit {

struct InterpretOptions {
  bool checked = false;  // integer overflow and narrowing conversions raise OverflowError
  // Access out of range is undefined when this, or a function's boundscheck, is off; the interpreter raises IndexError all the
  // same.
  bool bounds_check = true;
  // The address of a function that is not kjit's, by its name in the tree: a kjit_host_function, or a C function. Null: there is
  // none.
  std::function<void*(std::string_view)> foreign;
};

// Runs functions[0] as a compiled entry would be run (kjit_entry in runtime/abi.h): args[i] points to the i-th argument in its
// memory layout, borrowed; result to space for the result, owned by the caller on KJIT_OK and not written otherwise. The error is
// in the context. The module's variables are unset at the start. Throws InternalError for a tree that is not valid.
kjit_status interpret(const typed::Program& program, const ParallelPlans& plans, const InterpretOptions& options,
                      kjit_context& ctx, void* const* args, void* result);

}  // namespace kjit
