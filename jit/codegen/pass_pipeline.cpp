// Entry: make_pass_pipeline. Kernels come with their loops rotated, their tests in front and their calls few, so LLVM's own
// pipelines, which are made for C++, do most of their work for nothing. The passes were chosen by total times of kernels/, not
// yet one by one.

#include "codegen/pass_pipeline.h"

#include <llvm/Analysis/AliasAnalysis.h>
#include <llvm/Analysis/InlineCost.h>
#include <llvm/Transforms/IPO/AlwaysInliner.h>
#include <llvm/Transforms/IPO/GlobalDCE.h>
#include <llvm/Transforms/IPO/Inliner.h>
#include <llvm/Transforms/InstCombine/InstCombine.h>
#include <llvm/Transforms/Scalar/CorrelatedValuePropagation.h>
#include <llvm/Transforms/Scalar/DeadStoreElimination.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>
#include <llvm/Transforms/Scalar/GVN.h>
#include <llvm/Transforms/Scalar/IndVarSimplify.h>
#include <llvm/Transforms/Scalar/LICM.h>
#include <llvm/Transforms/Scalar/LoopDeletion.h>
#include <llvm/Transforms/Scalar/LoopIdiomRecognize.h>
#include <llvm/Transforms/Scalar/LoopPassManager.h>
#include <llvm/Transforms/Scalar/LoopRotation.h>
#include <llvm/Transforms/Scalar/LoopUnrollPass.h>
#include <llvm/Transforms/Scalar/Reassociate.h>
#include <llvm/Transforms/Scalar/SROA.h>
#include <llvm/Transforms/Scalar/SimpleLoopUnswitch.h>
#include <llvm/Transforms/Scalar/SimplifyCFG.h>
#include <llvm/Transforms/Utils/InjectTLIMappings.h>
#include <llvm/Transforms/Vectorize/LoopVectorize.h>
#include <llvm/Transforms/Vectorize/SLPVectorizer.h>
#include <llvm/Transforms/Vectorize/VectorCombine.h>

#include "codegen/outline_rare.h"

namespace kjit {
namespace {

llvm::InstCombinePass combine() { return llvm::InstCombinePass(llvm::InstCombineOptions().setMaxIterations(1)); }

// As little code as possible, before anything expensive looks at it.
llvm::FunctionPassManager cleaning() {
  llvm::FunctionPassManager passes;
  passes.addPass(llvm::SROAPass(llvm::SROAOptions::ModifyCFG));
  passes.addPass(llvm::EarlyCSEPass());
  passes.addPass(llvm::SimplifyCFGPass());
  return passes;
}

llvm::ModuleInlinerWrapperPass inlining(int opt_level) {
  llvm::ModuleInlinerWrapperPass inliner(llvm::getInlineParams(opt_level, 0));
  return inliner;
}

llvm::FunctionPassManager main_passes(int opt_level) {
  llvm::FunctionPassManager passes;
  passes.addPass(llvm::SROAPass(llvm::SROAOptions::ModifyCFG));
  passes.addPass(llvm::EarlyCSEPass(/*UseMemorySSA=*/true));
  passes.addPass(combine());
  passes.addPass(llvm::SimplifyCFGPass());
  passes.addPass(llvm::ReassociatePass());
  llvm::LoopPassManager rotation;
  rotation.addPass(llvm::LoopRotatePass(/*EnableHeaderDuplication=*/true, /*PrepareForLTO=*/false));
  rotation.addPass(llvm::LICMPass(llvm::LICMOptions()));
  rotation.addPass(llvm::SimpleLoopUnswitchPass(/*NonTrivial=*/opt_level >= 3));
  passes.addPass(llvm::createFunctionToLoopPassAdaptor(std::move(rotation), /*UseMemorySSA=*/true));
  passes.addPass(llvm::SimplifyCFGPass());
  passes.addPass(combine());
  llvm::LoopPassManager counters;
  counters.addPass(llvm::LoopIdiomRecognizePass());
  counters.addPass(llvm::IndVarSimplifyPass());
  counters.addPass(llvm::LoopDeletionPass());
  counters.addPass(llvm::LoopFullUnrollPass(opt_level));
  passes.addPass(llvm::createFunctionToLoopPassAdaptor(std::move(counters)));
  passes.addPass(llvm::SROAPass(llvm::SROAOptions::ModifyCFG));
  if (opt_level >= 2) passes.addPass(llvm::GVNPass());
  passes.addPass(combine());
  passes.addPass(llvm::CorrelatedValuePropagationPass());
  passes.addPass(llvm::DSEPass());
  llvm::LoopPassManager hoisting;
  hoisting.addPass(llvm::LICMPass(llvm::LICMOptions()));
  passes.addPass(llvm::createFunctionToLoopPassAdaptor(std::move(hoisting), /*UseMemorySSA=*/true));
  return passes;
}

llvm::FunctionPassManager vector_passes(int opt_level) {
  llvm::FunctionPassManager passes;
  if (opt_level >= 2) {
    passes.addPass(llvm::InjectTLIMappings());
    passes.addPass(llvm::LoopVectorizePass());
    passes.addPass(combine());
    passes.addPass(llvm::SLPVectorizerPass());
    passes.addPass(llvm::VectorCombinePass());
    passes.addPass(llvm::EarlyCSEPass());
  }
  passes.addPass(llvm::LoopUnrollPass(llvm::LoopUnrollOptions(opt_level)));
  passes.addPass(combine());
  passes.addPass(llvm::SimplifyCFGPass());
  return passes;
}

}  // namespace

llvm::ModulePassManager make_pass_pipeline(int opt_level) {
  llvm::ModulePassManager passes;
  passes.addPass(llvm::AlwaysInlinerPass());
  passes.addPass(llvm::createModuleToFunctionPassAdaptor(cleaning(), /*EagerlyInvalidate=*/true));
  passes.addPass(OutlineRareCode());
  passes.addPass(FreezeQuickFunctions());
  if (opt_level >= 1) passes.addPass(inlining(opt_level));
  passes.addPass(llvm::createModuleToFunctionPassAdaptor(main_passes(opt_level), /*EagerlyInvalidate=*/true));
  passes.addPass(llvm::createModuleToFunctionPassAdaptor(vector_passes(opt_level), /*EagerlyInvalidate=*/true));
  passes.addPass(llvm::GlobalDCEPass());
  return passes;
}

}  // namespace kjit
