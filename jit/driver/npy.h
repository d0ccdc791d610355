#pragma once
// Arrays in NumPy's .npy files.

#include <optional>
#include <string>
#include <string_view>

#include "kjit/result.h"
#include "kjit/value.h"

namespace kjit {

// Reads the array of a file (or of a pipe). Any element type that kjit has, either byte order and either memory order; the array
// is C-contiguous and in the machine's byte order. Never trusts the file: damaged, truncated and hostile ones are errors.
Result<ArrayValue> load_npy(const std::string& path);
// The same of bytes in memory.
Result<ArrayValue> parse_npy(std::string_view bytes);

// Writes version 1.0. The file appears under its name only when it is complete. nullopt: done.
std::optional<Error> save_npy(const std::string& path, const ArrayValue& array);

}  // namespace kjit
