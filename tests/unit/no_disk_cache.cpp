// What is tested here is compiled, not found in the user's disk cache.

#include <stdlib.h>

namespace {

[[maybe_unused]] const int kNoDiskCache = ::setenv("KJIT_CACHE", "0", 1);

}  // namespace
