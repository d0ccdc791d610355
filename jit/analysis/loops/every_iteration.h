#pragma once
// Which parts of a loop body are evaluated in every iteration that does not fail.

#include <functional>

#include "typing/tree/typed_tree.h"

namespace kjit {

// Visits each expression and each statement of the body once, parents first; `always` is false for what some iteration may skip.
struct BodyVisitor {
  std::function<void(const typed::Expr&, bool always)> expr;
  std::function<void(const typed::Stmt&, bool always)> stmt;
  std::function<void(const typed::Stmt&, bool always)> after_stmt;  // behind all that is in it; may be empty
};
void visit_body(const typed::Block& body, const BodyVisitor& visitor);

}  // namespace kjit
