#pragma once
// Calls of @vectorize'd functions whose arguments need nothing but a result of their shape: what is said in Python in
// compiled/vectorized.py, for the cases in which it would take longer than the loop.

#include "python_api.h"

namespace kjit::python {

// spread(plans, kernel, args): the result, or None: not for these arguments. `plans` has, for the descriptors of arrays and the
// types of numbers, (version of the kernel, descriptor of the result, [for each rank the kernel of the loop, or None]).
PyObject* spread(PyObject* self, PyObject* args);

}  // namespace kjit::python
