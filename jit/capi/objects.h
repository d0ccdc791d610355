#pragma once
// What the handles of the C interface point to.

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "capi/values.h"
#include "kjit/any_function.h"
#include "kjit/c.h"
#include "kjit/engine.h"

struct kjit_engine {
  kjit::Engine engine;
};

struct kjit_module {
  kjit::Module module;
  std::vector<kjit::KernelInfo> kernels;
  std::mutex mutex;         // of what follows
  std::string diagnostics;  // the last that were asked for
};

struct kjit_function {
  kjit::AnyFunction function;
  std::string signature;
};

struct kjit_result {
  explicit kjit_result(kjit::CallResult result) : call(std::move(result)), value(call.value) {}
  const kjit::CallResult call;
  const kjit::capi::CValue value;
};

struct kjit_cancel {
  std::atomic<int> stop{0};
};
