// Which passes run, and stopping LLVM between functions and passes. Entry: add_stop, make_stop_pass, CodegenGate.

#include "codegen/pass_gate.h"

#include <llvm/IR/Function.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/PassInstrumentation.h>
#include <llvm/Pass.h>
#include <llvm/TargetParser/Triple.h>

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

// Passes that cost more on x86 than they bring; measured over kernels/ and bench/suite.
//
// Loop strength reduction searches for the cheapest way to form the addresses of a loop, in a fifth of the whole time of a
// compilation. An address of x86 is base + index * 8 + constant already: without the pass the kernels are as fast (geometric mean
// 0.995 of the time, fannkuch 0.85). Cmov conversion makes a branch of a select in a loop where it takes the condition for
// predictable. Conditions on data are not, and kernels are full of them: without it edit distance takes 0.4 of the time, heap
// sort 0.7, breadth-first search 0.7, and none measurably more.
constexpr llvm::StringLiteral kCostlyPasses[] = {"Loop Strength Reduction", "X86 cmov Conversion"};

bool is_x86(const llvm::Module& module) { return llvm::Triple(module.getTargetTriple()).isX86(); }

bool has_large_function(const llvm::Module& module) {
  return std::any_of(module.begin(), module.end(),
                     [](const llvm::Function& function) { return function.getInstructionCount() > kLargeFunction; });
}

}  // namespace

void add_stop(llvm::PassInstrumentationCallbacks& callbacks, StopFlag stop) {
  if (stop == nullptr) return;
  callbacks.registerShouldRunOptionalPassCallback([stop](llvm::StringRef, const llvm::Any&) { return !is_stopped(stop); });
}

CodegenGate::CodegenGate(StopFlag stop, const llvm::Module& module)
    : stop_(stop), is_large_(has_large_function(module)), is_x86_(is_x86(module)) {}

bool CodegenGate::shouldRunPass(llvm::StringRef pass, llvm::StringRef) {
  if (is_stopped(stop_) || (is_large_ && pass == kQuadraticPass)) return false;
  return !is_x86_ || std::ranges::find(kCostlyPasses, pass) == std::end(kCostlyPasses);
}

llvm::Pass* make_stop_pass(StopFlag stop) { return new StopPass(stop); }

}  // namespace kjit
