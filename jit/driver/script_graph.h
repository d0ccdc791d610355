#pragma once
// The statements of a script and what they wait for in each other, for `kjit graph`.

#include <vector>

#include "support/graph_picture.h"
#include "support/source_file.h"
#include "typing/tree/typed_tree.h"

namespace kjit {

// One node for each line of the script that computes something. A statement waits for an earlier one if one of them may write a
// variable, or an array behind it, that the other uses; what prints or draws random numbers keeps its order. Calls of kernels are
// white.
std::vector<PictureNode> script_graph(const typed::Program& program, const SourceMap& sources);

}  // namespace kjit
