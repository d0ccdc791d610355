#pragma once
// Text of NumPy's scalars.

#include <string_view>

#include "typing/type.h"

namespace kjit {

// What repr writes before the digits, in parentheses, of a number that Python itself does not have: "np.float32" of
// `np.float32(1.5)`. Empty for bool, i64, f64 and c128, which stand for Python's numbers as well as for NumPy's, for c64, which
// kjit_put_repr_complex64 writes as a whole, and for all that is not a number.
std::string_view repr_prefix(Kind scalar);

// What NumPy calls an element type: "float32".
std::string_view numpy_name(Kind scalar);

// format(x) and f"{x}", without a specification, make a Python number of a float32 or complex64 first, and show all its digits.
Kind format_kind(Kind scalar);

}  // namespace kjit
