#pragma once
// Plans and remarks of a program -> what `kjit explain` tells. Entry: explain_places.

#include <vector>

#include "analysis/arrays/fusion.h"
#include "analysis/loops/loop_plan.h"
#include "analysis/races/parallel_plan.h"
#include "codegen/remarks.h"
#include "explain/explanation.h"
#include "support/source_file.h"
#include "typing/tree/typed_tree.h"

namespace kjit {

// What the stages found out about one program.
struct ProgramFacts {
  const typed::Program& program;
  const ParallelPlans& parallel;
  const LoopPlans& loops;
  const std::vector<ArrayTemporary>& temporaries;
  const std::vector<Remark>& remarks;  // of all its modules
  const SourceMap& sources;
};

// Loops, and statements with whole arrays, of all functions that users wrote; in the order of the source.
std::vector<ExplainedPlace> explain_places(const ProgramFacts& facts);

}  // namespace kjit
