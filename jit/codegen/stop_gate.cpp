// Stopping LLVM between functions and passes. Entry: add_stop, make_stop_pass.

#include "codegen/stop_gate.h"

#include <llvm/IR/Function.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/PassInstrumentation.h>
#include <llvm/Pass.h>

namespace kjit {

namespace {

// The code generator takes the functions one by one, this pass first.
class StopPass final : public llvm::FunctionPass {
 public:
  explicit StopPass(StopFlag stop) : FunctionPass(id), stop_(stop) {}

  llvm::StringRef getPassName() const override { return "stop of the compiler"; }

  bool runOnFunction(llvm::Function& function) override {
    if (!is_stopped(stop_)) return false;
    function.dropAllReferences();  // deletes the blocks as well
    new llvm::UnreachableInst(function.getContext(), llvm::BasicBlock::Create(function.getContext(), "stopped", &function));
    return true;
  }

 private:
  static char id;
  StopFlag stop_;
};

char StopPass::id = 0;

}  // namespace

void add_stop(llvm::PassInstrumentationCallbacks& callbacks, StopFlag stop) {
  if (stop == nullptr) return;
  callbacks.registerShouldRunOptionalPassCallback([stop](llvm::StringRef, llvm::Any) { return !is_stopped(stop); });
}

llvm::Pass* make_stop_pass(StopFlag stop) { return new StopPass(stop); }

}  // namespace kjit
