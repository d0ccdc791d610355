#pragma once
// The end of the process. While the interpreter ends, CPython 3.10 to 3.13 leave a daemon thread that wants Python's lock by
// pthread_exit(), which unwinds its stack: through kernels, which have no tables for that, and through destructors, which let
// nothing out and give references up without the lock. Newer ones let such a thread wait for ever, and so does kjit.

#include <cxxabi.h>

#include <utility>

#include "python_api.h"

namespace kjit::python {

[[noreturn]] void wait_for_the_end();

// What may wait for Python's lock: taking it, and running Python code.
template <typename F>
auto staying(F call) {
  try {
    return call();
  } catch (abi::__forced_unwind&) {
    wait_for_the_end();  // to leave this handler would end the process
  }
}

// A new reference; null with an exception.
template <typename... T>
PyObject* call_object(const Ref& callable, T... arguments) {
  return staying([&] { return PyObject_CallFunctionObjArgs(callable.get(), arguments..., nullptr); });
}

}  // namespace kjit::python
