#pragma once
// Marks a C or C++ function for `kjit import functions`, which then takes the marked ones and what they call, and no others.
// Means nothing to the compiler.
#if defined(__clang__)
#define KJIT_IMPORT __attribute__((annotate("kjit")))
#else
#define KJIT_IMPORT
#endif
