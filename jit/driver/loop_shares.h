#pragma once
// Parallel loops on the host's threads: EngineOptions::loop_executor.

#include <cstdint>
#include <exception>
#include <utility>

#include "kjit/engine.h"
#include "runtime/runtime.h"

namespace kjit {

// The host's executor as the runtime calls it. Each share of a loop runs once, whatever the executor does: what it leaves out
// runs on the thread of the call, and a share that it begins twice, or when the loop is over, does nothing. No exception may
// cross the kernel's frames: the first is kept until the call has ended.
class HostLoops {
 public:
  explicit HostLoops(const LoopExecutor& executor) : executor_(executor) {}
  HostLoops(const HostLoops&) = delete;
  HostLoops& operator=(const HostLoops&) = delete;

  // For kjit_host::executor; null: OpenMP's threads.
  kjit_executor* get() { return executor_ ? &entry_ : nullptr; }
  // The first exception of the executor since the last time, or null.
  std::exception_ptr take_failure() { return std::exchange(failure_, nullptr); }

 private:
  static void run(void* self, std::int64_t count, void (*task)(void* state, std::int64_t index), void* state);

  const LoopExecutor& executor_;
  kjit_executor entry_{this, run};
  std::exception_ptr failure_;
};

}  // namespace kjit
