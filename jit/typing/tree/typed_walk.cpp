// Visiting the nodes of a typed tree; see typed_walk.h. The const forms share the code of the others: a visit changes nothing by
// itself.

#include "typing/tree/typed_walk.h"

namespace kjit::typed {

namespace {

using ExprVisitor = std::function<void(Expr&)>;
using BlockVisitor = std::function<void(Block&)>;

struct ExprChildren {
  const ExprVisitor& visit;

  void one(ExprPtr& expr) const {
    if (expr) visit(*expr);
  }
  void many(std::vector<ExprPtr>& list) const {
    for (ExprPtr& expr : list) one(expr);
  }

  void operator()(Constant&) const {}
  void operator()(ReadLocal&) const {}
  void operator()(ReadGlobal&) const {}
  void operator()(Let& node) const {
    one(node.value);
    one(node.body);
  }
  void operator()(Conditional& node) const {
    one(node.condition);
    one(node.then);
    one(node.otherwise);
  }
  void operator()(Convert& node) const { one(node.operand); }
  void operator()(Unary& node) const { one(node.operand); }
  void operator()(Binary& node) const {
    one(node.lhs);
    one(node.rhs);
  }
  void operator()(Compare& node) const {
    one(node.lhs);
    one(node.rhs);
  }
  void operator()(Call& node) const { many(node.args); }
  void operator()(BuiltinCall& node) const { many(node.args); }
  void operator()(MakeTuple& node) const { many(node.elements); }
  void operator()(TupleElement& node) const { one(node.tuple); }
  void operator()(TupleElementDynamic& node) const {
    one(node.tuple);
    one(node.index);
  }
  void operator()(Element& node) const {
    one(node.array);
    many(node.indices);
  }
  void operator()(View& node) const {
    one(node.array);
    for (Subscript& subscript : node.subscripts) {
      one(subscript.index);
      one(subscript.lower);
      one(subscript.upper);
      one(subscript.step);
    }
  }
  void operator()(NewArray& node) const {
    many(node.shape);
    one(node.value);
  }
  void operator()(ArrayLiteral& node) const { many(node.elements); }
  void operator()(ArrayLoop& node) const {
    many(node.operands);
    one(node.body);
  }
  void operator()(LoopElement&) const {}
  void operator()(ArrayDim& node) const { one(node.array); }
  void operator()(Format& node) const {
    for (FormatPiece& piece : node.pieces) one(piece.value);
  }
};

struct StmtChildren {
  const ExprVisitor& visit_expr;
  const BlockVisitor& visit_block;

  void one(ExprPtr& expr) const {
    if (expr) visit_expr(*expr);
  }
  void many(std::vector<ExprPtr>& list) const {
    for (ExprPtr& expr : list) one(expr);
  }

  void operator()(AssignLocal& node) const { one(node.value); }
  void operator()(AssignGlobal& node) const { one(node.value); }
  void operator()(StoreElement& node) const {
    one(node.value);
    one(node.array);
    many(node.indices);
  }
  void operator()(UpdateElement& node) const {
    one(node.array);
    many(node.indices);
    one(node.value);
  }
  void operator()(AssignView& node) const {
    one(node.value);
    one(node.view);
  }
  void operator()(Evaluate& node) const { one(node.value); }
  void operator()(If& node) const {
    one(node.condition);
    visit_block(node.body);
    visit_block(node.otherwise);
  }
  void operator()(While& node) const {
    one(node.condition);
    visit_block(node.body);
    visit_block(node.otherwise);
  }
  void operator()(ForRange& node) const {
    one(node.start);
    one(node.stop);
    one(node.step);
    if (node.parallel) {
      one(node.parallel->chunk);
      one(node.parallel->threads);
    }
    visit_block(node.body);
    visit_block(node.otherwise);
  }
  void operator()(Break&) const {}
  void operator()(Continue&) const {}
  void operator()(Return& node) const { one(node.value); }
  void operator()(Raise& node) const { one(node.message); }
  void operator()(Assert& node) const {
    one(node.condition);
    one(node.message);
  }
  void operator()(Print& node) const {
    for (FormatPiece& piece : node.pieces) one(piece.value);
  }
};

}  // namespace

void for_each_child(Expr& expr, const std::function<void(Expr&)>& visit) { std::visit(ExprChildren{visit}, expr.node); }

void for_each_child(const Expr& expr, const std::function<void(const Expr&)>& visit) {
  for_each_child(const_cast<Expr&>(expr), [&](Expr& child) { visit(child); });
}

void for_each_child(Stmt& stmt, const std::function<void(Expr&)>& visit_expr, const std::function<void(Block&)>& visit_block) {
  std::visit(StmtChildren{visit_expr, visit_block}, stmt.node);
}

void for_each_child(const Stmt& stmt, const std::function<void(const Expr&)>& visit_expr,
                    const std::function<void(const Block&)>& visit_block) {
  for_each_child(const_cast<Stmt&>(stmt), [&](Expr& child) { visit_expr(child); }, [&](Block& block) { visit_block(block); });
}

void for_each_expr(Expr& expr, const std::function<void(Expr&)>& visit) {
  visit(expr);
  for_each_child(expr, [&](Expr& child) { for_each_expr(child, visit); });
}

void for_each_expr(Block& block, const std::function<void(Expr&)>& visit) {
  for (StmtPtr& stmt : block) {
    for_each_child(*stmt, [&](Expr& expr) { for_each_expr(expr, visit); }, [&](Block& inner) { for_each_expr(inner, visit); });
  }
}

void for_each_expr(const Expr& expr, const std::function<void(const Expr&)>& visit) {
  for_each_expr(const_cast<Expr&>(expr), [&](Expr& child) { visit(child); });
}

void for_each_expr(const Block& block, const std::function<void(const Expr&)>& visit) {
  for_each_expr(const_cast<Block&>(block), [&](Expr& child) { visit(child); });
}

void for_each_stmt(Block& block, const std::function<void(Stmt&)>& visit) {
  for (StmtPtr& stmt : block) {
    visit(*stmt);
    for_each_child(*stmt, [](Expr&) {}, [&](Block& inner) { for_each_stmt(inner, visit); });
  }
}

void for_each_stmt(const Block& block, const std::function<void(const Stmt&)>& visit) {
  for_each_stmt(const_cast<Block&>(block), [&](Stmt& stmt) { visit(stmt); });
}

}  // namespace kjit::typed
