// A thread that waits for the end of a case, but not forever.

#include "watchdog.h"

#include <cstdio>
#include <cstdlib>

#include "kjit/engine.h"

namespace kjit::harness {

Watchdog::Watchdog(std::string name, int limit_seconds)
    : name_(std::move(name)), limit_(limit_seconds), thread_([this] { watch(); }) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  finished_.notify_all();
  thread_.join();
}

void Watchdog::watch() {
  std::unique_lock lock(mutex_);
  if (finished_.wait_for(lock, limit_, [this] { return done_; })) return;
  stop_ = static_cast<int>(Stop::Deadline);
  if (finished_.wait_for(lock, limit_, [this] { return done_; })) return;
  std::fprintf(stderr, "%s: does not end, not even when stopped\n", name_.c_str());
  std::_Exit(124);
}

}  // namespace kjit::harness
