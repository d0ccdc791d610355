#pragma once
// The C library's functions behind the rows of convention Libm and LibmOverflow.

#include <cstddef>
#include <string_view>

#include "typing/type.h"

namespace kjit::interpreter {

// symbol(x) or symbol(x, y) for F64, the float function for F32. `y` is ignored for one argument.
double call_libm_function(std::string_view symbol, Kind kind, std::size_t arity, double x, double y);

// Whether there is such a function with one or two arguments.
bool has_libm_function(std::string_view symbol);

}  // namespace kjit::interpreter
