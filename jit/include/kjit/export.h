#pragma once
// What the shared library shows to others.

#if defined(_WIN32)
#define KJIT_EXPORT
#else
#define KJIT_EXPORT __attribute__((visibility("default")))
#endif
