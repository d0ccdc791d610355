#pragma once
// All of kjit's C++ interface. docs/embedding.md is the guide.

#include "kjit/any_function.h"
#include "kjit/array.h"
#include "kjit/build.h"
#include "kjit/engine.h"
#include "kjit/function.h"
#include "kjit/host_function.h"
#include "kjit/memory_call.h"
#include "kjit/result.h"
#include "kjit/value.h"
#include "kjit/version.h"
