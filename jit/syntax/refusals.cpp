// Reports the constructs of refusals.def. Entry: refuse.

#include "syntax/refusals.h"

namespace kjit {

void refuse(Refused construct, Span span, Diagnostics& diags) {
  switch (construct) {
#define KJIT_REFUSED(construct, id, advice) \
  case Refused::construct: diags.report<DiagId::id>(span).suggest(advice); return;
#include "syntax/refusals.def"
#undef KJIT_REFUSED
  }
}

}  // namespace kjit
