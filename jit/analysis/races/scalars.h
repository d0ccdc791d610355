#pragma once
// What becomes of the local variables of a parallel loop: captured, private to an iteration, reduced, or an error.

#include "analysis/facts/summaries.h"
#include "analysis/races/accesses.h"
#include "analysis/races/parallel_plan.h"

namespace kjit {

struct ScalarFindings {
  std::vector<typed::LocalId> captures;
  std::vector<PrivateLocal> privates;
  std::vector<Reduction> reductions;
  std::vector<std::string> refusals;  // reported to diags as well
};

ScalarFindings classify_locals(const typed::Function& function, const std::vector<Summary>& summaries,
                               const LoopAccesses& accesses, const typed::ForRange& loop, Diagnostics& diags);

}  // namespace kjit
