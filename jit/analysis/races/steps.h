#pragma once
// Stores that change an element by its own value, `a[k] = a[k] + e` and `a[k] = max(a[k], e)`, and how they are written as one
// step that iterations may meet in.

#include <optional>
#include <string>

#include "typing/tree/typed_tree.h"

namespace kjit {

// "a[...] += value", "kjit.atomic_max(a, index, value)". `name`: of the array.
std::optional<std::string> as_one_step(const typed::StoreElement& store, const std::string& name);

}  // namespace kjit
