#pragma once
// CallOptions::timeout: the clock that stops a call.

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "kjit/engine.h"

namespace kjit {

// Lives as long as the call. Kernels look at one flag, so with a timeout it is the clock's, to which the host's is passed on.
class Deadline {
 public:
  // Without a timeout there is nothing to do, and `given` must outlive this.
  explicit Deadline(const CallOptions& given);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  // Those of the call, with a stop flag that the clock sets, too.
  const CallOptions& options() const { return own_ ? *own_ : given_; }

 private:
  void watch();
  bool should_stop();

  const CallOptions& given_;
  std::optional<CallOptions> own_;
  std::chrono::steady_clock::time_point end_;
  std::atomic<int> stop_{0};
  std::mutex mutex_;
  std::condition_variable over_;
  bool done_ = false;  // the call has ended
  std::thread clock_;
};

}  // namespace kjit
