// LLVM's pass pipeline. Entry: optimize().

#include "codegen/optimize.h"

#include <llvm/Analysis/LoopInfo.h>
#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/PassManager.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Target/TargetMachine.h>

#include <algorithm>

#include "codegen/outline_rare.h"
#include "codegen/pass_gate.h"
#include "codegen/pass_pipeline.h"
#include "codegen/vector_math.h"
#include "support/assert.h"

namespace kjit {
namespace {

// Functions that are to be compiled quickly are left alone. LLVM leaves that to each pipeline.
void skip_frozen_functions(llvm::PassInstrumentationCallbacks& callbacks) {
  callbacks.registerShouldRunOptionalPassCallback([](llvm::StringRef, llvm::Any unit) {
    if (const auto* function = llvm::any_cast<const llvm::Function*>(&unit)) return !(*function)->hasOptNone();
    if (const auto* loop = llvm::any_cast<const llvm::Loop*>(&unit)) return !(*loop)->getHeader()->getParent()->hasOptNone();
    return true;
  });
}

llvm::ModulePassManager passes_of(int opt_level, llvm::PassBuilder& builder) {
  if (opt_level > 0) return make_pass_pipeline(opt_level);
  llvm::ModulePassManager passes;
  passes.addPass(OutlineRareCode(/*only_erase=*/true));
  passes.addPass(builder.buildO0DefaultPipeline(llvm::OptimizationLevel::O0));
  return passes;
}

// Which of the module's calls may become calls of vector functions: those without `nobuiltin`, that is NumPy's functions and, in
// functions with fastmath, libm's.
struct VectorCalls {
  bool own = false, libm = false;
};

bool is_own(llvm::StringRef name) {
  const std::vector<VectorFunction>& table = own_vector_functions();
  return std::any_of(table.begin(), table.end(), [&](const VectorFunction& row) { return name == row.scalar; });
}

VectorCalls find_vector_calls(const llvm::Module& module) {
  VectorCalls calls;
  for (const llvm::Function& callee : module) {
    if (!callee.isDeclaration() || callee.isIntrinsic() || !callee.doesNotAccessMemory()) continue;
    const bool called = std::any_of(callee.user_begin(), callee.user_end(), [](const llvm::User* user) {
      const auto* call = llvm::dyn_cast<llvm::CallBase>(user);
      return call && !call->isNoBuiltin();
    });
    if (called) (is_own(callee.getName()) ? calls.own : calls.libm) = true;
  }
  return calls;
}

// Those of `functions` that the target has, too.
void add_vector_math(llvm::TargetLibraryInfoImpl& library, const llvm::TargetMachine& machine,
                     const std::vector<VectorFunction>& functions) {
  if (!machine.getTargetTriple().isX86()) return;
  std::vector<llvm::VecDesc> table;  // its texts live as long as the process
  for (const VectorFunction& row : functions) {
    if (!machine.getMCSubtargetInfo()->checkFeatures(std::string("+") + row.feature)) continue;
    table.emplace_back(row.scalar, row.vector, llvm::ElementCount::getFixed(row.width), /*Masked=*/false, row.abi);
  }
  library.addVectorizableFunctions(table);
}

// A call costs the same for eight doubles as for four: functions with such calls use the widest registers, also on CPUs for which
// LLVM prefers narrower ones.
void prefer_wide_vectors(llvm::Module& module) {
  for (llvm::Function& callee : module) {
    if (!callee.isDeclaration() || !is_own(callee.getName())) continue;
    for (llvm::User* user : callee.users()) {
      if (auto* call = llvm::dyn_cast<llvm::CallBase>(user)) call->getFunction()->addFnAttr("prefer-vector-width", "512");
    }
  }
}

}  // namespace

void optimize(llvm::Module& module, llvm::TargetMachine& machine, int opt_level, StopFlag stop) {
  KJIT_ASSERT(module.getDataLayout() == machine.createDataLayout(), "a module is made for the machine that compiles it");
  llvm::TargetLibraryInfoImpl library(machine.getTargetTriple());
  if (opt_level >= 2) {
    const VectorCalls calls = find_vector_calls(module);
    if (calls.own) {
      add_vector_math(library, machine, own_vector_functions());
      prefer_wide_vectors(module);
    }
    if (calls.libm) add_vector_math(library, machine, vector_functions());
  }

  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager call_graph;
  llvm::ModuleAnalysisManager modules;
  llvm::PassInstrumentationCallbacks callbacks;
  add_stop(callbacks, stop);
  skip_frozen_functions(callbacks);
  llvm::PassBuilder builder(&machine, llvm::PipelineTuningOptions(), std::nullopt, &callbacks);
  functions.registerPass([&] { return llvm::TargetLibraryAnalysis(library); });
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(call_graph);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, call_graph, modules);
  llvm::ModulePassManager passes = passes_of(opt_level, builder);
  passes.run(module, modules);
}

}  // namespace kjit
