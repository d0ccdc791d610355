#pragma once
// Which part of a loop's body says who touches what: the slice that an Inspection (parallel_plan.h) runs in front of the loop.
//
// M. Weiser, Program slicing (IEEE Transactions on Software Engineering, 1984): from the subscripts backwards to the assignments
// and conditions that they follow from. All of these must give the same before the loop as in it: they have no effect, draw
// nothing, and read nothing that the loop writes. A condition that does not is passed over and both branches count, so that at
// worst iterations seem to meet that do not.

#include <optional>
#include <string>

#include "analysis/races/accesses.h"

namespace kjit {

struct InspectionFindings {
  std::optional<Inspection> inspection;
  std::string obstacle;  // without one: why there is none
};

// `suspects`: the roots that the analysis could not decide.
InspectionFindings find_inspection(const typed::Function& function, const std::vector<Summary>& summaries,
                                   const typed::ForRange& loop, const LoopAccesses& accesses,
                                   const std::vector<RootId>& suspects);

}  // namespace kjit
