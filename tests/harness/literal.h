#pragma once
// Python literals of `# run:` directives as values of the public API.

#include <cstddef>
#include <optional>
#include <string_view>

#include "kjit/value.h"

namespace kjit::harness {

// None, True, 1, -2.5, 1j, 'text', (1, 2.0); [1, 2] and [[1.0], [2.0]] as int64, float64, bool or complex128 arrays;
// np.array([1, 2], np.float32) for the other element types. nullopt: anything else.
std::optional<Value> parse_literal(std::string_view text);

}  // namespace kjit::harness
