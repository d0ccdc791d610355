// The texts of `kjit emit`. Entry: print_module, emit_assembly, emit_object.

#include "codegen/emit.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include "codegen/stop_gate.h"
#include "support/assert.h"

namespace kjit {
namespace {

std::optional<std::string> emit(llvm::Module& module, llvm::TargetMachine& machine, llvm::CodeGenFileType type, StopFlag stop) {
  KJIT_ASSERT(module.getDataLayout() == machine.createDataLayout(), "a module is made for the machine that compiles it");
  llvm::SmallString<0> text;
  llvm::raw_svector_ostream stream(text);
  StopGate gate(stop, module);
  module.getContext().setOptPassGate(gate);
  llvm::legacy::PassManager passes;
  if (stop != nullptr) passes.add(make_stop_pass(stop));
  if (machine.addPassesToEmitFile(passes, stream, nullptr, type)) return std::nullopt;
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
