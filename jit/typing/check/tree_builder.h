#pragma once
// Makes nodes of the typed tree out of checked values: what constants, conversions and operators mean, whatever the syntax was.
// Private to jit/typing and jit/library. Expressions whose type is not known (or that were wrong, and reported) have type Unknown
// and make what depends on them Unknown, silently.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "support/assert.h"
#include "support/diagnostics.h"
#include "syntax/ast.h"
#include "typing/check/specialisation.h"
#include "typing/promotion.h"
#include "typing/tree/typed_tree.h"
#include "typing/type.h"

namespace kjit {

using typed::ExprPtr;

class TreeBuilder {
 public:
  using ExprPtr = typed::ExprPtr;

  template <DiagId Id, typename... Args>
  Diagnostic& report(Span span, const Args&... args) {
    return spec_.diags.report<Id>(span, args...);
  }

  // ---- nodes (tree_builder.cpp) ----
  template <typename Node>
  ExprPtr make(Type type, Span span, Node node) {
    auto expr = std::make_unique<typed::Expr>();
    expr->type = std::move(type);
    expr->span = span;
    expr->site = program_.new_site(spec_.id, span);
    expr->node = std::move(node);
    return measured(std::move(expr));
  }
  // The node with its height noted; one that is too high (E0903) is replaced by a leaf of its type.
  ExprPtr measured(ExprPtr expr);
  template <typename Node>
  void emit(Span span, Node node) {
    auto stmt = std::make_unique<typed::Stmt>();
    stmt->span = span;
    stmt->site = program_.new_site(spec_.id, span);
    stmt->node = std::move(node);
    out_->push_back(std::move(stmt));
  }
  ExprPtr invalid(Span span) { return make(Kind::Unknown, span, typed::Constant{}); }
  ExprPtr int_constant(std::int64_t value, Span span);
  ExprPtr float_constant(double value, Span span);
  ExprPtr bool_constant(bool value, Span span);
  ExprPtr str_constant(std::string value, Span span);
  ExprPtr none_constant(Span span);
  ExprPtr builtin_call(Builtin builtin, Type type, Span span, std::vector<ExprPtr> args, bool checked = false);
  // An expression that may be written twice because it has no effect and no cost.
  static bool is_trivial(const typed::Expr& expr);
  ExprPtr clone(const typed::Expr& trivial);
  typed::LocalId new_local(const std::string& name, const Type& type, Span span);
  typed::LocalId new_temp(const Type& type, Span span);
  ExprPtr read_temp(typed::LocalId temp, Span span);
  // Lets `use` read the value any number of times through clone(); wraps the result in a Let where that is needed.
  ExprPtr with_value(ExprPtr value, const std::function<ExprPtr(const typed::Expr&)>& use);
  // The same at statement level: assigns to a hidden local unless trivial.
  ExprPtr hold(ExprPtr value);
  typed::Block in_block(const std::function<void()>& build);

  // ---- convert.cpp ----
  ExprPtr convert(ExprPtr value, const Type& type);
  // As an explicit cast or for a parameter: false types are reported against `what`.
  ExprPtr convert_number(ExprPtr value, Kind kind, std::string_view what);
  ExprPtr fold_constant(const typed::Constant& constant, Kind from, Kind to, Span span);
  static std::optional<std::int64_t> int_value(const typed::Expr& expr);
  static std::optional<bool> bool_value(const typed::Expr& expr);
  static std::optional<double> float_value(const typed::Expr& expr);
  ExprPtr as_index(ExprPtr value, Span span);  // I64, or reported

  // A copy of the array with elements of another type, or of the same.
  ExprPtr astype(ExprPtr array, kjit::Kind dtype, Span span);

  // ---- operators of values (check_operator.cpp, check_compare.cpp) ----
  ExprPtr binary(typed::BinaryOp op, ExprPtr lhs, ExprPtr rhs, Span span);
  ExprPtr power(ExprPtr lhs, ExprPtr rhs, Span span);
  ExprPtr text_binary(typed::BinaryOp op, ExprPtr lhs, ExprPtr rhs, Span span);
  ExprPtr concat_tuples(ExprPtr lhs, ExprPtr rhs, Span span);
  ExprPtr bad_operands(std::string_view op, const Type& lhs, const Type& rhs, Span span);
  // A literal takes the type of NumPy's number beside it. False, reported: that type does not hold it.
  bool adapt_literal(ExprPtr& lhs, ExprPtr& rhs, Span span);
  ExprPtr compare_values(typed::CompareOp op, ExprPtr lhs, ExprPtr rhs, Span span);
  ExprPtr negate(ExprPtr value, Span span);
  ExprPtr truth(ExprPtr value);

  // ---- arrays/array_operators.cpp: operators on whole arrays ----
  struct LoopParts {
    std::vector<ExprPtr> operands;
    std::vector<ExprPtr> bodies;       // one for each value
    std::vector<std::int32_t> shapes;  // of the values, as steps (loop_shapes.h)
    std::int32_t shape_count = 0;
  };
  static std::vector<bool> decide_fusion(const std::vector<ExprPtr>& values);
  static std::uint32_t add_operand(LoopParts& parts, ExprPtr value);
  ExprPtr add_part(LoopParts& parts, ExprPtr value, bool fused);
  ExprPtr finish_with(LoopParts parts, std::int32_t last_step, ExprPtr body, Span span);
  LoopParts loop_parts(std::vector<ExprPtr> values);
  ExprPtr finish_loop(LoopParts parts, ExprPtr body, Span span);
  // The same, of a mask and the array that it is an index of: their shapes must be equal.
  ExprPtr finish_masked_loop(LoopParts parts, ExprPtr body, Span span);
  // Integers to negative integer powers are a ValueError: the exponents, checked ahead of the loop.
  ExprPtr checked_exponents(const Type& base, ExprPtr exponents, Span span);
  bool fits_element(const typed::Expr& value, Kind kind, Span span);
  ExprPtr scalar_power(ExprPtr lhs, ExprPtr rhs, Kind kind, Span span);
  ExprPtr element_binary(typed::BinaryOp op, ExprPtr lhs, ExprPtr rhs, Span span);
  ExprPtr element_compare(typed::CompareOp op, ExprPtr lhs, ExprPtr rhs, Span span);
  ExprPtr compare_mixed(typed::CompareOp op, ExprPtr lhs, ExprPtr rhs, Span span);
  ExprPtr array_binary(typed::BinaryOp op, ExprPtr lhs, ExprPtr rhs, Span span);
  ExprPtr array_unary(ast::UnaryOp op, ExprPtr operand, Span span);
  ExprPtr array_compare(typed::CompareOp op, ExprPtr lhs, ExprPtr rhs, Span span);
  ExprPtr convert_elements(ExprPtr array, Kind dtype, Span span);
  void update_view(typed::BinaryOp op, ExprPtr view, ExprPtr value, Span span);
  ExprPtr whole_view(ExprPtr array, Span span);  // array[...]

 protected:
  TreeBuilder(ProgramChecker& program, Specialisation& spec) : program_(program), spec_(spec) {}

  ProgramChecker& program_;
  Specialisation& spec_;
  typed::Function function_;
  typed::Block* out_ = nullptr;                                    // where statements go
  std::unordered_map<const typed::Expr*, std::uint32_t> heights_;  // of the nodes above 1, for measured()
};

}  // namespace kjit
