#pragma once
// Visiting the nodes of a typed tree.

#include <functional>

#include "typing/tree/typed_tree.h"

namespace kjit::typed {

// Direct subexpressions, in evaluation order; null ones are left out.
void for_each_child(Expr& expr, const std::function<void(Expr&)>& visit);
void for_each_child(const Expr& expr, const std::function<void(const Expr&)>& visit);

// Direct expressions of a statement in evaluation order, and its blocks.
void for_each_child(Stmt& stmt, const std::function<void(Expr&)>& visit_expr, const std::function<void(Block&)>& visit_block);
void for_each_child(const Stmt& stmt, const std::function<void(const Expr&)>& visit_expr,
                    const std::function<void(const Block&)>& visit_block);

// Every expression below, parents before children.
void for_each_expr(Expr& expr, const std::function<void(Expr&)>& visit);
void for_each_expr(Block& block, const std::function<void(Expr&)>& visit);
void for_each_expr(const Expr& expr, const std::function<void(const Expr&)>& visit);
void for_each_expr(const Block& block, const std::function<void(const Expr&)>& visit);
// Every statement below, parents before children.
void for_each_stmt(Block& block, const std::function<void(Stmt&)>& visit);
void for_each_stmt(const Block& block, const std::function<void(const Stmt&)>& visit);

}  // namespace kjit::typed
