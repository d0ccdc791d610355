#pragma once
// What functions and subscripts of whole arrays are made of: each makes a tree of checked parts. Private to jit/library.
// An expression whose type is Unknown was wrong, and has been reported; so was what comes back empty.

#include <cstdint>
#include <optional>
#include <vector>

#include "typing/check/checker.h"

namespace kjit {

// ---- array_forms.cpp ----
// A function of runtime/array_functions.def.
ExprPtr array_call(FunctionChecker& c, int function, Type result, Span span, std::vector<ExprPtr> args);
// A view with these axes of the array, in this order; -1 is a new axis of length 1.
ExprPtr axes_view(FunctionChecker& c, ExprPtr array, const std::vector<std::int64_t>& axes, Span span);
// A constant axis in [0, rank).
std::optional<int> constant_axis(FunctionChecker& c, const ast::Expr& expr, int rank);
// None (all), a constant or a tuple of constants.
std::optional<std::vector<int>> constant_axes(FunctionChecker& c, const ast::Expr* expr, int rank);
ExprPtr transpose(FunctionChecker& c, ExprPtr array, Span span);
ExprPtr reshape(FunctionChecker& c, ExprPtr array, std::vector<ExprPtr> shape, Span span);
ExprPtr complex_part(FunctionChecker& c, ExprPtr array, bool imaginary, Span span);
// A view with `subscript` on one axis, whole on the others.
ExprPtr slice_axis(FunctionChecker& c, ExprPtr array, int axis, typed::Subscript subscript, Span span);
ExprPtr flatten(FunctionChecker& c, ExprPtr array, Span span);  // in C order; a view where there is one
ExprPtr insert_axis(FunctionChecker& c, ExprPtr array, int at, Span span);

// ---- array_subscripts.cpp ----
// A view, and what is selected from it by a mask or by arrays on some of its axes.
struct ArraySelection {
  ExprPtr base;
  ExprPtr mask;
  std::vector<ExprPtr> indices;  // I64 arrays
  std::vector<int> index_axes;   // of the base
  int place = 0;                 // of the index arrays' axes among the others
};
ExprPtr select_elements(FunctionChecker& c, ArraySelection selection, Span span);
// vector[index] = values, as an expression without a value.
ExprPtr scatter_elements(FunctionChecker& c, ExprPtr vector, ExprPtr index, ExprPtr values, Span span);

// ---- folds.cpp, products.cpp, reductions.cpp ----
// An expression over arrays that may lie in memory in another order than C's is computed in NumPy's, which decides in which order
// a fold takes the elements.
void keep_memory_order(typed::Expr& array);
// Arrays of one rank, one behind the other along a new first axis (joining.cpp).
ExprPtr stack_arrays(FunctionChecker& c, std::vector<ExprPtr> arrays, Span span);
// Arrays of one rank along an axis; of an unknown type if they are not, which is reported.
ExprPtr join_arrays(FunctionChecker& c, std::vector<ExprPtr> arrays, int axis, Span span);
// Sums of floats and what is made of them, over all elements. Null: the runtime's own reduction does it; nothing is moved.
ExprPtr fold_whole(FunctionChecker& c, Builtin reduction, ExprPtr& array, ExprPtr& ddof, Span span);
Kind accumulator(Kind dtype);  // in which sums and products are computed
// Over these axes, in this type.
ExprPtr sum_axes(FunctionChecker& c, ExprPtr array, std::vector<int> axes, Kind kind, Span span);
ExprPtr matrix_product(FunctionChecker& c, ExprPtr a, ExprPtr b, Span span);
// One of the rows ArraySum to ArrayAll over all elements; `ddof` may be null.
ExprPtr reduce_array(FunctionChecker& c, Builtin reduction, ExprPtr array, Span span, ExprPtr ddof = nullptr);

// ---- what the checker asks for whole arrays (LibraryView::arrays) ----
ExprPtr call_on_arrays(FunctionChecker& c, const CallSite& site);
ExprPtr array_method(FunctionChecker& c, const CallSite& site, ExprPtr& array);
ExprPtr array_function_attribute(FunctionChecker& c, std::string_view name, ExprPtr& array, Span span);
ExprPtr subscript_of_path(FunctionChecker& c, const ast::Expr& expr, const ast::Subscript& node, std::string_view path);
ExprPtr index_with_arrays(FunctionChecker& c, const ast::Expr& expr, const ast::Subscript& node, ExprPtr& array);
bool assign_with_arrays(FunctionChecker& c, const ast::Expr& target, const ast::Subscript& subscript, ExprPtr& value);
bool update_with_arrays(FunctionChecker& c, const ast::Expr& target, const ast::Subscript& subscript, typed::BinaryOp op,
                        const ast::Expr& operand, Span span);

}  // namespace kjit
