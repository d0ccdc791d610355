#pragma once
// Private to the runtime. C++ containers may throw bad_alloc; nothing may leave an entry point. The body of every entry that
// allocates through containers goes through guarded().

#include <new>
#include <string>

#include "runtime/runtime.h"

namespace kjit::runtime {

inline kjit_status out_of_memory(kjit_context* ctx, uint32_t site) {
  return kjit_trap(ctx, KJIT_TRAP_OutOfMemory, site, 0, 0, 0);
}

template <typename Body>
kjit_status guarded(kjit_context* ctx, uint32_t site, Body body) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return out_of_memory(ctx, site);
  }
}

// An error of traps.def, with what {text} stands for.
kjit_status trap_with_text(kjit_context* ctx, int32_t code, uint32_t site, const std::string& text);
// An error whose text is not in traps.def.
kjit_status raise_text(kjit_context* ctx, int32_t kind, uint32_t site, const char* text);

}  // namespace kjit::runtime
