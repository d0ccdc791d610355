#pragma once
// Bounds checks of a whole loop at once.
//
// An innermost counted loop with subscripts that are linear in its variable (a[i], a[2 * i + k], b[j, i - 1]) gets a second
// version without checks, which runs if the first and the last value of every such subscript are in range: in between they are
// too. (Why that suffices in spite of wrap-around stands where the test is made: lower/loops/emit_range_tests.cpp.)

#include "analysis/loops/loop_plan.h"

namespace kjit {

struct RangeTests {
  std::vector<RangeTest> tests;
  std::vector<SubscriptPlan> subscripts;  // in source order
  std::string reason;                     // why there are no tests
};

// For an innermost loop.
RangeTests find_range_tests(const typed::Function& function, const typed::ForRange& loop, const LoopPlanOptions& options);

// The subscripts of a loop that gets no tests for this reason.
RangeTests without_range_tests(const typed::Block& body, const std::string& reason);

}  // namespace kjit
