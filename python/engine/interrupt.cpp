// SIGINT stops kernels of the main thread. Entry: watch_interrupts.

#include "interrupt.h"

#include <unistd.h>
#include <csignal>
#include <ctime>

#include "kjit/engine.h"
#include "python_api.h"

namespace kjit::python {

std::atomic<int> interrupt{static_cast<int>(Stop::None)};

namespace {

using Handler = void (*)(int);

std::atomic<Handler> pythons_handler{nullptr};

void on_interrupt(int signal) {
  interrupt.store(static_cast<int>(Stop::Interrupt), std::memory_order_relaxed);
  if (const Handler next = pythons_handler.load(std::memory_order_relaxed)) next(signal);
}

// Would Python raise KeyboardInterrupt?
bool raises_interrupt() {
  const Ref module(PyImport_ImportModule("_signal"));
  if (!module) return PyErr_Clear(), false;
  const Ref handler(PyObject_CallMethod(module.get(), "getsignal", "i", SIGINT));
  const Ref standard(PyObject_GetAttrString(module.get(), "default_int_handler"));
  PyErr_Clear();
  return handler && handler.get() == standard.get();
}

void install() {
  struct sigaction current{};
  if (sigaction(SIGINT, nullptr, &current) != 0 || (current.sa_flags & SA_SIGINFO) != 0) return;
  const Handler handler = current.sa_handler;
  if (handler == on_interrupt || handler == SIG_DFL || handler == SIG_IGN || !raises_interrupt()) return;
  pythons_handler.store(handler, std::memory_order_relaxed);
  current.sa_handler = on_interrupt;
  sigaction(SIGINT, &current, nullptr);
}

long long coarse_ms() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return static_cast<long long>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace

bool on_main_thread() { return gettid() == getpid(); }

void watch_interrupts() {
  static long long looked = -1000;  // of the main thread alone
  const long long now = coarse_ms();
  if (now - looked < 50) return;
  looked = now;
  install();
}

void raise_interrupt() {
  interrupt.store(static_cast<int>(Stop::None), std::memory_order_relaxed);
  if (PyErr_CheckSignals() == 0) PyErr_SetNone(PyExc_KeyboardInterrupt);
}

bool pass_interrupt() {
  if (interrupt.load(std::memory_order_relaxed) == static_cast<int>(Stop::None)) return true;
  interrupt.store(static_cast<int>(Stop::None), std::memory_order_relaxed);
  return PyErr_CheckSignals() == 0;
}

}  // namespace kjit::python
