#pragma once
// Line differences for failure messages and for blessing goldens.

#include <string>
#include <string_view>

namespace kjit::harness {

// In the form of `diff -u`, three lines of context; "" if the texts are equal. A missing final newline is shown as such.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view before_name,
                         std::string_view after_name);

}  // namespace kjit::harness
