#pragma once
// What the argument of the array function Fold that says keepdims says besides.

#include <stdint.h>

#include "runtime/abi.h"

namespace kjit::runtime {

constexpr int64_t kFoldKeepDims = 1;
constexpr int64_t kFoldParallel = KJIT_LOOP_PARALLEL << 1;
constexpr int64_t kFoldNumbers = 4;  // of minima and maxima of floats: a NaN does not count, as in np.fmin

}  // namespace kjit::runtime
