// prange. One thread runs it all, in order; a loop with a plan still accumulates by blocks, so that results have the bits that
// compiled code gives them (planned_loop.h).

#include "interpret/machine.h"
#include "interpret/planned_loop.h"
#include "interpret/random_region.h"
#include "runtime/runtime.h"

namespace kjit::interpreter {

Flow Machine::run_parallel(const typed::ForRange& node, const Range& range, typed::SiteId site) {
  if (!check_options(*node.parallel, site)) {
    return Flow::Error;
  }
  const ParallelPlan* plan = plans_.find(node.id);
  return plan ? PlannedLoop(*this, *plan, node, site).run(range) : run_region(node, range, site);
}

// They change no result.
bool Machine::check_options(const typed::ParallelLoop& options, typed::SiteId site) {
  for (const typed::ExprPtr* option : {&options.chunk, &options.threads}) {
    if (!*option) {
      continue;
    }
    const MaybeValue value = evaluate(**option);
    if (!value) {
      return false;
    }
    if (value->integer() < 0) {
      return fail({KJIT_TRAP_NegativeLoopOption, {value->integer()}}, site);
    }
  }
  return true;
}

// Without a plan: as a loop over range(), with a random stream for each iteration.
Flow Machine::run_region(const typed::ForRange& node, const Range& range, typed::SiteId site) {
  RandomRegion region(ctx_, false);
  for (std::uint64_t iteration = 0; iteration < range.count; ++iteration) {
    region.begin_iteration(iteration);
    const std::int64_t variable = range.value(iteration);
    const Flow flow = run_iteration(node, variable, site);
    if (flow == Flow::Error) {
      kjit_iteration_failed(&ctx_, site, 1, &variable);
    }
    if (flow != Flow::Normal) {
      return flow;
    }
  }
  return Flow::Normal;
}

}  // namespace kjit::interpreter
