// The dependence tests. Entries: never_meet, never_meet_unwrapped.
//
// After R. Allen, K. Kennedy, Optimizing Compilers for Modern Architectures (2001), chapter 3: for each direction (`a` in the
// later iteration, `b` in the later iteration) some axis must have subscripts that are never equal, by extreme values (Banerjee)
// or by the greatest common divisor. The later iteration is written as earlier + 1 + distance, so that the direction is part of
// the polynomials.

#include "analysis/races/dependence.h"

#include <algorithm>

#include "analysis/races/chunks.h"

namespace kjit {

using typed::CompareOp;

CompareOp opposite(CompareOp op) {
  switch (op) {
    case CompareOp::Eq: return CompareOp::Ne;
    case CompareOp::Ne: return CompareOp::Eq;
    case CompareOp::Lt: return CompareOp::Ge;
    case CompareOp::Le: return CompareOp::Gt;
    case CompareOp::Gt: return CompareOp::Le;
    case CompareOp::Ge: return CompareOp::Lt;
  }
  return op;
}

bool are_opposite(const Guard& a, const Guard& b) {
  return a.decidable && b.decidable && a.difference == b.difference && a.op == opposite(b.op);
}

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
  std::vector<Poly> zeros, nonzeros;  // its conditions that are equations, and that are the opposite
};

// What would hold together if the accesses met: polynomials that are 0, those that are not, and those that are >= 0. Solved for
// one counter after the other, so that what one axis says of the iterations is known to the next: in u[i, j] = u[i - 1, j] the
// rows are equal in neighbouring iterations only, of which a chessboard's j never have the same parity.
struct Equations {
  Atoms& atoms;
  std::vector<Poly> zeros, nonzeros;
  Facts facts;

  bool contradict(AtomId first) {
    constexpr int kMaxRounds = 4;
    for (int round = 0; round < kMaxRounds; ++round) {
      if (round > 0 && is_contradiction()) return true;
      if (!solve_for(first) && !solve_for_any()) return round == 0 && is_contradiction();
    }
    return is_contradiction();
  }

 private:
  bool is_contradiction() const {
    const auto excluded = [&](const Poly& zero) { return prove_nonzero(zero, atoms, facts); };
    if (std::any_of(zeros.begin(), zeros.end(), excluded)) return true;
    for (std::size_t k = 1; k < zeros.size(); ++k) {
      if (excluded(zeros[k] - zeros[0])) return true;
    }
    return std::any_of(nonzeros.begin(), nonzeros.end(), [](const Poly& poly) { return poly.is_zero(); }) ||
           std::any_of(facts.begin(), facts.end(), [&](const Poly& fact) { return prove_nonnegative(-fact - 1, atoms, facts); });
  }

  bool solve_for_any() {
    for (const Poly& zero : zeros) {
      for (const auto& [monomial, factor] : zero.terms()) {
        if (monomial.size() == 1 && atoms[monomial[0]].kind == AtomKind::Counter && solve_for(monomial[0])) return true;
      }
    }
    return false;
  }

  // The first equation with +-1 times the counter, which goes out of all of them.
  bool solve_for(AtomId counter) {
    for (std::size_t k = 0; k < zeros.size(); ++k) {
      const Poly factor = zeros[k].coefficient(counter);
      if (!(factor == Poly(1)) && !(factor == Poly(-1))) continue;
      const Poly solution = Poly::atom(counter) - factor * zeros[k];
      if (!solution.valid() || mentions_within(solution, counter)) continue;
      zeros.erase(zeros.begin() + static_cast<std::ptrdiff_t>(k));
      replace(counter, solution);
      return true;
    }
    return false;
  }

  // Also in the operands of what is applied.
  bool mentions_within(const Poly& poly, AtomId id) const {
    return std::any_of(poly.terms().begin(), poly.terms().end(), [&](const auto& term) {
      return std::any_of(term.first.begin(), term.first.end(), [&](AtomId part) {
        const Atom& atom = atoms[part];
        return part == id || (atom.kind == AtomKind::Apply && (mentions_within(atom.lhs, id) || mentions_within(atom.rhs, id)));
      });
    });
  }

  void replace(AtomId counter, const Poly& solution) {
    facts.push_back(Poly::atom(counter));
    for (const Bound& bound : atoms[counter].upper) facts.push_back(bound.limit - Poly(bound.scale) * Poly::atom(counter));
    std::unordered_map<AtomId, Poly> values{{counter, solution}};
    for (std::vector<Poly>* polys : {&zeros, &nonzeros, &facts}) {
      for (Poly& poly : *polys) poly = substitute(poly, values, atoms, false);
    }
  }
};

class Direction {
 public:
  Direction(LoopAccesses& loop, const Access& later, const Access& earlier, bool wrapping)
      : loop_(loop), wrapping_(wrapping), has_guards_(!later.guards.empty() && !earlier.guards.empty()) {
    const Atom counter = loop.atoms[loop.counter];
    const AtomId low = loop.atoms.add(counter);
    Atom distance = counter;
    for (Bound& bound : distance.upper) bound.limit = bound.limit - Poly(bound.scale) * (Poly::atom(low) + 1);
    gap_ = loop.atoms.add(std::move(distance));
    earlier_ = instance(earlier, Poly::atom(low));
    later_ = instance(later, Poly::atom(low) + 1 + Poly::atom(gap_));
    facts_ = loop.facts;
    for (const Bound& bound : loop.atoms[gap_].upper) facts_.push_back(bound.limit);
    facts_.insert(facts_.end(), earlier_.facts.begin(), earlier_.facts.end());
    facts_.insert(facts_.end(), later_.facts.begin(), later_.facts.end());
  }

  bool excluded() const {
    if (has_guards_ && is_impossible()) return true;
    const std::size_t axes = std::min(earlier_.axes.size(), later_.axes.size());
    for (std::size_t axis = 0; axis < axes; ++axis) {
      if (axis_excluded(later_.axes[axis], earlier_.axes[axis])) return true;
    }
    return excluded_together(axes);
  }

 private:
  // Do the axes contradict each other, or one of the conditions, though each by itself may be equal?
  bool excluded_together(std::size_t axes) const {
    Equations all{loop_.atoms, {}, {}, facts_};
    for (const Instance* instance : {&later_, &earlier_}) {
      all.zeros.insert(all.zeros.end(), instance->zeros.begin(), instance->zeros.end());
      all.nonzeros.insert(all.nonzeros.end(), instance->nonzeros.begin(), instance->nonzeros.end());
    }
    for (std::size_t axis = 0; axis < axes; ++axis) {
      const bool is_plain = later_.axes[axis].size() == 1 && earlier_.axes[axis].size() == 1;
      if (is_plain) all.zeros.push_back(later_.axes[axis][0].element - earlier_.axes[axis][0].element);
    }
    return all.zeros.size() + all.nonzeros.size() > 1 && all.contradict(gap_);
  }

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
    for (const Guard& guard : access.guards) {
      if (guard.decidable && guard.op == CompareOp::Eq) result.zeros.push_back(rename(guard.difference));
      if (guard.decidable && guard.op == CompareOp::Ne) result.nonzeros.push_back(rename(guard.difference));
    }
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
  AtomId gap_ = 0;
  Instance earlier_, later_;
  Facts facts_;
};

bool excluded_in_both_directions(LoopAccesses& loop, const Access& a, const Access& b, bool wrapping) {
  if (!Direction(loop, a, b, wrapping).excluded()) return false;
  return &a == &b || Direction(loop, b, a, wrapping).excluded();
}

bool never_meet(LoopAccesses& loop, const Access& a, const Access& b, bool wrapping) {
  return excluded_in_both_directions(loop, a, b, wrapping) || stay_in_chunks(loop, a, b, wrapping);
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
  for (const AxisIndex& index : access.indices) {
    for (const AtomId id : index.assumed) facts.push_back(Poly::atom(id));
  }
  return facts;
}

bool never_meet(LoopAccesses& loop, const Access& a, const Access& b) { return never_meet(loop, a, b, true); }
bool never_meet_unwrapped(LoopAccesses& loop, const Access& a, const Access& b) { return never_meet(loop, a, b, false); }

}  // namespace kjit
