// Polynomials over atoms, and what is proved about them.

#include <gtest/gtest.h>

#include "analysis/facts/affine.h"

namespace kjit::testing {
namespace {

class Affine : public ::testing::Test {
 protected:
  Poly counter(const char* name, const Poly& last) {
    Atom atom;
    atom.kind = AtomKind::Counter;
    atom.name = name;
    atom.nonnegative = atom.inside = true;
    atom.upper.push_back({1, last});
    return Poly::atom(atoms.add(std::move(atom)));
  }

  Atoms atoms;
  Poly n = atoms.value("n", false);
};

TEST_F(Affine, TermsCancel) {
  EXPECT_TRUE(((n + 1) * (n - 1) - n * n + 1).is_zero());
  EXPECT_EQ(atoms.to_string(2 * n - 3), "2 * n - 3");
  EXPECT_EQ(atoms.to_string(-n), "-n");
}

TEST_F(Affine, CoefficientOfALinearTerm) {
  const Poly i = counter("i", n - 1);
  const AtomId id = i.terms().begin()->first[0];
  EXPECT_TRUE((i * n + 2 * i + 5).coefficient(id) == n + 2);
  EXPECT_FALSE((i * i).coefficient(id).valid());
}

TEST_F(Affine, HugeCoefficientsAreGivenUp) {
  const Poly huge = std::int64_t{1} << 39;
  EXPECT_TRUE(huge.valid());
  EXPECT_FALSE((huge * 4).valid());
  EXPECT_FALSE(prove_nonnegative(huge * 4, atoms, {}));
}

TEST_F(Affine, FloorDivisionAndRemainderAreThoseOfPython) {
  EXPECT_TRUE(atoms.apply(ApplyOp::FloorDiv, -7, 2) == Poly(-4));
  EXPECT_TRUE(atoms.apply(ApplyOp::Mod, -7, 2) == Poly(1));
  EXPECT_TRUE(atoms.apply(ApplyOp::Mod, 7, -2) == Poly(-1));
}

TEST_F(Affine, RemainderOfASmallerNumberIsTheNumber) {
  const Poly i = counter("i", 7);
  EXPECT_TRUE(atoms.apply(ApplyOp::Mod, i, 8) == i);
  EXPECT_FALSE(atoms.apply(ApplyOp::Mod, i, 7) == i);
}

TEST_F(Affine, ExtremesOfCounters) {
  const Poly i = counter("i", n - 1), j = counter("j", i - 1);
  EXPECT_TRUE(prove_nonnegative(n - 1 - i, atoms, {}));
  EXPECT_TRUE(prove_nonnegative(i - 1 - j, atoms, {}));
  EXPECT_TRUE(prove_nonnegative(n - 2 - j, atoms, {}));  // by way of i
  EXPECT_FALSE(prove_nonnegative(n - 3 - j, atoms, {}));
  EXPECT_FALSE(prove_nonnegative(i - 1, atoms, {}));
}

TEST_F(Affine, FactsHelp) {
  EXPECT_FALSE(prove_nonnegative(n, atoms, {}));
  EXPECT_TRUE(prove_nonnegative(n, atoms, {n - 1}));
  EXPECT_TRUE(prove_nonnegative(n * n, atoms, {n - 1}));
}

TEST_F(Affine, DivisorExcludesZero) {
  const Poly i = counter("i", n - 1);
  EXPECT_TRUE(prove_nonzero(4 * i - 6 * n + 1, atoms, {}));
  EXPECT_FALSE(prove_nonzero(4 * i - 6 * n + 2, atoms, {}));
}

TEST_F(Affine, FactorsThatAreNeverZeroAreDividedOut) {
  const Poly i = counter("i", n - 1);
  EXPECT_FALSE(prove_nonzero(n * (i + 1), atoms, {}));
  const Facts nonzero{n * n - 1};
  EXPECT_TRUE(prove_nonzero(n * (i + 1), atoms, nonzero));
}

TEST_F(Affine, SubstitutionClonesWhatDependsOnTheIteration) {
  const Poly i = counter("i", n - 1), j = counter("j", i);
  std::unordered_map<AtomId, Poly> values{{i.terms().begin()->first[0], Poly(3)}};
  const Poly renamed = substitute(i + j + n, values, atoms, true);
  EXPECT_FALSE(renamed.mentions(j.terms().begin()->first[0]));
  EXPECT_TRUE(prove_nonnegative(n + 6 - renamed, atoms, {}));  // j <= 3 now
}

}  // namespace
}  // namespace kjit::testing
