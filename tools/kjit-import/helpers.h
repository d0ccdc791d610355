#pragma once
// Small kernels for C's arithmetic, written into the file where it is used.

#include <string_view>

namespace kjit::import {

enum class Helper { WrapI32, WrapI16, WrapI8, Div, Rem, Round };

struct HelperText {
  std::string_view name;
  std::string_view text;  // the whole function
};
HelperText helper_text(Helper helper);

}  // namespace kjit::import
