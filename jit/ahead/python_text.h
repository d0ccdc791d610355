#pragma once
// The Python package of a library: ctypes and NumPy, no compiler and no kjit.

#include <string>

#include "ahead/ahead_kernel.h"

namespace kjit {

// __init__.py; lib<name>.so is to be beside it.
std::string python_text(const AheadLibrary& library);

}  // namespace kjit
