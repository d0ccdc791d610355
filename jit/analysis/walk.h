#pragma once
// Walking the typed tree: the operands of a node, and everything below it.

#include <functional>

#include "typing/typed_tree.h"

namespace kjit {

using ExprVisitor = std::function<void(const typed::Expr&)>;
using StmtVisitor = std::function<void(const typed::Stmt&)>;

// The direct operands, in evaluation order.
void for_each_operand(const typed::Expr& expr, const ExprVisitor& visit);
// The expressions that the statement itself evaluates (not those of its blocks), in evaluation order.
void for_each_operand(const typed::Stmt& stmt, const ExprVisitor& visit);
// The blocks of the statement: body, then otherwise.
void for_each_block(const typed::Stmt& stmt, const std::function<void(const typed::Block&)>& visit);

// The expression and all below it, parents first.
void visit_expressions(const typed::Expr& expr, const ExprVisitor& visit);
// All expressions of the statements and of their blocks.
void visit_expressions(const typed::Block& block, const ExprVisitor& visit);
// All statements and those of their blocks, in source order.
void visit_statements(const typed::Block& block, const StmtVisitor& visit);

// Locals that the statements assign: AssignLocal, loop variables, and the hidden locals of Let.
std::vector<bool> assigned_locals(const typed::Block& block, std::size_t local_count);

// True if both compute the same value when evaluated one after the other. Knows the pure nodes only; false for all others.
bool same_value(const typed::Expr& a, const typed::Expr& b);

// As in the source. A variable that also holds floats, or that is an array element, is set from a hidden counter by the first statement.
std::string variable_name(const typed::Function& function, const typed::ForRange& loop);

// The expression under conversions, or itself.
const typed::Expr& strip_converts(const typed::Expr& expr);
// Is it a read of this local (under conversions)?
bool reads_local(const typed::Expr& expr, typed::LocalId local);

}  // namespace kjit
