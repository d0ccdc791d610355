#pragma once
// Variables that hold the array of a loop, and where each of these values is read.

#include <vector>

#include "typing/tree/typed_tree.h"

namespace kjit {

// local = a * b
struct ArrayDefinition {
  const typed::Stmt* stmt;
  typed::LocalId local;
  std::vector<const typed::Expr*> reads;  // the ReadLocal nodes that its value may come to
};

// The array loop that the statement assigns to a local, or null.
const typed::ArrayLoop* assigned_loop(const typed::Stmt& stmt);

// In the order of the source.
std::vector<ArrayDefinition> find_array_definitions(const typed::Function& function);

}  // namespace kjit
