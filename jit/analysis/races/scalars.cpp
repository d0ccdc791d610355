// The local variables of a parallel loop. Entry: classify_locals().

#include "analysis/races/scalars.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "analysis/facts/exposure.h"
#include "analysis/facts/liveness.h"
#include "analysis/facts/walk.h"
#include "analysis/races/reductions.h"
#include "analysis/races/report_once.h"

namespace kjit {

using namespace typed;

namespace {

class Classifier {
 public:
  Classifier(const Function& function, const std::vector<Summary>& summaries, const LoopAccesses& accesses, const ForRange& loop,
             Diagnostics& diags)
      : function_(function),
        summaries_(summaries),
        accesses_(accesses),
        loop_(loop),
        diags_(diags),
        assigned_(assigned_locals(loop.body, function.locals.size())),
        live_(live_after(function, loop)),
        strict_(find_exposure(function, loop, false)),
        assuming_(find_exposure(function, loop, true)) {
    assigned_[loop.variable] = true;
  }

  ScalarFindings run() {
    find_definitions();
    add_captures();
    for (LocalId local = 0; local < assigned_.size(); ++local) {
      if (assigned_[local] && is_shared_between_iterations(local))
        matches_.emplace(local, match_reduction(function_, summaries_, accesses_, loop_.body, local));
    }
    for (auto& [local, match] : matches_) settle_decided(match);
    for (const auto& [local, match] : matches_) {
      if (match.reduction && !settled_[local]) add_reduction(local, match);
    }
    for (const auto& [local, match] : matches_) {
      if (!settled_[local]) refuse(local, match);
    }
    for (LocalId local = 0; local < assigned_.size(); ++local) {
      if (assigned_[local] && !settled_[local]) add_private(local);
    }
    return std::move(result_);
  }

 private:
  struct Definitions {
    int count = 0;
    Span first;
    Span whole;  // with the value that is assigned
  };

  void find_definitions() {
    definitions_.resize(assigned_.size());
    const auto define = [&](LocalId local, Span span, Span whole) {
      if (definitions_[local].count++ == 0) definitions_[local].first = span, definitions_[local].whole = whole;
    };
    for_each_stmt(loop_.body, [&](const Stmt& stmt) {
      if (const auto* n = std::get_if<AssignLocal>(&stmt.node)) define(n->local, stmt.span, n->value->span);
      if (const auto* n = std::get_if<ForRange>(&stmt.node)) define(n->variable, stmt.span, stmt.span);
    });
  }

  void add_captures() {
    read_.resize(assigned_.size());
    settled_.resize(assigned_.size());
    for_each_expr(loop_.body, [&](const Expr& expr) {
      if (const auto* n = std::get_if<ReadLocal>(&expr.node)) read_[n->local] = true;
    });
    for (LocalId local = 0; local < read_.size(); ++local) {
      if (read_[local] && !assigned_[local]) result_.captures.push_back(local);
    }
  }

  // Does it pass a value from one iteration to another, or to what follows the loop from an iteration that need not be the last?
  bool is_shared_between_iterations(LocalId local) const {
    const bool exposed = strict_.exposed.contains(local), lost = live_[local] && !strict_.always_set[local];
    return (exposed || lost) && !keeps_value_from_before(local);
  }

  // Set by one place, in loops that make a round in all iterations or in none: see find_exposure().
  bool keeps_value_from_before(LocalId local) const {
    const bool rounds_suffice = !assuming_.exposed.contains(local) && (!live_[local] || assuming_.always_set[local]);
    return rounds_suffice && definitions_[local].count == 1;
  }

  // What a comparison with a reduced local decides goes along with it, or matters to nobody, or is refused itself. Else whoever
  // reads it would see what the comparison said in one block of iterations.
  void settle_decided(ReductionMatch& match) {
    for (const LocalId other : match.set_with_ties) tied_.emplace(other, match.update.value_or(Span{}));
    for (const DecidedLocal& decided : match.decided) {
      if (!match.reduction || goes_along(decided.local, match)) continue;
      const bool is_unused = !read_[decided.local] && !live_[decided.local] && decided.is_harmless;
      const auto shared = matches_.find(decided.local);
      const bool is_refused = shared != matches_.end() && !shared->second.reduction;
      if (is_unused || is_refused) continue;
      match.reduction.reset();
      match.other_use = decided.span;
    }
    for (const DecidedLocal& decided : match.decided) {  // told once
      settled_[decided.local] = settled_[decided.local] || match.fails_beside_comparison;
    }
    if (!match.reduction) return;
    for (const LocalId other : match.set_with) settled_[other] = settled_[other] || goes_along(other, match);
  }

  bool goes_along(LocalId other, const ReductionMatch& match) const {
    const bool is_beside = std::find(match.set_with.begin(), match.set_with.end(), other) != match.set_with.end();
    return is_beside && definitions_[other].count == 1 && !read_[other] && live_[other] &&
           !function_.locals[other].type.is_managed();
  }

  void add_reduction(LocalId local, const ReductionMatch& match) {
    settled_[local] = true;
    Reduction reduction = *match.reduction;
    for (const LocalId other : match.set_with) {
      if (goes_along(other, match)) reduction.along.push_back(other);
    }
    result_.reductions.push_back(std::move(reduction));
  }

  void add_private(LocalId local) {
    const bool exposed = strict_.exposed.contains(local), lost = live_[local] && !strict_.always_set[local];
    result_.privates.push_back({local, (exposed || lost), live_[local]});
  }

  // ---- errors ----

  const std::string& name(LocalId local) const { return function_.locals[local].name; }

  void refuse(LocalId local, const ReductionMatch& match) {
    settled_[local] = true;
    if (match.may_fail) return refuse_failing(local, match);
    if (match.update && match.depends_on_order && !match.other_use) return refuse_order(local, match);
    if (match.update && match.other_use && strict_.exposed.contains(local)) return refuse_mixed(local, match);
    if (match.divided && strict_.exposed.contains(local)) return refuse_quotient(local, *match.divided);
    if (tied_.contains(local) && !strict_.exposed.contains(local)) return refuse_tied(local);
    if (!strict_.exposed.contains(local)) return refuse_lost(local);
    if (assigned_before_exposed_read(local)) return refuse_partial(local);
    refuse_carried(local);
  }

  bool assigned_before_exposed_read(LocalId local) const {
    const Span read = strict_.exposed.at(local);
    return definitions_[local].first.begin < read.begin && !is_within(read, definitions_[local].whole);
  }

  static bool is_within(Span inner, Span outer) { return outer.begin <= inner.begin && inner.end <= outer.end; }

  void refuse_carried(LocalId local) {
    result_.refusals.push_back(fmt::format("'{}' carries a value from one iteration to the next", name(local)));
    if (Diagnostic* told = report_once<DiagId::E1001>(diags_, strict_.exposed.at(local), name(local))) {
      told->note(definitions_[local].first, fmt::format("'{}' gets the value here that the next iteration reads", name(local)))
          .suggest(fmt::format("compute '{}' from the loop variable, or use range() instead of prange()", name(local)));
    }
  }

  void refuse_quotient(LocalId local, Span division) {
    result_.refusals.push_back(fmt::format("'{}' is divided in each iteration", name(local)));
    Diagnostic* told = report_once<DiagId::E1001>(diags_, division, name(local));
    if (!told) return;
    told->suggest(
        fmt::format("quotients cannot be combined from parts of the loop as products can: multiply the divisors in a variable of "
                    "their own and "
                    "divide '{}' by it after the loop",
                    name(local)));
  }

  void refuse_tied(LocalId local) {
    result_.refusals.push_back(fmt::format("'{}' belongs to the last of equal values", name(local)));
    Diagnostic* told = report_once<DiagId::E1003>(diags_, definitions_[local].first, name(local));
    if (!told) return;
    told->note(tied_.at(local), "of equal values the last one wins here")
        .suggest(fmt::format("compare with < or >, which keep the first of equal values and '{}' with it", name(local)));
  }

  void refuse_partial(LocalId local) {
    result_.refusals.push_back(fmt::format("'{}' may still hold the value of another iteration", name(local)));
    if (Diagnostic* told = report_once<DiagId::E1002>(diags_, strict_.exposed.at(local), name(local))) {
      told->note(definitions_[local].first, "set here, if control comes by")
          .suggest(fmt::format("give '{}' a value at the start of the loop's body", name(local)));
    }
  }

  void refuse_lost(LocalId local) {
    result_.refusals.push_back(fmt::format("'{}' is read after the loop, but not every iteration sets it", name(local)));
    if (Diagnostic* told = report_once<DiagId::E1003>(diags_, definitions_[local].first, name(local))) {
      told->suggest(fmt::format(
          "set '{}' in every iteration, store the values in an array with one element for each, or use range()", name(local)));
    }
  }

  void refuse_mixed(LocalId local, const ReductionMatch& match) {
    result_.refusals.push_back(fmt::format("'{}' is accumulated and also used otherwise", name(local)));
    if (Diagnostic* told = report_once<DiagId::E1008>(diags_, *match.other_use, name(local), match.operation)) {
      told->note(*match.update, fmt::format("accumulated here with {}", match.operation))
          .suggest(
              "its value inside the loop depends on which iterations have run; accumulate with one operator and read it after "
              "the loop");
    }
  }

  void refuse_failing(LocalId local, const ReductionMatch& match) {
    result_.refusals.push_back(fmt::format("what stands beside '{}' may fail where Python does not evaluate it", name(local)));
    Diagnostic* told = report_once<DiagId::E1011>(diags_, *match.may_fail, match.operation, name(local));
    if (!told) return;
    if (match.fails_beside_comparison) {
      told->suggest(fmt::format(
          "write it before the comparison with '{}', which evaluates it in each iteration, here and in Python", name(local)));
      return;
    }
    const bool is_or = match.operation == "or";
    told->suggest(fmt::format("write `if {}...: {} = {}`, which evaluates it in each iteration, here and in Python",
                              is_or ? "" : "not ", name(local), is_or ? "True" : "False"));
  }

  void refuse_order(LocalId local, const ReductionMatch& match) {
    result_.refusals.push_back(fmt::format("'{}' depends on the order of the iterations", name(local)));
    const std::string written = fmt::format("{}(value, {})", match.operation, name(local));
    if (Diagnostic* told = report_once<DiagId::E1009>(diags_, *match.update, written, name(local))) {
      told->suggest(fmt::format("write {}({}, value), which passes NaNs over", match.operation, name(local)));
    }
  }

  const Function& function_;
  const std::vector<Summary>& summaries_;
  const LoopAccesses& accesses_;
  const ForRange& loop_;
  Diagnostics& diags_;
  std::vector<bool> assigned_;
  std::vector<bool> live_;
  Exposure strict_, assuming_;
  std::vector<Definitions> definitions_;
  std::vector<bool> read_;                     // in the body
  std::vector<bool> settled_;                  // not to be made private
  std::map<LocalId, ReductionMatch> matches_;  // of what is shared between iterations
  std::map<LocalId, Span> tied_;               // set beside an update with <= or >=, which stands there
  ScalarFindings result_;
};

}  // namespace

ScalarFindings classify_locals(const Function& function, const std::vector<Summary>& summaries, const LoopAccesses& accesses,
                               const ForRange& loop, Diagnostics& diags) {
  return Classifier(function, summaries, accesses, loop, diags).run();
}

}  // namespace kjit
