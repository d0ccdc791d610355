#pragma once
// Calls that run on other threads: futures, map over many arguments, and what completes first. Task graphs: kjit/graph.h.
//
//   kjit::Executor executor;                                            // all processors
//   auto future = kjit::async_call(executor, *f, x, 3);
//   kjit::Returned<double> y = future.get();
//   auto results = kjit::starmap(executor, *f, arguments);              // std::vector<std::tuple<...>> -> std::vector<double>
//
// Arguments are held until the call has ended; what spans, views and references point to must live as long. Arrays that several
// calls change are the host's to guard. An executor's threads do not hold a HostLock: kernels of an engine with one are not for
// them.
//
// Thread rules: executors and futures may be used from any number of threads at once. A thread of the executor that waits for a
// future runs other calls meanwhile, so calls may start calls and wait for them. Errors are values, as everywhere; an exception
// of a function that is given to then() becomes one.

#include <atomic>
#include <condition_variable>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "kjit/engine.h"
#include "kjit/export.h"
#include "kjit/function.h"
#include "kjit/result.h"

namespace kjit::inline KJIT_ABI {

namespace detail {

class Pool;
using PoolRef = std::shared_ptr<Pool>;

// Runs it some time, on some thread; at once if the pool has one job or is closed. It must not throw.
KJIT_EXPORT void run_task(const PoolRef& pool, std::function<void()> task);
// Has the executor gone? Then tasks are to do nothing.
KJIT_EXPORT bool is_closed(const PoolRef& pool);
// Waits until `done` says so, running other tasks if this thread is one of the pool's. What makes it true must happen under the
// mutex and notify `changed`.
KJIT_EXPORT void wait_for(const PoolRef& pool, std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                          const std::function<bool()>& done);

}  // namespace detail

// Threads that run calls, in the order in which they were given.
class KJIT_EXPORT Executor {
 public:
  // As n_jobs of joblib: 1 runs each call at once, on the thread that gives it; n > 1 has n threads; -1 as many as the process
  // may use, -2 one less, ... Throws std::invalid_argument for 0.
  explicit Executor(int jobs = -1);
  // Cancels what has not begun and waits for what runs. Not for its own tasks to call. Futures may live longer.
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  int jobs() const;
  const detail::PoolRef& pool() const { return pool_; }

 private:
  detail::PoolRef pool_;
};

// Parallel loops of kernels on an executor's threads instead of OpenMP's, so that a program has one pool of threads:
// EngineOptions::loop_executor. When the executor is destroyed, loops run on the thread that calls the kernel.
KJIT_EXPORT LoopExecutor loop_executor(const Executor& executor);

namespace detail {

// A call on its way. Thread rule: any member from any thread.
class KJIT_EXPORT Progress {
 public:
  enum class Status { Waiting, Running, Done };

  explicit Progress(PoolRef pool) : pool_(std::move(pool)) {}
  virtual ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  const PoolRef& pool() const { return pool_; }
  const std::atomic<int>* stop() const { return &stop_; }
  bool ready() const;
  void wait() const;
  // True if it had not begun; then it ends at once. A running call is told to stop.
  bool cancel();
  // Calls `then` when it is done, on the thread that ends it; at once if it is. It must not throw.
  void when_done(std::function<void()> then);

  // For the task: may it begin?
  bool begin();
  // `store` writes the result, before anybody can see that it is done.
  void end(const std::function<void()>& store);

 protected:
  virtual void store_cancelled() = 0;

 private:
  PoolRef pool_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  Status status_ = Status::Waiting;
  std::atomic<int> stop_{0};
  std::vector<std::function<void()>> then_;
};

inline Error cancelled_error() {
  auto run = std::make_shared<RunError>();
  run->kind = "Cancelled";
  run->message = "the call was cancelled before it began";
  return {"Cancelled: " + run->message, "Cancelled: " + run->message, std::move(run)};
}

template <typename R>
class State final : public Progress {
 public:
  using Progress::Progress;
  std::optional<Returned<R>> result;  // set once it is done

 private:
  void store_cancelled() override { result.emplace(cancelled_error()); }
};

template <typename R, typename F>
Returned<R> guarded(const F& call) {
  try {
    if constexpr (std::is_void_v<R>) {
      call();
      return {};
    } else {
      return call();
    }
  } catch (const std::exception& error) {
    return Error{error.what()};
  } catch (...) {
    return Error{"something was thrown that is no std::exception"};
  }
}

// Runs `call`, which gives a Returned<R>, as the task of `state`.
template <typename R, typename F>
void submit(const std::shared_ptr<State<R>>& state, F call) {
  run_task(state->pool(), [state, call = std::move(call)]() mutable {
    if (is_closed(state->pool())) state->cancel();
    if (!state->begin()) return;
    Returned<R> result = call();
    state->end([&] { state->result.emplace(std::move(result)); });
  });
}

}  // namespace detail

// The result of a call that may be still to come. Copies are the same call. Dropping a future does not stop its call.
template <typename R>
class [[nodiscard]] Future {
 public:
  explicit Future(std::shared_ptr<detail::State<R>> state) : state_(std::move(state)) {}

  bool ready() const { return state_->ready(); }
  void wait() const { state_->wait(); }
  // Waits. The reference is valid as long as a copy of the future.
  const Returned<R>& get() const {
    wait();
    return *state_->result;
  }
  // A call that has not begun ends with the error Cancelled at once (true); one that runs is told to stop, and ends with it soon
  // (false); one that has ended stays as it is (false).
  bool cancel() const { return state_->cancel(); }

  // Calls `next` with the Returned<R> when it is there, on a thread of the executor; the future of what `next` gives.
  template <typename F>
  auto then(F next) const {
    using T = std::invoke_result_t<F, const Returned<R>&>;
    auto after = std::make_shared<detail::State<T>>(state_->pool());
    state_->when_done([state = state_, after, next = std::move(next)] {
      detail::submit(after, [state, next] { return detail::guarded<T>([&] { return next(*state->result); }); });
    });
    return Future<T>(after);
  }
  // Calls `next`, which must not throw, when the result is there, on the thread that ends the call; at once if it is there.
  void when_done(std::function<void()> next) const { state_->when_done(std::move(next)); }

  // co_await future: gives the Returned<R>; the coroutine goes on on the thread that ends the call.
  bool await_ready() const { return ready(); }
  void await_suspend(std::coroutine_handle<> waiting) const {
    state_->when_done([waiting] { waiting.resume(); });
  }
  const Returned<R>& await_resume() const { return *state_->result; }

 private:
  std::shared_ptr<detail::State<R>> state_;
};

namespace detail {

template <typename R, typename... A>
Returned<R> guarded_call(const Function<R(A...)>& function, const CallOptions& options, const std::tuple<A...>& args) {
  try {
    return std::apply([&](const A&... each) { return function.call(options, const_cast<A&>(each)...); }, args);
  } catch (const std::exception& error) {  // of options.write or options.progress
    return Error{error.what()};
  }
}

}  // namespace detail

// Starts the call. options.stop is not looked at: Future::cancel is there for it.
template <typename R, typename... A, typename... Given>
Future<R> async_call(const Executor& executor, const CallOptions& options, const Function<R(A...)>& function, Given&&... args) {
  auto state = std::make_shared<detail::State<R>>(executor.pool());
  CallOptions own = options;
  own.stop = state->stop();
  detail::submit(state, [function, own = std::move(own), held = std::tuple<A...>(std::forward<Given>(args)...)] {
    return detail::guarded_call(function, own, held);
  });
  return Future<R>(state);
}
template <typename R, typename... A, typename... Given>
Future<R> async_call(const Executor& executor, const Function<R(A...)>& function, Given&&... args) {
  return async_call(executor, CallOptions(), function, std::forward<Given>(args)...);
}

// All results, in the order of the futures. `futures` may be empty.
template <typename R>
Future<std::vector<Returned<R>>> when_all(const Executor& executor, const std::vector<Future<R>>& futures) {
  using All = std::vector<Returned<R>>;
  auto state = std::make_shared<detail::State<All>>(executor.pool());
  auto left = std::make_shared<std::atomic<std::size_t>>(futures.size() + 1);
  const auto one_less = [state, left, futures] {
    if (--*left != 0 || !state->begin()) return;
    All all;
    for (const Future<R>& future : futures) all.push_back(future.get());
    state->end([&] { state->result.emplace(std::move(all)); });
  };
  for (const Future<R>& future : futures) future.when_done(one_less);
  one_less();
  return Future<All>(state);
}

// The futures as they complete: for (auto& [index, future] : as_completed(executor, futures)) ... An index says which of
// `futures` it is. One thread may go through it, once.
template <typename R>
class AsCompleted {
 public:
  using Item = std::pair<std::size_t, Future<R>>;

  AsCompleted(const Executor& executor, std::vector<Future<R>> futures)
      : pool_(executor.pool()), futures_(std::move(futures)), arrivals_(std::make_shared<Arrivals>()) {
    for (std::size_t i = 0; i < futures_.size(); ++i) {
      futures_[i].when_done([arrivals = arrivals_, i] {
        const std::lock_guard lock(arrivals->mutex);
        arrivals->indices.push_back(i);
        arrivals->changed.notify_all();
      });
    }
  }

  // Waits for the next one; nullopt after the last.
  std::optional<Item> next() {
    if (taken_ == futures_.size()) return std::nullopt;
    std::unique_lock lock(arrivals_->mutex);
    detail::wait_for(pool_, lock, arrivals_->changed, [this] { return !arrivals_->indices.empty(); });
    const std::size_t index = arrivals_->indices.front();
    arrivals_->indices.pop_front();
    ++taken_;
    return Item{index, futures_[index]};
  }

  class Iterator {
   public:
    explicit Iterator(AsCompleted* all) : all_(all) { ++*this; }
    Iterator& operator++() {
      item_ = all_ ? all_->next() : std::nullopt;
      return *this;
    }
    const Item& operator*() const { return *item_; }
    bool operator!=(const Iterator&) const { return item_.has_value(); }  // the other one is end()

   private:
    AsCompleted* all_;
    std::optional<Item> item_;
  };
  Iterator begin() { return Iterator(this); }
  Iterator end() { return Iterator(nullptr); }

 private:
  struct Arrivals {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::size_t> indices;
  };
  detail::PoolRef pool_;
  std::vector<Future<R>> futures_;
  std::shared_ptr<Arrivals> arrivals_;
  std::size_t taken_ = 0;
};
template <typename R>
AsCompleted<R> as_completed(const Executor& executor, std::vector<Future<R>> futures) {
  return {executor, std::move(futures)};
}

// ---- many calls of one kernel ----

template <typename R>
struct MapOptions {
  // Options of each call. Item k draws from random stream `stream` + k (default 0 + k), whatever the threads do; `stop` is not
  // looked at.
  CallOptions call;
  // Gets each result on the calling thread: in the order of the items, or as they complete.
  std::function<void(std::size_t item, const R& result)> each;
  bool ordered = true;
  // Told, on the calling thread, after each item that has ended.
  std::function<void(std::size_t done, std::size_t total)> progress;
};

// Why a map has no results: of the items that failed, the lowest.
struct MapError : Error {
  std::size_t item = 0;
};

namespace detail {

// Waits for all of them, telling `options` as they come. After a failure items that had not begun are cancelled, those behind the
// failed one are stopped, and those before it run to their end, so that the lowest failure is always the one that is told.
template <typename R>
std::optional<MapError> follow(const Executor& executor, const std::vector<Future<R>>& futures, const MapOptions<R>& options) {
  std::optional<MapError> failure;
  std::size_t told = 0, done = 0;
  const auto tell_in_order = [&] {
    for (; told < futures.size() && futures[told].ready() && futures[told].get(); ++told)
      options.each(told, *futures[told].get());
  };
  for (const auto& [item, future] : as_completed(executor, futures)) {
    const Returned<R>& result = future.get();
    if (!result && (!failure || item < failure->item)) {
      failure = MapError{
          {"item " + std::to_string(item) + ": " + result.error().message, result.error().details, result.error().run}, item};
      for (std::size_t k = item + 1; k < futures.size(); ++k) futures[k].cancel();
    }
    if (options.each && options.ordered) tell_in_order();
    if (options.each && !options.ordered && result) options.each(item, *result);
    if (options.progress) options.progress(++done, futures.size());
  }
  return failure;
}

}  // namespace detail

// function(args...) for each tuple, on the executor's threads; the results in the order of the items. The first failure ends it.
// Exceptions of options.each and options.progress pass through after all calls have ended.
template <typename R, typename... A>
std::variant<std::vector<R>, MapError> starmap(const Executor& executor, const Function<R(A...)>& function,
                                               const std::vector<std::tuple<A...>>& items, const MapOptions<R>& options = {}) {
  std::vector<Future<R>> futures;
  const std::uint64_t first = options.call.stream.value_or(0);
  for (std::size_t k = 0; k < items.size(); ++k) {
    CallOptions call = options.call;
    call.stream = first + k;
    futures.push_back(
        std::apply([&](const A&... args) { return async_call(executor, call, function, const_cast<A&>(args)...); }, items[k]));
  }
  std::optional<MapError> failure;
  try {
    failure = detail::follow(executor, futures, options);
  } catch (...) {
    for (const Future<R>& future : futures) future.cancel();
    for (const Future<R>& future : futures) future.wait();
    throw;
  }
  if (failure) return std::move(*failure);
  std::vector<R> results;
  for (const Future<R>& future : futures) results.push_back(*future.get());
  return results;
}

// Likewise for functions of one argument.
template <typename R, typename A>
std::variant<std::vector<R>, MapError> map(const Executor& executor, const Function<R(A)>& function,
                                           const std::vector<std::type_identity_t<A>>& items, const MapOptions<R>& options = {}) {
  return starmap(executor, function, std::vector<std::tuple<A>>(items.begin(), items.end()), options);
}

}  // namespace kjit::inline KJIT_ABI
