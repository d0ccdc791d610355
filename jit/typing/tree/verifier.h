#pragma once
// The state of verify(); private to it. verify.cpp checks functions and statements, verify_expressions.cpp expressions,
// verify_builtins.cpp the rows of builtins.def.

#include <string_view>

#include "typing/tree/typed_tree.h"

namespace kjit::typed {

class Verifier {
 public:
  explicit Verifier(const Program& program) : program_(program) {}
  void check_program();

 private:
  // verify.cpp
  void check_function(const Function& function);
  void check_block(const Block& block, int loop_depth);
  void check_statement(const AssignLocal& node, int loop_depth);
  void check_statement(const AssignGlobal& node, int loop_depth);
  void check_statement(const StoreElement& node, int loop_depth);
  void check_statement(const UpdateElement& node, int loop_depth);
  void check_statement(const AssignView& node, int loop_depth);
  void check_statement(const Evaluate& node, int loop_depth);
  void check_statement(const If& node, int loop_depth);
  void check_statement(const While& node, int loop_depth);
  void check_statement(const ForRange& node, int loop_depth);
  void check_statement(const Break&, int loop_depth) { expect(loop_depth > 0, "break is inside a loop"); }
  void check_statement(const Continue&, int loop_depth) { expect(loop_depth > 0, "continue is inside a loop"); }
  void check_statement(const Return& node, int loop_depth);
  void check_statement(const Raise& node, int loop_depth);
  void check_statement(const Assert& node, int loop_depth);
  void check_statement(const Print& node, int loop_depth);
  void check_site(SiteId site);
  void check_id(std::uint32_t id, std::vector<bool>& seen);
  void check_type(const Type& type);
  const Local& local(LocalId id);
  const Global& global(GlobalId id);

  // verify_expressions.cpp. check() verifies the expression and all below it.
  void check(const ExprPtr& expr);
  void check_as(const ExprPtr& expr, const Type& type, std::string_view invariant);
  void check_node(const Expr& expr, const Constant& node);
  void check_node(const Expr& expr, const ReadLocal& node);
  void check_node(const Expr& expr, const ReadGlobal& node);
  void check_node(const Expr& expr, const Let& node);
  void check_node(const Expr& expr, const Conditional& node);
  void check_node(const Expr& expr, const Convert& node);
  void check_node(const Expr& expr, const Unary& node);
  void check_node(const Expr& expr, const Binary& node);
  void check_node(const Expr& expr, const Compare& node);
  void check_node(const Expr& expr, const Call& node);
  void check_node(const Expr& expr, const BuiltinCall& node);
  void check_node(const Expr& expr, const MakeTuple& node);
  void check_node(const Expr& expr, const TupleElement& node);
  void check_node(const Expr& expr, const TupleElementDynamic& node);
  void check_node(const Expr& expr, const Element& node);
  void check_node(const Expr& expr, const View& node);
  void check_node(const Expr& expr, const NewArray& node);
  void check_node(const Expr& expr, const ArrayLiteral& node);
  void check_node(const Expr& expr, const ArrayLoop& node);
  void check_node(const Expr& expr, const LoopElement& node);
  void check_node(const Expr& expr, const ArrayDim& node);
  void check_node(const Expr& expr, const Format& node);
  // The element type of the array that this access (Element, StoreElement, UpdateElement) touches.
  template <typename Access>
  Kind check_place(const Access& access) {
    check_id(access.id, seen_accesses_);
    return check_place(access.array, access.indices, access.in_bounds);
  }
  Kind check_place(const ExprPtr& array, const std::vector<ExprPtr>& indices, const std::vector<bool>& in_bounds);
  void check_subscript(const Subscript& subscript);
  void check_pieces(const std::vector<FormatPiece>& pieces);
  void expect_array(const Type& type, bool contiguous);

  // Throws InternalError with the place unless the invariant holds.
  void expect(bool holds, std::string_view invariant) const {
    if (!holds) {
      fail(invariant);
    }
  }
  [[noreturn]] void fail(std::string_view invariant) const;

  const Program& program_;
  const Function* function_ = nullptr;
  SiteId site_ = 0;                               // of the innermost node being checked
  std::vector<bool> seen_loops_, seen_accesses_;  // by id
  const ArrayLoop* loop_ = nullptr;               // whose body is being checked
};

// The result of `lhs op rhs` for operands of this type; Unknown if there is no such operator.
Type binary_result(BinaryOp op, const Type& operand);
// Whether Convert has a row for these types.
bool is_conversion(const Type& from, const Type& to);
// Whether arguments and result fit the signature of the row, and only rows that have one are called checked.
bool builtin_fits(const BuiltinCall& call, const Type& result);

}  // namespace kjit::typed
