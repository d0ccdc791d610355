// Array functions: the table, and what the implementations share. Entry: kjit_array_call.

#include "runtime/array_call.h"
#include "runtime/guard.h"

namespace kjit::runtime {

std::string shape_text(int32_t rank, const int64_t* shape) {
  std::string text = "(";
  for (int32_t axis = 0; axis < rank; axis++) text += std::to_string(shape[axis]) + (rank == 1 || axis + 1 < rank ? "," : "");
  return text + ")";
}

kjit_status value_error(kjit_context* ctx, uint32_t site, const std::string& text) {
  return trap_with_text(ctx, KJIT_TRAP_ArrayValue, site, text);
}
kjit_status assignment_error(kjit_context* ctx, uint32_t site, int32_t from_rank, const int64_t* from, int32_t to_rank,
                             const int64_t* to) {
  return value_error(
      ctx, site,
      "could not broadcast input array from shape " + shape_text(from_rank, from) + " into shape " + shape_text(to_rank, to));
}

kjit_status index_error(kjit_context* ctx, uint32_t site, const std::string& text) {
  return trap_with_text(ctx, KJIT_TRAP_ArrayIndex, site, text);
}

kjit_status new_result(const ArrayCall& call, const int64_t* shape) {
  return kjit_array_new(call.ctx, call.site, call.dtype, call.rank, shape, KJIT_EMPTY, call.result());
}

bool next_index(int32_t rank, const int64_t* shape, int64_t* index) {
  for (int32_t axis = rank - 1; axis >= 0; axis--) {
    if (++index[axis] < shape[axis]) return true;
    index[axis] = 0;
  }
  return false;
}

Lines lines_along(int32_t rank, const kjit_array* array, int32_t axis) {
  Lines lines{array->dims[axis], array->dims[rank + axis], 0, {}};
  int64_t shape[KJIT_MAX_RANK], index[KJIT_MAX_RANK] = {};
  for (int32_t i = 0; i < rank; i++) shape[i] = i == axis ? 1 : array->dims[i];
  lines.count = 1;
  for (int32_t i = 0; i < rank; i++) lines.count *= shape[i];
  if (lines.count == 0) return lines;
  do {
    int64_t offset = 0;
    for (int32_t i = 0; i < rank; i++) offset += index[i] * array->dims[rank + i];
    lines.offsets.push_back(offset);
  } while (next_index(rank, shape, index));
  return lines;
}

}  // namespace kjit::runtime

extern "C" kjit_status kjit_array_call(kjit_context* ctx, uint32_t site, int32_t function, const kjit_operand* args,
                                       int32_t count, int32_t dtype, int32_t rank, void* out) {
  using namespace kjit::runtime;
  using Function = kjit_status (*)(const ArrayCall&);
  static constexpr Function kFunctions[] = {
#define KJIT_ARRAY_FUNCTION(name, memory) array_##name,
#include "runtime/array_functions.def"
#undef KJIT_ARRAY_FUNCTION
  };
  const ArrayCall call{ctx, site, args, count, dtype, rank, out};
  if (rank >= 0) call.result()->owner = nullptr;
  const auto drop_result = [&] {
    if (rank >= 0) kjit_release(call.result()->owner);
  };
  return guarded(ctx, site, [&]() -> kjit_status {
    try {
      return kFunctions[function](call);
    } catch (const Stopped&) {
      drop_result();
      return kjit_poll(ctx, site);
    } catch (const std::bad_alloc&) {
      drop_result();
      throw;
    }
  });
}
