#pragma once
// Integers as the analysis knows them: polynomials over atoms (loop counters, sizes, parameters, unknown values), and what can be
// proved about their sign.
//
// Polynomials rather than affine forms only, because a[i * n + j] is how two dimensions are written in one. They stand for the
// mathematical value, and a kernel's integers wrap at 64 bits. Sums and products may wrap on the way: modulo 2**64 the kernel has
// the polynomial's value all the same, so that it has exactly that value if this fits into 64 bits. Whatever else is done to
// integers (a comparison, a quotient, a range, a subscript) speaks of the polynomial only if its operands fit; facts/fits.h says
// which of them a proof rests on and how that is made sure of.

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "typing/tree/typed_tree.h"

namespace kjit {

using AtomId = std::uint32_t;
using Monomial = std::vector<AtomId>;  // sorted, with repetition; empty: the constant term

// A sum of coefficient * monomial. Invalid once a coefficient, the degree or the number of terms grows past any use; invalid
// operands give invalid results, and nothing is provable of them.
class Poly {
 public:
  Poly() = default;
  Poly(std::int64_t constant);  // implicit on purpose
  static Poly atom(AtomId id);
  static Poly invalid();

  bool valid() const { return valid_; }
  bool is_constant() const { return valid_ && (terms_.empty() || (terms_.size() == 1 && terms_.begin()->first.empty())); }
  bool is_zero() const { return valid_ && terms_.empty(); }
  std::int64_t constant_term() const;
  const std::map<Monomial, std::int64_t>& terms() const { return terms_; }  // no zero coefficients

  // The factor of `id` if the polynomial is linear in it; invalid if it is not.
  Poly coefficient(AtomId id) const;
  bool mentions(AtomId id) const;

  friend Poly operator+(const Poly& a, const Poly& b);
  friend Poly operator-(const Poly& a, const Poly& b);
  friend Poly operator*(const Poly& a, const Poly& b);
  friend Poly operator-(const Poly& a);
  friend bool operator==(const Poly& a, const Poly& b) { return a.valid_ && b.valid_ && a.terms_ == b.terms_; }

 private:
  void add_term(const Monomial& monomial, std::int64_t coefficient);

  std::map<Monomial, std::int64_t> terms_;
  bool valid_ = true;
};

// scale * atom <= limit, or >= as a lower bound; scale > 0. The limit mentions earlier atoms only.
struct Bound {
  std::int64_t scale;
  Poly limit;
};

// Value: unknown. Counter: of a loop, 0, 1, ... Apply: an operator on two polynomials that are not both simple enough to be
// expanded.
enum class AtomKind : std::uint8_t { Value, Counter, Apply };
enum class ApplyOp : std::uint8_t { FloorDiv, Mod, Min, Max };

// One of several values that an atom may have, and what holds where it does: polynomials that are >= 0.
struct AtomCase {
  Poly value;
  std::vector<Poly> facts;
};

struct Atom {
  AtomKind kind = AtomKind::Value;
  std::string name;     // in words of the source
  bool inside = false;  // may differ between iterations of the analysed loop
  bool nonnegative = false;
  int bits = 63;  // |value| <= 2**bits
  std::vector<Bound> upper, lower;
  std::vector<AtomCase> cases{};   // Value: none, or all that it can be
  std::vector<Poly> operands;      // what the kernel computed for it. Counter: what its range was made from
  ApplyOp op = ApplyOp::FloorDiv;  // Apply
  Poly lhs, rhs;
};

class Atoms {
 public:
  const Atom& operator[](AtomId id) const { return atoms_[id]; }
  std::size_t size() const { return atoms_.size(); }
  AtomId add(Atom atom);
  Poly value(std::string name, bool inside, bool nonnegative = false, int bits = 63);
  // Simplified where possible; equal operands give the same atom. Python's // and %.
  Poly apply(ApplyOp op, const Poly& lhs, const Poly& rhs);

  // lhs & rhs, where one of them is a constant 2**k - 1: the remainder by 2**k. Else invalid.
  Poly masked(const Poly& lhs, const Poly& rhs);

  bool is_inside(const Poly& poly) const;
  std::string to_string(const Poly& poly) const;
  // `difference op 0` as one would write it: "n > 100".
  std::string to_words(typed::CompareOp op, const Poly& difference) const;

 private:
  Poly fold_constants(ApplyOp op, std::int64_t a, std::int64_t b) const;
  Atom describe(ApplyOp op, const Poly& lhs, const Poly& rhs) const;

  std::vector<Atom> atoms_;
  using Terms = std::map<Monomial, std::int64_t>;
  std::map<std::tuple<ApplyOp, Terms, Terms>, AtomId> applied_;
};

// Each is known to be >= 0. That x is not 0 is the fact x * x - 1.
using Facts = std::vector<Poly>;

// Is poly >= 0 for all values that the bounds of the atoms and the facts allow? False: not proved. After Banerjee: each counter
// is replaced by the end of its range at which the polynomial is smallest, inner loops first.
bool prove_nonnegative(const Poly& poly, const Atoms& atoms, const Facts& facts);
// Likewise, looking at each case of what is one of several values (min, max, AtomCase) by itself.
bool prove_by_cases(const Poly& poly, const Atoms& atoms, const Facts& facts);
// Is it never 0? Adds the test by the greatest common divisor of the coefficients.
bool prove_nonzero(const Poly& poly, const Atoms& atoms, const Facts& facts);

// Replaces atoms: those in `values`, and Counters and Apply atoms whose bounds or operands mention such (by clones), so that the
// result speaks of another iteration. `values` collects the clones. Atoms that are `inside` and in no loop of `values` get clones
// too if `rename_inside`.
Poly substitute(const Poly& poly, std::unordered_map<AtomId, Poly>& values, Atoms& atoms, bool rename_inside);

}  // namespace kjit
