#pragma once
// Parallel loops on the host's threads: EngineOptions::loop_executor.

#include <cstdint>

#include "kjit/engine.h"
#include "runtime/runtime.h"

namespace kjit {

// Runs task(state, 0) .. task(state, count - 1), each once, and returns when all have ended, whatever the executor does: what it
// leaves out runs here, and a share that it begins twice, or when the loop is over, does nothing. Throws what the executor
// throws, after the last share.
void run_shares(const LoopExecutor& executor, std::int64_t count, void (*task)(void* state, std::int64_t index), void* state);

}  // namespace kjit
