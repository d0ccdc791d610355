// Entry: OutlineRareCode::run.
//
// What a mark begins is the set of blocks that its block dominates. The function that LLVM's CodeExtractor makes of it says by
// its result where the caller goes on, and gives values back through the caller's frame.

#include "codegen/outline_rare.h"

#include <llvm/IR/Dominators.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>
#include <llvm/Transforms/Utils/BasicBlockUtils.h>
#include <llvm/Transforms/Utils/CodeExtractor.h>

#include <vector>

#include "support/ir_marks.h"

namespace kjit {
namespace {

void compile_quickly(llvm::Function& function) {
  function.removeFnAttr(llvm::Attribute::AlwaysInline);
  function.addFnAttr(llvm::Attribute::NoInline);
  function.addFnAttr(llvm::Attribute::OptimizeNone);
}

std::vector<llvm::CallInst*> calls_of(llvm::Function& mark) {
  std::vector<llvm::CallInst*> calls;
  for (llvm::User* user : mark.users()) calls.push_back(llvm::cast<llvm::CallInst>(user));
  return calls;
}

// Erases the mark. No function if the code is unreachable or cannot be outlined: then it stays where it is.
void outline(llvm::CallInst& mark) {
  llvm::BasicBlock* before = mark.getParent();
  llvm::BasicBlock* first = before->splitBasicBlock(mark.getIterator(), "rare");
  mark.eraseFromParent();
  llvm::DominatorTree dominators(*first->getParent());
  if (!dominators.isReachableFromEntry(first)) return;
  llvm::SmallVector<llvm::BasicBlock*, 16> blocks;
  dominators.getDescendants(first, blocks);
  llvm::CodeExtractor extractor(blocks, &dominators);
  if (!extractor.isEligible()) return;
  llvm::CodeExtractorAnalysisCache cache(*first->getParent());
  llvm::Function* function = extractor.extractCodeRegion(cache);
  if (function == nullptr) return;
  function->addFnAttr(llvm::Attribute::Cold);
  compile_quickly(*function);
}

}  // namespace

llvm::PreservedAnalyses OutlineRareCode::run(llvm::Module& module, llvm::ModuleAnalysisManager&) {
  llvm::Function* mark = module.getFunction(kRareCodeMark);
  if (mark == nullptr) return llvm::PreservedAnalyses::all();
  for (llvm::CallInst* call : calls_of(*mark)) only_erase_ ? void(call->eraseFromParent()) : outline(*call);
  mark->eraseFromParent();
  return llvm::PreservedAnalyses::none();
}

llvm::PreservedAnalyses FreezeQuickFunctions::run(llvm::Module& module, llvm::ModuleAnalysisManager&) {
  for (llvm::Function& function : module) {
    if (!function.isDeclaration() && function.hasFnAttribute(kQuickAttribute)) compile_quickly(function);
  }
  return llvm::PreservedAnalyses::none();
}

}  // namespace kjit
