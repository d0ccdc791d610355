// Entry: parallel_each.

#include "driver/parallel_each.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "runtime/threads.h"

namespace kjit {

namespace {

class Pieces {
 public:
  Pieces(std::size_t count, const std::function<void(std::size_t)>& work) : count_(count), work_(work) {}

  void run() noexcept {
    for (std::size_t piece = next_++; piece < count_; piece = next_++) {
      try {
        work_(piece);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!thrown_) thrown_ = std::current_exception();
      }
    }
  }

  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  const std::size_t count_;
  const std::function<void(std::size_t)>& work_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;  // of thrown_
  std::exception_ptr thrown_;
};

// Of the calling thread and those that it starts.
class GrantedThreads {
 public:
  explicit GrantedThreads(int wanted) : count_(runtime::acquire_threads(std::min(wanted, runtime::machine_threads()))) {}
  ~GrantedThreads() { runtime::release_threads(count_); }
  GrantedThreads(const GrantedThreads&) = delete;
  GrantedThreads& operator=(const GrantedThreads&) = delete;
  int count() const { return count_; }

 private:
  int count_;
};

// False if the system gives no more threads: those there are do the work.
bool start(std::vector<std::thread>& threads, Pieces& pieces) {
  try {
    threads.emplace_back([&pieces] { pieces.run(); });
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace

void parallel_each(std::size_t count, int most_threads, const std::function<void(std::size_t)>& work) {
  Pieces pieces(count, work);
  if (count > 1 && most_threads > 1) {
    const GrantedThreads granted(static_cast<int>(std::min<std::size_t>(count, static_cast<std::size_t>(most_threads))));
    std::vector<std::thread> threads;
    threads.reserve(static_cast<std::size_t>(granted.count()));
    while (static_cast<int>(threads.size()) + 1 < granted.count() && start(threads, pieces)) {
    }
    pieces.run();
    for (std::thread& thread : threads) thread.join();
  } else {
    pieces.run();
  }
  pieces.rethrow();
}

}  // namespace kjit
