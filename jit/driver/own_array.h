#pragma once
// Arrays that kernels return, for hosts that keep them.

#include "runtime/abi.h"

namespace kjit {

// Makes sure that the elements are row-major without gaps in a buffer of the descriptor's own, copying them if they are not. The
// caller has its reference. False: no memory; then there is no reference any more.
bool own_array(kjit_array* array, int dtype, int rank);

}  // namespace kjit
