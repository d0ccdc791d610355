// Direct children of syntax nodes; see walk.h.

#include "syntax/walk.h"

namespace kjit::ast {

namespace {

struct ExprChildren {
  const ExprVisitor& visit;

  void one(const ExprPtr& expr) const {
    if (expr) visit(*expr);
  }
  void many(const std::vector<ExprPtr>& list) const {
    for (const ExprPtr& expr : list) one(expr);
  }

  void operator()(const NoneLiteral&) const {}
  void operator()(const EllipsisLiteral&) const {}
  void operator()(const BoolLiteral&) const {}
  void operator()(const IntLiteral&) const {}
  void operator()(const FloatLiteral&) const {}
  void operator()(const ImaginaryLiteral&) const {}
  void operator()(const StringLiteral&) const {}
  void operator()(const Name&) const {}
  void operator()(const Lambda&) const {}
  void operator()(const FString& node) const {
    for (const FStringPart& part : node.parts) one(part.value);
  }
  void operator()(const Unary& node) const { one(node.operand); }
  void operator()(const Binary& node) const {
    one(node.lhs);
    one(node.rhs);
  }
  void operator()(const BoolOperation& node) const { many(node.values); }
  void operator()(const Compare& node) const {
    one(node.first);
    many(node.rest);
  }
  void operator()(const Conditional& node) const {
    one(node.condition);
    one(node.then);
    one(node.otherwise);
  }
  void operator()(const Call& node) const {
    one(node.callee);
    many(node.args);
    for (const Keyword& keyword : node.keywords) one(keyword.value);
  }
  void operator()(const Attribute& node) const { one(node.value); }
  void operator()(const Slice& node) const {
    one(node.lower);
    one(node.upper);
    one(node.step);
  }
  void operator()(const Subscript& node) const {
    one(node.value);
    many(node.indices);
  }
  void operator()(const Tuple& node) const { many(node.elements); }
  void operator()(const List& node) const { many(node.elements); }
  void operator()(const ListComprehension& node) const {
    one(node.iterable);
    one(node.target);
    many(node.conditions);
    one(node.element);
  }
};

struct StmtChildren {
  const ExprVisitor& visit_expr;
  const StmtVisitor& visit_stmt;

  void one(const ExprPtr& expr) const {
    if (expr) visit_expr(*expr);
  }
  void many(const std::vector<ExprPtr>& list) const {
    for (const ExprPtr& expr : list) one(expr);
  }
  void block(const Block& list) const {
    for (const StmtPtr& stmt : list) visit_stmt(*stmt);
  }

  void operator()(const Define& node) const {
    many(node.function->decorators);
    for (const Parameter& parameter : node.function->parameters) {
      one(parameter.annotation);
      one(parameter.default_value);
    }
    one(node.function->returns);
  }
  void operator()(const ExpressionStatement& node) const { one(node.value); }
  void operator()(const Assign& node) const {
    one(node.value);
    many(node.targets);
  }
  void operator()(const AugAssign& node) const {
    one(node.target);
    one(node.value);
  }
  void operator()(const AnnAssign& node) const {
    one(node.annotation);
    one(node.value);
    one(node.target);
  }
  void operator()(const If& node) const {
    one(node.condition);
    block(node.body);
    block(node.otherwise);
  }
  void operator()(const While& node) const {
    one(node.condition);
    block(node.body);
    block(node.otherwise);
  }
  void operator()(const For& node) const {
    one(node.iterable);
    one(node.target);
    block(node.body);
    block(node.otherwise);
  }
  void operator()(const Break&) const {}
  void operator()(const Continue&) const {}
  void operator()(const Pass&) const {}
  void operator()(const Return& node) const { one(node.value); }
  void operator()(const Assert& node) const {
    one(node.condition);
    one(node.message);
  }
  void operator()(const Raise& node) const { one(node.exception); }
  void operator()(const Import&) const {}
  void operator()(const ImportFrom&) const {}
};

}  // namespace

void for_each_child(const Expr& expr, const ExprVisitor& visit) { std::visit(ExprChildren{visit}, expr.node); }

void for_each_child(const Stmt& stmt, const ExprVisitor& visit_expr, const StmtVisitor& visit_stmt) {
  std::visit(StmtChildren{visit_expr, visit_stmt}, stmt.node);
}

}  // namespace kjit::ast
