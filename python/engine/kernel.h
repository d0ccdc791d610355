#pragma once
// kjit._engine.Kernel: what a decorated function becomes. Looks at the types of the arguments, finds or compiles the code for
// them, calls it. What need not be quick is done in Python: see Callbacks.

#include "python_api.h"

namespace kjit::python {

// Functions of the package's Python part, set once.
struct Callbacks {
  // (kernel) -> (module, watched, arrays): loads what the kernel consists of; `watched` lists (place, name[, value]), see
  // Watched, `arrays` what is passed behind the arguments.
  Ref prepare;
  Ref bind;          // (kernel, args, kwargs) -> tuple of all parameters' values; raises TypeError
  Ref adapt;         // (kernel, args) -> (args of kernels' types, function to call afterwards or None); raises TypeError
  Ref failed;        // (kernel, kind, message, frames, omitted, iteration, exit code) -> exception
  Ref refused;       // (kernel, message, details) -> exception
  Ref warn;          // (kernel, text): warnings and notes of a specialisation
  Ref with_names;    // (kernel, names_in() of the arguments) -> module
  Ref first_stream;  // () -> number that is added to the streams of this process, as it may be one of several workers
};
extern Callbacks* callbacks;

// The type, new reference; null with an exception.
PyObject* make_kernel_type();

// A loaded module in a capsule.
PyObject* load_sources(PyObject* self, PyObject* sources);

}  // namespace kjit::python
