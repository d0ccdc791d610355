#pragma once
// LLVM IR and assembly as lines that know where they come from.

#include <string_view>
#include <vector>

#include "support/code_line.h"

namespace llvm {
class Module;
}

namespace kjit {

// The functions of the module as LLVM assembly, without metadata. The lines are those of the file of this name (without its
// folders); instructions of other files have none.
std::vector<CodeLine> code_lines(const llvm::Module& module, std::string_view file);

// What emit_assembly() printed, without directives that only assemblers and debuggers read.
std::vector<CodeLine> assembly_lines(std::string_view assembly, std::string_view file);

}  // namespace kjit
