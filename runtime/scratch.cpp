// Arrays for the use of one iteration, in memory that is used again. Entry: kjit_scratch_new.
//
// A context keeps the buffers that it made, with a reference of its own, filed under the site that asked. One that nobody else
// holds any more serves the next request of its site. A context belongs to one thread, so no other thread ever gets it.

#include "runtime/scratch.h"

#include <string.h>

#include <algorithm>
#include <new>
#include <vector>

#include "runtime/shape.h"

namespace kjit::runtime {
namespace {

// Two serve a loop: the variable holds the array of the iteration before until the next one is there. The others are for
// recursion; deeper levels allocate.
constexpr int64_t kKeptPerSite = 4;

struct Kept {
  uint32_t site;
  kjit_buffer* buffer;

  bool is_idle() const { return __atomic_load_n(&buffer->refs, __ATOMIC_ACQUIRE) == 1; }
};

struct Pool {
  std::vector<Kept> all;

  ~Pool() {
    for (const Kept& kept : all) kjit_release(kept.buffer);
  }

  // An idle buffer of the site, large enough if there is such a one; or null.
  Kept* idle(uint32_t site, int64_t bytes) {
    Kept* found = nullptr;
    for (Kept& kept : all) {
      if (kept.site != site || !kept.is_idle()) continue;
      found = &kept;
      if (kept.buffer->bytes >= bytes) break;
    }
    return found;
  }

  bool is_full(uint32_t site) const {
    return std::count_if(all.begin(), all.end(), [&](const Kept& kept) { return kept.site == site; }) >= kKeptPerSite;
  }

  // In place of an idle one, which is too small.
  void keep(uint32_t site, kjit_buffer* buffer, Kept* instead) {
    if (!instead && is_full(site)) return;
    if (instead) {
      kjit_release(instead->buffer);
      instead->buffer = buffer;
    } else {
      all.push_back({site, buffer});
    }
    kjit_retain(buffer);
  }
};

Pool* pool_of(kjit_context* ctx) {
  if (!ctx->scratch) ctx->scratch = new (std::nothrow) Pool;
  return static_cast<Pool*>(ctx->scratch);
}

// Memory is short: the array is there, and will not be used again.
void try_to_keep(Pool* pool, uint32_t site, kjit_buffer* buffer, Kept* instead) {
  try {
    if (pool) pool->keep(site, buffer, instead);
  } catch (const std::bad_alloc&) {
  }
}

}  // namespace

void destroy_scratch(kjit_context* ctx) {
  delete static_cast<Pool*>(ctx->scratch);
  ctx->scratch = nullptr;
}

}  // namespace kjit::runtime

extern "C" kjit_status kjit_scratch_new(kjit_context* ctx, uint32_t site, int32_t dtype, int32_t rank, const int64_t* shape,
                                        kjit_array* out) {
  using namespace kjit::runtime;
  if (check_shape(ctx, site, rank, shape) != KJIT_OK) return KJIT_FAILED;
  const int64_t item = kjit_dtype_size(dtype), bytes = total_bytes(rank, shape, item);
  Pool* pool = pool_of(ctx);
  Kept* idle = pool ? pool->idle(site, bytes) : nullptr;
  if (idle && idle->buffer->bytes >= bytes) {
    memset(idle->buffer->memory, 0, static_cast<size_t>(bytes));
    kjit_retain(idle->buffer);
    describe(idle->buffer, rank, shape, item, out);
    return KJIT_OK;
  }
  if (kjit_array_new(ctx, site, dtype, rank, shape, KJIT_ZEROS, out) != KJIT_OK) return KJIT_FAILED;
  try_to_keep(pool, site, out->owner, idle);
  return KJIT_OK;
}
