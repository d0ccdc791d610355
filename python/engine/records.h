#pragma once
// Tuples whose class has names for its elements (NamedTuple; what values.py makes of dataclasses): kernels read t.x of them. The
// classes are numbered, as keys of specialisations tell them apart, and the Python part writes the names in the source as
// indices.

#include <span>

#include "python_api.h"
#include "types.h"

namespace kjit::python {

// The number of a subclass of tuple with _fields; -1 for another. Keeps the class.
int number_of_class(PyTypeObject* type);

bool has_names(std::span<const Word> key);

// For each argument None, or (class or None, (the same for each element, ...)) of a tuple with names in it. Null with an
// exception.
Ref names_in(std::span<const Word> key, std::size_t arguments);

}  // namespace kjit::python
