#pragma once
// Private to kjit: how many threads a parallel loop, or the compiler, gets.

#include <stdint.h>

namespace kjit::runtime {

// kjit_thread_budget, found out once.
int32_t machine_threads();

// Threads for one loop or compilation, the caller's among them, out of what the whole process may use: 1 .. wanted. To be given
// back.
int32_t acquire_threads(int32_t wanted);
void release_threads(int32_t granted);

}  // namespace kjit::runtime
