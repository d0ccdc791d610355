// Whether iterations run on all cores, and why that is right. Entry: find_parallel.

#include <fmt/format.h>

#include "explain/findings.h"
#include "typing/tree/typed_text.h"

namespace kjit {

using namespace typed;

namespace {

constexpr const char* kVerdicts[] = {"iterations touch elements of their own",
                                     "iterations meet only in updates that are indivisible steps",
                                     "each block accumulates into an array of its own",
                                     "iterations meet",
                                     "iterations may meet",
                                     "whether iterations meet is found out when the loop starts",
                                     "the program says that iterations do not meet"};

std::string edit_for(Verdict verdict) {
  switch (verdict) {
    case Verdict::Unknown: return "unchecked=True says that they do not meet";
    case Verdict::Atomic: return "an array for each chunk, summed after the loop, needs no indivisible steps";
    default: return {};
  }
}

std::string reduced_how(ReduceOp op) {
  switch (op) {
    case ReduceOp::Add: return "summed";
    case ReduceOp::Mul: return "multiplied";
    default: return "combined";
  }
}

std::size_t test_count(const ParallelPlan& plan) {
  return plan.overlap_tests.size() + plan.span_tests.size() + plan.sign_tests.size() + (plan.size_tests.empty() ? 0 : 1);
}

// The default goes without saying.
std::string schedule_of(const ParallelLoop& options) {
  return options.schedule == Schedule::Auto ? "" : fmt::format(", {} schedule", schedule_text(options.schedule));
}

}  // namespace

void find_parallel(const ProgramFacts& facts, const Stmt& stmt, std::vector<Finding>& findings) {
  const auto* loop = std::get_if<ForRange>(&stmt.node);
  if (!loop || !loop->parallel) return;
  const ParallelPlan* plan = facts.parallel.find(loop->id);
  if (!plan) {
    findings.push_back({"parallel", "no: only functions with parallel=True run prange on all cores", "@njit(parallel=True)"});
    return;
  }
  for (const std::string& refusal : plan->refusals) findings.push_back({"parallel", "refused: " + refusal});
  if (!plan->refusals.empty()) return;
  findings.push_back({"parallel", plan->in_order ? "no: the iterations run in order on one thread, as an array is in doubt"
                                                 : "on all cores" + schedule_of(*loop->parallel)});
  if (plan->nest.size() > 1)
    findings.push_back({"parallel", fmt::format("{} loops share one range of iterations", plan->nest.size())});
  const Function& function = facts.program.functions[plan->function];
  for (const Reduction& reduction : plan->reductions) {
    findings.push_back({"parallel", fmt::format("'{}' is {} by blocks in a fixed order: the same bits on any number of threads",
                                                function.locals[reduction.local].name, reduced_how(reduction.op))});
  }
  for (const ArrayVerdict& array : plan->arrays) {
    const auto verdict = static_cast<std::size_t>(array.verdict);
    findings.push_back(
        {"parallel", fmt::format("'{}': {}: {}", array.name, kVerdicts[verdict], array.reason), edit_for(array.verdict)});
  }
  if (const std::size_t tests = test_count(*plan); tests > 0) {
    findings.push_back(
        {"parallel", fmt::format("{} tested when the loop starts, which else runs in order: kjit emit --stage parallel",
                                 tests == 1 ? "one thing is" : fmt::format("{} things are", tests))});
  }
}

}  // namespace kjit
