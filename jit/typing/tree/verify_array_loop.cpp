// Verification of array loops: operands, and a body that is nothing but scalar arithmetic on their elements.

#include <algorithm>
#include <utility>

#include "typing/tree/loop_shapes.h"
#include "typing/tree/typed_walk.h"
#include "typing/tree/verifier.h"

namespace kjit::typed {

namespace {

bool belongs_in_body(const Expr& expr) {
  const bool arithmetic = std::holds_alternative<Constant>(expr.node) || std::holds_alternative<LoopElement>(expr.node) ||
                          std::holds_alternative<Let>(expr.node) || std::holds_alternative<ReadLocal>(expr.node) ||
                          std::holds_alternative<Conditional>(expr.node) || std::holds_alternative<Convert>(expr.node) ||
                          std::holds_alternative<Unary>(expr.node) || std::holds_alternative<Binary>(expr.node) ||
                          std::holds_alternative<Compare>(expr.node) || std::holds_alternative<BuiltinCall>(expr.node);
  return arithmetic && expr.type.is_scalar();
}

}  // namespace

void Verifier::check_node(const Expr& expr, const ArrayLoop& node) {
  int rank = -1;
  for (const ExprPtr& operand : node.operands) {
    check(operand);
    expect(operand->type.is_array() || operand->type.is_scalar(), "an operand of a loop is an array or a scalar");
    if (operand->type.is_array()) rank = std::max(rank, operand->type.rank());
  }
  expect(rank >= 0, "a loop has an array among its operands");
  expect(node.shapes.empty() || are_shape_steps(node.shapes, node), "the steps of broadcasting name arrays and leave one shape");
  expect(node.body != nullptr, "a loop has a body");
  for_each_expr(*node.body, [&](const Expr& part) {
    expect(belongs_in_body(part), "the body of a loop is scalar arithmetic");
    const auto* read = std::get_if<ReadLocal>(&part.node);
    expect(!read || local(read->local).name.empty(), "the body of a loop reads no variable");
    const auto* call = std::get_if<BuiltinCall>(&part.node);
    expect(!call || !call->checked, "the body of a loop never fails");
  });
  const ArrayLoop* outer = std::exchange(loop_, &node);
  check(node.body);
  loop_ = outer;
  const Layout layout = expr.type.is_contiguous() ? Layout::C : Layout::Strided;
  expect(expr.type == Type::array(node.body->type.kind(), rank, layout), "a loop gives a new array of the body's type");
}

void Verifier::check_node(const Expr& expr, const LoopElement& node) {
  expect(loop_ && node.operand < loop_->operands.size(), "a loop element names an operand of its loop");
  const Type& operand = loop_->operands[node.operand]->type;
  expect(expr.type == (operand.is_array() ? Type(operand.dtype()) : operand), "a loop element has the operand's element type");
}

}  // namespace kjit::typed
