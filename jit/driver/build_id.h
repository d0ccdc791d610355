#pragma once
// Which build of kjit this is.

#include <string>

namespace kjit {

// The linker's hash of the program or shared library that this code is part of, in hexadecimal digits; empty if it has none.
const std::string& build_id();

}  // namespace kjit
