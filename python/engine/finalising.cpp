// Threads that outlive the interpreter. Entry: staying.

#include "finalising.h"

#include <unistd.h>

namespace kjit::python {

void wait_for_the_end() {
  for (;;) pause();
}

}  // namespace kjit::python
