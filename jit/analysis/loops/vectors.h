#pragma once
// What keeps LLVM from running several iterations of a loop in one vector, as far as the typed tree shows it. Nothing here is
// needed for correct code; it is told to the user.

#include <vector>

#include "analysis/loops/loop_plan.h"

namespace kjit {

struct VectorReview {
  std::vector<Hindrance> obstacles;  // any of them is enough
  std::vector<Hindrance> costs;      // vectors are possible, but do not pay as much
};

// `plan` has everything else already.
VectorReview review_vectors(const typed::Program& program, const ParallelPlans& parallel, const typed::Function& function,
                            const typed::ForRange& loop, const LoopPlan& plan);

}  // namespace kjit
