#pragma once
// The texts of `kjit emit`: a module as LLVM assembly, machine assembly or an object file.

#include <optional>
#include <string>

#include "codegen/stop_flag.h"

namespace llvm {
class Module;
class TargetMachine;
}  // namespace llvm

namespace kjit {

std::string print_module(const llvm::Module& module);

// The module is consumed by code generation: its IR is changed. nullopt if the target cannot emit files.
std::optional<std::string> emit_assembly(llvm::Module& module, llvm::TargetMachine& machine);
// After a stop the bytes are good for nothing.
std::optional<std::string> emit_object(llvm::Module& module, llvm::TargetMachine& machine, StopFlag stop = nullptr);

}  // namespace kjit
