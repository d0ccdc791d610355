// The texts of `kjit emit`. Entry: print_module, emit_assembly, emit_object.

#include "codegen/emit.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/CodeGen/MachineModuleInfo.h>
#include <llvm/CodeGen/Passes.h>
#include <llvm/CodeGen/TargetPassConfig.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include "codegen/false_dependencies.h"
#include "codegen/pass_gate.h"
#include "support/assert.h"

namespace kjit {
namespace {

// As LLVM's addPassesToEmitFile, with a pass of our own behind the last one. False: LLVM cannot write such a file.
bool add_code_generator(llvm::legacy::PassManager& passes, llvm::LLVMTargetMachine& machine, llvm::raw_svector_ostream& stream,
                        llvm::CodeGenFileType type) {
  auto* module_info = new llvm::MachineModuleInfoWrapperPass(&machine);  // the manager's, as all passes
  llvm::TargetPassConfig* config = machine.createPassConfig(passes);
  config->setDisableVerify(true);
  passes.add(config);
  passes.add(module_info);
  if (config->addISelPasses()) return false;
  config->addMachinePasses();
  config->setInitialized();
  passes.add(make_false_dependency_pass());
  if (machine.addAsmPrinter(passes, stream, nullptr, type, module_info->getMMI().getContext())) return false;
  passes.add(llvm::createFreeMachineFunctionPass());
  return true;
}

std::optional<std::string> emit(llvm::Module& module, llvm::TargetMachine& machine, llvm::CodeGenFileType type, StopFlag stop) {
  KJIT_ASSERT(module.getDataLayout() == machine.createDataLayout(), "a module is made for the machine that compiles it");
  llvm::SmallString<0> text;
  llvm::raw_svector_ostream stream(text);
  CodegenGate gate(stop, module);
  module.getContext().setOptPassGate(gate);
  llvm::legacy::PassManager passes;
  if (stop != nullptr) passes.add(make_stop_pass(stop));
  if (!add_code_generator(passes, static_cast<llvm::LLVMTargetMachine&>(machine), stream, type)) return std::nullopt;
  passes.run(module);
  module.getContext().setOptPassGate(llvm::getGlobalPassGate());
  return std::string(text.str());
}

}  // namespace

std::string print_module(const llvm::Module& module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  module.print(stream, nullptr);
  return stream.str();
}

std::optional<std::string> emit_assembly(llvm::Module& module, llvm::TargetMachine& machine) {
  return emit(module, machine, llvm::CodeGenFileType::AssemblyFile, nullptr);
}

std::optional<std::string> emit_object(llvm::Module& module, llvm::TargetMachine& machine, StopFlag stop) {
  return emit(module, machine, llvm::CodeGenFileType::ObjectFile, stop);
}

}  // namespace kjit
