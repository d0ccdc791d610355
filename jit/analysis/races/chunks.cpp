// The test for chunks. Entry: stay_in_chunks().

#include "analysis/races/chunks.h"

#include <algorithm>

#include "analysis/races/dependence.h"

namespace kjit {

namespace {

class ChunkTest {
 public:
  explicit ChunkTest(LoopAccesses& loop) : loop_(loop) {}

  bool holds(const Access& a, const Access& b, bool wrapping) {
    for (std::size_t axis = 0; axis < std::min(a.indices.size(), b.indices.size()); ++axis) {
      if (is_known(a, a.indices[axis], wrapping) && is_known(b, b.indices[axis], wrapping) && holds(a, b, axis)) return true;
    }
    return false;
  }

 private:
  bool holds(const Access& a, const Access& b, std::size_t axis) {
    const Poly &first = a.indices[axis].value, &second = b.indices[axis].value;
    const std::vector<Poly> starts = {start_of(a, first), start_of(b, second)};
    return std::any_of(starts.begin(), starts.end(), [&](const Poly& start) {
      if (!is_monotone(start) && !rises(start, facts_in(a))) return false;
      const Poly next = at_next_iteration(start);
      return is_between(a, start, first, next) && is_between(b, start, second, next);
    });
  }

  bool is_known(const Access& access, const AxisIndex& index, bool wrapping) const {
    if (index.any || !index.value.valid()) return false;
    return !index.may_wrap || !wrapping || prove_nonnegative(index.written, loop_.atoms, facts_in(access));
  }

  // The subscript in the first round of the loops inside the iteration.
  Poly start_of(const Access& access, const Poly& value) const {
    Poly start;
    for (const auto& [monomial, factor] : value.terms()) {
      const bool is_inner = std::any_of(monomial.begin(), monomial.end(), [&](AtomId id) {
        return id != loop_.counter && std::find(access.counters.begin(), access.counters.end(), id) != access.counters.end();
      });
      Poly term = is_inner ? 0 : factor;
      for (const AtomId id : monomial) term = term * Poly::atom(id);
      start = start + term;
    }
    return start;
  }

  Poly at_next_iteration(const Poly& start) {
    std::unordered_map<AtomId, Poly> next{{loop_.counter, Poly::atom(loop_.counter) + 1}};
    return substitute(start, next, loop_.atoms, false);
  }

  // Behind the last iteration comes no other one, so that its chunk may be longer.
  bool is_between(const Access& access, const Poly& start, const Poly& value, const Poly& next) const {
    Facts facts = facts_in(access);
    if (!prove_by_cases(value - start, loop_.atoms, facts)) return false;
    for (const Bound& bound : loop_.atoms[loop_.counter].upper)
      facts.push_back(bound.limit - Poly(bound.scale) * (Poly::atom(loop_.counter) + 1));
    return prove_by_cases(next - 1 - value, loop_.atoms, facts);
  }

  Facts facts_in(const Access& access) const {
    Facts facts = facts_of(access, loop_.atoms);
    facts.insert(facts.end(), loop_.facts.begin(), loop_.facts.end());
    return facts;
  }

  // Does it only rise, or only fall, from iteration to iteration? A value that does, plus, times or divided by a value that is
  // the same in all iterations, or the smaller or larger of the two.
  bool is_monotone(const Poly& poly) const {
    const Poly slope = poly.coefficient(loop_.counter);
    if (slope.valid() && !slope.is_zero()) return is_invariant(slope) && is_invariant(poly - slope * Poly::atom(loop_.counter));
    const auto varies = [&](const auto& term) { return !is_invariant(Poly::atom(term.first[0])); };
    const auto term = std::find_if(poly.terms().begin(), poly.terms().end(),
                                   [&](const auto& each) { return each.first.size() == 1 && varies(each); });
    if (term == poly.terms().end()) return false;
    const AtomId id = term->first[0];
    const Atom& atom = loop_.atoms[id];
    const bool is_monotone_operator = atom.kind == AtomKind::Apply && atom.op != ApplyOp::Mod;
    return is_monotone_operator && is_invariant(poly - Poly(term->second) * Poly::atom(id)) && is_invariant(atom.rhs) &&
           is_monotone(atom.lhs);
  }

  // A sum of parts that rise, or stay.
  bool rises(const Poly& poly, const Facts& facts) const {
    const Poly slope = poly.coefficient(loop_.counter);
    if (!is_invariant(slope) || !prove_nonnegative(slope, loop_.atoms, facts)) return false;
    const Poly rest = poly - slope * Poly::atom(loop_.counter);
    return std::all_of(rest.terms().begin(), rest.terms().end(), [&](const auto& term) {
      Poly part = term.second;
      for (const AtomId id : term.first) part = part * Poly::atom(id);
      return is_invariant(part) || (term.first.size() == 1 && term.second > 0 && extreme_rises(term.first[0], facts));
    });
  }

  bool extreme_rises(AtomId id, const Facts& facts) const {
    const Atom& atom = loop_.atoms[id];
    const bool is_extreme = atom.kind == AtomKind::Apply && (atom.op == ApplyOp::Min || atom.op == ApplyOp::Max);
    return is_extreme && rises(atom.lhs, facts) && rises(atom.rhs, facts);
  }

  bool is_invariant(const Poly& poly) const { return poly.valid() && !loop_.atoms.is_inside(poly); }

  LoopAccesses& loop_;
};

}  // namespace

bool stay_in_chunks(LoopAccesses& loop, const Access& a, const Access& b, bool wrapping) {
  return ChunkTest(loop).holds(a, b, wrapping);
}

}  // namespace kjit
