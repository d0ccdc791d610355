#pragma once
// How kernels fail, as Python exceptions. All return null with an exception set.

#include <atomic>
#include <cstdint>

#include "kjit/engine.h"
#include "kjit/result.h"
#include "python_api.h"

namespace kjit::python {

// The kernel failed at run time: the exception that it raised, with its frames in the traceback.
PyObject* raise_failure(PyObject* kernel, const RunError& error);
// The source text, or the kernel for these types, has mistakes; `kernel` may be null.
PyObject* raise_refusal(PyObject* kernel, const Error& error);
// An argument of a type that kernels do not take.
PyObject* refuse_type(PyObject* argument, std::size_t position);
// After a call of adapted arguments: they are copied back, also when the call failed.
PyObject* finish_adapted(Ref result, PyObject* after, std::uint64_t written);

// A flag that stops calls, in a capsule: new_stop() -> capsule; request_stop(capsule). Null with an exception if it is none.
PyObject* new_stop(PyObject*, PyObject*);
PyObject* request_stop(PyObject*, PyObject* stop);
std::atomic<int>* stop_flag(PyObject* stop);

}  // namespace kjit::python
