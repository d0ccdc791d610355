#pragma once
// The C library's functions behind the LIBM rows of library/builtins.def.

#include <string_view>

#include "typing/type.h"

namespace kjit::interpreter {

// symbol(x) or symbol(x, y) for F64, the float function for F32. `y` is ignored for one argument.
double call_libm_function(std::string_view symbol, Kind kind, double x, double y);

}  // namespace kjit::interpreter
