// The version that a program finds at run time. Entry: kjit_check_version.

#include "kjit/version.h"

extern "C" int kjit_check_version(int major, int minor, int) {
  return major == KJIT_VERSION_MAJOR && minor == KJIT_VERSION_MINOR ? 1 : 0;
}
