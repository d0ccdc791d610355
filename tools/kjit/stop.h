#pragma once
// What ends a running kernel from outside: Ctrl-C, SIGTERM, and the time limit of --timeout.

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace kjit::cli {

// From here on SIGINT and SIGTERM ask the kernel to stop; a second one ends the process. SIGPIPE ends it quietly, whatever the
// parent left.
void install_signal_handlers();

// Every thread but the main one calls this: signals interrupt what blocks there.
void leave_signals_to_main();

// The kjit::Stop that kernels poll; set by the handlers.
std::atomic<int>& stop_flag();
// Of the signal that asked to stop; 0: none.
int stop_signal();

// Sets the stop flag to Deadline once the time has passed, unless destroyed before.
class Deadline {
 public:
  explicit Deadline(std::optional<double> seconds);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

 private:
  std::mutex mutex_;  // of done_
  std::condition_variable wake_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace kjit::cli
