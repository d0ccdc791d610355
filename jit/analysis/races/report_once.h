#pragma once
// A function is planned once for each specialisation, and a nested parallel loop on its own as well: the same mistake is told
// once.

#include <algorithm>

#include "support/diagnostics.h"

namespace kjit {

// Null if the sink has this diagnostic at this place already.
template <DiagId Id, typename... Args>
Diagnostic* report_once(Diagnostics& diags, Span span, const Args&... args) {
  const std::vector<Diagnostic>& told = diags.all();
  const bool is_told =
      std::any_of(told.begin(), told.end(), [&](const Diagnostic& known) { return known.id == Id && known.span == span; });
  return is_told ? nullptr : &diags.report<Id>(span, args...);
}

}  // namespace kjit
