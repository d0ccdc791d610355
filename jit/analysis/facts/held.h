#pragma once
// The state of analyses that follow values forward: which of them may still be where they were put.

#include <cstddef>
#include <vector>

namespace kjit {

// By number of the value: may its local still hold it?
using Held = std::vector<bool>;

// Where two ways meet. Did `into` grow?
inline bool add(Held& into, const Held& from) {
  bool changed = false;
  for (std::size_t k = 0; k < into.size(); ++k) {
    if (from[k] && !into[k]) into[k] = changed = true;
  }
  return changed;
}

}  // namespace kjit
