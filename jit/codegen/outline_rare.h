#pragma once
// Code that runs rarely (support/ir_marks.h) becomes functions of its own that are not optimised: the passes and the register
// allocator see a call in its place.

#include <llvm/IR/PassManager.h>

namespace kjit {

// Erases the marks, and outlines what they begin unless `only_erase`. Wants variables in registers: run it behind SROA.
class OutlineRareCode : public llvm::PassInfoMixin<OutlineRareCode> {
 public:
  explicit OutlineRareCode(bool only_erase = false) : only_erase_(only_erase) {}
  llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager& analyses);
  static bool isRequired() { return true; }

 private:
  bool only_erase_;
};

// Functions with kQuickAttribute, and those that OutlineRareCode has made, are skipped by later passes and by the code
// generator's optimisations.
class FreezeQuickFunctions : public llvm::PassInfoMixin<FreezeQuickFunctions> {
 public:
  llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager& analyses);
  static bool isRequired() { return true; }
};

}  // namespace kjit
