#pragma once
// The names that every Python program has and kernels have not: what they are, and what to write instead.

#include <string_view>

namespace kjit {

struct PythonName {
  std::string_view name;
  std::string_view kind;    // "a function", "a type", "an exception", "a constant"
  std::string_view advice;  // what to write instead
};

// Null if Python has no builtin of this name, or kernels have it, too.
const PythonName* find_python_name(std::string_view name);

}  // namespace kjit
