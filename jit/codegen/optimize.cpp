// LLVM's pass pipeline. Entry: optimize().

#include "codegen/optimize.h"

#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/PassManager.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Target/TargetMachine.h>

#include "codegen/stop_gate.h"
#include "codegen/vector_math.h"

namespace kjit {
namespace {

llvm::OptimizationLevel level_of(int opt_level) {
  switch (opt_level) {
    case 0: return llvm::OptimizationLevel::O0;
    case 1: return llvm::OptimizationLevel::O1;
    case 2: return llvm::OptimizationLevel::O2;
    default: return llvm::OptimizationLevel::O3;
  }
}

llvm::PipelineTuningOptions tuning(int opt_level) {
  llvm::PipelineTuningOptions options;
  options.LoopVectorization = opt_level >= 2;
  options.SLPVectorization = opt_level >= 2;
  options.LoopInterleaving = opt_level >= 2;
  options.LoopUnrolling = opt_level >= 1;
  return options;
}

// Only calls without `nobuiltin` may become vector functions, that is those of functions with fastmath.
bool may_vectorise_math(const llvm::Module& module) {
  for (const llvm::Function& function : module) {
    for (const llvm::BasicBlock& block : function) {
      for (const llvm::Instruction& instruction : block) {
        auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
        const llvm::Function* callee = call ? call->getCalledFunction() : nullptr;
        if (callee && callee->isDeclaration() && callee->doesNotAccessMemory() && !callee->isIntrinsic() && !call->isNoBuiltin())
          return true;
      }
    }
  }
  return false;
}

void add_vector_math(llvm::TargetLibraryInfoImpl& library) {
  std::vector<llvm::VecDesc> table;  // its texts live as long as the process
  for (const VectorFunction& row : vector_functions()) {
    table.emplace_back(row.scalar, row.vector, llvm::ElementCount::getFixed(row.width), /*Masked=*/false, row.abi);
  }
  library.addVectorizableFunctions(table);
}

}  // namespace

void optimize(llvm::Module& module, llvm::TargetMachine& machine, int opt_level, StopFlag stop) {
  module.setDataLayout(machine.createDataLayout());
  module.setTargetTriple(machine.getTargetTriple().str());
  llvm::TargetLibraryInfoImpl library(machine.getTargetTriple());
  if (opt_level >= 2 && may_vectorise_math(module)) add_vector_math(library);

  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager call_graph;
  llvm::ModuleAnalysisManager modules;
  llvm::PassInstrumentationCallbacks callbacks;
  add_stop(callbacks, stop);
  llvm::PassBuilder builder(&machine, tuning(opt_level), std::nullopt, &callbacks);
  functions.registerPass([&] { return llvm::TargetLibraryAnalysis(library); });
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(call_graph);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, call_graph, modules);
  llvm::OptimizationLevel level = level_of(opt_level);
  llvm::ModulePassManager passes =
      opt_level == 0 ? builder.buildO0DefaultPipeline(level) : builder.buildPerModuleDefaultPipeline(level);
  passes.run(module, modules);
}

}  // namespace kjit
