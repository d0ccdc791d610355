#pragma once
// Private to the runtime: the memory behind kjit.scratch() that a context keeps (kjit_context::scratch).

#include "runtime/runtime.h"

namespace kjit::runtime {

void destroy_scratch(kjit_context* ctx);

}  // namespace kjit::runtime
