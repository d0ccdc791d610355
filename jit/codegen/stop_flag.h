#pragma once
// How a host stops the compiler.

#include <atomic>

namespace kjit {

// Not 0: stop. Null: it never does. Set by any thread or a signal handler.
using StopFlag = const std::atomic<int>*;

inline bool is_stopped(StopFlag stop) { return stop != nullptr && stop->load(std::memory_order_relaxed) != 0; }

}  // namespace kjit
