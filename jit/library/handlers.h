#pragma once
// Functions with rules of their own about their arguments: the handlers that names.cpp lists, by the file of their family, and
// what the families share. They see the checker through the public part of FunctionChecker.

#include <optional>
#include <string_view>
#include <vector>

#include "typing/check/checker.h"

namespace kjit {

using typed::ExprPtr;

// ---- array.cpp ----
ExprPtr call_arange(FunctionChecker& c, const CallSite& site);
ExprPtr call_array(FunctionChecker& c, const CallSite& site);
ExprPtr call_array_query(FunctionChecker& c, const CallSite& site);
ExprPtr call_asarray(FunctionChecker& c, const CallSite& site);
ExprPtr call_eye(FunctionChecker& c, const CallSite& site);
ExprPtr call_full(FunctionChecker& c, const CallSite& site);
ExprPtr call_full_like(FunctionChecker& c, const CallSite& site);
ExprPtr call_identity(FunctionChecker& c, const CallSite& site);
ExprPtr call_limits(FunctionChecker& c, const CallSite& site);
ExprPtr call_linspace(FunctionChecker& c, const CallSite& site);
ExprPtr call_new_array(FunctionChecker& c, const CallSite& site);
ExprPtr call_new_like(FunctionChecker& c, const CallSite& site);

// ---- math.cpp ----
ExprPtr call_cmath_log(FunctionChecker& c, const CallSite& site);
ExprPtr call_gcd_lcm(FunctionChecker& c, const CallSite& site);
ExprPtr call_isclose(FunctionChecker& c, const CallSite& site);
ExprPtr call_log(FunctionChecker& c, const CallSite& site);
ExprPtr call_math_rounding(FunctionChecker& c, const CallSite& site);
ExprPtr call_np_conjugate(FunctionChecker& c, const CallSite& site);
ExprPtr call_np_extremum(FunctionChecker& c, const CallSite& site);
ExprPtr call_np_floor_divide(FunctionChecker& c, const CallSite& site);
ExprPtr call_np_mod(FunctionChecker& c, const CallSite& site);
ExprPtr call_np_part(FunctionChecker& c, const CallSite& site);
ExprPtr call_np_power(FunctionChecker& c, const CallSite& site);
ExprPtr call_np_round(FunctionChecker& c, const CallSite& site);
ExprPtr round_to_decimals(FunctionChecker& c, ExprPtr value, ExprPtr decimals, Span span);  // a float, an integer
ExprPtr call_np_square(FunctionChecker& c, const CallSite& site);
ExprPtr call_perm(FunctionChecker& c, const CallSite& site);
ExprPtr call_split_float(FunctionChecker& c, const CallSite& site);

// ---- parallel.cpp ----
ExprPtr call_atomic(FunctionChecker& c, const CallSite& site);
ExprPtr call_get_num_threads(FunctionChecker& c, const CallSite& site);
ExprPtr call_set_num_threads(FunctionChecker& c, const CallSite& site);

// ---- python.cpp ----
ExprPtr call_abs(FunctionChecker& c, const CallSite& site);
ExprPtr call_any_all(FunctionChecker& c, const CallSite& site);
ExprPtr call_bool(FunctionChecker& c, const CallSite& site);
ExprPtr call_chr(FunctionChecker& c, const CallSite& site);
ExprPtr call_complex(FunctionChecker& c, const CallSite& site);
ExprPtr call_decorator(FunctionChecker& c, const CallSite& site);
ExprPtr call_divmod(FunctionChecker& c, const CallSite& site);
ExprPtr call_exit(FunctionChecker& c, const CallSite& site);
ExprPtr call_float(FunctionChecker& c, const CallSite& site);
ExprPtr call_int(FunctionChecker& c, const CallSite& site);
ExprPtr call_iterable(FunctionChecker& c, const CallSite& site);
ExprPtr call_len(FunctionChecker& c, const CallSite& site);
ExprPtr call_min_max(FunctionChecker& c, const CallSite& site);
ExprPtr call_ord(FunctionChecker& c, const CallSite& site);
ExprPtr call_pow(FunctionChecker& c, const CallSite& site);
ExprPtr call_round(FunctionChecker& c, const CallSite& site);
ExprPtr call_statement(FunctionChecker& c, const CallSite& site);
ExprPtr call_sum(FunctionChecker& c, const CallSite& site);
ExprPtr call_tuple(FunctionChecker& c, const CallSite& site);

// ---- random.cpp ----
ExprPtr call_choice(FunctionChecker& c, const CallSite& site);
ExprPtr call_expovariate(FunctionChecker& c, const CallSite& site);
ExprPtr call_normal(FunctionChecker& c, const CallSite& site);
ExprPtr call_np_normal(FunctionChecker& c, const CallSite& site);
ExprPtr call_np_randint(FunctionChecker& c, const CallSite& site);
ExprPtr call_np_random(FunctionChecker& c, const CallSite& site);
ExprPtr call_np_standard_normal(FunctionChecker& c, const CallSite& site);
ExprPtr call_np_uniform(FunctionChecker& c, const CallSite& site);
ExprPtr call_rand(FunctionChecker& c, const CallSite& site);
ExprPtr call_randrange(FunctionChecker& c, const CallSite& site);
ExprPtr call_seed(FunctionChecker& c, const CallSite& site);
ExprPtr call_shuffle(FunctionChecker& c, const CallSite& site);

// ---- reductions.cpp ----
ExprPtr call_array_reduction(FunctionChecker& c, const CallSite& site);
ExprPtr call_count_nonzero(FunctionChecker& c, const CallSite& site);
ExprPtr call_dot(FunctionChecker& c, const CallSite& site);
ExprPtr call_fsum(FunctionChecker& c, const CallSite& site);

// ---- text.cpp ----
ExprPtr call_format(FunctionChecker& c, const CallSite& site);
ExprPtr call_repr(FunctionChecker& c, const CallSite& site);
ExprPtr call_str(FunctionChecker& c, const CallSite& site);

// ---- methods: reductions.cpp (arrays), text.cpp (strings), python.cpp (numbers) ----
ExprPtr array_astype(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr array_copy(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr array_dot(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr array_fill(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr array_item(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr array_reduce(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr float_is_integer(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr integer_bits(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr number_conjugate(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr number_item(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr number_round(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr number_view(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr text_method(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr text_other(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr text_search(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr text_replace(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr text_strip(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr text_lstrip(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr text_rstrip(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr text_ljust(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr text_rjust(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr text_center(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);
ExprPtr text_zfill(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr value);

// ---- arrays/: whole arrays ----
ExprPtr call_array_only(FunctionChecker& c, const CallSite& site);  // of names that numbers do not have
ExprPtr call_join(FunctionChecker& c, const CallSite& site);
ExprPtr call_meshgrid(FunctionChecker& c, const CallSite& site);
ExprPtr call_norm(FunctionChecker& c, const CallSite& site);
ExprPtr call_append(FunctionChecker& c, const CallSite& site);
ExprPtr call_block(FunctionChecker& c, const CallSite& site);
ExprPtr call_tensordot(FunctionChecker& c, const CallSite& site);
ExprPtr call_multi_dot(FunctionChecker& c, const CallSite& site);
ExprPtr call_einsum(FunctionChecker& c, const CallSite& site);
ExprPtr call_indices(FunctionChecker& c, const CallSite& site);
ExprPtr call_subscripted(FunctionChecker& c, const CallSite& site);
ExprPtr call_split(FunctionChecker& c, const CallSite& site);
ExprPtr call_last_diagonal(FunctionChecker& c, const CallSite& site);
ExprPtr call_fftshift(FunctionChecker& c, const CallSite& site);
// Of rows of kernel_functions.def, and with rules of their own (kernel_handlers.cpp).
ExprPtr call_kernel_function(FunctionChecker& c, const CallSite& site);
ExprPtr call_floats_of_two(FunctionChecker& c, const CallSite& site);
ExprPtr call_gradient(FunctionChecker& c, const CallSite& site);
ExprPtr call_lexsort(FunctionChecker& c, const CallSite& site);
ExprPtr call_norm_with(FunctionChecker& c, const CallSite& site);
ExprPtr call_pad(FunctionChecker& c, const CallSite& site);
ExprPtr call_select(FunctionChecker& c, const CallSite& site);
ExprPtr call_ufunc_at(FunctionChecker& c, const CallSite& site);

// ---- shared ----
// The inner product of two vectors.
ExprPtr dot(FunctionChecker& c, ExprPtr a, ExprPtr b, Span span);
// An int, or a tuple or list of ints, as a shape: one I64 for each axis. Empty: reported.
std::optional<std::vector<ExprPtr>> check_shape(FunctionChecker& c, const ast::Expr& expr);
// `value` is for Fill::Value, else null.
ExprPtr new_array(FunctionChecker& c, typed::Fill fill, Kind dtype, std::vector<ExprPtr> shape, ExprPtr value, Span span);
// A list or tuple of numbers, nested or not, as a new array.
ExprPtr array_literal(FunctionChecker& c, const ast::Expr& expr, std::optional<Kind> dtype);
// The numbers of a tuple as a new array.
ExprPtr array_of_tuple(FunctionChecker& c, ExprPtr tuple, std::optional<Kind> dtype, Span span);

}  // namespace kjit
