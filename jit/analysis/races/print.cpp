// Plans as text, in words of the kernel's source. Entry: print_parallel() (parallel_plan.h).

#include <algorithm>

#include <fmt/format.h>

#include "analysis/facts/plan_text.h"
#include "analysis/facts/walk.h"
#include "analysis/races/parallel_plan.h"
#include "analysis/races/reductions.h"
#include "typing/tree/node_ids.h"
#include "typing/tree/typed_text.h"

namespace kjit {

using namespace typed;

namespace {

constexpr const char* kVerdicts[] = {"disjoint", "atomic", "reduced", "race", "unknown", "inspected", "unchecked"};

class PlanPrinter {
 public:
  PlanPrinter(const ParallelPlan& plan, const ForRange& loop, const Program& program, const SourceMap& sources)
      : plan_(plan), loop_(loop), program_(program), function_(program.functions[plan.function]), sources_(sources) {}

  std::string run() {
    header();
    for (const std::string& refusal : plan_.refusals) line("refused", refusal);
    captures();
    privates();
    for (const Reduction& reduction : plan_.reductions) line("reduced", describe(reduction));
    for (const ArrayVerdict& verdict : plan_.arrays) {
      line("array", fmt::format("{}: {}: {}", verdict.name, kVerdicts[static_cast<int>(verdict.verdict)], verdict.reason));
    }
    for (const OverlapTest& test : plan_.overlap_tests) {
      line("run time", fmt::format("serial if '{}' and '{}' overlap in memory", text(test.first), text(test.second)));
    }
    for (const SpanTest& test : plan_.span_tests) line("run time", "serial if " + describe(test));
    for (const SignTest& test : plan_.sign_tests) line("run time", fmt::format("serial if {} is negative", test.text));
    if (plan_.inspection) line("run time", describe(*plan_.inspection));
    if (!plan_.size_tests.empty()) line("run time", "serial if an integer leaves 62 bits: " + size_texts());
    return std::move(text_);
  }

 private:
  void line(std::string_view label, std::string_view content) { text_ += fmt::format("  {:<9} {}\n", label, content); }

  std::string source(const ExprPtr& expr) const { return std::string(sources_.text(expr->span)); }

  void header() {
    const LineColumn place = sources_.locate(plan_.span);
    std::string variables;
    for (const ForRange* loop : nest_of(plan_, loop_))
      variables += (variables.empty() ? "" : ", ") + variable_name(function_, *loop);
    text_ += fmt::format("{}:{}: prange {} in {}: {}\n", file_name_of(plan_.span, sources_), place.line, variables,
                         function_.name, mode());
    if (plan_.nest.size() > 1) line("collapsed", fmt::format("{} loops share one range of iterations", plan_.nest.size()));
    line("schedule", schedule());
  }

  const char* mode() const {
    if (!plan_.refusals.empty()) return "refused";
    return plan_.in_order ? "in order on one thread" : "parallel";
  }

  std::string schedule() const {
    const ParallelLoop& options = *loop_.parallel;
    std::string result(schedule_text(options.schedule));
    if (options.chunk) result += ", chunk " + source(options.chunk);
    if (options.threads) result += ", threads " + source(options.threads);
    return result;
  }

  void captures() {
    std::string list;
    for (const LocalId local : plan_.captures) {
      if (!name(local).empty()) list += (list.empty() ? "" : ", ") + name(local);
    }
    if (!list.empty()) line("shared", list + " (not assigned in the loop)");
  }

  void privates() {
    for (const PrivateLocal& local : plan_.privates) {
      if (name(local.local).empty()) continue;
      std::string content = name(local.local);
      if (local.copy_in) content += ", starts with the value from before the loop";
      if (local.copy_out) content += ", keeps the last iteration's value";
      line("private", content);
    }
  }

  std::string describe(const Reduction& reduction) const {
    std::string along;
    for (const LocalId local : reduction.along) along += (along.empty() ? "; takes along " : ", ") + name(local);
    return fmt::format("{} with {} ({}), by blocks in a fixed order{}", name(reduction.local), operator_text(reduction.op),
                       to_string(reduction.type), along);
  }

  std::string describe(const Inspection& inspection) const {
    std::string names;
    for (const ArrayHandle& array : inspection.arrays) names += fmt::format("{}'{}'", names.empty() ? "" : ", ", text(array));
    return fmt::format("{} over the subscripts of {}, 4 bytes of marks for each element; serial if iterations meet",
                       inspection.reads ? "two passes" : "a pass", names);
  }

  std::string size_texts() const {
    std::string list;
    for (const SizeTest& test : plan_.size_tests) list += (list.empty() ? "" : ", ") + test.text;
    return list;
  }

  std::string describe(const SpanTest& test) const {
    return fmt::format("indices of '{}' can be negative and reach as far as others from the start (axis {})", text(test.array),
                       test.axis);
  }

  std::string text(const ArrayHandle& handle) const {
    std::string result = handle.is_global ? program_.globals[handle.id].name : name(handle.id);
    for (const std::uint32_t index : handle.path) result += fmt::format("[{}]", index);
    return result;
  }

  const std::string& name(LocalId local) const { return function_.locals[local].name; }

  const ParallelPlan& plan_;
  const ForRange& loop_;
  const Program& program_;
  const Function& function_;
  const SourceMap& sources_;
  std::string text_;
};

// prange without a plan.
std::string serial_loops(const ParallelPlans& plans, const Program& program, const SourceMap& sources) {
  std::string text;
  for (const Function& function : program.functions) {
    for_each_stmt(function.body, [&](const Stmt& stmt) {
      const auto* loop = std::get_if<ForRange>(&stmt.node);
      if (!loop || !loop->parallel || plans.find(loop->id)) return;
      const LineColumn place = sources.locate(stmt.span);
      text += fmt::format("{}:{}: prange {} in {}: serial\n  {}\n", file_name_of(stmt.span, sources), place.line,
                          variable_name(function, *loop), function.name,
                          function.is_script() ? "only functions have parallel loops" : "the function has no parallel=True");
    });
  }
  return text;
}

}  // namespace

std::string print_parallel(const ParallelPlans& plans, const Program& program, const SourceMap& sources) {
  std::string text;
  const std::vector<const Stmt*> loops = loops_by_id(program);
  for (const ParallelPlan& plan : plans.all()) {
    if (!text.empty()) text += "\n";
    text += PlanPrinter(plan, std::get<ForRange>(loops[plan.loop]->node), program, sources).run();
  }
  text += serial_loops(plans, program, sources);
  return text.empty() ? "no parallel loops in what is called here; name a kernel and its arguments for another one\n" : text;
}

}  // namespace kjit
