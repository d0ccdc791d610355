#pragma once
// The release; CMakeLists.txt names the same number.

#include "kjit/export.h"

#define KJIT_VERSION "0.1.0"
#define KJIT_VERSION_MAJOR 0
#define KJIT_VERSION_MINOR 1
#define KJIT_VERSION_PATCH 0

// 1 if the library that is loaded fits a program that was compiled with this version's headers, else 0:
//   if (!kjit_check_version(KJIT_VERSION_MAJOR, KJIT_VERSION_MINOR, KJIT_VERSION_PATCH)) ...
#ifdef __cplusplus
extern "C"
#endif
    KJIT_EXPORT int
    kjit_check_version(int major, int minor, int patch);
