#pragma once
// The entry functions of the features, one file each. `lower_expr` and `lower_stmt` dispatch to them.

#include "lower/function_lowering.h"

namespace kjit {

// ---- lower_expr.cpp ----
llvm::Value* lower_expr(FunctionLowering& f, const typed::Expr& expr);   // borrowed
llvm::Value* lower_owned(FunctionLowering& f, const typed::Expr& expr);  // +1 if managed
std::vector<llvm::Value*> lower_all(FunctionLowering& f, const std::vector<typed::ExprPtr>& exprs);
llvm::Value* lower_read_global(FunctionLowering& f, const typed::Expr& expr, const typed::ReadGlobal& node);

// ---- lower_const.cpp ----
llvm::Constant* lower_constant(FunctionLowering& f, const Type& type, const typed::Constant& node);

// ---- arithmetic; both operands have `type` ----
// What an operator needs besides its operands.
struct OpContext {
  typed::SiteId site;
  Type type;                      // of the operands
  Type result;                    // differs for TrueDiv of integers
  bool usually_in_range = false;  // Mod: the dividend is an index and its neighbours, as in (i + 1) % n
};
llvm::Value* lower_binary_values(FunctionLowering& f, typed::BinaryOp op, llvm::Value* lhs, llvm::Value* rhs,
                                 const OpContext& at);
llvm::Value* lower_int_binary(FunctionLowering& f, typed::BinaryOp op, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at);
// i1: lhs % rhs == 0, with Mod's errors; cheaper than Mod.
llvm::Value* lower_int_divides(FunctionLowering& f, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at);
llvm::Value* lower_float_binary(FunctionLowering& f, typed::BinaryOp op, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at);
llvm::Value* lower_float_power(FunctionLowering& f, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at);
llvm::Value* lower_complex_binary(FunctionLowering& f, typed::BinaryOp op, llvm::Value* lhs, llvm::Value* rhs,
                                  const OpContext& at);
llvm::Value* lower_unary(FunctionLowering& f, const typed::Expr& expr, const typed::Unary& node);
llvm::Value* make_complex(FunctionLowering& f, llvm::Value* re, llvm::Value* im);
llvm::Value* negate_int_checked(FunctionLowering& f, llvm::Value* value, const Type& type, typed::SiteId site);
// An integer as kjit_trap takes it.
llvm::Value* trap_value(FunctionLowering& f, llvm::Value* value, const Type& type);

// ---- lower_compare.cpp, lower_convert.cpp ----
llvm::Value* lower_compare(FunctionLowering& f, const typed::Expr& expr, const typed::Compare& node);
llvm::Value* convert_value(FunctionLowering& f, llvm::Value* value, const Type& from, const Type& to, typed::SiteId site);
llvm::Value* truth(FunctionLowering& f, llvm::Value* value, const Type& type);

// ---- lower_call.cpp, lower_builtin.cpp, lower_random.cpp ----
llvm::Value* lower_call(FunctionLowering& f, const typed::Expr& expr, const typed::Call& node);
llvm::Value* lower_builtin(FunctionLowering& f, const typed::Expr& expr, const typed::BuiltinCall& node);
llvm::Value* lower_inline_builtin(FunctionLowering& f, const typed::Expr& expr, const typed::BuiltinCall& node);
llvm::Value* lower_wrapped_builtin(FunctionLowering& f, const typed::Expr& expr, const typed::BuiltinCall& node);
llvm::Value* lower_atomic_builtin(FunctionLowering& f, const typed::Expr& expr, const typed::BuiltinCall& node,
                                  const std::vector<llvm::Value*>& args);
// The runtime function `symbol` under one of the conventions of library/builtins.def.
llvm::Value* lower_runtime_builtin(FunctionLowering& f, const typed::Expr& expr, const typed::BuiltinCall& node);
// The same with arguments that have been evaluated.
llvm::Value* call_runtime_builtin(FunctionLowering& f, const typed::Expr& expr, const typed::BuiltinCall& node,
                                  const std::vector<llvm::Value*>& values);
llvm::Value* lower_math_power(FunctionLowering& f, const typed::Expr& expr, const typed::BuiltinCall& node);
// A reading of the clock stands between two pin_values; in functions that read it, arguments and results of calls are opaque.
void pin_values(FunctionLowering& f);
// The same value, of which LLVM knows nothing and which it needs in this place. Managed values are left alone.
llvm::Value* opaque(FunctionLowering& f, llvm::Value* value, const Type& type);
llvm::Value* call_libm(FunctionLowering& f, const std::string& name, const std::vector<llvm::Value*>& args);
// A call whose result is tested for errors: it may be infinite or NaN whatever fastmath promises.
llvm::Value* call_checked_libm(FunctionLowering& f, const std::string& name, const std::vector<llvm::Value*>& args);
llvm::Value* is_finite(FunctionLowering& f, llvm::Value* value);

// ---- arrays ----
struct Subscripts {
  typed::AccessId access;
  const typed::Expr* array;
  const std::vector<typed::ExprPtr>* indices;
  const std::vector<bool>* in_bounds;
  typed::SiteId site;
};
// Evaluates array and indices, checks them, and gives the address of the element.
llvm::Value* element_address(FunctionLowering& f, const Subscripts& at);
// The same from positions that were checked.
llvm::Value* position_address(FunctionLowering& f, llvm::Value* array, const Type& type,
                              const std::vector<llvm::Value*>& positions);
llvm::Value* lower_element(FunctionLowering& f, const typed::Expr& expr, const typed::Element& node);
llvm::Value* lower_view(FunctionLowering& f, const typed::Expr& expr, const typed::View& node);
llvm::Value* lower_new_array(FunctionLowering& f, const typed::Expr& expr, const typed::NewArray& node);
llvm::Value* lower_array_call(FunctionLowering& f, const typed::Expr& expr, const typed::BuiltinCall& node);
llvm::Value* lower_array_loop(FunctionLowering& f, const typed::Expr& expr, const typed::ArrayLoop& node);
// The sum over all elements of a loop, without an array in between. Null: not such a call of array_functions.def.
llvm::Value* lower_loop_sum(FunctionLowering& f, const typed::Expr& expr, const typed::BuiltinCall& node);
// view[...] = loop, without an array in between. False: not such a statement.
bool lower_assign_loop(FunctionLowering& f, const typed::Stmt& stmt, const typed::AssignView& node);
// The operators and conversions of array loops, which never trap. Entry in lower_numpy_arith.cpp.
llvm::Value* lower_numpy_binary(FunctionLowering& f, typed::BinaryOp op, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at);
llvm::Value* numpy_float_to_int(FunctionLowering& f, llvm::Value* value, const Type& from, const Type& to);
llvm::Value* lower_array_literal(FunctionLowering& f, const typed::Expr& expr, const typed::ArrayLiteral& node);
llvm::Value* array_shape(FunctionLowering& f, llvm::Value* array, unsigned axis);
llvm::Value* array_stride(FunctionLowering& f, llvm::Value* array, const Type& type, unsigned axis);
llvm::Value* array_data(FunctionLowering& f, llvm::Value* array);
// index (as written, negative from the end) -> position in [0, size); traps outside.
llvm::Value* normalise_index(FunctionLowering& f, llvm::Value* index, llvm::Value* size, bool never_negative, int trap,
                             typed::SiteId site, llvm::Value* axis);

// ---- lower_atomic.cpp: what iterations of parallel loops do to elements that others touch ----
void lower_atomic_update(FunctionLowering& f, const typed::Stmt& stmt, const typed::UpdateElement& node);
void lower_atomic_store(FunctionLowering& f, llvm::Value* value, llvm::Value* address, const Type& type);

// ---- lower_text.cpp ----
llvm::Value* lower_format(FunctionLowering& f, const typed::Expr& expr, const typed::Format& node);
void lower_print(FunctionLowering& f, const typed::Stmt& stmt, const typed::Print& node);

// ---- statements ----
void lower_block(FunctionLowering& f, const typed::Block& block);
void lower_stmt(FunctionLowering& f, const typed::Stmt& stmt);
void lower_while(FunctionLowering& f, const typed::Stmt& stmt, const typed::While& node);
void lower_for(FunctionLowering& f, const typed::Stmt& stmt, const typed::ForRange& node);
void lower_raise(FunctionLowering& f, const typed::Stmt& stmt, const typed::Raise& node);
void lower_assert(FunctionLowering& f, const typed::Stmt& stmt, const typed::Assert& node);

}  // namespace kjit
