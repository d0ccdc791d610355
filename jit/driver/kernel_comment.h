#pragma once
// What the author says of a kernel.

#include "ahead/ahead_kernel.h"
#include "typing/module_set.h"

namespace kjit {

// Sets `place` and `comment`: the comment lines directly above the function, then its docstring.
void describe_kernel_source(const ModuleSet& modules, std::string_view kernel, AheadKernel& out);

}  // namespace kjit
