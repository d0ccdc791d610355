#pragma once
// Entry points of a module, compiled at their first use.

#include <memory>

#include "codegen/stop_flag.h"
#include "driver/engine_impl.h"

namespace kjit {

// Without the host's lock where this compiles, or waits for a thread that does: that thread may need the lock to go on.
// `compiled` says whether this call compiled it. Null if `stop` was set first.
std::shared_ptr<const CompiledEntry> compiled_entry_of(Module::Impl& module, const EntryPoint& entry, StopFlag stop,
                                                       bool& compiled);

}  // namespace kjit
