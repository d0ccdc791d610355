#pragma once
// The threads of an executor: oneTBB's arena, and the tasks that have not begun in the order in which they came. A ticket in the
// arena runs whichever is first, so that a thread which waits can take one out of the line as well.

#include <oneapi/tbb/concurrent_queue.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

#include <atomic>
#include <functional>
#include <optional>

namespace kjit::inline KJIT_ABI::detail {

class Pool {
 public:
  explicit Pool(int jobs);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  int jobs() const { return jobs_; }
  void run(std::function<void()> task);
  // From now on tasks find is_closed(). Those that have not begun are run here; returns when none runs.
  void close();
  bool is_closed() const { return closed_.load(); }
  // Runs the next task, if there is one.
  bool run_one();
  // Is this thread one of the pool's?
  bool is_inside() const;

 private:
  const int jobs_;
  std::atomic<bool> closed_{false};
  std::optional<tbb::global_control> limit_;  // oneTBB would not make more threads than processors
  std::optional<tbb::task_arena> arena_;      // none with one job
  tbb::task_group tickets_;
  tbb::concurrent_queue<std::function<void()>> tasks_;
};

}  // namespace kjit::inline KJIT_ABI::detail
