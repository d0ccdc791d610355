// The table of names that kernels can call or read, and of methods. Entry: library().
//
// Names that need no rules of their own come from library/builtins.def; the others, and what is no function, are rows here.

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <limits>

#include "library/arrays/array_forms.h"
#include "library/handlers.h"
#include "library/library.h"
#include "support/assert.h"

namespace kjit {

namespace {

using enum PathCategory;

constexpr PathRow module(std::string_view path) { return {.path = path, .category = Module}; }
constexpr PathRow constant(std::string_view path, double value) {
  return {.path = path, .category = Constant, .constant = value};
}
constexpr PathRow dtype(std::string_view path, Kind kind) { return {.path = path, .category = Dtype, .dtype = kind}; }
constexpr PathRow annotation(std::string_view path) { return {.path = path, .category = Annotation}; }
constexpr PathRow handler(std::string_view path, kjit::Handler handler) {
  return {.path = path, .category = PathCategory::Handler, .handler = handler};
}
// A function that may call others of the prelude.
constexpr PathRow kernel(std::string_view path, kjit::Handler handler) {
  return {.path = path, .category = PathCategory::Handler, .handler = handler, .uses_prelude = true};
}
constexpr PathRow handler(std::string_view path, kjit::Handler handler, Builtin builtin) {
  return {.path = path, .category = PathCategory::Handler, .builtins = {builtin}, .builtin_count = 1, .handler = handler};
}
constexpr PathRow handler(std::string_view path, kjit::Handler handler, typed::Fill fill) {
  return {.path = path, .category = PathCategory::Handler, .handler = handler, .fill = fill};
}
constexpr PathRow alias(std::string_view path, std::string_view meant) {
  return {.path = path, .category = Alias, .function = meant};
}
constexpr PathRow uses_prelude(PathRow row) {
  row.uses_prelude = true;
  return row;
}
// A call with constant arguments is a constant expression.
constexpr PathRow foldable(PathRow row) {
  row.is_foldable = true;
  return row;
}

constexpr double kPi = 3.141592653589793;
constexpr double kE = 2.718281828459045;
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Modules, constants, types, and functions with rules of their own.
constexpr PathRow kOtherNames[] = {
    module("math"),
    module("cmath"),
    module("random"),
    module("numpy"),
    module("numpy.random"),
    module("numpy.linalg"),
    module("numpy.fft"),
    module("sys"),
    module("time"),
    module("kjit"),

    // ---- constants ----
    constant("math.pi", kPi),
    constant("math.e", kE),
    constant("math.tau", 2 * kPi),
    constant("math.inf", kInf),
    constant("math.nan", kNan),
    constant("cmath.pi", kPi),
    constant("cmath.e", kE),
    constant("cmath.tau", 2 * kPi),
    constant("cmath.inf", kInf),
    constant("cmath.nan", kNan),
    constant("numpy.pi", kPi),
    constant("numpy.e", kE),
    constant("numpy.inf", kInf),
    constant("numpy.nan", kNan),
    constant("numpy.euler_gamma", 0.5772156649015329),

    // ---- element types, under kjit's, Numba's and NumPy's names ----
    dtype("kjit.i8", Kind::I8),
    dtype("kjit.i16", Kind::I16),
    dtype("kjit.i32", Kind::I32),
    dtype("kjit.i64", Kind::I64),
    dtype("kjit.u8", Kind::U8),
    dtype("kjit.u16", Kind::U16),
    dtype("kjit.u32", Kind::U32),
    dtype("kjit.u64", Kind::U64),
    dtype("kjit.f32", Kind::F32),
    dtype("kjit.f64", Kind::F64),
    dtype("kjit.c64", Kind::C64),
    dtype("kjit.c128", Kind::C128),
    dtype("kjit.int8", Kind::I8),
    dtype("kjit.int16", Kind::I16),
    dtype("kjit.int32", Kind::I32),
    dtype("kjit.int64", Kind::I64),
    dtype("kjit.uint8", Kind::U8),
    dtype("kjit.uint16", Kind::U16),
    dtype("kjit.uint32", Kind::U32),
    dtype("kjit.uint64", Kind::U64),
    dtype("kjit.float32", Kind::F32),
    dtype("kjit.float64", Kind::F64),
    dtype("kjit.complex64", Kind::C64),
    dtype("kjit.complex128", Kind::C128),
    dtype("kjit.boolean", Kind::Bool),
    dtype("kjit.bool_", Kind::Bool),
    dtype("kjit.b1", Kind::Bool),
    dtype("kjit.intp", Kind::I64),
    dtype("kjit.uintp", Kind::U64),
    dtype("numpy.int8", Kind::I8),
    dtype("numpy.int16", Kind::I16),
    dtype("numpy.int32", Kind::I32),
    dtype("numpy.int64", Kind::I64),
    dtype("numpy.uint8", Kind::U8),
    dtype("numpy.uint16", Kind::U16),
    dtype("numpy.uint32", Kind::U32),
    dtype("numpy.uint64", Kind::U64),
    dtype("numpy.float32", Kind::F32),
    dtype("numpy.float64", Kind::F64),
    dtype("numpy.complex64", Kind::C64),
    dtype("numpy.complex128", Kind::C128),
    dtype("numpy.bool_", Kind::Bool),
    dtype("numpy.int_", Kind::I64),
    dtype("numpy.intp", Kind::I64),
    dtype("numpy.uintp", Kind::U64),
    dtype("numpy.double", Kind::F64),
    dtype("numpy.single", Kind::F32),
    dtype("numpy.byte", Kind::I8),
    dtype("numpy.ubyte", Kind::U8),
    dtype("numpy.bool", Kind::Bool),
    dtype("numpy.short", Kind::I16),
    dtype("numpy.intc", Kind::I32),
    dtype("numpy.longlong", Kind::I64),
    dtype("numpy.cdouble", Kind::C128),
    dtype("numpy.csingle", Kind::C64),

    // ---- math ----
    foldable(handler("math.perm", call_perm)),
    foldable(handler("math.gcd", call_gcd_lcm, Builtin::Gcd)),
    foldable(handler("math.lcm", call_gcd_lcm, Builtin::Lcm)),
    foldable(handler("math.log", call_log)),
    foldable(handler("math.floor", call_math_rounding, Builtin::Floor)),
    foldable(handler("math.ceil", call_math_rounding, Builtin::Ceil)),
    foldable(handler("math.trunc", call_math_rounding, Builtin::Trunc)),
    foldable(handler("math.isclose", call_isclose)),
    foldable(handler("math.frexp", call_split_float, Builtin::Frexp)),
    foldable(handler("math.modf", call_split_float, Builtin::Modf)),
    foldable(handler("math.fsum", call_fsum)),
    foldable(handler("math.prod", call_array_reduction, Builtin::ArrayProd)),

    // ---- cmath ----
    handler("cmath.log", call_cmath_log),

    // ---- numpy: element-wise functions, here of scalars ----
    handler("numpy.abs", call_abs),
    handler("numpy.absolute", call_abs),
    handler("numpy.fmin", call_np_extremum, Builtin::Minimum),
    handler("numpy.fmax", call_np_extremum, Builtin::Maximum),
    handler("numpy.power", call_np_power),
    handler("numpy.square", call_np_square),
    handler("numpy.mod", call_np_mod),
    handler("numpy.remainder", call_np_mod),
    handler("numpy.floor_divide", call_np_floor_divide),
    handler("numpy.round", call_np_round),
    handler("numpy.around", call_np_round),
    handler("numpy.real", call_np_part, Builtin::Real),
    handler("numpy.imag", call_np_part, Builtin::Imag),
    handler("numpy.conj", call_np_conjugate),
    handler("numpy.conjugate", call_np_conjugate),

    kernel("numpy.heaviside", call_floats_of_two),
    kernel("numpy.logaddexp", call_floats_of_two),

    // ---- numpy: arrays ----
    annotation("numpy.ndarray"),
    handler("numpy.zeros", call_new_array, typed::Fill::Zeros),
    handler("numpy.ones", call_new_array, typed::Fill::Ones),
    handler("numpy.empty", call_new_array, typed::Fill::Empty),
    handler("numpy.full", call_full, typed::Fill::Value),
    handler("numpy.zeros_like", call_new_like, typed::Fill::Zeros),
    handler("numpy.ones_like", call_new_like, typed::Fill::Ones),
    handler("numpy.empty_like", call_new_like, typed::Fill::Empty),
    handler("numpy.full_like", call_full_like, typed::Fill::Value),
    handler("numpy.arange", call_arange),
    kernel("numpy.linspace", call_linspace),
    handler("numpy.array", call_array),
    handler("numpy.asarray", call_asarray),
    handler("numpy.copy", call_array),
    handler("numpy.eye", call_eye),
    handler("numpy.identity", call_identity),
    handler("numpy.sum", call_array_reduction, Builtin::ArraySum),
    handler("numpy.prod", call_array_reduction, Builtin::ArrayProd),
    handler("numpy.min", call_array_reduction, Builtin::ArrayMin),
    handler("numpy.max", call_array_reduction, Builtin::ArrayMax),
    handler("numpy.amin", call_array_reduction, Builtin::ArrayMin),
    handler("numpy.amax", call_array_reduction, Builtin::ArrayMax),
    handler("numpy.argmin", call_array_reduction, Builtin::ArrayArgmin),
    handler("numpy.argmax", call_array_reduction, Builtin::ArrayArgmax),
    handler("numpy.mean", call_array_reduction, Builtin::ArrayMean),
    uses_prelude(handler("numpy.average", call_array_reduction, Builtin::ArrayMean)),
    handler("numpy.var", call_array_reduction, Builtin::ArrayVar),
    handler("numpy.std", call_array_reduction, Builtin::ArrayStd),
    handler("numpy.any", call_array_reduction, Builtin::ArrayAny),
    handler("numpy.all", call_array_reduction, Builtin::ArrayAll),
    handler("numpy.dot", call_dot),
    handler("numpy.shape", call_array_query),
    handler("numpy.size", call_array_query),
    handler("numpy.ndim", call_array_query),
    handler("numpy.count_nonzero", call_count_nonzero),

    // ---- numpy: whole arrays (arrays/) ----
    handler("numpy.add", call_array_only),
    handler("numpy.subtract", call_array_only),
    handler("numpy.multiply", call_array_only),
    handler("numpy.divide", call_array_only),
    handler("numpy.true_divide", call_array_only),
    handler("numpy.bitwise_and", call_array_only),
    handler("numpy.bitwise_or", call_array_only),
    handler("numpy.bitwise_xor", call_array_only),
    handler("numpy.left_shift", call_array_only),
    handler("numpy.right_shift", call_array_only),
    handler("numpy.equal", call_array_only),
    handler("numpy.not_equal", call_array_only),
    handler("numpy.less", call_array_only),
    handler("numpy.less_equal", call_array_only),
    handler("numpy.greater", call_array_only),
    handler("numpy.greater_equal", call_array_only),
    handler("numpy.logical_and", call_array_only),
    handler("numpy.logical_or", call_array_only),
    handler("numpy.logical_xor", call_array_only),
    handler("numpy.logical_not", call_array_only),
    handler("numpy.negative", call_array_only),
    handler("numpy.positive", call_array_only),
    handler("numpy.invert", call_array_only),
    handler("numpy.bitwise_not", call_array_only),
    handler("numpy.reciprocal", call_array_only),
    handler("numpy.where", call_array_only),
    handler("numpy.clip", call_array_only),
    handler("numpy.transpose", call_array_only),
    handler("numpy.swapaxes", call_array_only),
    handler("numpy.moveaxis", call_array_only),
    handler("numpy.reshape", call_array_only),
    handler("numpy.ravel", call_array_only),
    handler("numpy.squeeze", call_array_only),
    handler("numpy.expand_dims", call_array_only),
    handler("numpy.atleast_1d", call_array_only),
    handler("numpy.atleast_2d", call_array_only),
    handler("numpy.broadcast_to", call_array_only),
    handler("numpy.diagonal", call_array_only),
    kernel("numpy.diag", call_array_only),
    handler("numpy.trace", call_array_only),
    handler("numpy.flip", call_array_only),
    handler("numpy.flipud", call_array_only),
    handler("numpy.fliplr", call_array_only),
    kernel("numpy.roll", call_array_only),
    kernel("numpy.repeat", call_array_only),
    kernel("numpy.diff", call_array_only),
    handler("numpy.matmul", call_array_only),
    kernel("numpy.vdot", call_array_only),
    handler("numpy.inner", call_array_only),
    handler("numpy.outer", call_array_only),
    handler("numpy.sort", call_array_only),
    handler("numpy.argsort", call_array_only),
    handler("numpy.searchsorted", call_array_only),
    kernel("numpy.unique", call_array_only),
    handler("numpy.nonzero", call_array_only),
    handler("numpy.flatnonzero", call_array_only),
    handler("numpy.argwhere", call_array_only),
    handler("numpy.take", call_array_only),
    handler("numpy.extract", call_array_only),
    handler("numpy.compress", call_array_only),
    handler("numpy.interp", call_array_only),
    handler("numpy.concatenate", call_join),
    handler("numpy.stack", call_join),
    handler("numpy.vstack", call_join),
    handler("numpy.hstack", call_join),
    handler("numpy.meshgrid", call_meshgrid),
    handler("numpy.cumsum", call_array_only),
    handler("numpy.cumprod", call_array_only),
    handler("numpy.ptp", call_array_only),
    handler("numpy.nansum", call_array_only),
    handler("numpy.nanmean", call_array_only),
    handler("numpy.nanmin", call_array_only),
    handler("numpy.nanmax", call_array_only),
    handler("numpy.put", call_array_only),
    handler("numpy.gcd", call_gcd_lcm, Builtin::Gcd),
    handler("numpy.lcm", call_gcd_lcm, Builtin::Lcm),
    handler("numpy.divmod", call_divmod),
    handler("numpy.allclose", call_array_only),
    handler("numpy.isclose", call_array_only),
    kernel("numpy.array_equal", call_array_only),
    handler("numpy.ascontiguousarray", call_array_only),
    kernel("numpy.median", call_array_only),
    kernel("numpy.percentile", call_array_only),
    kernel("numpy.quantile", call_array_only),
    kernel("numpy.bincount", call_array_only),
    kernel("numpy.tile", call_array_only),
    handler("numpy.atleast_3d", call_array_only),
    kernel("numpy.linalg.norm", call_norm_with),
    kernel("numpy.append", call_append),
    kernel("numpy.block", call_block),
    handler("numpy.column_stack", call_join),
    handler("numpy.dstack", call_join),
    kernel("numpy.split", call_split),
    kernel("numpy.array_split", call_split),
    kernel("numpy.hsplit", call_split),
    kernel("numpy.vsplit", call_split),
    kernel("numpy.dsplit", call_split),
    kernel("numpy.pad", call_pad),
    kernel("numpy.gradient", call_gradient),
    kernel("numpy.lexsort", call_lexsort),
    kernel("numpy.add.at", call_ufunc_at),
    kernel("numpy.subtract.at", call_ufunc_at),
    handler("numpy.linalg.diagonal", call_last_diagonal),
    handler("numpy.linalg.trace", call_last_diagonal),
    handler("numpy.fft.fftshift", call_fftshift),
    handler("numpy.fft.ifftshift", call_fftshift),
    handler("numpy.select", call_select),
    handler("numpy.indices", call_indices),
    handler("numpy.einsum", call_einsum),
    handler("numpy.tensordot", call_tensordot),
    handler("numpy.linalg.multi_dot", call_multi_dot),
    handler("numpy.astype", call_array_only),
    handler("numpy.matrix_transpose", call_array_only),
    handler("numpy.ix_", call_subscripted),
    handler("numpy.r_", call_subscripted),
    handler("numpy.c_", call_subscripted),
    handler("numpy.mgrid", call_subscripted),
    handler("numpy.ogrid", call_subscripted),
    handler("numpy.finfo", call_limits),
    handler("numpy.iinfo", call_limits),
#define KJIT_KERNEL_FUNCTION(path, ...) kernel(path, call_kernel_function),
#include "library/arrays/kernel_functions.def"
#undef KJIT_KERNEL_FUNCTION

    // ---- other names ----
    alias("numpy.concat", "numpy.concatenate"),
    alias("numpy.permute_dims", "numpy.transpose"),
    alias("numpy.pow", "numpy.power"),
    alias("numpy.acos", "numpy.arccos"),
    alias("numpy.asin", "numpy.arcsin"),
    alias("numpy.atan", "numpy.arctan"),
    alias("numpy.atan2", "numpy.arctan2"),
    alias("numpy.acosh", "numpy.arccosh"),
    alias("numpy.asinh", "numpy.arcsinh"),
    alias("numpy.atanh", "numpy.arctanh"),
    alias("numpy.bitwise_invert", "numpy.invert"),
    alias("numpy.bitwise_left_shift", "numpy.left_shift"),
    alias("numpy.bitwise_right_shift", "numpy.right_shift"),
    alias("numpy.linalg.matmul", "numpy.matmul"),
    alias("numpy.linalg.cross", "numpy.cross"),

    // ---- random ----
    handler("random.gauss", call_normal, Builtin::Gauss),
    handler("random.normalvariate", call_normal, Builtin::Normalvariate),
    handler("random.expovariate", call_expovariate, Builtin::Expovariate),
    handler("random.randrange", call_randrange),
    handler("random.seed", call_seed),
    handler("random.choice", call_choice),
    handler("random.shuffle", call_shuffle),
    handler("numpy.random.random", call_np_random),
    handler("numpy.random.rand", call_rand, Builtin::FillRandom),
    handler("numpy.random.random_sample", call_np_random),
    handler("numpy.random.ranf", call_np_random),
    handler("numpy.random.sample", call_np_random),
    handler("numpy.random.uniform", call_np_uniform),
    handler("numpy.random.normal", call_np_normal),
    handler("numpy.random.randn", call_rand, Builtin::FillGauss),
    handler("numpy.random.standard_normal", call_np_standard_normal),
    handler("numpy.random.randint", call_np_randint),
    handler("numpy.random.seed", call_seed),
    handler("numpy.random.shuffle", call_shuffle),

    // ---- sys, time ----
    handler("sys.argv", call_iterable),
    handler("sys.exit", call_exit),

    // ---- kjit ----
    handler("kjit.njit", call_decorator),
    handler("kjit.jit", call_decorator),
    handler("kjit.extern", call_decorator),
    handler("kjit.prange", call_iterable),
    handler("kjit.set_num_threads", call_set_num_threads),
    handler("kjit.get_num_threads", call_get_num_threads),
    handler("kjit.atomic_add", call_atomic, Builtin::AtomicAdd),
    handler("kjit.atomic_min", call_atomic, Builtin::AtomicMin),
    handler("kjit.atomic_max", call_atomic, Builtin::AtomicMax),
    handler("kjit.scratch", call_new_array, typed::Fill::Scratch),

    // ---- builtins ----
    foldable(handler("builtins.abs", call_abs)),
    foldable(handler("builtins.bool", call_bool)),
    handler("builtins.chr", call_chr, Builtin::Chr),
    foldable(handler("builtins.complex", call_complex)),
    handler("builtins.divmod", call_divmod),
    handler("builtins.enumerate", call_iterable),
    handler("builtins.exit", call_exit),
    foldable(handler("builtins.float", call_float)),
    handler("builtins.format", call_format),
    foldable(handler("builtins.int", call_int)),
    handler("builtins.len", call_len),
    foldable(handler("builtins.max", call_min_max, Builtin::Max)),
    foldable(handler("builtins.min", call_min_max, Builtin::Min)),
    handler("builtins.ord", call_ord, Builtin::Ord),
    foldable(handler("builtins.pow", call_pow)),
    handler("builtins.print", call_statement),
    handler("builtins.range", call_iterable),
    handler("builtins.repr", call_repr),
    handler("builtins.reversed", call_iterable),
    foldable(handler("builtins.round", call_round)),
    handler("builtins.str", call_str),
    handler("builtins.sum", call_sum),
    handler("builtins.tuple", call_tuple),
    handler("builtins.zip", call_iterable),
    handler("builtins.any", call_any_all, Builtin::ArrayAny),
    handler("builtins.all", call_any_all, Builtin::ArrayAll),
};

constexpr MethodRow kMethods[] = {
    {Receiver::Array, "astype", array_astype},
    {Receiver::Array, "copy", array_copy},
    {Receiver::Array, "item", array_item},
    {Receiver::Array, "dot", array_dot},
    {Receiver::Array, "fill", array_fill},
    {Receiver::Array, "sum", array_reduce, Builtin::ArraySum},
    {Receiver::Array, "prod", array_reduce, Builtin::ArrayProd},
    {Receiver::Array, "min", array_reduce, Builtin::ArrayMin},
    {Receiver::Array, "max", array_reduce, Builtin::ArrayMax},
    {Receiver::Array, "argmin", array_reduce, Builtin::ArrayArgmin},
    {Receiver::Array, "argmax", array_reduce, Builtin::ArrayArgmax},
    {Receiver::Array, "mean", array_reduce, Builtin::ArrayMean},
    {Receiver::Array, "var", array_reduce, Builtin::ArrayVar},
    {Receiver::Array, "std", array_reduce, Builtin::ArrayStd},
    {Receiver::Array, "any", array_reduce, Builtin::ArrayAny},
    {Receiver::Array, "all", array_reduce, Builtin::ArrayAll},
    {Receiver::Str, "upper", text_method, Builtin::StrUpper, Kind::Str},
    {Receiver::Str, "lower", text_method, Builtin::StrLower, Kind::Str},
    {Receiver::Str, "strip", text_strip, Builtin::StrStrip, Kind::Str},
    {Receiver::Str, "casefold", text_method, Builtin::StrCasefold, Kind::Str},
    {Receiver::Str, "capitalize", text_method, Builtin::StrCapitalize, Kind::Str},
    {Receiver::Str, "title", text_method, Builtin::StrTitle, Kind::Str},
    {Receiver::Str, "swapcase", text_method, Builtin::StrSwapcase, Kind::Str},
    {Receiver::Str, "lstrip", text_lstrip, Builtin::StrLstrip, Kind::Str},
    {Receiver::Str, "rstrip", text_rstrip, Builtin::StrRstrip, Kind::Str},
    {Receiver::Str, "isalpha", text_method, Builtin::StrIsalpha, Kind::Bool},
    {Receiver::Str, "isalnum", text_method, Builtin::StrIsalnum, Kind::Bool},
    {Receiver::Str, "isdecimal", text_method, Builtin::StrIsdecimal, Kind::Bool},
    {Receiver::Str, "isdigit", text_method, Builtin::StrIsdigit, Kind::Bool},
    {Receiver::Str, "isnumeric", text_method, Builtin::StrIsnumeric, Kind::Bool},
    {Receiver::Str, "isspace", text_method, Builtin::StrIsspace, Kind::Bool},
    {Receiver::Str, "isprintable", text_method, Builtin::StrIsprintable, Kind::Bool},
    {Receiver::Str, "isupper", text_method, Builtin::StrIsupper, Kind::Bool},
    {Receiver::Str, "islower", text_method, Builtin::StrIslower, Kind::Bool},
    {Receiver::Str, "istitle", text_method, Builtin::StrIstitle, Kind::Bool},
    {Receiver::Str, "startswith", text_other, Builtin::StrStartswith, Kind::Bool},
    {Receiver::Str, "endswith", text_other, Builtin::StrEndswith, Kind::Bool},
    {Receiver::Str, "removeprefix", text_other, Builtin::StrRemovePrefix, Kind::Str},
    {Receiver::Str, "removesuffix", text_other, Builtin::StrRemoveSuffix, Kind::Str},
    {Receiver::Str, "find", text_search, Builtin::StrFind, Kind::I64},
    {Receiver::Str, "rfind", text_search, Builtin::StrRfind, Kind::I64},
    {Receiver::Str, "index", text_search, Builtin::StrIndexOf, Kind::I64},
    {Receiver::Str, "rindex", text_search, Builtin::StrRindexOf, Kind::I64},
    {Receiver::Str, "count", text_search, Builtin::StrCount, Kind::I64},
    {Receiver::Str, "replace", text_replace, Builtin::StrReplace, Kind::Str},
    {Receiver::Str, "ljust", text_ljust},
    {Receiver::Str, "rjust", text_rjust},
    {Receiver::Str, "center", text_center},
    {Receiver::Str, "zfill", text_zfill, Builtin::StrZfill, Kind::Str},
    {Receiver::Integer, "bit_length", integer_bits, Builtin::BitLength},
    {Receiver::Integer, "bit_count", integer_bits, Builtin::BitCount},
    {Receiver::Float, "is_integer", float_is_integer},
    {Receiver::Number, "conjugate", number_conjugate},
    {Receiver::Number, "item", number_item},
    {Receiver::Number, "round", number_round},
    {Receiver::Number, "view", number_view, Builtin::ViewBits},
};

// What people reach for first, and what serves instead.
constexpr Alternative kAlternatives[] = {
    {"kjit.vectorize", "write a function of scalars and call it in a loop over the array"},
    {"kjit.guvectorize", "write a function of arrays and loop over the outer dimension with prange"},
    {"kjit.jitclass", "pass the fields as separate arguments or as a tuple"},
    {"kjit.cuda", "kernels run on the CPU; use prange for parallel loops"},
    {"numpy.apply_along_axis", "loop over the rows, out[i] = f(a[i]), or call a function that takes axis="},
    {"numpy.vectorize", "call the function in a loop, or write it with whole arrays and np.where"},
    {"numpy.fromfunction", "write the expression over the two arrays of np.mgrid[0:n, 0:m], or a loop"},
    {"numpy.fromiter", "make an array of the final size and fill it in a loop"},
    {"numpy.ndenumerate", "loop over range(a.shape[0]) and so on, with a[i, j]"},
    {"numpy.nditer", "loop over range(a.shape[0]) and so on, with a[i, j]"},
    {"numpy.piecewise", "np.select takes conditions and values"},
    {"numpy.choose", "np.select takes conditions and values"},
    {"numpy.place", "write a[mask] = values"},
    {"numpy.putmask", "write a[mask] = value, or np.where(mask, values, a)"},
    {"numpy.in1d", "np.isin does the same"},
    {"numpy.trapz", "it is np.trapezoid"},
    {"numpy.roots", "np.linalg.eigvalsh has eigenvalues of symmetric matrices; polish a root with Newton's method in a loop"},
    {"numpy.poly1d", "np.polyval takes the coefficients as an array"},
    {"numpy.asfortranarray", "new arrays are in C order; write a.T where the other order is meant"},
    {"numpy.float16", "use np.float32"},
    {"numpy.longdouble", "use np.float64"},
    {"numpy.matrix", "use arrays of two axes and @"},
    {"numpy.loadtxt", "pass the array to a kernel: kjit run file.k kernel data.npy"},
    {"numpy.load", "pass the array to a kernel: kjit run file.k kernel data.npy"},
    {"numpy.save", "return the array from a kernel: kjit run ... --save out.npy"},
    {"numpy.random.default_rng", "np.random.seed(n) and np.random.random(size) draw from the one stream of a run"},
    {"numpy.random.choice", "draw positions with np.random.randint(0, n, size) and take a[positions]"},
    {"numpy.random.permutation", "np.random.shuffle(np.arange(n)) shuffles an array in place"},
    {"numpy.linalg.eig", "np.linalg.eigh is for symmetric matrices"},
    {"numpy.linalg.eigvals", "np.linalg.eigvalsh is for symmetric matrices"},
    {"time.asctime", "use time.perf_counter() and print the difference"},
    {"sys.stdout", "use print()"},
    {"sys.stderr", "use print()"},
};

// What library/builtins.def says behind a row.
constexpr PathRow plain(std::string_view path, std::string_view signature = {}) {
  return {.path = path, .category = Signature, .signature = signature};
}
constexpr PathRow raises(std::string_view path) { return {.path = path, .category = Signature, .checked = true}; }
constexpr PathRow element(std::string_view path) { return {.path = path, .category = Element}; }

struct NamesOfRow {
  Builtin builtin;
  std::initializer_list<PathRow> names;
};

// Calls with constant arguments are constants (or fail).
bool is_foldable_row(const BuiltinRow& row) { return row.is_repeatable() && !row.has(effect::reads); }

// A name that several rows have (np.sin of floats, of complex numbers) stands for all of them.
void add_name(std::vector<PathRow>& names, PathRow name, Builtin builtin) {
  if (name.signature.empty()) name.signature = builtin_row(builtin).signature;
  name.is_foldable = name.category == Signature && is_foldable_row(builtin_row(builtin));
  const auto known = std::find_if(names.begin(), names.end(), [&](const PathRow& other) { return other.path == name.path; });
  PathRow& row = known == names.end() ? names.emplace_back(name) : *known;
  KJIT_ASSERT(row.builtin_count < row.builtins.size(), "more rows of one name than there is room for");
  row.builtins[row.builtin_count++] = builtin;
}

std::vector<PathRow> collect_names() {
  const NamesOfRow kNamesOfRows[] = {
#define KJIT_BUILTIN(id, signature, effects, implementation, ...) {Builtin::id, {__VA_ARGS__}},
#include "library/builtins.def"
  };
  std::vector<PathRow> names;
  for (const NamesOfRow& row : kNamesOfRows) {
    for (const PathRow& name : row.names) add_name(names, name, row.builtin);
  }
  names.insert(names.end(), std::begin(kOtherNames), std::end(kOtherNames));
  return names;
}

}  // namespace

// cmake/embed.cmake makes them from prelude/*.k.
#define KJIT_PRELUDES(PART)    \
  PART(kNumpyPrelude)          \
  PART(kStatisticsPrelude)     \
  PART(kCountingPrelude)       \
  PART(kSetsPrelude)           \
  PART(kBuildingPrelude)       \
  PART(kCalculusPrelude)       \
  PART(kLinalgPrelude)         \
  PART(kDecompositionsPrelude) \
  PART(kFourierPrelude)
#define KJIT_DECLARE(part)  \
  extern const char part[]; \
  extern const std::size_t part##_size;
#define KJIT_APPEND(part) text.append(part, part##_size);

KJIT_PRELUDES(KJIT_DECLARE)

std::string_view prelude_text() {
  static const std::string all = [] {
    std::string text;
    KJIT_PRELUDES(KJIT_APPEND)
    return text;
  }();
  return all;
}

const LibraryView& library() {
  static constexpr ArrayRules kArrays = {call_on_arrays,    array_method,      array_function_attribute, matrix_product,
                                         subscript_of_path, index_with_arrays, assign_with_arrays,       update_with_arrays};
  static const LibraryView view(collect_names(), kMethods, kAlternatives, kArrays);
  return view;
}

}  // namespace kjit
