#pragma once
// The texts that go with a library: its header for C and C++, and its CMake package.

#include <string>

#include "ahead/ahead_kernel.h"

namespace kjit {

// C functions with one word a value, and C++ functions on top of them. Docstrings, comments, types and shapes are in it.
std::string header_text(const AheadLibrary& library);

// <name>-config.cmake: the targets <name>::<name> and, if there is a shared library, <name>::shared.
std::string cmake_text(const AheadLibrary& library);

// The headers that it includes, to be put beside it.
struct HeaderFile {
  std::string path;  // "kjit/rt.h"
  std::string_view text;
};
std::vector<HeaderFile> common_headers();

}  // namespace kjit
