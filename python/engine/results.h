#pragma once
// What a kernel has returned, as Python has it.

#include "python_api.h"
#include "types.h"

namespace kjit::python {

// Takes over what the memory owns. Arrays that are parts of an argument are views of it, as in Python; others own their memory.
// Null with an exception set: no memory.
PyObject* take_result(const Layout& layout, void* memory, PyObject* const* arguments, std::size_t count);

}  // namespace kjit::python
