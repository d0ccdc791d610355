#pragma once
// Small kernels for C's arithmetic, written into the file where it is used.

#include <string_view>

namespace kjit::import {

enum class Helper {
  WrapI32,
  WrapI16,
  WrapI8,
  Div,
  Rem,
  Round,
  TrailingZeros,
  // Functions of the C library that the math module has, but raises where C gives an infinity or a NaN.
  Sin,
  Cos,
  Tan,
  Exp,
  Exp2,
  Expm1,
  Log,
  Log2,
  Log10,
  Log1p,
  Asin,
  Acos,
  Sinh,
  Cosh,
  Acosh,
  Atanh,
  Hypot
};

struct HelperText {
  std::string_view name;
  std::string_view text;  // the whole function
};
HelperText helper_text(Helper helper);

}  // namespace kjit::import
