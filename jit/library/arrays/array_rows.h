#pragma once
// NumPy's functions and methods whose first argument is a whole array: one row each, with a handler in the file of its family.
// Element functions and folds have tables of their own (element_functions.cpp, folds.cpp). Private to library/arrays.

#include <string_view>
#include <vector>

#include "library/handlers.h"

namespace kjit {

// A call whose first argument, or object, is an array that has been checked.
struct ArrayArguments {
  const CallSite& site;
  ExprPtr array;
  std::vector<const ast::Expr*> options;  // by the parameters of the row; null: not given

  Span span() const { return site.span(); }
  int rank() const { return array->type.rank(); }
};

using ArrayHandler = ExprPtr (*)(FunctionChecker& c, ArrayArguments given);

struct ArrayFunctionRow {
  std::string_view name;                     // np.name(array, ...)
  bool is_method;                            // array.name(...) as well
  std::vector<std::string_view> parameters;  // behind the array
  std::size_t needed;                        // how many of them must be given
  ArrayHandler handler;
};

const ArrayFunctionRow* find_array_function(std::string_view name);

// ---- rearranging.cpp: the same elements with other axes ----
ExprPtr array_transpose(FunctionChecker& c, ArrayArguments given);
ExprPtr array_swapaxes(FunctionChecker& c, ArrayArguments given);
ExprPtr array_moveaxis(FunctionChecker& c, ArrayArguments given);
ExprPtr array_ravel(FunctionChecker& c, ArrayArguments given);
ExprPtr array_flatten(FunctionChecker& c, ArrayArguments given);
ExprPtr array_ascontiguous(FunctionChecker& c, ArrayArguments given);
ExprPtr array_squeeze(FunctionChecker& c, ArrayArguments given);
ExprPtr array_expand_dims(FunctionChecker& c, ArrayArguments given);
ExprPtr array_atleast_1d(FunctionChecker& c, ArrayArguments given);
ExprPtr array_atleast_2d(FunctionChecker& c, ArrayArguments given);
ExprPtr array_broadcast_to(FunctionChecker& c, ArrayArguments given);
ExprPtr array_diagonal(FunctionChecker& c, ArrayArguments given);
ExprPtr array_diag(FunctionChecker& c, ArrayArguments given);
ExprPtr array_trace(FunctionChecker& c, ArrayArguments given);
ExprPtr array_flip(FunctionChecker& c, ArrayArguments given);
ExprPtr array_flipud(FunctionChecker& c, ArrayArguments given);
ExprPtr array_fliplr(FunctionChecker& c, ArrayArguments given);
ExprPtr array_roll(FunctionChecker& c, ArrayArguments given);
ExprPtr array_repeat(FunctionChecker& c, ArrayArguments given);
ExprPtr array_tile(FunctionChecker& c, ArrayArguments given);
ExprPtr array_real(FunctionChecker& c, ArrayArguments given);
ExprPtr array_imag(FunctionChecker& c, ArrayArguments given);
ExprPtr flatten(FunctionChecker& c, ExprPtr array, Span span);  // in C order; a view where there is one
ExprPtr insert_axis(FunctionChecker& c, ExprPtr array, int at, Span span);

// ---- joining.cpp: several arrays into one, written as a list ----
bool is_join(std::string_view name);
ExprPtr join_arrays(FunctionChecker& c, const CallSite& site);
ExprPtr meshgrid(FunctionChecker& c, const CallSite& site);

// ---- ordering.cpp ----
ExprPtr array_sort(FunctionChecker& c, ArrayArguments given);
ExprPtr array_argsort(FunctionChecker& c, ArrayArguments given);
ExprPtr array_searchsorted(FunctionChecker& c, ArrayArguments given);
ExprPtr array_unique(FunctionChecker& c, ArrayArguments given);
ExprPtr array_median(FunctionChecker& c, ArrayArguments given);
ExprPtr array_percentile(FunctionChecker& c, ArrayArguments given);
ExprPtr array_quantile(FunctionChecker& c, ArrayArguments given);
ExprPtr array_bincount(FunctionChecker& c, ArrayArguments given);

// ---- products.cpp: with a second array, and what is made of products and differences ----
ExprPtr array_dot(FunctionChecker& c, ArrayArguments given);
ExprPtr array_matmul(FunctionChecker& c, ArrayArguments given);
ExprPtr array_inner(FunctionChecker& c, ArrayArguments given);
ExprPtr array_outer(FunctionChecker& c, ArrayArguments given);
ExprPtr array_diff(FunctionChecker& c, ArrayArguments given);
ExprPtr array_isclose(FunctionChecker& c, ArrayArguments given);
ExprPtr array_allclose(FunctionChecker& c, ArrayArguments given);
ExprPtr array_equal(FunctionChecker& c, ArrayArguments given);
ExprPtr array_interp(FunctionChecker& c, ArrayArguments given);  // the array may be a number here
ExprPtr norm(FunctionChecker& c, const CallSite& site);          // np.linalg.norm

// ---- selecting.cpp ----
ExprPtr array_nonzero(FunctionChecker& c, ArrayArguments given);
ExprPtr array_flatnonzero(FunctionChecker& c, ArrayArguments given);
ExprPtr array_argwhere(FunctionChecker& c, ArrayArguments given);
ExprPtr array_take(FunctionChecker& c, ArrayArguments given);
ExprPtr array_extract(FunctionChecker& c, ArrayArguments given);

// ---- shared ----
// Not given, or None.
bool is_none(const ast::Expr* expr);

}  // namespace kjit
