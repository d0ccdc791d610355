#pragma once
// The passes that kernels need, in order.

#include <llvm/IR/PassManager.h>

namespace kjit {

// opt_level 1..3. The registered analyses must be those of a PassBuilder.
llvm::ModulePassManager make_pass_pipeline(int opt_level);

}  // namespace kjit
