#pragma once
// NumPy's functions and methods whose first argument is a whole array: one row each, with a handler in the file of its family.
// Element functions have a table of their own (element_functions.cpp). Private to library/arrays.

#include <string_view>
#include <vector>

#include "library/arrays/array_forms.h"
#include "library/handlers.h"

namespace kjit {

struct ArrayArguments;
using ArrayHandler = ExprPtr (*)(FunctionChecker& c, ArrayArguments given);

enum class Called { Function, Method, Both };  // np.name(array, ...), array.name(...)
enum class AxisRule { Any, One };              // what `axis` may name

struct ArrayFunctionRow {
  std::string_view name;
  Called called;
  std::vector<std::string_view> parameters;  // behind the array: those that are followed; others are refused
  std::size_t needed;                        // how many of them must be given
  ArrayHandler handler;
  int op = 0;                     // what the handler is to do, if it serves several names
  AxisRule axes = AxisRule::Any;  // folds
  bool is_reduction = false;      // the array alone is the business of reductions.cpp
  bool takes_number = false;      // where the array may be a number as well

  bool is_method() const { return called != Called::Function; }
  bool is_function() const { return called != Called::Method; }
};

// A call whose first argument, or object, is an array that has been checked.
struct ArrayArguments {
  const CallSite& site;
  const ArrayFunctionRow& row;
  ExprPtr array;
  std::vector<const ast::Expr*> options;  // by the parameters of the row; null: not given

  Span span() const { return site.span(); }
  int rank() const { return array->type.rank(); }
  // Null: not given, or not in the row.
  const ast::Expr* option(std::string_view name) const;
};

// ---- rearranging.cpp: the same elements with other axes ----
ExprPtr array_reshape(FunctionChecker& c, ArrayArguments given);
// `order` may be null.
ExprPtr reshape_in_order(FunctionChecker& c, const CallSite& site, ExprPtr array, std::vector<ExprPtr> shape,
                         const ast::Expr* order);
ExprPtr array_transpose(FunctionChecker& c, ArrayArguments given);
ExprPtr array_matrix_transpose(FunctionChecker& c, ArrayArguments given);
ExprPtr array_as_type(FunctionChecker& c, ArrayArguments given);
ExprPtr array_swapaxes(FunctionChecker& c, ArrayArguments given);
ExprPtr array_moveaxis(FunctionChecker& c, ArrayArguments given);
ExprPtr array_ravel(FunctionChecker& c, ArrayArguments given);
ExprPtr array_flatten(FunctionChecker& c, ArrayArguments given);
ExprPtr array_ascontiguous(FunctionChecker& c, ArrayArguments given);
ExprPtr array_squeeze(FunctionChecker& c, ArrayArguments given);
ExprPtr array_expand_dims(FunctionChecker& c, ArrayArguments given);
ExprPtr array_atleast_1d(FunctionChecker& c, ArrayArguments given);
ExprPtr array_atleast_2d(FunctionChecker& c, ArrayArguments given);
ExprPtr array_atleast_3d(FunctionChecker& c, ArrayArguments given);
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

// ---- ordering.cpp ----
ExprPtr array_sort(FunctionChecker& c, ArrayArguments given);
ExprPtr array_argsort(FunctionChecker& c, ArrayArguments given);
ExprPtr array_searchsorted(FunctionChecker& c, ArrayArguments given);
ExprPtr array_unique(FunctionChecker& c, ArrayArguments given);
ExprPtr array_unique_with(FunctionChecker& c, ArrayArguments given);  // kernel_handlers.cpp
ExprPtr array_median(FunctionChecker& c, ArrayArguments given);
ExprPtr array_percentile(FunctionChecker& c, ArrayArguments given);
ExprPtr array_quantile(FunctionChecker& c, ArrayArguments given);
ExprPtr array_bincount(FunctionChecker& c, ArrayArguments given);

// ---- products.cpp: with a second array, and what is made of products and differences ----
ExprPtr array_dot(FunctionChecker& c, ArrayArguments given);
ExprPtr array_matmul(FunctionChecker& c, ArrayArguments given);
ExprPtr array_inner(FunctionChecker& c, ArrayArguments given);
ExprPtr array_vdot(FunctionChecker& c, ArrayArguments given);
ExprPtr array_outer(FunctionChecker& c, ArrayArguments given);
ExprPtr array_diff(FunctionChecker& c, ArrayArguments given);
ExprPtr array_isclose(FunctionChecker& c, ArrayArguments given);
ExprPtr array_allclose(FunctionChecker& c, ArrayArguments given);
ExprPtr array_equal(FunctionChecker& c, ArrayArguments given);
ExprPtr array_interp(FunctionChecker& c, ArrayArguments given);

// ---- folds.cpp: along axes ----
ExprPtr array_accumulate(FunctionChecker& c, ArrayArguments given);
ExprPtr array_extremum(FunctionChecker& c, ArrayArguments given);
ExprPtr array_test(FunctionChecker& c, ArrayArguments given);
ExprPtr array_mean(FunctionChecker& c, ArrayArguments given);
ExprPtr array_average(FunctionChecker& c, ArrayArguments given);
ExprPtr array_var(FunctionChecker& c, ArrayArguments given);
ExprPtr array_std(FunctionChecker& c, ArrayArguments given);
ExprPtr array_count_nonzero(FunctionChecker& c, ArrayArguments given);
ExprPtr array_ptp(FunctionChecker& c, ArrayArguments given);
ExprPtr array_position(FunctionChecker& c, ArrayArguments given);
ExprPtr array_cumulate(FunctionChecker& c, ArrayArguments given);
ExprPtr array_nansum(FunctionChecker& c, ArrayArguments given);
ExprPtr array_nan_extremum(FunctionChecker& c, ArrayArguments given);
ExprPtr array_nanmean(FunctionChecker& c, ArrayArguments given);

// ---- selecting.cpp ----
ExprPtr array_nonzero(FunctionChecker& c, ArrayArguments given);
ExprPtr array_flatnonzero(FunctionChecker& c, ArrayArguments given);
ExprPtr array_argwhere(FunctionChecker& c, ArrayArguments given);
ExprPtr array_take(FunctionChecker& c, ArrayArguments given);
ExprPtr array_put(FunctionChecker& c, ArrayArguments given);
ExprPtr array_extract(FunctionChecker& c, ArrayArguments given);

// ---- element_functions.cpp: methods that are element functions; null: not with these arguments ----
ExprPtr clip_method(FunctionChecker& c, const CallSite& site, ExprPtr& array);
ExprPtr round_method(FunctionChecker& c, const CallSite& site, ExprPtr& array);
ExprPtr conjugate_method(FunctionChecker& c, const CallSite& site, ExprPtr& array);

// ---- shared ----
// A row of the table above, or null: not a function of arrays; what was checked is kept for the one that is meant.
ExprPtr call_array_function(FunctionChecker& c, const CallSite& site);
bool has_own_form(std::string_view path);  // has a handler that takes numbers, or lists
// Not given, or None.
bool is_none(const ast::Expr* expr);

}  // namespace kjit
