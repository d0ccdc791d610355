// Parallel loops on the host's threads. Entry: HostLoops.

#include "driver/loop_shares.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

namespace kjit {

namespace {

// Those who have a `share` function own this, too: one that is called late finds that there is nothing left to run.
class Shares {
 public:
  Shares(std::int64_t count, void (*task)(void*, std::int64_t), void* state)
      : taken_(static_cast<std::size_t>(count)), left_(count), task_(task), state_(state) {}

  void run(std::int64_t index) {
    if (index < 0 || index >= count() || taken_[static_cast<std::size_t>(index)].exchange(true)) return;
    task_(state_, index);
    const std::lock_guard lock(mutex_);
    if (--left_ == 0) ended_.notify_all();
  }
  void run_rest() {
    for (std::int64_t index = 0; index < count(); ++index) run(index);
  }
  void wait() {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return left_ == 0; });
  }

 private:
  std::int64_t count() const { return static_cast<std::int64_t>(taken_.size()); }

  std::vector<std::atomic<bool>> taken_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::int64_t left_;  // shares that have not ended
  void (*task_)(void*, std::int64_t);
  void* state_;
};

}  // namespace

void HostLoops::run(void* self, std::int64_t count, void (*task)(void*, std::int64_t), void* state) {
  auto& loops = *static_cast<HostLoops*>(self);
  std::shared_ptr<Shares> shares;
  try {
    shares = std::make_shared<Shares>(count, task, state);
  } catch (const std::bad_alloc&) {
    for (std::int64_t index = 0; index < count; ++index) task(state, index);
    return;
  }
  try {
    loops.executor_(static_cast<int>(count), [shares](int index) { shares->run(index); });
  } catch (...) {
    if (!loops.failure_) loops.failure_ = std::current_exception();
  }
  shares->run_rest();
  shares->wait();
}

}  // namespace kjit
