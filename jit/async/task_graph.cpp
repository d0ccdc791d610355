// Building and running of task graphs. Entries: TaskGraph::add_task, TaskGraph::run.

#include "async/task_graph.h"

#include <algorithm>
#include <condition_variable>
#include <stdexcept>

namespace kjit::inline KJIT_ABI {

namespace {

using Clock = std::chrono::steady_clock;

bool meet(const detail::Region& a, const detail::Region& b) {
  return (a.written || b.written) && a.begin < b.end && b.begin < a.end;
}

bool meet(const std::vector<detail::Region>& a, const std::vector<detail::Region>& b) {
  return std::any_of(a.begin(), a.end(), [&](const detail::Region& x) {
    return std::any_of(b.begin(), b.end(), [&](const detail::Region& y) { return meet(x, y); });
  });
}

}  // namespace

TaskGraph::TaskGraph() : impl_(std::make_unique<Impl>()) {}
TaskGraph::~TaskGraph() = default;
TaskGraph::TaskGraph(TaskGraph&&) noexcept = default;
TaskGraph& TaskGraph::operator=(TaskGraph&&) noexcept = default;

TaskGraph::Task TaskGraph::add_task(std::string name, std::vector<detail::Region> regions, Call call) {
  const Task task = impl_->nodes.size();
  Impl::Node& node = impl_->nodes.emplace_back();
  node.name = std::move(name);
  node.regions = std::move(regions);
  node.call = std::move(call);
  for (Task earlier = 0; earlier < task; ++earlier) {
    if (meet(impl_->nodes[earlier].regions, impl_->nodes[task].regions)) after(task, earlier);
  }
  return task;
}

void TaskGraph::after(Task later, Task earlier) {
  if (later >= size() || earlier >= later) throw std::invalid_argument("a task waits for tasks that were added before it");
  std::vector<Task>& waits = impl_->nodes[later].waits_for;
  const auto place = std::lower_bound(waits.begin(), waits.end(), earlier);
  if (place != waits.end() && *place == earlier) return;
  waits.insert(place, earlier);
  impl_->nodes[earlier].followers.push_back(later);
}

namespace {

// One run: counts for each task how many others it waits for still, and starts it when there are none left.
class Run {
 public:
  Run(std::vector<TaskGraph::Impl::Node>& nodes, std::atomic<int>& stop, const Executor& executor, const CallOptions& options)
      : nodes_(nodes), stop_(stop), pool_(executor.pool()), options_(options), left_(nodes.size()), open_(nodes.size()) {
    options_.stop = &stop_;
    for (std::size_t i = 0; i < nodes_.size(); ++i) left_[i] = nodes_[i].waits_for.size();
  }

  void run() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].waits_for.empty()) start(i);
    }
    std::unique_lock lock(mutex_);
    detail::wait_for(pool_, lock, changed_, [this] { return open_ == 0; });
  }

 private:
  double now() const { return std::chrono::duration<double, std::milli>(Clock::now() - begin_).count(); }

  void start(std::size_t task) {
    detail::run_task(pool_, [this, task] { work(task); });
  }

  void work(std::size_t task) {
    TaskGraph::Impl::Node& node = nodes_[task];
    if (may_begin(task)) {
      CallOptions options = options_;
      options.stream = options_.stream.value_or(0) + task;
      std::optional<Error> error = node.call(options);
      const std::lock_guard lock(mutex_);
      node.end_ms = now();
      node.state = error ? TaskGraph::State::Failed : TaskGraph::State::Done;
      node.error = std::move(error);
    }
    finish(task);
  }

  bool may_begin(std::size_t task) {
    const std::lock_guard lock(mutex_);
    TaskGraph::Impl::Node& node = nodes_[task];
    const bool blocked = std::any_of(node.waits_for.begin(), node.waits_for.end(),
                                     [&](std::size_t earlier) { return nodes_[earlier].state != TaskGraph::State::Done; });
    const bool begins = !blocked && stop_.load() == 0 && !detail::is_closed(pool_);
    node.begin_ms = node.end_ms = now();
    node.state = begins ? TaskGraph::State::Running : TaskGraph::State::Skipped;
    return begins;
  }

  // The last task must not touch this object after it has said so.
  void finish(std::size_t task) {
    std::vector<std::size_t> ready;
    {
      const std::lock_guard lock(mutex_);
      for (const std::size_t follower : nodes_[task].followers) {
        if (--left_[follower] == 0) ready.push_back(follower);
      }
    }
    for (const std::size_t follower : ready) start(follower);
    const std::lock_guard lock(mutex_);
    if (--open_ == 0) changed_.notify_all();
  }

  std::vector<TaskGraph::Impl::Node>& nodes_;
  std::atomic<int>& stop_;
  detail::PoolRef pool_;
  CallOptions options_;
  const Clock::time_point begin_ = Clock::now();
  std::mutex mutex_;  // of what follows, and of the nodes' states
  std::condition_variable changed_;
  std::vector<std::size_t> left_;
  std::size_t open_;
};

}  // namespace

std::optional<Error> TaskGraph::run(const Executor& executor, const CallOptions& options) {
  impl_->was_run = true;
  impl_->stop.store(0);
  for (Impl::Node& node : impl_->nodes) node.state = State::Waiting, node.error.reset();
  Run(impl_->nodes, impl_->stop, executor, options).run();
  for (const Impl::Node& node : impl_->nodes) {
    if (!node.error) continue;
    Error error = *node.error;
    error.message = "task " + node.name + ": " + error.message;
    return error;
  }
  return std::nullopt;
}

void TaskGraph::cancel() { impl_->stop.store(static_cast<int>(Stop::Cancel)); }

std::size_t TaskGraph::size() const { return impl_->nodes.size(); }
std::vector<TaskGraph::Task> TaskGraph::waits_for(Task task) const { return impl_->nodes.at(task).waits_for; }
TaskGraph::State TaskGraph::state(Task task) const { return impl_->nodes.at(task).state; }
double TaskGraph::begin_ms(Task task) const { return impl_->nodes.at(task).begin_ms; }
double TaskGraph::end_ms(Task task) const { return impl_->nodes.at(task).end_ms; }

}  // namespace kjit::inline KJIT_ABI
