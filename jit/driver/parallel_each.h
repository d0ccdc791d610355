#pragma once
// Work that is cut into a few large pieces, on several threads.

#include <cstddef>
#include <functional>

namespace kjit {

// Calls work(0) .. work(count - 1), each once, begun in this order, and returns when all have ended. The calling thread takes
// part; the others, fewer than `most_threads` and out of the threads that the whole process may use, end with the call. What a
// piece throws is thrown here, after the others have ended.
void parallel_each(std::size_t count, int most_threads, const std::function<void(std::size_t)>& work);

}  // namespace kjit
