#pragma once
// Which random draws have a fixed place in the stream's sequence of blocks, so that they become arithmetic on the loop counter.

#include <optional>
#include <string>

#include "typing/tree/typed_tree.h"

namespace kjit {

// Draws of one call of the builtin, where the lowering can inline it; else 0.
int draws_of(Builtin builtin);
// Does the builtin draw at all?
bool draws(Builtin builtin);

struct FixedDraws {
  std::optional<int> count;  // in each iteration, the same in all; never 0
  std::string reason;        // why not; empty if nothing draws
};
// For the body of an innermost loop. An odd number only for bodies that nothing leaves early.
FixedDraws fixed_draws(const typed::Program& program, const typed::Block& body);

}  // namespace kjit
