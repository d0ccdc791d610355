#pragma once
// Calls of kernels whose order follows from their data.
//
//   kjit::TaskGraph graph;
//   graph.add("load", load, std::span(x));                    // writes x
//   graph.add("left", left, std::span<const double>(x), a);   // reads x, writes a
//   graph.add("right", right, std::span<const double>(x), b); // runs beside it
//   graph.add("join", join, std::span<const double>(a), std::span<const double>(b), out);
//   if (auto error = graph.run(executor)) ...
//   std::ofstream("graph.svg") << graph.svg();
//
// Of two tasks that were added one after the other, the second waits for the first if one of them may write to memory that the
// other one is given: arrays are compared by their addresses; those that are passed as const are only read. Everything else is
// independent: what tasks share in other ways is told with after(). The graph has no cycles, as tasks wait for earlier ones only.
//
// A task whose call fails keeps those that wait for it from running; all others run. A graph can be run again. Thread rule: one
// thread at a time; the calls run on the executor's. What arguments point to must outlive the graph's runs.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "kjit/async.h"
#include "kjit/border.h"
#include "kjit/export.h"
#include "kjit/function.h"

namespace kjit::inline KJIT_ABI {

namespace detail {

// The memory that an argument leads to.
struct Region {
  const char* begin = nullptr;
  const char* end = nullptr;
  bool written = false;
};

template <typename M>
struct RegionOf {
  static void add(const M&, std::size_t, bool, std::vector<Region>&) {}  // numbers and texts: none
};
template <int Rank>
struct RegionOf<Descriptor<Rank>> {
  static void add(const Descriptor<Rank>& array, std::size_t item, bool written, std::vector<Region>& regions) {
    const char* begin = static_cast<const char*>(array.data);
    const char* end = begin + item;
    for (std::size_t axis = 0; axis < Rank; ++axis) {
      if (array.shape[axis] == 0) return;
      const std::int64_t reach = (array.shape[axis] - 1) * array.strides[axis];
      (reach < 0 ? begin : end) += reach;
    }
    regions.push_back({begin, end, written});
  }
};

template <typename T>
constexpr std::size_t item_size_of() {
  if constexpr (requires { typename BorderOf<T>::Element; }) {
    return sizeof(typename BorderOf<T>::Element);
  } else if constexpr (requires { typename std::remove_cvref_t<T>::value_type; }) {
    return sizeof(typename std::remove_cvref_t<T>::value_type);
  } else {
    return sizeof(std::remove_cvref_t<T>);
  }
}

}  // namespace detail

class KJIT_EXPORT TaskGraph {
 public:
  using Task = std::size_t;  // in the order of add()
  enum class State { Waiting, Running, Done, Failed, Skipped };

  struct Impl;
  TaskGraph();
  ~TaskGraph();
  TaskGraph(TaskGraph&&) noexcept;
  TaskGraph& operator=(TaskGraph&&) noexcept;

  // The result of the call is thrown away: kernels of a graph give what they compute in arrays.
  template <typename R, typename... A, typename... Given>
  Task add(std::string name, const Function<R(A...)>& function, Given&&... given) {
    auto args = std::make_shared<std::tuple<A...>>(std::forward<Given>(given)...);
    std::vector<detail::Region> regions;
    std::apply([&](const A&... each) { (add_region<A>(each, regions), ...); }, *args);
    const auto call = [function, args](const CallOptions& options) -> std::optional<Error> {
      Returned<R> result = detail::guarded_call(function, options, *args);
      return result.ok() ? std::nullopt : std::optional<Error>(result.error());
    };
    return add_task(std::move(name), std::move(regions), call);
  }
  // `later` waits for `earlier`, which was added before it. Throws std::invalid_argument if it was not.
  void after(Task later, Task earlier);

  // Runs all tasks and waits. The error of the first task, in the order of add(), that failed: "task join: ValueError: ...".
  // Every call has these options, but for `stop`, with its own stream: that of the options (default 0) plus the task's number.
  std::optional<Error> run(const Executor& executor, const CallOptions& options = {});
  // Called by another thread, or by a function of the host: what has not begun is skipped, what runs is told to stop.
  void cancel();

  std::size_t size() const;
  std::vector<Task> waits_for(Task task) const;
  State state(Task task) const;      // of the last run
  double begin_ms(Task task) const;  // since the run began
  double end_ms(Task task) const;

  // Names and edges; after a run with states and times. DOT is for Graphviz, SVG is drawn here.
  std::string dot() const;
  std::string svg() const;

 private:
  using Call = std::function<std::optional<Error>(const CallOptions&)>;

  template <typename A>
  static void add_region(const std::remove_reference_t<A>& value, std::vector<detail::Region>& regions) {
    const auto memory = detail::BorderOf<A>::store(value);
    detail::RegionOf<std::remove_cvref_t<decltype(memory)>>::add(memory, detail::item_size_of<A>(), !detail::BorderOf<A>::kConst,
                                                                 regions);
  }
  Task add_task(std::string name, std::vector<detail::Region> regions, Call call);

  std::unique_ptr<Impl> impl_;
};

}  // namespace kjit::inline KJIT_ABI
