// Proofs about the sign of polynomials. Entries: prove_nonnegative, prove_nonzero (affine.h).
//
// U. Banerjee, Dependence Analysis for Supercomputing (1988), as told in R. Allen, K. Kennedy, Optimizing Compilers for Modern
// Architectures (2001), chapter 3: extreme values over the iteration ranges, and the GCD test. Symbolic limits stay in the
// polynomial; the rest must then be a sum of products of things that are known to be >= 0.

#include <algorithm>
#include <numeric>
#include <optional>

#include "analysis/facts/affine.h"

namespace kjit {

namespace {

// Alternatives (several bounds of one counter) multiply; real subscripts need a handful.
constexpr int kMaxSteps = 400;
constexpr std::size_t kMaxDerived = 32;  // facts
constexpr int kMaxSplits = 4;            // into cases, one within the other

class Prover {
 public:
  Prover(const Atoms& atoms, const Facts& facts, int splits = 0) : atoms_(atoms), facts_(facts), splits_(splits) {
    for (const Poly& fact : facts) add_weaker(fact);
    for (std::size_t k = 0; k < derived_.size() && derived_.size() < kMaxDerived; ++k) add_weaker(Poly(derived_[k]));
    for (const Poly& fact : facts) learn_sign(fact);
    for (const Poly& fact : derived_) learn_sign(fact);
  }

  bool nonnegative(const Poly& poly) {
    if (!poly.valid() || ++steps_ > kMaxSteps) return false;
    if (is_plainly_nonnegative(poly)) return true;
    if (follows_from_fact(poly)) return true;
    return by_extremes(poly) || (splits_ > 0 && by_cases(poly));
  }

 private:
  // What holds of min(a, b) + rest >= 0 holds with a, and with b, in its place; likewise of rest - max(a, b) >= 0.
  void add_weaker(const Poly& fact) {
    if (!fact.valid()) return;
    for (const auto& [monomial, factor] : fact.terms()) {
      if (monomial.size() != 1) continue;
      const Atom& atom = atoms_[monomial[0]];
      const bool is_larger_replaced = atom.op == ApplyOp::Min ? factor > 0 : atom.op == ApplyOp::Max && factor < 0;
      if (atom.kind != AtomKind::Apply || !is_larger_replaced) continue;
      const Poly rest = fact - Poly(factor) * Poly::atom(monomial[0]);
      derived_.push_back(rest + Poly(factor) * atom.lhs);
      derived_.push_back(rest + Poly(factor) * atom.rhs);
    }
  }

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
    const Atom& atom = atoms_[id];
    if (atom.nonnegative || std::find(nonnegative_.begin(), nonnegative_.end(), id) != nonnegative_.end()) return true;
    return atom.kind == AtomKind::Apply && applies_nonnegative(atom);
  }

  bool applies_nonnegative(const Atom& atom) const {
    switch (atom.op) {
      case ApplyOp::FloorDiv:
      case ApplyOp::Min: return is_plainly_nonnegative(atom.lhs) && is_plainly_nonnegative(atom.rhs);
      case ApplyOp::Mod: return is_plainly_nonnegative(atom.rhs);
      case ApplyOp::Max: return is_plainly_nonnegative(atom.lhs) || is_plainly_nonnegative(atom.rhs);
    }
    return false;
  }

  bool is_plainly_nonnegative(const Poly& poly) const {
    if (!poly.valid()) return false;
    return std::all_of(poly.terms().begin(), poly.terms().end(), [&](const auto& term) {
      return term.second > 0 && std::all_of(term.first.begin(), term.first.end(), [&](AtomId id) { return is_nonnegative(id); });
    });
  }

  bool follows_from_fact(const Poly& poly) const {
    const auto is_implied_by = [&](const Poly& fact) { return is_plainly_nonnegative(poly - fact); };
    return std::any_of(facts_.begin(), facts_.end(), is_implied_by) ||
           std::any_of(derived_.begin(), derived_.end(), is_implied_by);
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
    const std::vector<Bound>& lower = atoms_[id].lower;
    return std::any_of(lower.begin(), lower.end(),
                       [&](const Bound& bound) { return nonnegative(slope * bound.limit + Poly(bound.scale) * rest); });
  }

  // scale * x <= limit and slope <= 0: scale * (slope * x + rest) >= slope * limit + scale * rest.
  bool at_upper_end(AtomId id, const Poly& slope, const Poly& rest) {
    const std::vector<Bound>& upper = atoms_[id].upper;
    return std::any_of(upper.begin(), upper.end(),
                       [&](const Bound& bound) { return nonnegative(slope * bound.limit + Poly(bound.scale) * rest); });
  }

  // ---- cases ----

  std::vector<AtomCase> cases_of(AtomId id) const {
    const Atom& atom = atoms_[id];
    const bool is_min = atom.op == ApplyOp::Min, is_max = atom.op == ApplyOp::Max;
    if (atom.kind != AtomKind::Apply) return atom.cases;
    if (!is_min && !is_max) return {};
    const Poly is_left = is_min ? atom.rhs - atom.lhs : atom.lhs - atom.rhs;
    return {{atom.lhs, {is_left}}, {atom.rhs, {-is_left}}};
  }

  // The last one first, which earlier ones may be made of.
  bool by_cases(const Poly& poly) const {
    std::optional<AtomId> chosen;
    for (const auto& [monomial, factor] : poly.terms()) {
      for (const AtomId id : monomial) {
        if ((!chosen || id > *chosen) && !cases_of(id).empty()) chosen = id;
      }
    }
    if (!chosen) return false;
    const Poly slope = poly.coefficient(*chosen), rest = poly - slope * Poly::atom(*chosen);
    const std::vector<AtomCase> cases = cases_of(*chosen);
    return std::all_of(cases.begin(), cases.end(),
                       [&](const AtomCase& each) { return holds_in(each, slope * each.value + rest); });
  }

  bool holds_in(const AtomCase& each, const Poly& poly) const {
    Facts facts = facts_;
    facts.insert(facts.end(), each.facts.begin(), each.facts.end());
    Prover inner(atoms_, facts, splits_ - 1);
    const auto is_excluded = [&](const Poly& fact) { return inner.nonnegative(-fact - 1); };
    return inner.nonnegative(poly) || std::any_of(each.facts.begin(), each.facts.end(), is_excluded);
  }

  const Atoms& atoms_;
  const Facts& facts_;
  int splits_;
  Facts derived_;  // what follows from them
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

// ---- residues ----
// Modulo d, terms that d divides vanish and x % m is x if d divides m. If what is left lies strictly between two multiples of d,
// the sum is never 0: a[4 * k + i] for i in 0 .. 3, or the other colour of a chessboard.

// How a divisor divides: a number, or a single atom.
struct Divisor {
  std::int64_t number = 0;
  AtomId atom = 0;  // if number is 0
  Poly poly() const { return number != 0 ? Poly(number) : Poly::atom(atom); }
};

bool divides(const Divisor& divisor, const Monomial& monomial, std::int64_t factor) {
  if (divisor.number != 0) return factor % divisor.number == 0;
  return std::binary_search(monomial.begin(), monomial.end(), divisor.atom);
}

bool divides(const Divisor& divisor, const Poly& poly) {
  return std::all_of(poly.terms().begin(), poly.terms().end(),
                     [&](const auto& term) { return divides(divisor, term.first, term.second); });
}

Poly residue(const Poly& poly, const Divisor& divisor, const Atoms& atoms) {
  Poly result;
  for (const auto& [monomial, factor] : poly.terms()) {
    if (divides(divisor, monomial, factor)) continue;
    Poly term = divisor.number != 0 ? factor % divisor.number : factor;
    for (const AtomId id : monomial) {
      const Atom& atom = atoms[id];
      const bool reduces = atom.kind == AtomKind::Apply && atom.op == ApplyOp::Mod && divides(divisor, atom.rhs);
      term = term * (reduces ? residue(atom.lhs, divisor, atoms) : Poly::atom(id));
    }
    result = result + term;
  }
  return result;
}

std::vector<Divisor> divisors_in(const Poly& poly, const Atoms& atoms) {
  std::vector<Divisor> found;
  const auto add = [&](const Divisor& divisor) {
    const bool is_known = std::any_of(found.begin(), found.end(), [&](const Divisor& other) {
      return other.number == divisor.number && other.atom == divisor.atom;
    });
    if (!is_known) found.push_back(divisor);
  };
  const auto add_number = [&](std::int64_t number) {
    if (number > 1 || number < -1) add({number < 0 ? -number : number, 0});
  };
  for (const auto& [monomial, factor] : poly.terms()) {
    if (!monomial.empty()) add_number(factor);
    for (const AtomId id : monomial) {
      const Atom& atom = atoms[id];
      if (atom.kind == AtomKind::Value && monomial.size() > 1) add({0, id});
      if (atom.kind != AtomKind::Apply || atom.op != ApplyOp::Mod) continue;
      if (atom.rhs.is_constant()) add_number(atom.rhs.constant_term());
      const bool is_atom = atom.rhs.terms().size() == 1 && atom.rhs.terms().begin()->first.size() == 1;
      if (is_atom && atom.rhs.terms().begin()->second == 1) add({0, atom.rhs.terms().begin()->first[0]});
    }
  }
  return found;
}

bool excluded_by_residue(const Poly& poly, const Atoms& atoms, const Facts& facts) {
  for (const Divisor& divisor : divisors_in(poly, atoms)) {
    Poly rest = residue(poly, divisor, atoms);
    if (divisor.number != 0) rest = residue(rest, divisor, atoms);  // what x of x % m brought in
    const Poly room = divisor.poly() - 1;
    const auto between = [&](const Poly& value) {
      return prove_nonnegative(value - 1, atoms, facts) && prove_nonnegative(room - value, atoms, facts);
    };
    if (rest.valid() && (between(rest) || between(-rest))) return true;
  }
  return false;
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

bool prove_by_cases(const Poly& poly, const Atoms& atoms, const Facts& facts) {
  return Prover(atoms, facts, kMaxSplits).nonnegative(poly);
}

bool prove_nonzero(const Poly& difference, const Atoms& atoms, const Facts& facts) {
  const Poly poly = without_nonzero_factors(difference, facts);
  if (!poly.valid()) return false;
  if (poly.is_constant()) return !poly.is_zero();
  if (is_known_nonzero(poly, facts)) return true;
  return excluded_by_divisor(poly) || prove_nonnegative(poly - 1, atoms, facts) || prove_nonnegative(-poly - 1, atoms, facts) ||
         excluded_by_residue(poly, atoms, facts);
}

}  // namespace kjit
