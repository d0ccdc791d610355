#pragma once
// The release; CMakeLists.txt names the same number.

#define KJIT_VERSION "0.1.0"
