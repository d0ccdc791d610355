#pragma once
// Functions that are too large for LLVM's optimiser, whose passes take more than linear time: 16,000 statements would take most
// of a minute. They are compiled without it, in time that grows with their size.

#include <cstddef>
#include <string>
#include <vector>

#include "typing/tree/typed_tree.h"

namespace kjit {

// Statements and expressions of one function: about 6,000 lines, which take 5 s to optimise.
constexpr std::size_t kMostOptimisedNodes = 50'000;

bool is_too_large_to_optimise(const typed::Function& function);

// Names of the program's functions that are, as the user wrote them, each once.
std::vector<std::string> functions_too_large_to_optimise(const typed::Program& program);

}  // namespace kjit
