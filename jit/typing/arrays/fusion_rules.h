#pragma once
// When the elements of one array loop may be computed inside another one, instead of in an array of their own. The checker asks
// for operands without a name, the analysis for variables that are read once (analysis/arrays/fusion.h).

#include <vector>

#include "typing/tree/typed_tree.h"

namespace kjit {

constexpr int kLargestBody = 160;  // nodes; a longer expression is cut, so that no loop takes long to compile

int node_count(const typed::Expr& body);

// Costs about as much as a read of memory: may be computed again for each element of a larger index space.
bool is_cheap(const typed::Expr& body);

// The same elements: one variable, or one view of it. Both are evaluated at one time: nothing between could change them.
bool same_operand(const typed::Expr& a, const typed::Expr& b);

// The arrays whose shapes make the index space of a value.
std::vector<const typed::Expr*> leaves_of(const typed::Expr& value);

// Has each of `others` the shape of one of `leaves`, whatever the sizes are? Then an index space of `leaves` is theirs, too.
bool covers(const std::vector<const typed::Expr*>& leaves, const std::vector<const typed::Expr*>& others);
// The same for the leaves of all `values`, of which the producer is one.
bool covers(const typed::Expr& producer, const std::vector<const typed::Expr*>& values);

}  // namespace kjit
