#pragma once
// The error that a kernel has left in its context -> what the host learns of it.

#include "kjit/engine.h"
#include "runtime/abi.h"
#include "support/source_file.h"
#include "typing/typed_tree.h"

namespace kjit {

RunError make_run_error(const kjit_error& error, const typed::Program& program, const SourceMap& sources);

}  // namespace kjit
