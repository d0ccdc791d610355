#pragma once
// Diagnostics by name, for what has been stored.

#include <optional>
#include <string_view>

#include "support/diagnostics.h"

namespace kjit {

// The inverse of diag_name(). nullopt if there is no such diagnostic (any more).
std::optional<DiagId> find_diag(std::string_view name);

}  // namespace kjit
