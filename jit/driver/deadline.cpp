// A thread that waits for the end of a call or of its time. Entry: Deadline.

#include "driver/deadline.h"

#include <algorithm>

namespace kjit {

namespace {

constexpr std::chrono::milliseconds kLook{1};  // at the host's own flag

}  // namespace

Deadline::Deadline(const CallOptions& given) : given_(given) {
  if (!given.timeout) return;
  const auto now = std::chrono::steady_clock::now();
  const auto longest = std::chrono::steady_clock::time_point::max() - now;
  end_ = now + std::min(*given.timeout, std::chrono::nanoseconds(longest));
  own_ = given;
  own_->stop = &stop_;
  own_->timeout.reset();
  if (!should_stop()) clock_ = std::thread([this] { watch(); });
}

Deadline::~Deadline() {
  if (!clock_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  over_.notify_one();
  clock_.join();
}

// Whether the call has been told to stop.
bool Deadline::should_stop() {
  const int wanted = given_.stop != nullptr ? given_.stop->load(std::memory_order_relaxed) : 0;
  const bool late = std::chrono::steady_clock::now() >= end_;
  if (wanted == 0 && !late) return false;
  stop_.store(wanted != 0 ? wanted : static_cast<int>(Stop::Deadline), std::memory_order_relaxed);
  return true;
}

void Deadline::watch() {
  std::unique_lock lock(mutex_);
  while (!done_ && !should_stop()) {
    const auto next = given_.stop == nullptr ? end_ : std::min(end_, std::chrono::steady_clock::now() + kLook);
    over_.wait_until(lock, next, [this] { return done_; });
  }
}

}  // namespace kjit
