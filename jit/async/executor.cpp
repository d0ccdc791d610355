// Executor and its threads.

#include <chrono>
#include <stdexcept>

#include "kjit/async.h"

#include "async/pool.h"
#include "runtime/runtime.h"

namespace kjit::inline KJIT_ABI {

namespace detail {

namespace {

thread_local const Pool* current_pool = nullptr;

int resolve_jobs(int jobs) {
  if (jobs == 0) throw std::invalid_argument("an executor has at least one job; -1 stands for all processors");
  return jobs > 0 ? jobs : std::max(1, kjit_thread_budget(nullptr, 0) + 1 + jobs);
}

}  // namespace

Pool::Pool(int jobs) : jobs_(jobs) {
  if (jobs_ == 1) return;
  const auto wanted = static_cast<std::size_t>(jobs_) + 1;  // and a thread of the host's
  limit_.emplace(tbb::global_control::max_allowed_parallelism,
                 std::max(wanted, tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism)));
  arena_.emplace(jobs_, /*reserved_for_masters=*/0);
}

Pool::~Pool() = default;

void Pool::close() {
  closed_.store(true);
  while (run_one()) {
  }
  if (arena_) arena_->execute([this] { tickets_.wait(); });
}

void Pool::run(std::function<void()> task) {
  if (!arena_ || is_closed()) return task();
  tasks_.push(std::move(task));
  arena_->enqueue(tickets_.defer([this] { run_one(); }));
}

bool Pool::run_one() {
  std::function<void()> task;
  if (!tasks_.try_pop(task)) return false;
  const Pool* outer = std::exchange(current_pool, this);
  task();
  current_pool = outer;
  return true;
}

bool Pool::is_inside() const { return current_pool == this; }

void run_task(const PoolRef& pool, std::function<void()> task) { pool->run(std::move(task)); }

bool is_closed(const PoolRef& pool) { return pool->is_closed(); }

void wait_for(const PoolRef& pool, std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
              const std::function<bool()>& done) {
  // A task that comes later wakes nobody here, so a thread of the pool looks again now and then.
  constexpr std::chrono::milliseconds kLook{1};
  while (!done()) {
    if (!pool->is_inside()) {
      changed.wait(lock);
      continue;
    }
    lock.unlock();
    const bool helped = pool->run_one();
    lock.lock();
    if (!helped && !done()) changed.wait_for(lock, kLook);
  }
}

}  // namespace detail

Executor::Executor(int jobs) : pool_(std::make_shared<detail::Pool>(detail::resolve_jobs(jobs))) {}

Executor::~Executor() { pool_->close(); }

int Executor::jobs() const { return pool_->jobs(); }

// The caller takes part: shares that no thread has begun when it comes to them are its own.
LoopExecutor loop_executor(const Executor& executor) {
  return [pool = executor.pool()](int count, const std::function<void(int)>& share) {
    for (int index = 1; index < count; ++index) pool->run([share, index] { share(index); });
    share(0);
  };
}

}  // namespace kjit::inline KJIT_ABI
