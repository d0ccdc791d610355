#pragma once
// Python that the language leaves out, by name. Each construct is recognised, named, and answered with what to write instead.

#include "support/diagnostics.h"

namespace kjit {

enum class Refused {
#define KJIT_REFUSED(construct, id, advice) construct,
#include "syntax/refusals.def"
#undef KJIT_REFUSED
};

void refuse(Refused construct, Span span, Diagnostics& diags);

}  // namespace kjit
