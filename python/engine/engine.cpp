// The engine of the process. Entry: engine().

#include "engine.h"

#include <string>
#include <vector>

#include "finalising.h"
#include "interrupt.h"

namespace kjit::python {

CallSettings settings;

namespace {

thread_local PyThreadState* released = nullptr;  // while this thread is without Python's lock

EngineOptions options() {
  EngineOptions result;
  result.host_lock.release = [] { released = PyEval_SaveThread(); };
  result.host_lock.acquire = [] { staying([] { PyEval_RestoreThread(released); }); };
  return result;
}

// Into sys.stdout, with Python's lock held. An error there is printed by Python and ends nothing, as the kernel cannot be left.
void write(void*, const char* data, std::int64_t size) {
  PyObject* const out = PySys_GetObject("stdout");
  if (out == nullptr || out == Py_None) return;
  const Ref result(staying([&] { return PyObject_CallMethod(out, "write", "s#", data, static_cast<Py_ssize_t>(size)); }));
  if (!result) PyErr_WriteUnraisable(out);
}

unsigned forks = 0;  // of this process and those that it comes from

// Of one thread. Most need one frame; a kernel that prints to a stream which calls a kernel needs another.
struct ThreadState {
  std::unique_ptr<CallFrame> idle;
  bool is_main = on_main_thread();  // Python interrupts this one only
  unsigned forks = python::forks;
};

// A fork makes the thread that called it the main one of the new process.
ThreadState& this_thread() {
  static thread_local ThreadState state;
  if (state.forks != forks) [[unlikely]]
    state = {};
  return state;
}

}  // namespace

void note_fork() { ++forks; }

bool BorrowedFrame::is_interruptible() const { return this_thread().is_main; }

// Never destroyed: kernels may run while the process ends.
Engine& engine() {
  static Engine* const instance = new Engine(options());
  return *instance;
}

std::unique_ptr<CallFrame> new_frame(const std::atomic<int>* stop) { return std::make_unique<CallFrame>(write, nullptr, stop); }

BorrowedFrame::BorrowedFrame() : frame_(std::move(this_thread().idle)) {
  if (!frame_) frame_ = new_frame(is_interruptible() ? &interrupt : nullptr);
}
BorrowedFrame::~BorrowedFrame() { this_thread().idle = std::move(frame_); }

}  // namespace kjit::python
