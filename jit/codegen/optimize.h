#pragma once
// LLVM's pipeline, as kernels need it.

#include "codegen/stop_flag.h"

namespace llvm {
class Module;
class TargetMachine;
}  // namespace llvm

namespace kjit {

// Sets the module's target and optimises it in place. 0: only what must be inlined is; 1..3: the passes of
// pass_pipeline.h, with loop and SLP vectorisation from 2 on.
// After a stop the module is good for nothing.
void optimize(llvm::Module& module, llvm::TargetMachine& machine, int opt_level, StopFlag stop = nullptr);

}  // namespace kjit
