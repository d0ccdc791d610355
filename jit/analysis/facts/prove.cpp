// Proofs about the sign of polynomials. Entries: prove_nonnegative, prove_nonzero (affine.h).
//
// U. Banerjee, Dependence Analysis for Supercomputing (1988), as told in R. Allen, K. Kennedy, Optimizing Compilers for Modern
// Architectures (2001), chapter 3: extreme values over the iteration ranges, and the GCD test. Symbolic limits stay in the
// polynomial; the rest must then be a sum of products of things that are known to be >= 0.

#include <algorithm>
#include <numeric>

#include "analysis/facts/affine.h"

namespace kjit {

namespace {

// Alternatives (several bounds of one counter) multiply; real subscripts need a handful.
constexpr int kMaxSteps = 400;

class Prover {
 public:
  Prover(const Atoms& atoms, const Facts& facts) : atoms_(atoms), facts_(facts) {
    for (const Poly& fact : facts) learn_sign(fact);
  }

  bool nonnegative(const Poly& poly) {
    if (!poly.valid() || ++steps_ > kMaxSteps) return false;
    if (is_plainly_nonnegative(poly)) return true;
    if (follows_from_fact(poly)) return true;
    return by_extremes(poly);
  }

 private:
  // x - c >= 0 with c >= 0 says that x itself is not negative.
  void learn_sign(const Poly& fact) {
    if (!fact.valid() || fact.constant_term() > 0) return;
    AtomId only = 0;
    int count = 0;
    for (const auto& [monomial, factor] : fact.terms()) {
      if (monomial.empty()) continue;
      ++count;
      if (monomial.size() == 1 && factor > 0)
        only = monomial[0];
      else
        count = 2;
    }
    if (count == 1) nonnegative_.push_back(only);
  }

  bool is_nonnegative(AtomId id) const {
    return atoms_[id].nonnegative || std::find(nonnegative_.begin(), nonnegative_.end(), id) != nonnegative_.end();
  }

  bool is_plainly_nonnegative(const Poly& poly) const {
    return std::all_of(poly.terms().begin(), poly.terms().end(), [&](const auto& term) {
      return term.second > 0 && std::all_of(term.first.begin(), term.first.end(), [&](AtomId id) { return is_nonnegative(id); });
    });
  }

  bool follows_from_fact(const Poly& poly) const {
    return std::any_of(facts_.begin(), facts_.end(), [&](const Poly& fact) {
      const Poly rest = poly - fact;
      return rest.valid() && is_plainly_nonnegative(rest);
    });
  }

  bool has_range(AtomId id) const {
    const Atom& atom = atoms_[id];
    return !atom.upper.empty() || !atom.lower.empty() || atom.kind == AtomKind::Counter;
  }

  // The atom to eliminate: limits mention earlier atoms only, so the last one first.
  bool last_ranged(const Poly& poly, AtomId& chosen) const {
    bool found = false;
    for (const auto& [monomial, factor] : poly.terms()) {
      for (const AtomId id : monomial) {
        if (has_range(id) && (!found || id > chosen)) chosen = id, found = true;
      }
    }
    return found;
  }

  bool by_extremes(const Poly& poly) {
    AtomId id = 0;
    if (!last_ranged(poly, id)) return false;
    const Poly slope = poly.coefficient(id);
    if (!slope.valid()) return false;
    const Poly rest = poly - slope * Poly::atom(id);
    if (is_plainly_nonnegative(slope)) return at_lower_end(id, slope, rest);
    if (is_plainly_nonnegative(-slope)) return at_upper_end(id, slope, rest);
    return false;
  }

  bool at_lower_end(AtomId id, const Poly& slope, const Poly& rest) {
    if (is_nonnegative(id) && nonnegative(rest)) return true;
    const std::vector<Poly>& lower = atoms_[id].lower;
    return std::any_of(lower.begin(), lower.end(), [&](const Poly& limit) { return nonnegative(rest + slope * limit); });
  }

  // scale * x <= limit and slope <= 0: scale * (slope * x + rest) >= slope * limit + scale * rest.
  bool at_upper_end(AtomId id, const Poly& slope, const Poly& rest) {
    const std::vector<Bound>& upper = atoms_[id].upper;
    return std::any_of(upper.begin(), upper.end(),
                       [&](const Bound& bound) { return nonnegative(slope * bound.limit + Poly(bound.scale) * rest); });
  }

  const Atoms& atoms_;
  const Facts& facts_;
  std::vector<AtomId> nonnegative_;
  int steps_ = 0;
};

// All values are integers: if the factors of the unknowns share a divisor that the constant lacks, the sum is never 0.
bool excluded_by_divisor(const Poly& poly) {
  std::int64_t divisor = 0;
  for (const auto& [monomial, factor] : poly.terms()) {
    if (!monomial.empty()) divisor = std::gcd(divisor, factor);
  }
  return divisor > 1 && poly.constant_term() % divisor != 0;
}

bool is_known_nonzero(const Poly& poly, const Facts& facts) {
  const Poly square = poly * poly - 1;
  return std::any_of(facts.begin(), facts.end(), [&](const Poly& fact) { return fact == square; });
}

// An atom that is in every term and is itself never 0 can be divided out.
Poly without_nonzero_factors(Poly poly, const Facts& facts) {
  for (bool changed = true; changed && poly.valid() && !poly.terms().empty();) {
    changed = false;
    for (const AtomId id : poly.terms().begin()->first) {
      const Poly quotient = poly.coefficient(id);
      if (!is_known_nonzero(Poly::atom(id), facts) || !quotient.valid() || !(quotient * Poly::atom(id) == poly)) continue;
      poly = quotient;
      changed = true;
      break;
    }
  }
  return poly;
}

}  // namespace

bool prove_nonnegative(const Poly& poly, const Atoms& atoms, const Facts& facts) {
  return Prover(atoms, facts).nonnegative(poly);
}

bool prove_nonzero(const Poly& difference, const Atoms& atoms, const Facts& facts) {
  const Poly poly = without_nonzero_factors(difference, facts);
  if (!poly.valid()) return false;
  if (poly.is_constant()) return !poly.is_zero();
  if (is_known_nonzero(poly, facts)) return true;
  return excluded_by_divisor(poly) || prove_nonnegative(poly - 1, atoms, facts) || prove_nonnegative(-poly - 1, atoms, facts);
}

}  // namespace kjit
