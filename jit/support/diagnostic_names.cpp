// Names of diagnostics to ids. Entry: find_diag.

#include "support/diagnostic_names.h"

namespace kjit {

std::optional<DiagId> find_diag(std::string_view name) {
#define KJIT_DIAG(id, severity, format) \
  if (name == #id) return DiagId::id;
#include "support/diagnostics.def"
#undef KJIT_DIAG
  return std::nullopt;
}

}  // namespace kjit
