// The engine of the process. Entry: engine().

#include "engine.h"

#include <string>
#include <vector>

#include "interrupt.h"

namespace kjit::python {

CallSettings settings;

namespace {

thread_local PyThreadState* released = nullptr;  // while this thread is without Python's lock

EngineOptions options() {
  EngineOptions result;
  result.host_lock.release = [] { released = PyEval_SaveThread(); };
  result.host_lock.acquire = [] { PyEval_RestoreThread(released); };
  return result;
}

// Into sys.stdout, with Python's lock held. An error there is printed by Python and ends nothing, as the kernel cannot be left.
void write(void*, const char* data, std::int64_t size) {
  PyObject* const out = PySys_GetObject("stdout");
  if (out == nullptr || out == Py_None) return;
  const Ref result(PyObject_CallMethod(out, "write", "s#", data, static_cast<Py_ssize_t>(size)));
  if (!result) PyErr_WriteUnraisable(out);
}

// Most threads need one frame; a kernel that prints to a stream which calls a kernel needs another.
std::unique_ptr<CallFrame>& idle_frame() {
  static thread_local std::unique_ptr<CallFrame> frame;
  return frame;
}

}  // namespace

// Python interrupts its main thread only.
bool BorrowedFrame::is_interruptible() const {
  static thread_local const bool answer = on_main_thread();
  return answer;
}

// Never destroyed: kernels may run while the process ends.
Engine& engine() {
  static Engine* const instance = new Engine(options());
  return *instance;
}

std::unique_ptr<CallFrame> new_frame(const std::atomic<int>* stop) { return std::make_unique<CallFrame>(write, nullptr, stop); }

BorrowedFrame::BorrowedFrame() : frame_(std::move(idle_frame())) {
  if (!frame_) frame_ = new_frame(is_interruptible() ? &interrupt : nullptr);
}
BorrowedFrame::~BorrowedFrame() { idle_frame() = std::move(frame_); }

}  // namespace kjit::python
