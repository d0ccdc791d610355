#pragma once
// Runs a specialisation in a context that is ready.

#include "driver/entry_cache.h"
#include "kjit/engine.h"
#include "runtime/abi.h"

namespace kjit {

// Without `given_up`, the host's lock, while it runs; null: with it. Polls the context's flag first.
kjit_status run_kernel(const CompiledEntry& entry, const EngineOptions& engine, const HostLock* given_up, kjit_context& context,
                       void* const* args, void* result);

}  // namespace kjit
