// Plans of loops. Entry: plan_loops.

#include "analysis/loops/loop_plan.h"

#include "analysis/loops/draws.h"
#include "analysis/loops/loop_shape.h"
#include "analysis/loops/range_tests.h"
#include "analysis/loops/vectors.h"
#include "typing/tree/typed_walk.h"

namespace kjit {
namespace {

using namespace typed;

class Planner {
 public:
  Planner(const Program& program, const ParallelPlans& parallel, const LoopPlanOptions& options)
      : program_(program), parallel_(parallel), options_(options) {}

  LoopPlan plan(const Function& function, const Stmt& stmt, const While& loop) const {
    LoopPlan plan = begin(function, stmt, loop.id, is_innermost(loop.body));
    const PollingChoice polling = polling_of(program_, loop);
    plan.polling = polling.polling;
    plan.polling_reason = polling.reason;
    plan.subscripts = without_range_tests(loop.body, "the number of iterations is not known before").subscripts;
    plan.no_vectors.push_back({"the number of iterations of a while loop is not known before"});
    return plan;
  }

  LoopPlan plan(const Function& function, const Stmt& stmt, const ForRange& loop) const {
    LoopPlan plan = begin(function, stmt, loop.id, is_innermost(loop.body));
    plan.is_counted = true;
    plan.variable = loop.variable;
    const PollingChoice polling = polling_of(program_, function, loop, !options_.checked && options_.opt_level > 0);
    plan.polling = polling.polling;
    plan.polling_reason = polling.reason;
    if (!plan.is_innermost) {
      plan.one_version_reason = "it has a loop inside; only innermost loops are made twice";
      plan.no_vectors.push_back({"it has a loop inside; only innermost loops use vectors"});
      return plan;
    }
    polling.is_long ? refuse_versions(function, loop, plan) : add_versions(function, loop, plan);
    VectorReview vectors = review_vectors(program_, parallel_, function, loop, plan);
    if (options_.opt_level < 2) vectors.obstacles = {{"LLVM makes vectors from -O2 on"}};
    plan.no_vectors = std::move(vectors.obstacles);
    plan.slow_vectors = std::move(vectors.costs);
    return plan;
  }

 private:
  static LoopPlan begin(const Function& function, const Stmt& stmt, LoopId id, bool is_innermost) {
    LoopPlan plan;
    plan.loop = id;
    plan.function = function.id;
    plan.span = stmt.span;
    plan.is_innermost = is_innermost;
    return plan;
  }

  void add_versions(const Function& function, const ForRange& loop, LoopPlan& plan) const {
    if (function.draws_random) {
      FixedDraws draws = fixed_draws(program_, loop.body);
      if (options_.opt_level < 2 && draws.count) draws = {std::nullopt, "below -O2 each loop has one version"};
      plan.draws = draws.count;
      plan.draws_reason = std::move(draws.reason);
    }
    RangeTests tests = find_range_tests(function, loop, options_);
    plan.range_tests = std::move(tests.tests);
    plan.subscripts = std::move(tests.subscripts);
    for (const SubscriptPlan& subscript : plan.subscripts) {
      if (subscript.check == SubscriptPlan::Check::Tested) plan.in_range.insert(subscript.access);
    }
    if (!plan.has_fast_version()) plan.one_version_reason = std::move(tests.reason);
  }

  // A second version is not worth its compile time.
  void refuse_versions(const Function& function, const ForRange& loop, LoopPlan& plan) const {
    plan.one_version_reason = "each iteration takes long anyway";
    plan.subscripts = without_range_tests(loop.body, plan.one_version_reason).subscripts;
    if (!function.draws_random) return;
    const FixedDraws draws = fixed_draws(program_, loop.body);
    plan.draws_reason = draws.count ? plan.one_version_reason : draws.reason;
  }

  const Program& program_;
  const ParallelPlans& parallel_;
  const LoopPlanOptions& options_;
};

}  // namespace

LoopPlans plan_loops(const Program& program, const ParallelPlans& parallel, const LoopPlanOptions& options) {
  const Planner planner(program, parallel, options);
  std::vector<LoopPlan> plans(program.loop_count);
  for (const Function& function : program.functions) {
    for_each_stmt(function.body, [&](const Stmt& stmt) {
      if (const auto* loop = std::get_if<While>(&stmt.node)) plans[loop->id] = planner.plan(function, stmt, *loop);
      if (const auto* loop = std::get_if<ForRange>(&stmt.node)) plans[loop->id] = planner.plan(function, stmt, *loop);
    });
  }
  return LoopPlans(std::move(plans));
}

}  // namespace kjit
