#pragma once
// What kernels can call. library/builtins.def has the operations, names.cpp the names, the other files the rules of the functions
// that need some; docs/adding.md says which of them a new function takes.

#include "typing/check/library_view.h"

namespace kjit {

// The tables, made at the first call; safe to call from any thread.
const LibraryView& library();

}  // namespace kjit
