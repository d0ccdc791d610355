#pragma once
// What the shared library shows to others, and under which name.

#if defined(_WIN32)
#define KJIT_EXPORT
#else
#define KJIT_EXPORT __attribute__((visibility("default")))
#endif

// The inline namespace of the C++ interface, a new one for each incompatible version (version.h): a program that was compiled
// with other headers does not link, instead of calling functions that have changed. The C interface has no namespace, it has the
// soname.
#define KJIT_ABI v0_1
