#pragma once
// Visiting the direct children of a syntax node, for passes that look for something anywhere below.

#include <functional>

#include "syntax/ast.h"

namespace kjit::ast {

using ExprVisitor = std::function<void(const Expr&)>;
using StmtVisitor = std::function<void(const Stmt&)>;

// Direct subexpressions in evaluation order. The body of a lambda is not one: it is another function.
void for_each_child(const Expr& expr, const ExprVisitor& visit);
// Direct expressions of a statement, and the statements of its blocks. The body of a nested def is not visited; its decorators,
// defaults and annotations are.
void for_each_child(const Stmt& stmt, const ExprVisitor& visit_expr, const StmtVisitor& visit_stmt);

}  // namespace kjit::ast
