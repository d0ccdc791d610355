#pragma once
// What kernels can call. library/builtins.def has the operations, names.cpp the names, the other files the rules of the functions
// that need some; docs/adding.md says which of them a new function takes.

#include <string_view>

#include "typing/check/library_view.h"

namespace kjit {

// The tables, made at the first call; safe to call from any thread.
const LibraryView& library();

// The functions that are written in the kernel language (prelude/*.k), as the text of a module that goes with every program.
std::string_view prelude_text();
constexpr std::string_view kPreludeName = "<numpy>";

}  // namespace kjit
