// The table of outside names; find_path() is the entry.

#include "typing/check/builtin_names.h"

#include <cmath>
#include <limits>
#include <unordered_map>

#include "support/diagnostics.h"

namespace kjit {

namespace {

using enum PathCategory;

constexpr PathRow module(std::string_view path) { return {.path = path, .category = Module}; }
constexpr PathRow constant(std::string_view path, double value) {
  return {.path = path, .category = Constant, .constant = value};
}
constexpr PathRow dtype(std::string_view path, Kind kind) { return {.path = path, .category = Dtype, .dtype = kind}; }
constexpr PathRow fixed(std::string_view path, std::string_view signature, Builtin builtin) {
  return {.path = path, .category = Signature, .signature = signature, .builtin = builtin};
}
// math.*: raises where CPython does.
constexpr PathRow checked(std::string_view path, std::string_view signature, Builtin builtin) {
  return {.path = path, .category = Signature, .signature = signature, .builtin = builtin, .checked = true};
}
// np.*: `signature` has one letter per argument; the type is the common float of the arguments.
constexpr PathRow np(std::string_view path, std::string_view signature, Builtin builtin) {
  return {.path = path, .category = NpFloat, .signature = signature, .builtin = builtin};
}
constexpr PathRow handler(std::string_view path) { return {.path = path, .category = Handler}; }

constexpr double kPi = 3.141592653589793;
constexpr double kE = 2.718281828459045;
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

const PathRow kRows[] = {
    module("math"),
    module("cmath"),
    module("random"),
    module("numpy"),
    module("numpy.random"),
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

    // ---- math ----
    checked("math.sin", "d>d", Builtin::Sin),
    checked("math.cos", "d>d", Builtin::Cos),
    checked("math.tan", "d>d", Builtin::Tan),
    checked("math.asin", "d>d", Builtin::Asin),
    checked("math.acos", "d>d", Builtin::Acos),
    checked("math.atan", "d>d", Builtin::Atan),
    checked("math.sinh", "d>d", Builtin::Sinh),
    checked("math.cosh", "d>d", Builtin::Cosh),
    checked("math.tanh", "d>d", Builtin::Tanh),
    checked("math.asinh", "d>d", Builtin::Asinh),
    checked("math.acosh", "d>d", Builtin::Acosh),
    checked("math.atanh", "d>d", Builtin::Atanh),
    checked("math.exp", "d>d", Builtin::Exp),
    checked("math.exp2", "d>d", Builtin::Exp2),
    checked("math.expm1", "d>d", Builtin::Expm1),
    checked("math.log2", "d>d", Builtin::Log2),
    checked("math.log10", "d>d", Builtin::Log10),
    checked("math.log1p", "d>d", Builtin::Log1p),
    checked("math.cbrt", "d>d", Builtin::Cbrt),
    checked("math.erf", "d>d", Builtin::Erf),
    checked("math.erfc", "d>d", Builtin::Erfc),
    checked("math.sqrt", "d>d", Builtin::Sqrt),
    checked("math.fmod", "dd>d", Builtin::Fmod),
    checked("math.remainder", "dd>d", Builtin::Remainder),
    fixed("math.atan2", "dd>d", Builtin::Atan2),
    fixed("math.copysign", "dd>d", Builtin::Copysign),
    fixed("math.nextafter", "dd>d", Builtin::Nextafter),
    fixed("math.pow", "dd>d", Builtin::MathPow),
    fixed("math.hypot", "dd>d", Builtin::MathHypot),
    fixed("math.gamma", "d>d", Builtin::MathGamma),
    fixed("math.lgamma", "d>d", Builtin::MathLgamma),
    fixed("math.degrees", "d>d", Builtin::Degrees),
    fixed("math.radians", "d>d", Builtin::Radians),
    fixed("math.ulp", "d>d", Builtin::Ulp),
    fixed("math.fabs", "d>d", Builtin::Fabs),
    fixed("math.ldexp", "dl>d", Builtin::Ldexp),
    fixed("math.isnan", "d>b", Builtin::IsNan),
    fixed("math.isinf", "d>b", Builtin::IsInf),
    fixed("math.isfinite", "d>b", Builtin::IsFinite),
    fixed("math.isqrt", "l>l", Builtin::Isqrt),
    fixed("math.factorial", "l>l", Builtin::Factorial),
    fixed("math.comb", "ll>l", Builtin::Comb),
    handler("math.perm"),
    handler("math.gcd"),
    handler("math.lcm"),
    handler("math.log"),
    handler("math.floor"),
    handler("math.ceil"),
    handler("math.trunc"),
    handler("math.isclose"),
    handler("math.frexp"),
    handler("math.modf"),
    handler("math.fsum"),
    handler("math.prod"),

    // ---- cmath ----
    fixed("cmath.acos", "c>c", Builtin::Cmath_acos),
    fixed("cmath.acosh", "c>c", Builtin::Cmath_acosh),
    fixed("cmath.asin", "c>c", Builtin::Cmath_asin),
    fixed("cmath.asinh", "c>c", Builtin::Cmath_asinh),
    fixed("cmath.atan", "c>c", Builtin::Cmath_atan),
    fixed("cmath.atanh", "c>c", Builtin::Cmath_atanh),
    fixed("cmath.cos", "c>c", Builtin::Cmath_cos),
    fixed("cmath.cosh", "c>c", Builtin::Cmath_cosh),
    fixed("cmath.exp", "c>c", Builtin::Cmath_exp),
    fixed("cmath.log10", "c>c", Builtin::Cmath_log10),
    fixed("cmath.sin", "c>c", Builtin::Cmath_sin),
    fixed("cmath.sinh", "c>c", Builtin::Cmath_sinh),
    fixed("cmath.sqrt", "c>c", Builtin::Cmath_sqrt),
    fixed("cmath.tan", "c>c", Builtin::Cmath_tan),
    fixed("cmath.tanh", "c>c", Builtin::Cmath_tanh),
    fixed("cmath.phase", "c>d", Builtin::CmathPhase),
    fixed("cmath.rect", "dd>c", Builtin::CmathRect),
    handler("cmath.log"),
    handler("cmath.polar"),
    handler("cmath.isnan"),
    handler("cmath.isinf"),
    handler("cmath.isfinite"),

    // ---- numpy: element-wise functions, here of scalars ----
    np("numpy.sin", "d", Builtin::Sin),
    np("numpy.cos", "d", Builtin::Cos),
    np("numpy.tan", "d", Builtin::Tan),
    np("numpy.arcsin", "d", Builtin::Asin),
    np("numpy.arccos", "d", Builtin::Acos),
    np("numpy.arctan", "d", Builtin::Atan),
    np("numpy.sinh", "d", Builtin::Sinh),
    np("numpy.cosh", "d", Builtin::Cosh),
    np("numpy.tanh", "d", Builtin::Tanh),
    np("numpy.arcsinh", "d", Builtin::Asinh),
    np("numpy.arccosh", "d", Builtin::Acosh),
    np("numpy.arctanh", "d", Builtin::Atanh),
    np("numpy.exp", "d", Builtin::Exp),
    np("numpy.exp2", "d", Builtin::Exp2),
    np("numpy.expm1", "d", Builtin::Expm1),
    np("numpy.log", "d", Builtin::Log),
    np("numpy.log2", "d", Builtin::Log2),
    np("numpy.log10", "d", Builtin::Log10),
    np("numpy.log1p", "d", Builtin::Log1p),
    np("numpy.cbrt", "d", Builtin::Cbrt),
    np("numpy.sqrt", "d", Builtin::Sqrt),
    np("numpy.fabs", "d", Builtin::Fabs),
    np("numpy.floor", "d", Builtin::Floor),
    np("numpy.ceil", "d", Builtin::Ceil),
    np("numpy.trunc", "d", Builtin::Trunc),
    np("numpy.rint", "d", Builtin::Rint),
    np("numpy.arctan2", "dd", Builtin::Atan2),
    np("numpy.hypot", "dd", Builtin::Hypot),
    np("numpy.fmod", "dd", Builtin::Fmod),
    np("numpy.copysign", "dd", Builtin::Copysign),
    np("numpy.nextafter", "dd", Builtin::Nextafter),
    handler("numpy.isnan"),
    handler("numpy.isinf"),
    handler("numpy.isfinite"),
    handler("numpy.abs"),
    handler("numpy.absolute"),
    handler("numpy.minimum"),
    handler("numpy.maximum"),
    handler("numpy.fmin"),
    handler("numpy.fmax"),
    handler("numpy.sign"),
    handler("numpy.power"),
    handler("numpy.square"),
    handler("numpy.mod"),
    handler("numpy.remainder"),
    handler("numpy.floor_divide"),
    handler("numpy.deg2rad"),
    handler("numpy.rad2deg"),
    handler("numpy.round"),
    handler("numpy.around"),
    handler("numpy.real"),
    handler("numpy.imag"),
    handler("numpy.conj"),
    handler("numpy.conjugate"),
    handler("numpy.angle"),

    // ---- numpy: arrays ----
    handler("numpy.zeros"),
    handler("numpy.ones"),
    handler("numpy.empty"),
    handler("numpy.full"),
    handler("numpy.zeros_like"),
    handler("numpy.ones_like"),
    handler("numpy.empty_like"),
    handler("numpy.full_like"),
    handler("numpy.arange"),
    handler("numpy.linspace"),
    handler("numpy.array"),
    handler("numpy.asarray"),
    handler("numpy.copy"),
    handler("numpy.eye"),
    handler("numpy.identity"),
    handler("numpy.sum"),
    handler("numpy.prod"),
    handler("numpy.min"),
    handler("numpy.max"),
    handler("numpy.amin"),
    handler("numpy.amax"),
    handler("numpy.argmin"),
    handler("numpy.argmax"),
    handler("numpy.mean"),
    handler("numpy.average"),
    handler("numpy.var"),
    handler("numpy.std"),
    handler("numpy.any"),
    handler("numpy.all"),
    handler("numpy.dot"),
    handler("numpy.shape"),
    handler("numpy.size"),
    handler("numpy.ndim"),
    handler("numpy.count_nonzero"),

    // ---- random ----
    fixed("random.random", ">d", Builtin::Random),
    fixed("random.uniform", "dd>d", Builtin::Uniform),
    fixed("random.randint", "ll>l", Builtin::Randint),
    fixed("random.getrandbits", "l>l", Builtin::Getrandbits),
    handler("random.gauss"),
    handler("random.normalvariate"),
    handler("random.expovariate"),
    handler("random.randrange"),
    handler("random.seed"),
    handler("random.choice"),
    handler("random.shuffle"),
    handler("numpy.random.random"),
    handler("numpy.random.rand"),
    handler("numpy.random.random_sample"),
    handler("numpy.random.ranf"),
    handler("numpy.random.sample"),
    handler("numpy.random.uniform"),
    handler("numpy.random.normal"),
    handler("numpy.random.randn"),
    handler("numpy.random.standard_normal"),
    handler("numpy.random.randint"),
    handler("numpy.random.seed"),
    handler("numpy.random.shuffle"),

    // ---- sys, time ----
    handler("sys.argv"),
    handler("sys.exit"),
    fixed("time.time", ">d", Builtin::Time),
    fixed("time.perf_counter", ">d", Builtin::PerfCounter),
    fixed("time.monotonic", ">d", Builtin::PerfCounter),
    fixed("time.process_time", ">d", Builtin::ProcessTime),
    fixed("time.time_ns", ">l", Builtin::TimeNs),
    fixed("time.perf_counter_ns", ">l", Builtin::PerfCounterNs),
    fixed("time.sleep", "d>n", Builtin::Sleep),

    // ---- kjit ----
    handler("kjit.njit"),
    handler("kjit.jit"),
    handler("kjit.prange"),
    handler("kjit.set_num_threads"),
    handler("kjit.get_num_threads"),
    handler("kjit.atomic_add"),
    handler("kjit.atomic_min"),
    handler("kjit.atomic_max"),
    handler("kjit.scratch"),

    // ---- builtins ----
    handler("builtins.abs"),
    handler("builtins.bool"),
    handler("builtins.chr"),
    handler("builtins.complex"),
    handler("builtins.divmod"),
    handler("builtins.enumerate"),
    handler("builtins.exit"),
    handler("builtins.float"),
    handler("builtins.format"),
    handler("builtins.int"),
    handler("builtins.len"),
    handler("builtins.max"),
    handler("builtins.min"),
    handler("builtins.ord"),
    handler("builtins.pow"),
    handler("builtins.print"),
    handler("builtins.range"),
    handler("builtins.repr"),
    handler("builtins.reversed"),
    handler("builtins.round"),
    handler("builtins.str"),
    handler("builtins.sum"),
    handler("builtins.tuple"),
    handler("builtins.zip"),
    handler("builtins.any"),
    handler("builtins.all"),
};

const std::unordered_map<std::string_view, const PathRow*>& index() {
  static const auto* const kIndex = [] {
    auto* map = new std::unordered_map<std::string_view, const PathRow*>;
    for (const PathRow& row : kRows) map->emplace(row.path, &row);
    return map;
  }();
  return *kIndex;
}

// What people reach for first, and what serves instead.
struct Alternative {
  std::string_view path;
  std::string_view advice;
};
constexpr Alternative kAlternatives[] = {
    {"kjit.vectorize", "write a function of scalars and call it in a loop over the array"},
    {"kjit.guvectorize", "write a function of arrays and loop over the outer dimension with prange"},
    {"kjit.jitclass", "pass the fields as separate arguments or as a tuple"},
    {"kjit.cuda", "kernels run on the CPU; use prange for parallel loops"},
    {"builtins.list", "kernels have no lists: make an array of the final size, np.zeros(n), and set its elements"},
    {"builtins.dict", "kernels have no dictionaries: use an array indexed by a number"},
    {"builtins.set", "kernels have no sets: use an array of flags, np.zeros(n, dtype=np.bool_)"},
    {"builtins.input", "pass the value as an argument, or read sys.argv"},
    {"builtins.open", "kernels read no files: pass arrays, on the command line as @file.npy"},
    {"builtins.map", "write a for loop"},
    {"builtins.filter", "write a for loop with an if"},
    {"builtins.isinstance", "types are known when the kernel is compiled: write one function for each"},
    {"time.asctime", "use time.perf_counter() and print the difference"},
    {"sys.stdout", "use print()"},
    {"sys.stderr", "use print()"},
};

}  // namespace

std::string canonical_module(const std::string& name) { return name == "numba" ? "kjit" : name; }

const PathRow* find_path(std::string_view path) {
  auto found = index().find(path);
  return found == index().end() ? nullptr : found->second;
}

PathCategory path_category(std::string_view path) {
  const PathRow* row = find_path(path);
  return row ? row->category : Unknown;
}

bool is_known_module(std::string_view path) { return path_category(path) == Module; }
bool is_known_path(std::string_view path) { return find_path(path) != nullptr; }

std::string_view alternative_to(std::string_view path) {
  for (const Alternative& alternative : kAlternatives) {
    if (alternative.path == path) return alternative.advice;
  }
  return {};
}

std::string suggest_path(std::string_view module, std::string_view name) {
  std::string path = std::string(module) + "." + std::string(name);
  if (std::string_view advice = alternative_to(path); !advice.empty()) return std::string(advice);
  std::vector<std::string_view> names;
  for (const PathRow& row : kRows) {
    bool inside = row.path.size() > module.size() && row.path.starts_with(module) && row.path[module.size()] == '.';
    if (inside && row.path.find('.', module.size() + 1) == std::string_view::npos)
      names.push_back(row.path.substr(module.size() + 1));
  }
  std::string_view near = did_you_mean(name, names);
  if (!near.empty()) return "did you mean '" + std::string(near) + "'?";
  return "docs/language.md lists the functions of each module";
}

std::vector<std::string_view> builtin_function_names() {
  constexpr std::string_view kPrefix = "builtins.";
  std::vector<std::string_view> names;
  for (const PathRow& row : kRows) {
    if (row.path.starts_with(kPrefix)) names.push_back(row.path.substr(kPrefix.size()));
  }
  return names;
}

}  // namespace kjit
