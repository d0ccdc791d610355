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
    case Helper::TrailingZeros:
      return {"_ctz", R"(def _ctz(x):
    """The number of zeros below the lowest one."""
    return int(x & (~x + 1)).bit_length() - 1
)"};
    case Helper::Sin:
      return {"_sin", R"(def _sin(x):
    """sin(x) of C, which does not raise."""
    return math.sin(x) if np.isfinite(x) else np.nan
)"};
    case Helper::Cos:
      return {"_cos", R"(def _cos(x):
    """cos(x) of C, which does not raise."""
    return math.cos(x) if np.isfinite(x) else np.nan
)"};
    case Helper::Tan:
      return {"_tan", R"(def _tan(x):
    """tan(x) of C, which does not raise."""
    return math.tan(x) if np.isfinite(x) else np.nan
)"};
    case Helper::Exp:
      return {"_exp", R"(def _exp(x):
    """exp(x) of C, which does not raise."""
    return np.inf if x > 709.782712893384 else math.exp(x)
)"};
    case Helper::Exp2:
      return {"_exp2", R"(def _exp2(x):
    """exp2(x) of C, which does not raise."""
    return np.inf if x >= 1024.0 else math.exp2(x)
)"};
    case Helper::Expm1:
      return {"_expm1", R"(def _expm1(x):
    """expm1(x) of C, which does not raise."""
    return np.inf if x > 709.782712893384 else math.expm1(x)
)"};
    case Helper::Log:
      return {"_log", R"(def _log(x):
    """log(x) of C, which does not raise."""
    return math.log(x) if x > 0.0 else -np.inf if x == 0.0 else np.nan
)"};
    case Helper::Log2:
      return {"_log2", R"(def _log2(x):
    """log2(x) of C, which does not raise."""
    return math.log2(x) if x > 0.0 else -np.inf if x == 0.0 else np.nan
)"};
    case Helper::Log10:
      return {"_log10", R"(def _log10(x):
    """log10(x) of C, which does not raise."""
    return math.log10(x) if x > 0.0 else -np.inf if x == 0.0 else np.nan
)"};
    case Helper::Log1p:
      return {"_log1p", R"(def _log1p(x):
    """log1p(x) of C, which does not raise."""
    return math.log1p(x) if x > -1.0 else -np.inf if x == -1.0 else np.nan
)"};
    case Helper::Asin:
      return {"_asin", R"(def _asin(x):
    """asin(x) of C, which does not raise."""
    return math.asin(x) if abs(x) <= 1.0 else np.nan
)"};
    case Helper::Acos:
      return {"_acos", R"(def _acos(x):
    """acos(x) of C, which does not raise."""
    return math.acos(x) if abs(x) <= 1.0 else np.nan
)"};
    case Helper::Sinh:
      return {"_sinh", R"(def _sinh(x):
    """sinh(x) of C, which does not raise."""
    return np.copysign(np.inf, x) if abs(x) > 710.4758600739439 else math.sinh(x)
)"};
    case Helper::Cosh:
      return {"_cosh", R"(def _cosh(x):
    """cosh(x) of C, which does not raise."""
    return np.inf if abs(x) > 710.4758600739439 else math.cosh(x)
)"};
    case Helper::Acosh:
      return {"_acosh", R"(def _acosh(x):
    """acosh(x) of C, which does not raise."""
    return np.nan if x < 1.0 else math.acosh(x)
)"};
    case Helper::Atanh:
      return {"_atanh", R"(def _atanh(x):
    """atanh(x) of C, which does not raise."""
    return math.atanh(x) if abs(x) < 1.0 else np.copysign(np.inf, x) if abs(x) == 1.0 else np.nan
)"};
    case Helper::Hypot:
      return {"_hypot", R"(def _hypot(x, y):
    """hypot(x, y) of C, which does not raise."""
    return math.hypot(x * 0.25, y * 0.25) * 4.0 if abs(x) > 1e300 or abs(y) > 1e300 else math.hypot(x, y)
)"};
  }
  return {};
}

}  // namespace kjit::import
