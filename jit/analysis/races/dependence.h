#pragma once
// Can two accesses of different iterations touch the same element? The dependence tests, and the search for a witness.

#include <optional>
#include <string>

#include "analysis/races/accesses.h"

namespace kjit {

// True: proved that no two different iterations meet in an element, one by `a` and the other by `b` (of the same root).
bool never_meet(LoopAccesses& loop, const Access& a, const Access& b);
// The same question for indices that are not negative as written: tells whether wrapping around is what stands in the way.
bool never_meet_unwrapped(LoopAccesses& loop, const Access& a, const Access& b);

// For a pair that never meets but for wrapping: tests under which it does not wrap around into the other. None: there are no such
// tests.
std::optional<std::vector<SpanTest>> find_span_tests(LoopAccesses& loop, const Access& a, const Access& b);

// Iterations in which the accesses meet. Taken for granted is only that a loop whose length depends on the call makes a few
// iterations; whatever else it rests on is an assumption in words of the source, as "n > 100".
struct Witness {
  std::string iteration_a, iteration_b;  // values of the loop variable
  std::string element_a, element_b;      // "[3]", as the access writes it
  std::vector<std::string> assumptions;
};
// The witness that needs no assumption, if there is one.
std::optional<Witness> find_witness(LoopAccesses& loop, const Access& a, const Access& b);

// Of a comparison that is false.
typed::CompareOp opposite(typed::CompareOp op);
// Does each of them hold where the other one does not?
bool are_opposite(const Guard& a, const Guard& b);
// What holds where the condition does.
void add_fact(const Guard& guard, Facts& facts);
// What hold inside one access, besides LoopAccesses::facts: its loops run, its conditions are true.
Facts facts_of(const Access& access, const Atoms& atoms);

}  // namespace kjit
