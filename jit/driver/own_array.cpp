// Owned, dense arrays. Entry: own_array.

#include "driver/own_array.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

#include "runtime/runtime.h"

namespace kjit {

bool own_array(kjit_array* array, int dtype, int rank) {
  if (array->owner != nullptr && kjit_array_is_contiguous(dtype, rank, array) != 0) return true;
  const std::unique_ptr<kjit_buffer, void (*)(kjit_buffer*)> released(std::exchange(array->owner, nullptr), kjit_release);
  kjit_context context;
  kjit_context_init(&context, nullptr, nullptr, 1);
  kjit_array copy{};
  const bool copied = kjit_array_copy(&context, 0, dtype, rank, array, &copy) == KJIT_OK;
  kjit_context_destroy(&context);
  // The descriptor has no more words than its rank needs.
  if (copied) std::memcpy(array, &copy, offsetof(kjit_array, dims) + 2 * static_cast<std::size_t>(rank) * sizeof(std::int64_t));
  return copied;
}

}  // namespace kjit
