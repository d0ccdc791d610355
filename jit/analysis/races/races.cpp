// From pairs of accesses to a verdict for each array. Entry: find_races().

#include "analysis/races/races.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "analysis/facts/walk.h"
#include "analysis/races/dependence.h"
#include "analysis/races/premises.h"
#include "analysis/races/report_once.h"
#include "analysis/races/steps.h"

namespace kjit {

using namespace typed;

namespace {

// A body with more accesses to one array than this has been unrolled by a program; it is not compared pair by pair.
constexpr std::size_t kMaxPairs = 4000;
// Searches for a witness in one loop that may fail; each takes some milliseconds.
constexpr int kMaxFailedSearches = 16;

bool writes(const Access& access) { return access.kind != AccessKind::Read; }

bool is_integer_update(const UpdateElement& update) {
  const auto exact = [](const Type& type) { return type.is_integer() || type.is(Kind::Bool); };
  return exact(Type(update.array->type.dtype())) && exact(update.result) && exact(update.value->type);
}

// Can it be done as one indivisible step, with the same result in any order?
bool can_be_atomic(const Access& access) {
  if (access.is_atomic) return true;
  if (!access.update || !access.update_op || *access.update_op == ReduceOp::Mul) return false;
  const bool is_bool = Type(access.update->array->type.dtype()).is(Kind::Bool);
  return is_integer_update(*access.update) && !(is_bool && *access.update_op == ReduceOp::Add);
}

const Constant* stored_constant(const Access& access) {
  return access.store ? std::get_if<Constant>(&access.store->value->node) : nullptr;
}

// Whoever comes last, the element holds the same value.
bool store_the_same(const Access& a, const Access& b) {
  const Constant *first = stored_constant(a), *second = stored_constant(b);
  return first && second && same_constant(*first, *second) && a.store->value->type == b.store->value->type;
}

bool commute(const Access& a, const Access& b) {
  if (store_the_same(a, b)) return true;
  return can_be_atomic(a) && can_be_atomic(b) && a.update_op && b.update_op && *a.update_op == *b.update_op;
}

template <typename Item>
void add_new(std::vector<Item>& list, const std::vector<Item>& items) {
  for (const Item& item : items) {
    if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
  }
}

bool same_place(const AxisIndex& a, const AxisIndex& b) {
  return a.any == b.any && a.may_wrap == b.may_wrap && (a.any || (a.value == b.value && a.operands == b.operands));
}

bool same_access(const Access& a, const Access& b) {
  return a.kind == b.kind && a.update == b.update && a.store == b.store && a.is_atomic == b.is_atomic &&
         a.update_op == b.update_op && a.guards.empty() && b.guards.empty() && a.counters == b.counters &&
         std::equal(a.indices.begin(), a.indices.end(), b.indices.begin(), b.indices.end(), same_place);
}

const char* verb(AccessKind kind) {
  switch (kind) {
    case AccessKind::Read: return "reads";
    case AccessKind::Write: return "writes";
    case AccessKind::Update: return "updates";
  }
  return "";
}

class RaceFinder {
 public:
  RaceFinder(LoopAccesses& loop, const MayCopy& may_copy, const Inspect& inspect, const std::string& variable, bool unchecked,
             const PlanOptions& options, const SourceMap& sources, Diagnostics& diags)
      : loop_(loop),
        may_copy_(may_copy),
        inspect_(inspect),
        variable_(variable),
        unchecked_(unchecked),
        options_(options),
        sources_(sources),
        diags_(diags) {}

  RaceFindings run() {
    for (RootId root = 0; root < loop_.roots.size(); ++root) {
      const std::vector<const Access*> accesses = accesses_of(root);
      const auto first_write =
          std::find_if(accesses.begin(), accesses.end(), [](const Access* access) { return writes(*access); });
      if (first_write != accesses.end()) judge(root, accesses, **first_write);
    }
    add_overlap_tests();
    settle_open();
    return std::move(findings_);
  }

 private:
  // An array of which nothing could be proved.
  struct Open {
    const Access* at;
    std::string why;
  };
  struct Clash {
    const Access *a = nullptr, *b = nullptr;
    std::optional<Witness> witness;
    bool may_wrap = false;  // they never meet unless an integer wraps

    bool is_certain() const { return witness && witness->assumptions.empty(); }
  };

  // Without repetitions: a stencil reads the same element again and again.
  std::vector<const Access*> accesses_of(RootId root) const {
    std::vector<const Access*> result;
    for (const Access& access : loop_.accesses) {
      const bool is_new = access.root == root && std::none_of(result.begin(), result.end(),
                                                              [&](const Access* known) { return same_access(*known, access); });
      if (is_new) result.push_back(&access);
    }
    return result;
  }

  void judge(RootId root, const std::vector<const Access*>& accesses, const Access& first_write) {
    const Root& memory = loop_.roots[root];
    ArrayVerdict verdict{memory.name, Verdict::Disjoint, "each iteration writes elements of its own", first_write.loop_span};
    if (memory.opaque && memory.inside) {
      certainly_open_ = certainly_open_ || !unchecked_;
      undecided(verdict, first_write, "it may be any of several arrays");
    } else {
      judge_pairs(verdict, accesses);
    }
    findings_.arrays.push_back(std::move(verdict));
  }

  void judge_pairs(ArrayVerdict& verdict, const std::vector<const Access*>& accesses) {
    std::set<AccessId> atomic;
    bool meets_atomically = false;
    const std::optional<Clash> clash = first_clash(accesses, atomic, meets_atomically);
    if (clash) {
      if (options_.array_reductions && reduce(verdict, accesses)) return;
      return clash->is_certain() ? race(verdict, *clash)
                                 : undecided(verdict, writes(*clash->a) ? *clash->a : *clash->b, reason(*clash));
    }
    if (!meets_atomically) return;
    verdict.verdict = Verdict::Atomic;
    verdict.reason = "iterations meet only in steps whose order does not matter; each is made indivisible";
    findings_.atomic.insert(findings_.atomic.end(), atomic.begin(), atomic.end());
    add_copyable(accesses);
  }

  // A proved race if there is one, else the first pair of which nothing is known.
  std::optional<Clash> first_clash(const std::vector<const Access*>& accesses, std::set<AccessId>& atomic,
                                   bool& meets_atomically) {
    std::optional<Clash> undecided_clash;
    std::size_t pairs = 0;
    for (std::size_t i = 0; i < accesses.size(); ++i) {
      for (std::size_t j = i; j < accesses.size(); ++j) {
        const Access &a = *accesses[i], &b = *accesses[j];
        if (!writes(a) && !writes(b)) continue;
        if (++pairs > kMaxPairs) return undecided_clash ? undecided_clash : Clash{&a, &b, {}, false};
        if (never_meet(loop_, a, b)) {
          if (add_premises(a, b)) continue;
          if (!undecided_clash) undecided_clash = Clash{&a, &b, {}, true};
          continue;
        }
        if (commute(a, b)) {
          meets_atomically = true;
          for (const Access* access : {&a, &b}) {
            if (access->update) atomic.insert(access->update->id);
            if (access->store) atomic.insert(access->store->id);
          }
          continue;
        }
        if (const auto tests = find_span_tests(loop_, a, b); tests && add_premises(a, b)) {
          add_new(findings_.span_tests, *tests);
          continue;
        }
        Clash clash{&a, &b, search(a, b), false};
        if (clash.is_certain()) return clash;
        if (!undecided_clash || (clash.witness && !undecided_clash->witness)) undecided_clash = std::move(clash);
      }
    }
    return undecided_clash;
  }

  std::optional<Witness> search(const Access& a, const Access& b) {
    if (failed_searches_ >= kMaxFailedSearches) return std::nullopt;
    std::optional<Witness> found = find_witness(loop_, a, b);
    failed_searches_ += found && found->assumptions.empty() ? 0 : 1;
    return found;
  }

  // False: the proof rests on what cannot be tested.
  bool add_premises(const Access& a, const Access& b) {
    const std::optional<Premises> premises = premises_of(loop_, a, b);
    if (!premises) return false;
    add_new(findings_.size_tests, premises->ranges);
    add_new(findings_.sign_tests, premises->signs);
    return true;
  }

  // ---- array reductions ----

  // A wider result is rounded or wrapped each time that it is stored, in a copy as in the array itself. Not Bool: True + True is
  // True.
  static bool accumulates_in_type(const UpdateElement& update) {
    const Type dtype = update.array->type.dtype(), &result = update.result;
    return (dtype.is_integer() && result.is_integer()) || (dtype.is_float() && result.is_float()) ||
           (dtype.is_complex() && (result.is_float() || result.is_complex()));
  }

  // Is each access `array[...] op= value` with one operator, in the loop itself or in a function that it calls with the array?
  bool only_accumulates(const std::vector<const Access*>& accesses) const {
    const Access& first = *accesses[0];
    const bool uniform = first.handle && std::all_of(accesses.begin(), accesses.end(), [&](const Access* access) {
                           return access->update && access->update_op && access->update_op == first.update_op &&
                                  access->handle == first.handle && accumulates_in_type(*access->update);
                         });
    return uniform && may_copy_(*first.handle, updates_of(accesses));
  }

  static std::vector<AccessId> updates_of(const std::vector<const Access*>& accesses) {
    std::vector<AccessId> updates;
    for (const Access* access : accesses) updates.push_back(access->update->id);
    return updates;
  }

  void add_copyable(const std::vector<const Access*>& accesses) {
    // A called function takes its indivisible steps in a copy as well: it would gain nothing.
    const bool in_callee =
        std::any_of(accesses.begin(), accesses.end(), [](const Access* a) { return !(a->loop_span == a->span); });
    if (in_callee || !only_accumulates(accesses)) return;
    findings_.copyable_arrays.push_back({*accesses[0]->handle, *accesses[0]->update_op, updates_of(accesses)});
  }

  bool reduce(ArrayVerdict& verdict, const std::vector<const Access*>& accesses) {
    if (!only_accumulates(accesses)) return false;
    const Access& first = *accesses[0];
    const Type dtype = first.update->array->type.dtype();
    if (*first.update_op == ReduceOp::Mul && dtype.is_complex()) return false;  // 1 * x is not x for an infinite x
    verdict.verdict = Verdict::Reduced;
    verdict.reason = "only accumulated into: each block of iterations fills an array of its own, which are combined in order";
    findings_.array_reductions.push_back({*first.handle, *first.update_op});
    return true;
  }

  // ---- what is told ----

  std::string name_of(const Access& access) const { return loop_.roots[access.root].name; }

  std::string describe(const Access& access, const std::string& iteration, const std::string& element) const {
    return fmt::format("iteration {} = {} {} {}{}", variable_, iteration, verb(access.kind), name_of(access), element);
  }

  std::string describe(const Clash& clash) const {
    const Witness& found = *clash.witness;
    std::string assumed;
    for (const std::string& assumption : found.assumptions) assumed += (assumed.empty() ? ", if " : " and ") + assumption;
    return fmt::format("{}, {}{}", describe(*clash.a, found.iteration_a, found.element_a),
                       describe(*clash.b, found.iteration_b, found.element_b), assumed);
  }

  void race(ArrayVerdict& verdict, const Clash& clash) {
    const std::string text = describe(clash);
    verdict.verdict = Verdict::Race;
    verdict.reason = text;
    const Access& at = writes(*clash.a) ? *clash.a : *clash.b;
    const Access& other = &at == clash.a ? *clash.b : *clash.a;
    verdict.span = at.loop_span;
    findings_.is_refused = true;
    Diagnostic* diagnostic = report_once<DiagId::E1006>(diags_, at.loop_span, name_of(at), text);
    if (!diagnostic) return;
    if (!(other.loop_span == at.loop_span))
      diagnostic->note(other.loop_span, fmt::format("the other iteration {} it here", verb(other.kind)));
    if (!(at.span == at.loop_span)) diagnostic->note(at.span, "in the function that the loop calls");
    diagnostic->suggest(advice(at, other));
  }

  std::optional<std::string> one_step(const Access& at) const {
    const auto step = at.store ? as_one_step(*at.store, name_of(at)) : std::nullopt;
    return step ? std::optional(fmt::format("write {}, a step that iterations may meet in", *step)) : std::nullopt;
  }

  std::string advice(const Access& at, const Access& other) const {
    const std::string name = name_of(at);
    if (const auto step = one_step(at)) return *step;
    if (at.kind == AccessKind::Update && other.kind == AccessKind::Update) {
      return fmt::format("accumulate in a scalar or in an array of the iteration's own, or use kjit.atomic_add({}, index, value)",
                         name);
    }
    if (other.kind == AccessKind::Read || at.kind == AccessKind::Update) {
      return fmt::format(
          "read from a copy of '{0}' that the loop does not write; a sum is written {0}[k] += value; or use range() instead of "
          "prange()",
          name);
    }
    return fmt::format(
        "let each iteration write elements of '{0}' that no other one writes; make '{0}' inside the loop if only one iteration "
        "uses it; or use "
        "range() instead of prange()",
        name);
  }

  void undecided(ArrayVerdict& verdict, const Access& at, const std::string& why) {
    verdict.verdict = unchecked_ ? Verdict::Unchecked : Verdict::Unknown;
    verdict.reason = why;
    verdict.span = at.loop_span;
    if (!unchecked_) open_.push_back({&at, why});
  }

  // An inspection decides about all that is open, or nothing is decided and the iterations run in order.
  void settle_open() {
    if (open_.empty()) return;
    std::vector<RootId> roots;
    for (const Open& open : open_) {
      if (std::find(roots.begin(), roots.end(), open.at->root) == roots.end()) roots.push_back(open.at->root);
    }
    InspectionFindings found = inspect_(roots);
    if (certainly_open_) found = {std::nullopt, "which array it is differs between iterations"};
    findings_.inspection = std::move(found.inspection);
    findings_.in_order = !findings_.inspection;
    findings_.is_refused = findings_.is_refused || options_.strict;
    for (ArrayVerdict& verdict : findings_.arrays) {
      if (verdict.verdict == Verdict::Unknown && findings_.inspection) verdict.verdict = Verdict::Inspected;
    }
    for (const Open& open : open_) report(open, found.obstacle);
  }

  void report(const Open& open, const std::string& obstacle) {
    const Access& at = *open.at;
    const std::string outcome = findings_.inspection ? "; a pass over the subscripts decides before each run"
                                                     : fmt::format("; one thread runs them in order, as {}", obstacle);
    Diagnostic* diagnostic = options_.strict ? report_once<DiagId::E1007>(diags_, at.loop_span, name_of(at), open.why)
                                             : report_once<DiagId::W1001>(diags_, at.loop_span, name_of(at), open.why + outcome);
    if (!diagnostic) return;
    if (!(at.span == at.loop_span)) diagnostic->note(at.span, "in the function that the loop calls");
    diagnostic->suggest(ways_out(at));
  }

  std::string ways_out(const Access& at) const {
    const std::string vouch = findings_.inspection
                                  ? "if they never meet, prange(..., unchecked=True) saves the pass"
                                  : "if they never meet, say so with prange(..., unchecked=True), and threads share them";
    if (const auto step = one_step(at)) return *step + "; " + vouch;
    const bool is_addition = at.kind == AccessKind::Update && !at.is_atomic;
    if (!is_addition) return "let the subscript follow from the loop's variable and from values set before the loop; " + vouch;
    return fmt::format("make each addition one step with kjit.atomic_add({}, index, value); {}", name_of(at), vouch);
  }

  // Why the pair could not be decided: the first thing in the way.
  std::string reason(const Clash& clash) {
    if (clash.witness) return describe(clash);
    if (clash.may_wrap) return "an integer may wrap at 64 bits on the way to " + texts(clash);
    for (const Access* access : {clash.a, clash.b}) {
      for (const AxisIndex& index : access->indices) {
        if (const std::string unknown = run_time_value(index); !unknown.empty()) return unknown;
      }
    }
    for (const Access* access : {clash.a, clash.b}) {
      const bool blind =
          std::all_of(access->indices.begin(), access->indices.end(), [](const AxisIndex& index) { return index.any; });
      if (blind) return "which elements are touched cannot be followed";
    }
    if (never_meet_unwrapped(loop_, *clash.a, *clash.b))
      return "an index may be negative, and then counts from the end: " + texts(clash);
    return "it depends on values known only at run time: " + texts(clash);
  }

  std::string run_time_value(const AxisIndex& index) const {
    if (index.any) return {};
    for (const auto& [monomial, factor] : index.value.terms()) {
      for (const AtomId id : monomial) {
        const Atom& atom = loop_.atoms[id];
        if (atom.inside && atom.kind == AtomKind::Value) return fmt::format("'{}' is known only at run time", atom.name);
      }
    }
    return {};
  }

  std::string texts(const Clash& clash) const {
    const std::string a(sources_.text(clash.a->span)), b(sources_.text(clash.b->span));
    return a == b ? fmt::format("'{}'", a) : fmt::format("'{}' and '{}'", a, b);
  }

  // ---- arrays that may be one ----

  bool certainly_distinct(RootId a, RootId b) const {
    const Root &first = loop_.roots[a], &second = loop_.roots[b];
    return (first.fresh && !second.opaque) || (second.fresh && !first.opaque);
  }

  void add_overlap_tests() {
    for (const Access& a : loop_.accesses) {
      if (!writes(a)) continue;
      for (const Access& b : loop_.accesses) {
        if (a.root != b.root && !certainly_distinct(a.root, b.root)) add_overlap_test(a, b);
      }
    }
  }

  void add_overlap_test(const Access& a, const Access& b) {
    if (!a.handle || !b.handle) return note_unreachable(a, b);
    if (*a.handle == *b.handle) return;  // two possible roots behind one name: not certain, and judged so
    const bool known = std::any_of(findings_.overlap_tests.begin(), findings_.overlap_tests.end(), [&](const OverlapTest& test) {
      return (test.first == *a.handle && test.second == *b.handle) || (test.first == *b.handle && test.second == *a.handle);
    });
    if (!known) findings_.overlap_tests.push_back({*a.handle, *b.handle});
  }

  // One of them comes into being only inside the iteration: nothing can be tested before the loop.
  void note_unreachable(const Access& a, const Access& b) {
    const auto is_a = [&](const ArrayVerdict& verdict) { return verdict.name == name_of(a); };
    const auto found = std::find_if(findings_.arrays.begin(), findings_.arrays.end(), is_a);
    if (found == findings_.arrays.end() || found->verdict == Verdict::Race) return;
    certainly_open_ = certainly_open_ || !unchecked_;
    if (found->verdict != Verdict::Unknown && found->verdict != Verdict::Unchecked)
      undecided(*found, a, fmt::format("'{}' may be the same array", name_of(b)));
  }

  LoopAccesses& loop_;
  const MayCopy& may_copy_;
  const Inspect& inspect_;
  const std::string& variable_;
  bool unchecked_;
  const PlanOptions& options_;
  const SourceMap& sources_;
  Diagnostics& diags_;
  RaceFindings findings_;
  std::vector<Open> open_;
  bool certainly_open_ = false;  // also for an inspection
  int failed_searches_ = 0;
};

}  // namespace

RaceFindings find_races(LoopAccesses& loop, const MayCopy& may_copy, const Inspect& inspect, const std::string& variable,
                        bool unchecked, const PlanOptions& options, const SourceMap& sources, Diagnostics& diags) {
  return RaceFinder(loop, may_copy, inspect, variable, unchecked, options, sources, diags).run();
}

}  // namespace kjit
