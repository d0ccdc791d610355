#pragma once
// Ends a case that does not end by itself.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace kjit::harness {

// After `limit` seconds it sets stop() to Stop::Deadline, which ends a running kernel and fails the case. What does not obey
// within as long again hangs elsewhere (in the compiler, say): the process says which case it was and exits with 124.
class Watchdog {
 public:
  Watchdog(std::string name, int limit_seconds);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  const std::atomic<int>& stop() const { return stop_; }

 private:
  void watch();

  std::string name_;
  std::chrono::seconds limit_;
  std::atomic<int> stop_ = 0;
  std::mutex mutex_;
  std::condition_variable finished_;
  bool done_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace kjit::harness
