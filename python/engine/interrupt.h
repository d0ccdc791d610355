#pragma once
// Ctrl-C while a kernel runs. Python's own handler only notes the signal for the interpreter, which does not run then; ours, in
// front of it, also sets the flag that kernels poll. It is there as long as Python would raise KeyboardInterrupt: whoever
// installs a handler of his own has removed it, as Python replaces the one of the process then.

#include <atomic>

namespace kjit::python {

// For frames of the main thread, the one that Python interrupts; a kjit::Stop.
extern std::atomic<int> interrupt;

bool on_main_thread();

// Makes sure that the handler is there. Before each call on the main thread: looks at the clock, and twenty times a second at the
// process's handlers.
void watch_interrupts();

// After a kernel was stopped: Python's handler runs. Afterwards an exception is set.
void raise_interrupt();

// Before a kernel begins: an interrupt that came since the last one ended. False with an exception set.
bool pass_interrupt();

}  // namespace kjit::python
