#pragma once
// The rewriting behind fusion: a definition is taken apart into what stays in its place and the loop that moves into its reader.

#include <functional>
#include <vector>

#include "analysis/arrays/array_reader.h"
#include "typing/tree/typed_tree.h"

namespace kjit {

// What stays of `local = a * b`, and the loop, whose operands are movable now.
struct SplitDefinition {
  typed::Block stays;  // hidden variables for operands, a comparison of shapes
  typed::ExprPtr loop;
  std::vector<typed::LocalId> held;  // the hidden variables
};

using IsMovable = std::function<bool(const typed::Expr&)>;

// Constants, variables and slices of variables: what can be evaluated at any place where its variables are the same. Of a
// variable `is_stable` tells whether they are. Evaluating it never fails.
bool is_movable(const typed::Expr& expr, const std::function<bool(const typed::Expr&)>& is_stable);

// `definition` is used up. What cannot move is evaluated in its place.
SplitDefinition split_definition(typed::Function& function, typed::Stmt& definition, const IsMovable& can_move);

// The loop computes its elements where `statement` reads them from now on.
void move_into_reader(typed::Function& function, typed::ExprPtr loop, const ArrayReader& reader, const typed::Stmt& statement);

}  // namespace kjit
