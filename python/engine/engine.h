#pragma once
// The process's engine, and the state of the threads that call its kernels.

#include <atomic>
#include <cstdint>
#include <memory>

#include "kjit/engine.h"
#include "kjit/memory_call.h"
#include "python_api.h"

namespace kjit::python {

// Its HostLock is Python's.
Engine& engine();

// Of all calls from here on.
struct CallSettings {
  std::uint64_t seed = 0;
  std::uint64_t start = 0;        // the stream that the program asked for; its workers add their own first stream to it
  std::uint64_t next_stream = 0;  // each call that draws takes one
  bool has_stream = false;        // false until the process knows which streams are its own: Callbacks::first_stream
  int threads = 0;                // of parallel loops; 0: the machine's
};
extern CallSettings settings;  // guarded by Python's lock

// In a process that was forked, before its first call.
void note_fork();

// A frame for one call on this thread, given back at its end.
class BorrowedFrame {
 public:
  BorrowedFrame();
  ~BorrowedFrame();
  BorrowedFrame(const BorrowedFrame&) = delete;
  BorrowedFrame& operator=(const BorrowedFrame&) = delete;

  CallFrame& get() const { return *frame_; }
  // Does Ctrl-C stop its calls?
  bool is_interruptible() const;

 private:
  std::unique_ptr<CallFrame> frame_;
};

// A frame with a stop flag of its own.
std::unique_ptr<CallFrame> new_frame(const std::atomic<int>* stop);

}  // namespace kjit::python
