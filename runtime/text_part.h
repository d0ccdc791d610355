#pragma once
// Private to the runtime: parts of texts.

#include <stdint.h>

#include <string_view>

#include "runtime/runtime.h"

namespace kjit::runtime {

inline std::string_view view(const kjit_str* text) { return {text->data, static_cast<size_t>(text->size)}; }

// A part of `text`, or all of it, that shares its memory: a reference for the caller.
inline kjit_str share(const kjit_str* text, std::string_view part) {
  kjit_retain(text->owner);
  return {part.data(), static_cast<int64_t>(part.size()), text->owner};
}

// A string of `size` bytes for the caller to fill in.
inline kjit_status new_text(kjit_context* ctx, uint32_t site, int64_t size, kjit_str* out, char** bytes) {
  kjit_buffer* buffer = nullptr;
  if (size > 0 && kjit_buffer_new(ctx, site, size, 0, &buffer) != KJIT_OK) return KJIT_FAILED;
  *bytes = buffer ? static_cast<char*>(buffer->memory) : nullptr;
  *out = {*bytes ? *bytes : "", size, buffer};
  return KJIT_OK;
}

}  // namespace kjit::runtime
