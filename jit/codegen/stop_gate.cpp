// Stopping LLVM between functions and passes. Entry: add_stop, make_stop_pass.

#include "codegen/stop_gate.h"

#include <llvm/IR/Function.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/PassInstrumentation.h>
#include <llvm/Pass.h>

#include <algorithm>

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
    llvm::IRBuilder<>(llvm::BasicBlock::Create(function.getContext(), "stopped", &function)).CreateUnreachable();
    return true;
  }

 private:
  static char id;
  StopFlag stop_;
};

char StopPass::id = 0;

// It moves integers to AVX-512's mask registers, and walks the uses of each register for each register that they lead to: 3 s of
// 3.2 for 500 statements `x = (x * k + c) % m`, minutes for 1,500; for the rest, LLVM's time is linear there.
constexpr llvm::StringLiteral kQuadraticPass = "X86 Domain Reassignment Pass";
constexpr unsigned kLargeFunction = 1000;  // instructions: 0.2 s

bool has_large_function(const llvm::Module& module) {
  return std::any_of(module.begin(), module.end(),
                     [](const llvm::Function& function) { return function.getInstructionCount() > kLargeFunction; });
}

}  // namespace

void add_stop(llvm::PassInstrumentationCallbacks& callbacks, StopFlag stop) {
  if (stop == nullptr) return;
  callbacks.registerShouldRunOptionalPassCallback([stop](llvm::StringRef, const llvm::Any&) { return !is_stopped(stop); });
}

StopGate::StopGate(StopFlag stop, const llvm::Module& module) : stop_(stop), is_large_(has_large_function(module)) {}

bool StopGate::shouldRunPass(llvm::StringRef pass, llvm::StringRef) {
  return !is_stopped(stop_) && !(is_large_ && pass == kQuadraticPass);
}

llvm::Pass* make_stop_pass(StopFlag stop) { return new StopPass(stop); }

}  // namespace kjit
