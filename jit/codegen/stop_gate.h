#pragma once
// Compiling can be stopped: from then on optional passes are skipped and the bodies of functions are thrown away, so that what
// must run (LLVM's pass managers cannot be left in the middle) has nothing to do.

#include <llvm/IR/OptBisect.h>

#include "codegen/stop_flag.h"

namespace llvm {
class Pass;
class PassInstrumentationCallbacks;
}  // namespace llvm

namespace kjit {

// For LLVM's optimiser.
void add_stop(llvm::PassInstrumentationCallbacks& callbacks, StopFlag stop);

// For LLVM's code generator: the gate of the context while it runs, and a pass to be added in front of all others.
class StopGate final : public llvm::OptPassGate {
 public:
  explicit StopGate(StopFlag stop) : stop_(stop) {}
  bool isEnabled() const override { return is_stopped(stop_); }
  bool shouldRunPass(llvm::StringRef, llvm::StringRef) override { return !is_stopped(stop_); }

 private:
  StopFlag stop_;
};
llvm::Pass* make_stop_pass(StopFlag stop);  // owned by the pass manager that it is added to

}  // namespace kjit
