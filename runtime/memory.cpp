// Reference-counted buffers. Entry: kjit_buffer_new; kjit_retain and kjit_release from everywhere.
//
// A buffer and its memory are one allocation: a 64-byte header, then the data. From kMapBytes on the allocation is a mapping of
// its own: its pages are zero from the start and cost nothing until touched, and huge pages make a first pass over it several
// times faster. The last few mappings that were freed are kept: a program that makes an array of some size in a loop would else
// have its pages cleared by the system each time, which takes longer than filling them.

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <atomic>

#include "runtime/huge_pages.h"
#include "runtime/runtime.h"

namespace {

constexpr int64_t kAlignment = 64;  // a cache line, and the widest vector
constexpr int64_t kMapBytes = kjit::runtime::kHugePageBytes;
constexpr int64_t kAddressBytes = 1ll << 47;  // user address space of x86-64

struct OwnedBuffer {
  kjit_buffer header;
  void* allocation;  // what free or munmap wants
  size_t mapped;     // bytes of the mapping, 0: from malloc
};
static_assert(sizeof(OwnedBuffer) <= kAlignment);

std::atomic<int64_t> live_buffers{0};

// ---- freed mappings ----------------------------------------------

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
constexpr bool kKeepMappings = false;  // memory that is used again hides a use after free
#else
constexpr bool kKeepMappings = true;
#endif
constexpr size_t kKeptMappings = 4;
constexpr size_t kKeptBytes = 32 << 20;  // the largest that is kept, so at most 128 MB are
std::atomic<OwnedBuffer*> kept[kKeptMappings];
std::atomic<size_t> next_kept{0};

void unmap(OwnedBuffer* owned) { munmap(owned->allocation, owned->mapped); }

void keep_or_unmap(OwnedBuffer* owned) {
  if (!kKeepMappings || owned->mapped > kKeptBytes) return unmap(owned);
  for (std::atomic<OwnedBuffer*>& slot : kept) {
    OwnedBuffer* empty = nullptr;
    if (slot.compare_exchange_strong(empty, owned, std::memory_order_acq_rel)) return;
  }
  OwnedBuffer* oldest = kept[next_kept++ % kKeptMappings].exchange(owned, std::memory_order_acq_rel);
  if (oldest) unmap(oldest);
}

// One of at least `bytes`, and not much more; null if none is kept.
OwnedBuffer* kept_mapping(size_t bytes) {
  for (std::atomic<OwnedBuffer*>& slot : kept) {
    OwnedBuffer* owned = slot.exchange(nullptr, std::memory_order_acq_rel);
    if (!owned) continue;
    if (owned->mapped >= bytes && owned->mapped - bytes <= bytes / 8) return owned;
    keep_or_unmap(owned);
  }
  return nullptr;
}

// ---- allocation --------------------------------------------------

void destroy(kjit_buffer* buffer) {
  auto* owned = reinterpret_cast<OwnedBuffer*>(buffer);
  live_buffers.fetch_sub(1, std::memory_order_relaxed);
  owned->mapped ? keep_or_unmap(owned) : free(owned->allocation);
}

OwnedBuffer* from_map(size_t bytes, bool zeroed) {
  if (OwnedBuffer* owned = kept_mapping(bytes)) {
    if (zeroed) memset(reinterpret_cast<char*>(owned) + kAlignment, 0, bytes - kAlignment);
    return owned;
  }
  void* allocation = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (allocation == MAP_FAILED) return nullptr;
  kjit::runtime::want_huge_pages(allocation, bytes);
  auto* owned = static_cast<OwnedBuffer*>(allocation);
  owned->allocation = allocation;
  owned->mapped = bytes;
  return owned;
}

OwnedBuffer* from_malloc(size_t bytes, bool zeroed) {
  size_t slack = bytes + kAlignment;
  void* allocation = zeroed ? calloc(1, slack) : malloc(slack);
  if (!allocation) return nullptr;
  auto address = (reinterpret_cast<uintptr_t>(allocation) + kAlignment - 1) & ~uintptr_t{kAlignment - 1};
  auto* owned = reinterpret_cast<OwnedBuffer*>(address);
  owned->allocation = allocation;
  owned->mapped = 0;
  return owned;
}

}  // namespace

extern "C" {

kjit_status kjit_buffer_new(kjit_context* ctx, uint32_t site, int64_t bytes, int32_t zeroed, kjit_buffer** out) {
  OwnedBuffer* owned = nullptr;
  if (bytes >= 0 && bytes < kAddressBytes) {
    auto total = static_cast<size_t>(bytes + kAlignment);
    owned = bytes >= kMapBytes ? from_map(total, zeroed != 0) : from_malloc(total, zeroed != 0);
  }
  if (!owned) return kjit_trap(ctx, KJIT_TRAP_ArrayTooLarge, site, bytes, 0, 0);
  owned->header = {1, destroy, reinterpret_cast<char*>(owned) + kAlignment, bytes};
  live_buffers.fetch_add(1, std::memory_order_relaxed);
  *out = &owned->header;
  return KJIT_OK;
}

void kjit_retain(kjit_buffer* buffer) {
  if (buffer) __atomic_fetch_add(&buffer->refs, 1, __ATOMIC_RELAXED);
}

void kjit_release(kjit_buffer* buffer) {
  if (buffer && __atomic_fetch_sub(&buffer->refs, 1, __ATOMIC_ACQ_REL) == 1) buffer->destroy(buffer);
}

void kjit_release_all(kjit_buffer* const* buffers, int64_t count) {
  for (int64_t k = 0; k < count; k++) kjit_release(buffers[k]);
}

int64_t kjit_live_buffers(void) { return live_buffers.load(std::memory_order_relaxed); }

}  // extern "C"
