// Plans of loops as text, in words of the kernel's source. Entry: print_loops() (loop_plan.h).

#include <fmt/format.h>

#include <algorithm>

#include "analysis/arrays/fusion.h"
#include "analysis/facts/plan_text.h"
#include "analysis/loops/loop_plan.h"

namespace kjit {

using namespace typed;

namespace {

class PlanPrinter {
 public:
  PlanPrinter(const LoopPlan& plan, const Program& program, const SourceMap& sources)
      : plan_(plan), program_(program), function_(program.functions[plan.function]), sources_(sources) {}

  std::string run() {
    header();
    line("polls", polling());
    if (plan_.is_counted) versions();
    for (const RangeTest& test : plan_.range_tests) line("test", describe(test));
    subscripts();
    draws();
    vectors();
    return std::move(text_);
  }

 private:
  void line(std::string_view label, std::string_view content) { text_ += fmt::format("  {:<9} {}\n", label, content); }

  void header() {
    text_ += heading(plan_.span, sources_) + "\n";
    line("in", fmt::format("{}{}", function_name(function_), plan_.is_innermost ? ", innermost" : ""));
  }

  std::string polling() const {
    switch (plan_.polling) {
      case Polling::Never: return "never: " + plan_.polling_reason;
      case Polling::Strips: return fmt::format("once in {} iterations: {}", kStripLength, plan_.polling_reason);
      case Polling::Countdown: return fmt::format("once in {} iterations: {}", kWhileStride, plan_.polling_reason);
      case Polling::EveryIteration: return "in each iteration: " + plan_.polling_reason;
    }
    return {};
  }

  void versions() {
    if (!plan_.has_fast_version()) return line("versions", "one: " + plan_.one_version_reason);
    std::string tested = plan_.range_tests.empty() ? "" : "the tests hold";
    if (plan_.draws) tested += fmt::format("{}the random stream is at the start of a block", tested.empty() ? "" : " and ");
    line("versions", fmt::format("two: a fast one if {}, else the general one", tested));
  }

  // ---- tests ----

  std::string name(LocalId local) const {
    const std::string& written = function_.locals[local].name;
    return written.empty() ? fmt::format("%{}", local) : written;
  }

  std::string describe(const RangeTest& test) const {
    const std::string array = test.is_global ? program_.globals[test.array].name : name(test.array);
    return fmt::format("0 <= {} < {}.shape[{}] in the first and the last iteration", describe(test.index), array, test.axis);
  }

  std::string describe(const LinearIndex& index) const {
    std::string text;
    add_term(text, index.of_variable, variable());
    for (const auto& [product, coefficient] : index.invariants) add_term(text, coefficient, describe(product));
    if (index.constant != 0 || text.empty()) add_term(text, index.constant, "");
    return text;
  }

  // "2 * i", " - k", " + 3": `factor` is empty for a number alone.
  static void add_term(std::string& text, std::int64_t coefficient, const std::string& factor) {
    if (coefficient == 0 && !(factor.empty() && text.empty())) return;
    const bool negative = coefficient < 0;
    const std::uint64_t size = negative ? 0 - static_cast<std::uint64_t>(coefficient) : static_cast<std::uint64_t>(coefficient);
    text += text.empty() ? (negative ? "-" : "") : (negative ? " - " : " + ");
    if (factor.empty()) {
      text += fmt::format("{}", size);
    } else {
      text += size == 1 ? factor : fmt::format("{} * {}", size, factor);
    }
  }

  std::string describe(const LinearIndex::Product& product) const {
    std::string text;
    for (const LinearIndex::Atom& atom : product) {
      const bool is_local = atom.kind == LinearIndex::Atom::Kind::Local;
      text +=
          (text.empty() ? "" : " * ") + (is_local ? name(atom.local) : fmt::format("{}.shape[{}]", name(atom.local), atom.axis));
    }
    return text;
  }

  std::string variable() const { return name(plan_.variable); }

  // ---- what is done and not done ----

  void subscripts() {
    using Check = SubscriptPlan::Check;
    constexpr const char* kChecks[] = {"in range, proved", "checked in front of the loop", "checked in each iteration"};
    std::vector<std::string> told;
    for (const SubscriptPlan& subscript : plan_.subscripts) {
      std::string text = subscript_text(subscript.span, sources_) + ": " + kChecks[static_cast<int>(subscript.check)];
      if (subscript.check == Check::EachTime) text += ": " + subscript.reason;
      if (std::find(told.begin(), told.end(), text) != told.end()) continue;
      line("subscript", text);
      told.push_back(std::move(text));
    }
  }

  void draws() {
    if (plan_.draws) return line("draws", fmt::format("{} in each iteration, computed from the loop counter", *plan_.draws));
    if (!plan_.draws_reason.empty()) line("draws", "by calls: " + plan_.draws_reason);
  }

  void vectors() {
    for (const Hindrance& hindrance : plan_.no_vectors) line("no vector", hindrance.text());
    if (plan_.no_vectors.empty()) line("vectors", "possible, as far as the source shows");
    if (!plan_.no_vectors.empty()) return;
    for (const Hindrance& hindrance : plan_.slow_vectors) line("slow", hindrance.text());
  }

  const LoopPlan& plan_;
  const Program& program_;
  const Function& function_;
  const SourceMap& sources_;
  std::string text_;
};

}  // namespace

std::string print_loops(const LoopPlans& plans, const std::vector<ArrayTemporary>& temporaries, const Program& program,
                        const SourceMap& sources) {
  std::string text = print_array_temporaries(temporaries, program, sources);
  for (const LoopPlan& plan : plans.all()) {
    if (!text.empty()) text += "\n";
    text += PlanPrinter(plan, program, sources).run();
  }
  return text.empty() ? "no loops in what is called here; name a kernel and its arguments for another one\n" : text;
}

}  // namespace kjit
