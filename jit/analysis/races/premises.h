#pragma once
// What a verdict rests on besides its proof, as tests for the start of the loop.
//
// The rule for integers that wrap. The analysis computes with polynomials, the kernel modulo 2**64 (facts/affine.h). A proof
// about two accesses speaks of the kernel if each polynomial that the kernel treats as a number, and not only adds and
// multiplies, fits into 64 bits:
//   * the subscripts as written, and what slices of the views in between begin and end with;
//   * both sides of the conditions under which the accesses happen;
//   * start, stop and step of the loops around them;
//   * in all of these, the operands of //, %, min and max.
// What is added and multiplied on the way may wrap. A polynomial is known to fit if it is a number that exists as such (a
// variable, a length, a loop's variable, a constant) or lies between two of them. For any other one the loop starts with a
// SizeTest of its size over all iterations; where that cannot be computed in front of the loop, the pair is undecided, unless
// the subscripts of one axis are enough for a proof.

#include <optional>

#include "analysis/races/accesses.h"

namespace kjit {

struct Premises {
  std::vector<SizeTest> ranges;
  std::vector<SignTest> signs;
};

// Of a proof that `a` and `b` never meet. None: some premise cannot be tested in front of the loop.
std::optional<Premises> premises_of(LoopAccesses& loop, const Access& a, const Access& b);

}  // namespace kjit
