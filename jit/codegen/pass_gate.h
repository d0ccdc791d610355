#pragma once
// Which of LLVM's optional passes run.
//
// Compiling can be stopped: from then on optional passes are skipped and the bodies of functions are thrown away, so that what
// must run (LLVM's pass managers cannot be left in the middle) has nothing to do. And some passes of the code generator are
// left out: those that do not pay, and in large modules one whose time grows with the square of a function.

#include <llvm/IR/OptBisect.h>

#include "codegen/stop_flag.h"

namespace llvm {
class Module;
class Pass;
class PassInstrumentationCallbacks;
}  // namespace llvm

namespace kjit {

// For LLVM's optimiser.
void add_stop(llvm::PassInstrumentationCallbacks& callbacks, StopFlag stop);

// For LLVM's code generator: the gate of the context while it runs, and a pass to be added in front of all others.
class CodegenGate final : public llvm::OptPassGate {
 public:
  CodegenGate(StopFlag stop, const llvm::Module& module);
  bool isEnabled() const override { return true; }
  bool shouldRunPass(llvm::StringRef pass, llvm::StringRef) override;

 private:
  StopFlag stop_;
  bool is_large_, is_x86_;
};
llvm::Pass* make_stop_pass(StopFlag stop);  // owned by the pass manager that it is added to

}  // namespace kjit
