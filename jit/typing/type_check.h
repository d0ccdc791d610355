#pragma once
// Type checking: AST -> typed tree. The entry points of jit/typing.
//
// A function is specialised for the types of its arguments; the types of its variables are the joins of their assignments, found
// by repeating the check until nothing changes. All errors of a program go to the sink; the result is present only if there were
// none.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/diagnostics.h"
#include "typing/module_set.h"
#include "typing/tree/typed_tree.h"
#include "typing/type.h"

namespace kjit {

class LibraryView;  // typing/check/library_view.h: what the names from outside mean

// The program whose entry is the script (the top-level statements) of the main file.
std::optional<typed::Program> check_script(const ModuleSet& modules, const LibraryView& library, Diagnostics& diags);

// The program whose entry is one top-level function of the main file, specialised for these argument types. Parameters left out
// at the end take their defaults. Names without such a function, and wrong numbers of arguments, are diagnostics.
std::optional<typed::Program> check_kernel(const ModuleSet& modules, const LibraryView& library, std::string_view kernel,
                                           const std::vector<Type>& arguments, Diagnostics& diags);

// For `kjit check`: the script, and every function whose parameters all have annotations or defaults, even if nothing calls it.
// Functions that nothing reaches are checked as far as that is possible without argument types. The program has the script, then
// those functions and all that they reach.
struct WholeFileCheck {
  std::optional<typed::Program> program;
  std::vector<std::string> unchecked;  // functions of the main file whose argument types nobody knows
};
WholeFileCheck check_all(const ModuleSet& modules, const LibraryView& library, Diagnostics& diags);

// The functions of the main file whose annotations and defaults say the types of all parameters.
struct DeclaredKernel {
  std::string name;
  std::vector<Type> types;
};
std::vector<DeclaredKernel> declared_kernels(const ModuleSet& modules, const LibraryView& library);

}  // namespace kjit
