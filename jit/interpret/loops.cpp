// Loops: while, for over a range. prange: parallel.cpp.

#include "interpret/machine.h"
#include "runtime/runtime.h"

namespace kjit::interpreter {

bool Machine::poll(typed::SiteId site) { return kjit_poll(&ctx_, site) == KJIT_OK; }

Flow Machine::run_statement(const typed::Stmt& stmt, const typed::While& node) {
  while (true) {
    const std::optional<bool> holds = condition(*node.condition);
    if (!holds) {
      return Flow::Error;
    }
    if (!*holds) {
      return execute(node.otherwise);
    }
    const Flow flow = execute(node.body);
    if (flow == Flow::Break) {
      return Flow::Normal;
    }
    if (flow == Flow::Return || flow == Flow::Error) {
      return flow;
    }
    if (!poll(stmt.site)) {
      return Flow::Error;
    }
  }
}

// ---- ranges ------------------------------------------------------------------------------------------------------------

namespace {

// Number of values of range(start, stop, step). The distance of two int64 always fits a uint64.
std::uint64_t trip_count(std::int64_t start, std::int64_t stop, std::int64_t step) {
  if (step > 0 ? start >= stop : start <= stop) {
    return 0;
  }
  const auto from = static_cast<std::uint64_t>(step > 0 ? start : stop);
  const auto to = static_cast<std::uint64_t>(step > 0 ? stop : start);
  const std::uint64_t stride = step > 0 ? static_cast<std::uint64_t>(step) : 0 - static_cast<std::uint64_t>(step);
  return (to - from - 1) / stride + 1;
}

}  // namespace

// In range for iteration < count; computed modulo 2**64 because the product alone may not be.
std::int64_t Machine::Range::value(std::uint64_t iteration) const {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(start) + iteration * static_cast<std::uint64_t>(step));
}

std::optional<Machine::Range> Machine::evaluate_range(const typed::ForRange& node, typed::SiteId site) {
  const MaybeValue start = evaluate(*node.start);
  const MaybeValue stop = start ? evaluate(*node.stop) : std::nullopt;
  const MaybeValue step = stop ? evaluate(*node.step) : std::nullopt;
  if (!step) {
    return std::nullopt;
  }
  if (step->integer() == 0) {
    fail({KJIT_TRAP_RangeStepZero, {}}, site);
    return std::nullopt;
  }
  return Range{start->integer(), step->integer(), trip_count(start->integer(), stop->integer(), step->integer())};
}

Flow Machine::run_statement(const typed::Stmt& stmt, const typed::ForRange& node) {
  const std::optional<Range> range = evaluate_range(node, stmt.site);
  if (!range) {
    return Flow::Error;
  }
  const Flow flow = node.parallel ? run_parallel(node, *range, stmt.site) : run_iterations(node, *range, stmt.site);
  if (flow == Flow::Break) {
    return Flow::Normal;
  }
  return flow == Flow::Normal ? execute(node.otherwise) : flow;
}

// One iteration: Normal to go on, else how the loop ends.
Flow Machine::run_iteration(const typed::ForRange& node, std::int64_t value, typed::SiteId site) {
  frame_->locals[node.variable] = Value{value};
  const Flow flow = execute(node.body);
  if (flow != Flow::Normal && flow != Flow::Continue) {
    return flow;
  }
  return poll(site) ? Flow::Normal : Flow::Error;
}

Flow Machine::run_iterations(const typed::ForRange& node, const Range& range, typed::SiteId site) {
  for (std::uint64_t iteration = 0; iteration < range.count; ++iteration) {
    if (const Flow flow = run_iteration(node, range.value(iteration), site); flow != Flow::Normal) {
      return flow;
    }
  }
  return Flow::Normal;
}

}  // namespace kjit::interpreter
