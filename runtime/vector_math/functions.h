#pragma once
// All functions of the folder, on V. What a file that instantiates them includes.

#include "runtime/vector_math/exponential.h"
#include "runtime/vector_math/inverse_trigonometry.h"
#include "runtime/vector_math/logarithm.h"
#include "runtime/vector_math/power.h"
#include "runtime/vector_math/roots.h"
#include "runtime/vector_math/trigonometry.h"
