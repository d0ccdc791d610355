#include "helpers.h"

namespace kjit::import {

HelperText helper_text(Helper helper) {
  switch (helper) {
    case Helper::WrapI32:
      return {"_i32", R"(def _i32(x):
    """x as C's int: wraps at 32 bits."""
    return ((x + 0x80000000) & 0xFFFFFFFF) - 0x80000000
)"};
    case Helper::WrapI16:
      return {"_i16", R"(def _i16(x):
    """x as C's short: wraps at 16 bits."""
    return ((x + 0x8000) & 0xFFFF) - 0x8000
)"};
    case Helper::WrapI8:
      return {"_i8", R"(def _i8(x):
    """x as C's signed char: wraps at 8 bits."""
    return ((x + 0x80) & 0xFF) - 0x80
)"};
    case Helper::Div:
      return {"_div", R"(def _div(a, b):
    """a / b of C: towards zero, where Python's // rounds down."""
    q = a // b
    return q + 1 if q < 0 and q * b != a else q
)"};
    case Helper::Rem:
      return {"_rem", R"(def _rem(a, b):
    """a % b of C: with the sign of a, where Python's % has the sign of b."""
    r = a % b
    return r - b if r != 0 and (a < 0) != (b < 0) else r
)"};
    case Helper::Round:
      return {"_round", R"(def _round(x):
    """round(x) of C: halves away from zero."""
    t = np.trunc(x)
    return t + np.copysign(1.0, x) if abs(x - t) >= 0.5 else t
)"};
  }
  return {};
}

}  // namespace kjit::import
