#pragma once
// The error that a kernel has left in its context -> what the host learns of it.

#include "image/site_table.h"
#include "kjit/engine.h"
#include "runtime/abi.h"

namespace kjit {

RunError make_run_error(const kjit_error& error, const SiteTable& sites);

// As an Error value: "IndexError: ..." and the traceback.
Error to_error(RunError error);

}  // namespace kjit
