#pragma once
// The children of a node, in source order, for walks that treat all nodes alike.

#include <type_traits>

#include "syntax/ast.h"

namespace kjit::ast {

namespace detail {

template <typename Visit>
struct ChildVisitor {
  Visit& visit;

  void one(const ExprPtr& child) const {
    if (child) visit(*child);
  }
  void all(const std::vector<ExprPtr>& children) const {
    for (const ExprPtr& child : children) one(child);
  }

  void operator()(const FString& node) const {
    for (const FStringPart& part : node.parts) one(part.value);
  }
  void operator()(const Unary& node) const { one(node.operand); }
  void operator()(const Binary& node) const { one(node.lhs), one(node.rhs); }
  void operator()(const BoolOperation& node) const { all(node.values); }
  void operator()(const Compare& node) const { one(node.first), all(node.rest); }
  void operator()(const Conditional& node) const { one(node.then), one(node.condition), one(node.otherwise); }
  void operator()(const Call& node) const {
    one(node.callee), all(node.args);
    for (const Keyword& keyword : node.keywords) one(keyword.value);
  }
  void operator()(const Attribute& node) const { one(node.value); }
  void operator()(const Slice& node) const { one(node.lower), one(node.upper), one(node.step); }
  void operator()(const Subscript& node) const { one(node.value), all(node.indices); }
  void operator()(const Tuple& node) const { all(node.elements); }
  void operator()(const List& node) const { all(node.elements); }
  void operator()(const ListComprehension& node) const {
    one(node.element), one(node.target), one(node.iterable), all(node.conditions);
  }
  void operator()(const Lambda& node) const {
    for (const Parameter& parameter : node.function->parameters) one(parameter.default_value);
    for (const StmtPtr& statement : node.function->body) {
      if (const auto* result = std::get_if<Return>(&statement->node)) one(result->value);
    }
  }
  template <typename Leaf>
  void operator()(const Leaf&) const {}
};

}  // namespace detail

// Calls visit(const Expr&) for each direct child of the node of an Expr; a lambda's children are its defaults and its body.
template <typename Node, typename Visit>
void for_each_child(const Node& node, Visit&& visit) {
  std::visit(detail::ChildVisitor<std::remove_reference_t<Visit>>{visit}, node);
}

}  // namespace kjit::ast
