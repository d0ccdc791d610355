// The dependence tests. Entries: never_meet, never_meet_unwrapped.
//
// After R. Allen, K. Kennedy, Optimizing Compilers for Modern Architectures (2001), chapter 3: for each direction (`a` in the
// later iteration, `b` in the later iteration) some axis must have subscripts that are never equal, by extreme values (Banerjee)
// or by the greatest common divisor. The later iteration is written as earlier + 1 + distance, so that the direction is part of
// the polynomials.

#include "analysis/races/dependence.h"

#include <algorithm>

namespace kjit {

using typed::CompareOp;

// d != 0 is said as d * d - 1 >= 0.
void add_fact(const Guard& guard, Facts& facts) {
  if (!guard.decidable) return;
  const Poly& d = guard.difference;
  switch (guard.op) {
    case CompareOp::Ge: facts.push_back(d); break;
    case CompareOp::Gt: facts.push_back(d - 1); break;
    case CompareOp::Le: facts.push_back(-d); break;
    case CompareOp::Lt: facts.push_back(-d - 1); break;
    case CompareOp::Eq: facts.push_back(d), facts.push_back(-d); break;
    case CompareOp::Ne: facts.push_back(d * d - 1); break;
  }
}

namespace {

// One access in one iteration: everything about it, in atoms of that iteration.
struct Instance {
  struct Alternative {
    Poly element;
    std::optional<Poly> condition;  // >= 0 if this alternative applies
  };
  std::vector<std::vector<Alternative>> axes;  // by axis; none: no knowledge
  Facts facts;
};

class Direction {
 public:
  Direction(LoopAccesses& loop, const Access& later, const Access& earlier, bool wrapping)
      : loop_(loop), wrapping_(wrapping), has_guards_(!later.guards.empty() && !earlier.guards.empty()) {
    const Atom counter = loop.atoms[loop.counter];
    const AtomId low = loop.atoms.add(counter);
    Atom distance = counter;
    for (Bound& bound : distance.upper) bound.limit = bound.limit - Poly(bound.scale) * (Poly::atom(low) + 1);
    const AtomId gap = loop.atoms.add(std::move(distance));
    earlier_ = instance(earlier, Poly::atom(low));
    later_ = instance(later, Poly::atom(low) + 1 + Poly::atom(gap));
    facts_ = loop.facts;
    for (const Bound& bound : loop.atoms[gap].upper) facts_.push_back(bound.limit);
    facts_.insert(facts_.end(), earlier_.facts.begin(), earlier_.facts.end());
    facts_.insert(facts_.end(), later_.facts.begin(), later_.facts.end());
  }

  bool excluded() const {
    if (has_guards_ && is_impossible()) return true;
    const std::size_t axes = std::min(earlier_.axes.size(), later_.axes.size());
    for (std::size_t axis = 0; axis < axes; ++axis) {
      if (axis_excluded(later_.axes[axis], earlier_.axes[axis])) return true;
    }
    return false;
  }

 private:
  Instance instance(const Access& access, const Poly& counter) {
    std::unordered_map<AtomId, Poly> values{{loop_.counter, counter}};
    const auto rename = [&](const Poly& poly) { return substitute(poly, values, loop_.atoms, true); };
    Instance result;
    for (const AxisIndex& index : access.indices) {
      std::vector<Instance::Alternative> alternatives;
      if (!index.any) alternatives.push_back({rename(index.value), {}});
      if (!index.any && index.may_wrap && wrapping_) {
        const Poly written = rename(index.written);
        alternatives[0].condition = written;
        alternatives.push_back({rename(index.wrapped), -written - 1});
      }
      result.axes.push_back(std::move(alternatives));
    }
    for (const Poly& fact : facts_of(access, loop_.atoms)) result.facts.push_back(rename(fact));
    return result;
  }

  // Do the conditions of the two accesses contradict each other (`if i == 0` in two different iterations)?
  bool is_impossible() const {
    return std::any_of(facts_.begin(), facts_.end(),
                       [&](const Poly& fact) { return prove_nonnegative(-fact - 1, loop_.atoms, facts_); });
  }

  bool axis_excluded(const std::vector<Instance::Alternative>& a, const std::vector<Instance::Alternative>& b) const {
    if (a.empty() || b.empty()) return false;
    for (const Instance::Alternative& left : a) {
      for (const Instance::Alternative& right : b) {
        Facts facts = facts_;
        if (left.condition) facts.push_back(*left.condition);
        if (right.condition) facts.push_back(*right.condition);
        if (!prove_nonzero(left.element - right.element, loop_.atoms, facts)) return false;
      }
    }
    return true;
  }

  LoopAccesses& loop_;
  bool wrapping_;
  bool has_guards_;
  Instance earlier_, later_;
  Facts facts_;
};

bool never_meet(LoopAccesses& loop, const Access& a, const Access& b, bool wrapping) {
  if (!Direction(loop, a, b, wrapping).excluded()) return false;
  return &a == &b || Direction(loop, b, a, wrapping).excluded();
}

// The constant c with a == c * b.
std::optional<std::int64_t> constant_ratio(const Poly& a, const Poly& b) {
  if (!a.valid() || !b.valid() || b.terms().empty()) return std::nullopt;
  if (a.is_zero()) return 0;
  const std::int64_t numerator = a.terms().begin()->second, denominator = b.terms().begin()->second;
  const std::int64_t ratio = numerator / denominator;
  return a == Poly(ratio) * b ? std::optional(ratio) : std::nullopt;
}

// By how much the two subscripts can differ, given that both move with the loop's variable alone at the same pace.
std::optional<SpanTest> span_test(const LoopAccesses& loop, const Access& access, std::uint32_t axis, const Poly& a,
                                  const Poly& b) {
  const Poly slope = a.coefficient(loop.counter), gap = a - b;
  const Poly rest = a - slope * Poly::atom(loop.counter);
  const std::optional<std::int64_t> factor = constant_ratio(slope, loop.step);
  if (!factor || !gap.is_constant() || loop.atoms.is_inside(rest)) return std::nullopt;
  const std::int64_t slack = gap.constant_term();
  return SpanTest{*access.handle, axis, *factor < 0 ? -*factor : *factor, slack < 0 ? -slack : slack};
}

}  // namespace

std::optional<std::vector<SpanTest>> find_span_tests(LoopAccesses& loop, const Access& a, const Access& b) {
  if (!never_meet_unwrapped(loop, a, b)) return std::nullopt;
  std::vector<SpanTest> tests;
  for (std::uint32_t axis = 0; axis < std::min(a.indices.size(), b.indices.size()); ++axis) {
    const AxisIndex &left = a.indices[axis], &right = b.indices[axis];
    if (!left.may_wrap && !right.may_wrap) continue;
    const Access& access = left.may_wrap ? a : b;
    // The handle must show the axis itself, so that the wrapped element is `written` + shape[axis].
    if (!access.handle || !access.handle_is_whole || left.any || right.any) return std::nullopt;
    const AxisIndex& wraps = left.may_wrap ? left : right;
    const bool plain = wraps.value == wraps.written && wraps.wrapped - wraps.written == loop.roots[access.root].dims[axis];
    const auto test = plain ? span_test(loop, access, axis, left.value, right.value) : std::nullopt;
    if (!test) return std::nullopt;
    tests.push_back(*test);
  }
  return tests;
}

Facts facts_of(const Access& access, const Atoms& atoms) {
  Facts facts;
  for (const AtomId counter : access.counters) {
    for (const Bound& bound : atoms[counter].upper) facts.push_back(bound.limit);
  }
  for (const Guard& guard : access.guards) add_fact(guard, facts);
  return facts;
}

bool never_meet(LoopAccesses& loop, const Access& a, const Access& b) { return never_meet(loop, a, b, true); }
bool never_meet_unwrapped(LoopAccesses& loop, const Access& a, const Access& b) { return never_meet(loop, a, b, false); }

}  // namespace kjit
