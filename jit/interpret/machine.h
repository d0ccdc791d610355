#pragma once
// The state of one interpretation; private to this folder. The members are defined by feature: interpret.cpp (functions,
// statements), loops.cpp, expressions.cpp, arrays.cpp, builtins.cpp, text.cpp.
//
// Errors: a function that cannot go on has recorded the error in the context and returns std::nullopt, false or Flow::Error; its
// callers return at once. What they hold is freed by their destructors.

#include <optional>
#include <span>
#include <vector>

#include "interpret/arithmetic.h"
#include "interpret/interpret.h"
#include "interpret/value.h"
#include "runtime/abi.h"
#include "typing/tree/typed_tree.h"

namespace kjit::interpreter {

using MaybeValue = std::optional<Value>;

// How a statement ended.
enum class Flow { Normal, Break, Continue, Return, Error };

// A variable; empty until its first assignment.
using Variable = std::optional<Value>;

// One running call.
struct Frame {
  const typed::Function& function;
  Rules rules;
  std::vector<Variable> locals;
  const std::vector<Value>* loop_elements = nullptr;  // of the operands of the innermost array loop
  Value result;                                       // valid after Flow::Return; None before
};

// Where an element of an array lies.
struct Place {
  Kind dtype;
  ArrayRef owner;  // keeps the memory alive
  char* address;
};

// A subscript of a view after evaluation. `flags` (KJIT_HAS_LOWER, ...) says which parts of a slice are present.
struct SubscriptValues {
  bool is_slice = false;
  std::int32_t flags = 0;
  std::int64_t index = 0, lower = 0, upper = 0, step = 0;
};

// A view under construction: the address of its first element, and the axes so far.
struct ViewParts {
  char* data;
  std::vector<std::int64_t> shape, strides;
};

class Machine {
 public:
  Machine(const typed::Program& program, const ParallelPlans& plans, const InterpretOptions& options, kjit_context& ctx);
  kjit_status run(void* const* args, void* result);

 private:
  // interpret.cpp: functions and statements
  MaybeValue call(typed::FunctionId callee, std::vector<Variable> arguments);
  bool stack_is_left() const;
  Flow execute(const typed::Block& block);
  Flow execute(const typed::Stmt& stmt);
  Flow run_statement(const typed::Stmt&, const typed::AssignLocal& node);
  Flow run_statement(const typed::Stmt&, const typed::AssignGlobal& node);
  Flow run_statement(const typed::Stmt& stmt, const typed::StoreElement& node);
  Flow run_statement(const typed::Stmt& stmt, const typed::UpdateElement& node);
  Flow run_statement(const typed::Stmt& stmt, const typed::AssignView& node);
  Flow run_statement(const typed::Stmt&, const typed::Evaluate& node);
  Flow run_statement(const typed::Stmt&, const typed::If& node);
  Flow run_statement(const typed::Stmt& stmt, const typed::While& node);
  Flow run_statement(const typed::Stmt& stmt, const typed::ForRange& node);
  Flow run_statement(const typed::Stmt&, const typed::Break&) { return Flow::Break; }
  Flow run_statement(const typed::Stmt&, const typed::Continue&) { return Flow::Continue; }
  Flow run_statement(const typed::Stmt&, const typed::Return& node);
  Flow run_statement(const typed::Stmt& stmt, const typed::Raise& node);
  Flow run_statement(const typed::Stmt& stmt, const typed::Assert& node);
  Flow run_statement(const typed::Stmt& stmt, const typed::Print& node);
  std::optional<bool> condition(const typed::Expr& expr);
  Flow raise(int kind, const typed::Expr* message, typed::SiteId site);
  // Records the error.
  bool fail(const Trap& trap, typed::SiteId site);

  // loops.cpp
  struct Range {
    std::int64_t start, step;
    std::uint64_t count;
    std::int64_t value(std::uint64_t iteration) const;
  };
  std::optional<Range> evaluate_range(const typed::ForRange& node, typed::SiteId site);
  Flow run_iterations(const typed::ForRange& node, const Range& range, typed::SiteId site);
  Flow run_iteration(const typed::ForRange& node, std::int64_t value, typed::SiteId site);
  bool poll(typed::SiteId site);

  // parallel.cpp
  Flow run_parallel(const typed::ForRange& node, const Range& range, typed::SiteId site);
  bool check_options(const typed::ParallelLoop& options, typed::SiteId site);
  Flow run_region(const typed::ForRange& node, const Range& range, typed::SiteId site);
  friend class PlannedLoop;  // planned_loop.cpp

  // expressions.cpp
  MaybeValue evaluate(const typed::Expr& expr);
  std::optional<std::vector<Value>> evaluate_all(const std::vector<typed::ExprPtr>& exprs);
  MaybeValue compute(const typed::Expr& expr, const typed::Constant& node);
  MaybeValue compute(const typed::Expr& expr, const typed::ReadLocal& node);
  MaybeValue compute(const typed::Expr& expr, const typed::ReadGlobal& node);
  MaybeValue compute(const typed::Expr&, const typed::Let& node);
  MaybeValue compute(const typed::Expr&, const typed::Conditional& node);
  MaybeValue compute(const typed::Expr& expr, const typed::Convert& node);
  MaybeValue compute(const typed::Expr& expr, const typed::Unary& node);
  MaybeValue compute(const typed::Expr& expr, const typed::Binary& node);
  MaybeValue compute(const typed::Expr&, const typed::Compare& node);
  MaybeValue compute(const typed::Expr& expr, const typed::Call& node);
  MaybeValue compute(const typed::Expr&, const typed::MakeTuple& node);
  MaybeValue compute(const typed::Expr&, const typed::TupleElement& node);
  MaybeValue compute(const typed::Expr& expr, const typed::TupleElementDynamic& node);
  // The value, unless there is a trap, which is recorded.
  MaybeValue deliver(Value value, const Trap& trap, typed::SiteId site);

  // builtins.cpp
  MaybeValue compute(const typed::Expr& expr, const typed::BuiltinCall& node);
  MaybeValue call_array_function(const typed::Expr& expr, const typed::BuiltinCall& node, const std::vector<Value>& args);
  MaybeValue call_inline(const typed::Expr& expr, const typed::BuiltinCall& node, const std::vector<Value>& args);
  MaybeValue call_libm(const typed::Expr& expr, const typed::BuiltinCall& node, const std::vector<Value>& args);
  MaybeValue call_runtime(const typed::Expr& expr, const typed::BuiltinCall& node, const std::vector<Value>& args);

  // wrapped_builtins.cpp: rows of convention Inline that call the runtime in a way of their own
  MaybeValue wrap_runtime(const typed::Expr& expr, const typed::BuiltinCall& node, const std::vector<Value>& args);
  MaybeValue call_host(const typed::Expr& expr, const typed::BuiltinCall& node,
                       const std::vector<Value>& args);  // foreign_calls.cpp
  MaybeValue call_extern(const typed::Expr& expr, const typed::BuiltinCall& node, const std::vector<Value>& args);  // likewise
  MaybeValue fill_random(const typed::Expr& expr, const typed::BuiltinCall& node, const std::vector<Value>& args);
  MaybeValue make_eye(const typed::Expr& expr, const std::vector<Value>& args);
  MaybeValue change_dtype(const typed::Expr& expr, const typed::BuiltinCall& node, const std::vector<Value>& args);
  MaybeValue dot(const typed::Expr& expr, const std::vector<Value>& args);
  MaybeValue fsum(const typed::Expr& expr, const std::vector<Value>& args);
  MaybeValue polar(const typed::Expr& expr, const std::vector<Value>& args);

  // arrays.cpp
  MaybeValue compute(const typed::Expr& expr, const typed::Element& node);
  MaybeValue compute(const typed::Expr& expr, const typed::View& node);
  MaybeValue compute(const typed::Expr& expr, const typed::NewArray& node);
  MaybeValue compute(const typed::Expr& expr, const typed::ArrayLiteral& node);
  MaybeValue compute(const typed::Expr&, const typed::ArrayDim& node);
  // array_loop/
  MaybeValue compute(const typed::Expr& expr, const typed::ArrayLoop& node);
  MaybeValue compute(const typed::Expr&, const typed::LoopElement& node);
  std::optional<Place> place(const typed::Expr& array, const std::vector<typed::ExprPtr>& indices,
                             const std::vector<bool>& in_bounds, typed::SiteId site);
  std::optional<Place> locate(Kind dtype, const Value& array, std::span<const Value> indices, const std::vector<bool>& in_bounds,
                              typed::SiteId site);
  MaybeValue update_atomically(const typed::Expr& expr, const typed::BuiltinCall& node, std::span<const Value> args);
  std::optional<std::int64_t> resolve_index(std::int64_t index, int axis, std::int64_t size, bool in_bounds, typed::SiteId site);
  std::optional<SubscriptValues> evaluate_subscript(const typed::Subscript& subscript);
  bool apply_subscript(const SubscriptValues& subscript, const Array& array, int axis, typed::SiteId site, ViewParts& view);
  MaybeValue new_array(const Type& type, const std::vector<std::int64_t>& shape, std::int32_t fill, typed::SiteId site);
  MaybeValue full_array(const Type& type, const std::vector<std::int64_t>& shape, const Value& value, typed::SiteId site);

  // text.cpp
  MaybeValue compute(const typed::Expr& expr, const typed::Format& node);
  std::optional<std::vector<Value>> evaluate_pieces(const std::vector<typed::FormatPiece>& pieces);
  bool put_pieces(const std::vector<typed::FormatPiece>& pieces, const std::vector<Value>& values, typed::SiteId site);
  bool put_piece(const typed::FormatPiece& piece, const Value& value, typed::SiteId site);
  MaybeValue take_text(std::int64_t mark, typed::SiteId site);

  const typed::Program& program_;
  const ParallelPlans& plans_;
  const InterpretOptions& options_;
  kjit_context& ctx_;
  std::vector<Variable> globals_;
  Frame* frame_ = nullptr;  // of the innermost running call
};

}  // namespace kjit::interpreter
