#pragma once
// Reads and parses the main file and the kernel files that it imports, directly or not.

#include <string>
#include <vector>

#include "kjit/engine.h"
#include "support/diagnostics.h"
#include "typing/module_set.h"

namespace kjit {

// Imports are searched beside the main file; a module that is not there stays out of `by_name`, and the type checker reports the
// import. File 0 is always there, even when it could not be read.
ModuleSet load_modules(const std::string& path, Diagnostics& diags);
ModuleSet load_modules_from_text(std::string text, std::string name, Diagnostics& diags);
// Not empty; the first is the main file. Imports are searched among the others first.
ModuleSet load_modules_from_texts(std::vector<SourceText> texts, Diagnostics& diags);

}  // namespace kjit
