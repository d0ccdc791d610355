#pragma once
// What a TaskGraph holds.

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "kjit/graph.h"

namespace kjit::inline KJIT_ABI {

struct TaskGraph::Impl {
  struct Node {
    std::string name;
    std::vector<detail::Region> regions;
    std::function<std::optional<Error>(const CallOptions&)> call;
    std::vector<Task> waits_for;  // ascending
    std::vector<Task> followers;
    // Of the last run.
    State state = State::Waiting;
    double begin_ms = 0, end_ms = 0;
    std::optional<Error> error;
  };

  std::vector<Node> nodes;
  bool was_run = false;
  std::atomic<int> stop{0};
};

}  // namespace kjit::inline KJIT_ABI
