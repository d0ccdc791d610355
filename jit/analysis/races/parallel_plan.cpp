// Plans for all parallel loops of a program. Entry: plan_parallel().

#include "analysis/races/parallel_plan.h"

#include <algorithm>

#include <fmt/format.h>

#include "analysis/facts/liveness.h"
#include "analysis/facts/summaries.h"
#include "analysis/facts/walk.h"
#include "analysis/races/accesses.h"
#include "analysis/races/escapes.h"
#include "analysis/races/races.h"
#include "analysis/races/report_once.h"
#include "analysis/races/scalars.h"
#include "runtime/abi.h"
#include "typing/tree/foreign_call.h"

namespace kjit {

using namespace typed;

void ParallelPlans::add(ParallelPlan plan) {
  by_loop_.emplace(plan.loop, plans_.size());
  plans_.push_back(std::move(plan));
}

const ParallelPlan* ParallelPlans::find(LoopId loop) const {
  const auto found = by_loop_.find(loop);
  return found == by_loop_.end() ? nullptr : &plans_[found->second];
}

std::vector<const ForRange*> nest_of(const ParallelPlan& plan, const ForRange& loop) {
  std::vector<const ForRange*> loops{&loop};
  while (loops.size() < plan.nest.size()) loops.push_back(&std::get<ForRange>(loops.back()->body[0]->node));
  return loops;
}

bool names_reduced_array(const OverlapTest& test, const ParallelPlan& plan) {
  const auto names = [&](const ArrayHandle& array) { return test.first == array || test.second == array; };
  return std::any_of(plan.array_reductions.begin(), plan.array_reductions.end(), [&](const auto& r) { return names(r.array); });
}

namespace {

class Planner {
 public:
  Planner(const Program& program, const SourceMap& sources, const PlanOptions& options, Diagnostics& diags)
      : program_(program), sources_(sources), options_(options), diags_(diags) {}

  ParallelPlans run() {
    for (FunctionId id = 0; id < program_.functions.size(); ++id) {
      const Function& function = program_.functions[id];
      if (!function.options.parallel) continue;
      for_each_stmt(function.body, [&](const Stmt& stmt) {
        const auto* loop = std::get_if<ForRange>(&stmt.node);
        if (loop && loop->parallel) plan(id, stmt.span, *loop);
      });
    }
    return std::move(plans_);
  }

 private:
  void plan(FunctionId id, Span span, const ForRange& loop) {
    const Function& function = program_.functions[id];
    ParallelPlan plan;
    plan.function = id;
    plan.loop = loop.id;
    plan.span = span;
    for (const ForRange* level : find_nest(function, loop)) plan.nest.push_back(level->id);
    if (summaries_.empty()) summaries_ = summarize(program_);
    check_exits(loop.body, 0, plan);
    check_globals(loop.body, plan);
    check_foreign_calls(loop.body, plan);
    LoopAccesses accesses = collect_accesses(program_, summaries_, sources_, function, loop);
    add_scalars(function, accesses, loop, plan);
    add_races(function, accesses, loop, plan);
    plans_.add(std::move(plan));
  }

  // ---- shape ----

  // May the value change from one iteration of the nest to the next? What a call or an element gives may.
  static bool changes(const Expr& expr, const std::vector<bool>& assigned) {
    bool changes = false;
    for_each_expr(expr, [&](const Expr& part) {
      const auto* read = std::get_if<ReadLocal>(&part.node);
      const bool varies = read && assigned[read->local];
      changes = changes || varies || std::holds_alternative<Call>(part.node) || std::holds_alternative<Element>(part.node);
    });
    return changes;
  }

  // A bound that can fail or draw must be evaluated where it stands; those that only read and compute do not care.
  static const ForRange* nested_in(const ForRange& loop, const std::vector<bool>& assigned) {
    if (loop.body.size() != 1 || !loop.otherwise.empty()) return nullptr;
    const auto* inner = std::get_if<ForRange>(&loop.body[0]->node);
    if (!inner || !inner->parallel || !inner->otherwise.empty()) return nullptr;
    const bool rectangular =
        !changes(*inner->start, assigned) && !changes(*inner->stop, assigned) && !changes(*inner->step, assigned);
    const bool own_options = inner->parallel->chunk || inner->parallel->threads;
    return rectangular && !own_options ? inner : nullptr;
  }

  // The variables of the nest must not be assigned in its body: an inner range could depend on it, and the outer variable be
  // lost.
  static bool assigns_variable(const Function& function, const ForRange& innermost, const std::vector<const ForRange*>& nest) {
    const std::vector<bool> assigned = assigned_locals(innermost.body, function.locals.size());
    for (const ForRange* loop : nest) {
      if (assigned[loop->variable]) return true;
    }
    return false;
  }

  // If an inner loop makes no round, the variables of the outer ones still move on: where that can be seen the loops stay apart.
  static bool is_read_later(const std::vector<const ForRange*>& nest, const std::vector<bool>& live) {
    return std::any_of(nest.begin(), nest.end(), [&](const ForRange* loop) { return live[loop->variable]; });
  }

  static std::vector<const ForRange*> find_nest(const Function& function, const ForRange& loop) {
    std::vector<const ForRange*> nest{&loop};
    // Each iteration of a nested prange has a random stream of its own, derived from the outer iteration's: such nests are left
    // as they are.
    if (function.draws_random) return nest;
    const std::vector<bool> live = live_after(function, loop);
    std::vector<bool> assigned = assigned_locals(loop.body, function.locals.size());
    assigned[loop.variable] = true;
    while (const ForRange* inner = nested_in(*nest.back(), assigned)) nest.push_back(inner);
    if (nest.size() > KJIT_MAX_NEST) nest.resize(KJIT_MAX_NEST);  // an error has room for so many variables
    while (nest.size() > 1 && (assigns_variable(function, *nest.back(), nest) || is_read_later(nest, live))) nest.pop_back();
    return nest;
  }

  // ---- what a parallel loop must not do ----

  void check_exits(const Block& body, int loops, ParallelPlan& plan) {
    for (const StmtPtr& stmt : body) {
      const bool leaves = std::holds_alternative<Break>(stmt->node) && loops == 0;
      const bool returns = std::holds_alternative<Return>(stmt->node);
      if (leaves) report_exit(report_once<DiagId::E1004>(diags_, stmt->span), plan, "break");
      if (returns) report_exit(report_once<DiagId::E1005>(diags_, stmt->span), plan, "return");
      const bool is_loop = std::holds_alternative<ForRange>(stmt->node) || std::holds_alternative<While>(stmt->node);
      const auto* branch = std::get_if<If>(&stmt->node);
      if (branch) check_exits(branch->body, loops, plan), check_exits(branch->otherwise, loops, plan);
      if (is_loop) {
        for_each_child(*stmt, [](const Expr&) {}, [&](const Block& block) { check_exits(block, loops + 1, plan); });
      }
    }
  }

  static void report_exit(Diagnostic* told, ParallelPlan& plan, const char* keyword) {
    plan.refusals.push_back(fmt::format("it is left by {}", keyword));
    if (!told) return;
    told->note(plan.span, "the parallel loop")
        .suggest(
            "let every iteration run, e.g. keep the smallest index found with min(); or use range() instead of prange(). An "
            "error may "
            "end the loop: raise");
  }

  void check_globals(const Block& body, ParallelPlan& plan) {
    for_each_stmt(body, [&](const Stmt& stmt) {
      const auto* assign = std::get_if<AssignGlobal>(&stmt.node);
      if (!assign) return;
      const std::string& name = program_.globals[assign->global].name;
      Diagnostic* told = report_once<DiagId::E1010>(diags_, stmt.span, name);
      if (told) told->suggest("return the value from the function and assign it there");
      plan.refusals.push_back(fmt::format("it assigns the module variable '{}'", name));
    });
  }

  // Functions of the host and of C libraries that may run on one thread at a time only.
  void check_foreign_calls(const Block& body, ParallelPlan& plan) {
    for_each_expr(body, [&](const Expr& expr) {
      const auto* builtin = std::get_if<BuiltinCall>(&expr.node);
      const auto* call = std::get_if<Call>(&expr.node);
      const bool direct = builtin && is_foreign_call(builtin->builtin) && !is_thread_safe(*builtin);
      if (!direct && !(call && summaries_[call->callee].calls_one_thread)) return;
      Diagnostic* told = report_once<DiagId::E1012>(diags_, expr.span, sources_.text(expr.span));
      if (told)
        told->note(plan.span, "the parallel loop")
            .suggest("declare it with thread_safe=True if several threads may run it at once, or call it outside of the loop");
      plan.refusals.push_back("it calls a function that is not thread-safe");
    });
  }

  // ---- variables and arrays ----

  void add_scalars(const Function& function, const LoopAccesses& accesses, const ForRange& loop, ParallelPlan& plan) {
    ScalarFindings found = classify_locals(function, summaries_, accesses, loop, diags_);
    plan.captures = std::move(found.captures);
    plan.privates = std::move(found.privates);
    plan.reductions = std::move(found.reductions);
    plan.refusals.insert(plan.refusals.end(), found.refusals.begin(), found.refusals.end());
  }

  // Two iterations of a nest differ in an outer variable or, with the same outer ones, in an inner one: each loop of the nest is
  // judged by itself. An inner one that needs tests at run time, or is undecided, ends the nest: it is tested, or runs in order,
  // within each outer iteration.
  void add_races(const Function& function, LoopAccesses& accesses, const ForRange& loop, ParallelPlan& plan) {
    merge(judge(function, loop, accesses), plan);
    if (plan.inspection) plan.nest.resize(1);
    const std::vector<const ForRange*> nest = nest_of(plan, loop);
    for (std::size_t level = 1; level < nest.size(); ++level) {
      LoopAccesses inner = collect_accesses(program_, summaries_, sources_, function, *nest[level]);
      RaceFindings found = judge(function, *nest[level], inner);
      if (!found.span_tests.empty() || found.in_order || found.inspection) return plan.nest.resize(level);
      merge(std::move(found), plan);
    }
  }

  RaceFindings judge(const Function& function, const ForRange& loop, LoopAccesses& accesses) {
    const auto may_copy = [&](const ArrayHandle& array, const std::vector<AccessId>& updates) {
      return !escapes(array, updates, loop.body, function, program_);
    };
    const auto inspect = [&](const std::vector<RootId>& suspects) {
      return find_inspection(function, summaries_, loop, accesses, suspects);
    };
    return find_races(accesses, may_copy, inspect, variable_name(function, loop), loop.parallel->unchecked, options_, sources_,
                      diags_);
  }

  void merge(RaceFindings found, ParallelPlan& plan) {
    for (ArrayVerdict& verdict : found.arrays) merge(std::move(verdict), plan.arrays);
    const auto add_new = [](auto& list, const auto& items) {
      for (const auto& item : items) {
        if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
      }
    };
    add_new(plan.overlap_tests, found.overlap_tests);
    add_new(plan.span_tests, found.span_tests);
    add_new(plan.size_tests, found.size_tests);
    add_new(plan.sign_tests, found.sign_tests);
    add_new(plan.array_reductions, found.array_reductions);
    add_new(plan.copyable_arrays, found.copyable_arrays);
    for (const AccessId access : found.atomic) plans_.mark_atomic(access);
    plan.in_order = plan.in_order || found.in_order;
    if (found.inspection) plan.inspection = std::move(found.inspection);
    if (found.is_refused && plan.refusals.empty()) plan.refusals.push_back("its iterations meet in an array");
  }

  // The verdict of an inner loop stands if it is the worse one.
  static void merge(ArrayVerdict verdict, std::vector<ArrayVerdict>& all) {
    const auto known =
        std::find_if(all.begin(), all.end(), [&](const ArrayVerdict& other) { return other.name == verdict.name; });
    if (known == all.end()) {
      all.push_back(std::move(verdict));
    } else if (verdict.verdict > known->verdict) {
      *known = std::move(verdict);
    }
  }

  const Program& program_;
  const SourceMap& sources_;
  const PlanOptions& options_;
  Diagnostics& diags_;
  std::vector<Summary> summaries_;
  ParallelPlans plans_;
};

}  // namespace

ParallelPlans plan_parallel(const Program& program, const SourceMap& sources, const PlanOptions& options, Diagnostics& diags) {
  return Planner(program, sources, options, diags).run();
}

}  // namespace kjit
