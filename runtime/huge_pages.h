#pragma once
// Private to kjit: which memory is wanted in huge pages.

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

namespace kjit::runtime {

// From this size on, in bytes, as NumPy does: with pages of 4 KiB a first pass over an array, and accesses that jump in it, spend
// their time on the pages.
inline constexpr int64_t kHugePageBytes = 4 << 20;

// Before the first touch. A wish: errors do not matter.
inline void want_huge_pages(void* block, size_t bytes) {
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto address = reinterpret_cast<uintptr_t>(block), first = (address + page - 1) / page * page;
  madvise(reinterpret_cast<void*>(first), bytes - (first - address), MADV_HUGEPAGE);
}

}  // namespace kjit::runtime
