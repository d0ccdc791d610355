#pragma once
// The race verdict for each array that a parallel loop writes, with its diagnostics.

#include <functional>

#include "analysis/races/accesses.h"
#include "analysis/races/inspection.h"
#include "analysis/races/parallel_plan.h"

namespace kjit {

struct RaceFindings {
  std::vector<ArrayVerdict> arrays;
  std::vector<OverlapTest> overlap_tests;
  std::vector<SpanTest> span_tests;
  std::vector<SizeTest> size_tests;
  std::vector<SignTest> sign_tests;
  std::vector<ArrayReduction> array_reductions;
  std::vector<CopyableArray> copyable_arrays;
  std::vector<typed::AccessId> atomic;   // UpdateElement and StoreElement
  bool in_order = false;                 // an array is undecided: one thread runs all iterations ...
  std::optional<Inspection> inspection;  // ... unless this finds that they never meet
  bool is_refused = false;               // some proved race, or with `strict` an undecided one
};

// `variable`: the name of the loop's variable. Proved races and, unless the loop is `unchecked`, undecided ones go to diags.
// `may_copy`: could blocks of iterations have copies of this array, if these updates were all that is done to its elements?
using MayCopy = std::function<bool(const ArrayHandle&, const std::vector<typed::AccessId>&)>;
// `inspect`: can a part of the loop that runs before it tell whether iterations meet in these arrays?
using Inspect = std::function<InspectionFindings(const std::vector<RootId>&)>;
RaceFindings find_races(LoopAccesses& loop, const MayCopy& may_copy, const Inspect& inspect, const std::string& variable,
                        bool unchecked, const PlanOptions& options, const SourceMap& sources, Diagnostics& diags);

}  // namespace kjit
