#pragma once
// The texts of `kjit emit`: a module as LLVM assembly, machine assembly or an object file.

#include <optional>
#include <string>

namespace llvm {
class Module;
class TargetMachine;
}  // namespace llvm

namespace kjit {

std::string print_module(const llvm::Module& module);

// The module is consumed by code generation: its IR is changed. nullopt if the target cannot emit files.
std::optional<std::string> emit_assembly(llvm::Module& module, llvm::TargetMachine& machine);
std::optional<std::string> emit_object(llvm::Module& module, llvm::TargetMachine& machine);

}  // namespace kjit
