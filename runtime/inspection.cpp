// Marks of who touches what. Entry: kjit_inspect.

#include "runtime/inspection.h"

#include <stdlib.h>

#include "runtime/element.h"
#include "runtime/runtime.h"
#include "runtime/scratch.h"
#include "runtime/threads.h"

namespace {

using namespace kjit::runtime;

constexpr int64_t kMostIterations = UINT32_MAX - 1;  // that a mark can tell apart
constexpr int64_t kMostMarkBytes = int64_t{4} << 30;

bool has_one_thread(const kjit_context* ctx, const kjit_loop* loop) {
  const int32_t wanted = loop->threads > 0 ? loop->threads : ctx->threads > 0 ? ctx->threads : machine_threads();
  return ctx->in_parallel > 0 || wanted <= 1 || loop->trip_count <= 1;
}

bool allocate_marks(kjit_inspection* inspection) {
  for (int32_t k = 0; k < inspection->count; k++) {
    kjit_inspected& array = inspection->arrays[k];
    const int64_t cells = array.bytes / array.size;
    if (cells > kMostMarkBytes / static_cast<int64_t>(sizeof(uint32_t))) return false;
    array.marks = static_cast<uint32_t*>(calloc(static_cast<size_t>(cells) + 1, sizeof(uint32_t)));
    if (!array.marks) return false;
  }
  return true;
}

void free_marks(kjit_inspection* inspection) {
  for (int32_t k = 0; k < inspection->count; k++) free(inspection->arrays[k].marks);
}

// On a context of its own, so that an error leaves nothing and no progress is told.
bool passes(const kjit_context* ctx, const kjit_loop* loop) {
  kjit_host host = ctx->host ? *ctx->host : kjit_host{};
  host.progress = nullptr;
  kjit_context own = *ctx;
  own.host = ctx->host ? &host : nullptr;
  own.print_buffer = nullptr;
  own.scratch = nullptr;
  own.error = {};
  const bool completed = kjit_parallel_for(&own, loop) == KJIT_OK;
  kjit_error_clear(&own);
  destroy_scratch(&own);
  return completed;
}

// Null: outside of the array.
uint32_t* mark_of(kjit_inspection* inspection, int64_t array, const void* address) {
  const kjit_inspected& inspected = inspection->arrays[array];
  const auto offset = static_cast<uint64_t>(static_cast<const char*>(address) - inspected.base);
  return offset < static_cast<uint64_t>(inspected.bytes) ? inspected.marks + offset / static_cast<uint64_t>(inspected.size)
                                                         : nullptr;
}

}  // namespace

extern "C" {

void kjit_inspection_begin(kjit_inspection* inspection) { *inspection = {}; }

void kjit_inspection_add(kjit_inspection* inspection, int32_t dtype, int32_t rank, const kjit_array* array) {
  kjit_inspected& inspected = inspection->arrays[inspection->count++];
  inspected = {static_cast<char*>(array->data), 0, kjit_dtype_size(dtype), nullptr};
  if (element_count(rank, array) == 0) return;
  inspected.bytes = inspected.size;
  for (int32_t axis = 0; axis < rank; axis++) {
    const int64_t stride = strides_of(rank, array)[axis], distance = (array->dims[axis] - 1) * stride;
    if (distance < 0) inspected.base += distance;
    inspected.bytes += distance < 0 ? -distance : distance;
    if (stride % inspected.size != 0) inspection->impossible = 1;
  }
}

int32_t kjit_inspect(kjit_context* ctx, const kjit_loop* loop, kjit_inspection* inspection, int32_t has_reads) {
  if (has_one_thread(ctx, loop) || loop->trip_count > kMostIterations || inspection->impossible) return 1;
  bool apart = allocate_marks(inspection);
  for (inspection->pass = 0; apart && inspection->pass <= (has_reads ? 1 : 0); inspection->pass++) apart = passes(ctx, loop);
  free_marks(inspection);
  return apart ? 0 : 1;
}

int32_t kjit_inspect_write(kjit_inspection* inspection, int64_t array, const void* address, int64_t iteration) {
  if (inspection->pass != 0) return 0;
  uint32_t* mark = mark_of(inspection, array, address);
  if (!mark) return 1;
  const auto own = static_cast<uint32_t>(iteration) + 1;
  const uint32_t found = __atomic_exchange_n(mark, own, __ATOMIC_RELAXED);
  return found != 0 && found != own;
}

// All marks were made before this pass began.
int32_t kjit_inspect_read(kjit_inspection* inspection, int64_t array, const void* address, int64_t iteration) {
  if (inspection->pass != 1) return 0;
  const uint32_t* mark = mark_of(inspection, array, address);
  if (!mark) return 1;
  return *mark != 0 && *mark != static_cast<uint32_t>(iteration) + 1;
}

int32_t kjit_inspect_write_view(kjit_inspection* inspection, int64_t array, int32_t rank, const kjit_array* view,
                                int64_t iteration) {
  int64_t position[KJIT_MAX_RANK] = {};
  const char* address = static_cast<const char*>(view->data);
  for (int64_t left = element_count(rank, view); left > 0; left--) {
    if (kjit_inspect_write(inspection, array, address, iteration)) return 1;
    for (int32_t axis = rank; axis-- > 0;) {
      address += strides_of(rank, view)[axis];
      if (++position[axis] < view->dims[axis]) break;
      address -= view->dims[axis] * strides_of(rank, view)[axis];
      position[axis] = 0;
    }
  }
  return 0;
}

}  // extern "C"
