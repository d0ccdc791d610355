#pragma once
// The typed tree: the one meaning of a program, shared by the verifier, the parallel analysis, the interpreter and the lowering.
//
// It is Python's meaning spelled out: every implicit conversion is a Convert, every operator is applied to operands of one type,
// names are resolved to numbered locals, globals and functions, builtins to table rows, loops over arrays/zip/enumerate/tuples to
// ForRange over hidden locals. The consumers decide nothing: what is not written here does not happen. Operands are evaluated in
// the order in which the fields are declared, elements of a vector first to last. jit/typing/tree/verify.h lists the invariants.
//
// Whether arithmetic wraps or is checked, and whether bounds are checked, are options of a function and of the engine, not nodes.

#include <complex>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "support/source_file.h"
#include "typing/tree/builtins.h"
#include "typing/type.h"

namespace kjit::typed {

using LocalId = std::uint32_t;
using GlobalId = std::uint32_t;
using FunctionId = std::uint32_t;
using SiteId = std::uint32_t;  // index into Program::sites; what the runtime records with an error
// Names of nodes for plans and facts, dense in a program and in the order of the source: number_nodes() (node_ids.h) gives them.
using LoopId = std::uint32_t;    // While, ForRange; below Program::loop_count
using AccessId = std::uint32_t;  // Element, StoreElement, UpdateElement; below Program::access_count

struct Expr;
struct Stmt;
using ExprPtr = std::unique_ptr<Expr>;
using StmtPtr = std::unique_ptr<Stmt>;
using Block = std::vector<StmtPtr>;

enum class UnaryOp { Negate, Invert, Not };  // Not: bool -> bool. Negate: numbers. Invert: integers (bool is converted before)
enum class BinaryOp { Add, Sub, Mul, TrueDiv, FloorDiv, Mod, Pow, Shl, Shr, BitAnd, BitOr, BitXor };
enum class CompareOp { Eq, Ne, Lt, Le, Gt, Ge };

// ---- expressions -------------------------------------------------------------------------------------------------------

// The alternative follows from the type: None and Dtype: monostate; Bool: bool; I8..I64: int64; U8..U64: uint64; F32/F64: double;
// C64/C128: complex; Str: string.
struct Constant {
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::complex<double>, std::string> value;
  // Written with its type, np.float64(0.5): the checker does not adapt it to the operand beside it. Means nothing to later
  // stages.
  bool has_own_type = false;
};
// `check_set`: flow analysis could not prove that the local is set; trap Unbound (in the script UndefinedGlobal) if it is not
// (Local::needs_set_flag is true then).
struct ReadLocal {
  LocalId local;
  bool check_set = false;
};
// Traps UndefinedGlobal if check_set and the script has not assigned it yet.
struct ReadGlobal {
  GlobalId global;
  bool check_set = false;
};
// Evaluates `value`, assigns it to the hidden local, then evaluates `body`.
struct Let {
  LocalId local;
  ExprPtr value;
  ExprPtr body;
};
struct Conditional {  // condition is bool; both arms have the node's type; only one is evaluated
  ExprPtr condition, then, otherwise;
};
// operand.type -> type, by kinds (both scalar unless noted):
//   x -> Bool: truth (x != 0; NaN is true; Str: not empty)   Bool -> number: 0 or 1      integer -> integer: wraps; in checked
//   functions IntOutOfRange integer -> float: nearest even        float -> float: nearest even, overflow to inf    real ->
//   complex: imaginary part 0 float -> integer: truncates; FloatNanToInt, FloatInfToInt, FloatTooLargeForInt        complex ->
//   complex: by part Array C -> Array Strided of the same dtype and rank: no operation.   Tuple -> Tuple: element by element.
struct Convert {
  ExprPtr operand;
};
struct Unary {
  UnaryOp op;
  ExprPtr operand;
};
// lhs.type == rhs.type, and == type except for TrueDiv of integers (-> F64).
//   integers: Add Sub Mul wrap (checked functions: IntegerOverflow); FloorDiv/Mod floor, trap on 0; minimum // -1 wraps (checked:
//   IntegerOverflow), minimum % -1 is 0;
//     TrueDiv (I64 or U64 only) is the correctly rounded quotient; Pow by squaring, wraps, NegativeIntegerExponent; Shl/Shr: the
//     count is rhs, NegativeShift, counts >= width give 0 (Shr of a negative: -1); in checked functions Shl that loses bits is
//     IntegerOverflow.
//   Bool: BitAnd BitOr BitXor only.     Str: Add only.
//   floats: IEEE, never contracted; FloorDiv and Mod as CPython's float_divmod; TrueDiv/FloorDiv/Mod trap on zero unless the
//   function has error_model numpy; Pow as CPython's float_pow with its errors, likewise quiet under numpy (C pow).
//   complex: Add Sub Mul TrueDiv Pow as CPython.
struct Binary {
  BinaryOp op;
  ExprPtr lhs, rhs;
};
// bool. Operands have one type (numbers, Bool, Str; complex: Eq/Ne only), or are I64/U64 against F64 in either order, which
// compares exactly.
struct Compare {
  CompareOp op;
  ExprPtr lhs, rhs;
};
// args match the callee's parameters exactly; type is the callee's result.
struct Call {
  FunctionId callee;
  std::vector<ExprPtr> args;
};
// Row of library/builtins.def, whose comments fix argument types and meaning.
struct BuiltinCall {
  Builtin builtin;
  std::vector<ExprPtr> args;
  bool checked =
      false;  // Libm rows and Sqrt: fail as CPython's math module does (math.sqrt), instead of returning nan or inf (np.sqrt)
};
struct MakeTuple {  // also for types of kind Function: the captured values
  std::vector<ExprPtr> elements;
};
struct TupleElement {
  ExprPtr tuple;
  std::uint32_t index;
};
// All elements have one type; the index is I64, negative counts from the end; TupleIndexOutOfRange.
struct TupleElementDynamic {
  ExprPtr tuple;
  ExprPtr index;
};
// array[i, j, ...] with rank many I64 indices: a scalar. Negative indices count from the end. IndexOutOfRange with (index as
// written, axis, size). `in_bounds[k]`: proved at compile time, 0 <= index < size, no check and no wrap-around of negatives
// needed. Empty means none.
struct Element {
  ExprPtr array;
  std::vector<ExprPtr> indices;
  std::vector<bool> in_bounds;
  AccessId id = 0;
};
// One subscript of a view: a single I64 index (removes the axis), or a slice whose missing parts are null (Python's defaults).
struct Subscript {
  ExprPtr index;
  bool is_slice = false;
  ExprPtr lower, upper, step;
};
// A view that shares memory and owner. Axes beyond `subscripts` are kept whole. Slices clip as Python's; step 0 traps
// SliceStepZero.
struct View {
  ExprPtr array;
  std::vector<Subscript> subscripts;
};
enum class Fill { Empty, Zeros, Ones, Value, Scratch };
// A new C-contiguous array of type; shape: rank many I64 (negative: NegativeDimension). `value` (dtype) only for Fill::Value.
// Scratch: zeros, perhaps in memory that an array of this site and thread had before and that nothing uses any more.
struct NewArray {
  Fill fill;
  std::vector<ExprPtr> shape;
  ExprPtr value;
};
// np.array of nested literals: a new C array with this constant shape; elements in row-major order, already of the dtype.
struct ArrayLiteral {
  std::vector<std::int64_t> shape;
  std::vector<ExprPtr> elements;
};
// A loop over the elements of arrays: what `a * b + 1.0` is for arrays. Operands (arrays and scalars; at least one array) are
// evaluated once, in order. Arrays are broadcast as in NumPy (ValueError). For each place of the common index space `body`, a
// scalar, is computed, in which LoopElement stands for the array's element there, or the scalar. The result is a new array of the
// body's type, in C order; if the type is strided, its axes lie in memory as those of NumPy's result (memory_order.h).
//
// The body holds Constant, LoopElement, Let and ReadLocal of its hidden local, Conditional (both arms may be evaluated), Convert,
// Unary, Binary, Compare and BuiltinCall of scalars. Its arithmetic is NumPy's and never traps: integers wrap, also in checked
// functions; // and % of integers by 0 give 0; TrueDiv of integers divides the nearest doubles; counts of Shl and Shr that are
// negative or too large shift everything out; a negative exponent of integers gives 0; floats follow IEEE and C's pow; a float
// that is converted to an integer type that does not hold it gives the type's least value (unsigned: what the least i64 leaves).
//
// `shapes` is the order in which NumPy broadcasts the arrays, which its message tells: steps that stack shapes, k the shape of
// operand k, -n one shape in place of the last n. Empty: all at once (loop_shapes.h).
struct ArrayLoop {
  std::vector<ExprPtr> operands;
  ExprPtr body;
  std::vector<std::int32_t> shapes = {};
};
// The element of an operand of the ArrayLoop around it.
struct LoopElement {
  std::uint32_t operand;
};
// shape[axis], I64.
struct ArrayDim {
  ExprPtr array;
  std::uint32_t axis;
};
// Text made of pieces, each formatted as str() ('s' or 0) or repr() ('r') or by a Python format specification. All values are
// evaluated before any is formatted. Piece with null `value`: literal text.
struct FormatPiece {
  std::string text;
  ExprPtr value;  // scalar, Str, Tuple, Array, None
  char conversion = 0;
  std::string spec;
};
struct Format {  // Str
  std::vector<FormatPiece> pieces;
};

struct Expr {
  Type type;
  Span span;
  SiteId site = 0;
  std::variant<Constant, ReadLocal, ReadGlobal, Let, Conditional, Convert, Unary, Binary, Compare, Call, BuiltinCall, MakeTuple,
               TupleElement, TupleElementDynamic, Element, View, NewArray, ArrayLiteral, ArrayLoop, LoopElement, ArrayDim, Format>
      node;
};

// ---- statements --------------------------------------------------------------------------------------------------------

struct AssignLocal {  // value.type == local's type; releases what the local held
  LocalId local;
  ExprPtr value;
};
struct AssignGlobal {
  GlobalId global;
  ExprPtr value;
};
// Fields in evaluation order: Python evaluates the right side first. value.type is the dtype. Index rules of Element.
struct StoreElement {
  ExprPtr value;
  ExprPtr array;
  std::vector<ExprPtr> indices;
  std::vector<bool> in_bounds;
  AccessId id = 0;
};
// array[indices] op= value: array and indices once, load, then `value`, then ((value.type) old) op value, which has type
// `result`, converted to the dtype and stored. The operator follows Binary's rules on value.type.
struct UpdateElement {
  ExprPtr array;
  std::vector<ExprPtr> indices;
  ExprPtr value;
  BinaryOp op;
  Type result;
  std::vector<bool> in_bounds;
  AccessId id = 0;
};
// view[...] = value: a scalar of the dtype (fills), or an array of the dtype broadcast to the view's shape (ValueError);
// overlap behaves as if copied first.
struct AssignView {
  ExprPtr value;
  ExprPtr view;
};
struct Evaluate {
  ExprPtr value;
};
struct If {
  ExprPtr condition;
  Block body, otherwise;
};
struct While {  // `otherwise` runs when the condition becomes false, not after break
  ExprPtr condition;
  Block body, otherwise;
  LoopId id = 0;
};
enum class Schedule { Static, Dynamic, Guided, Auto };
struct ParallelLoop {
  Schedule schedule = Schedule::Auto;
  ExprPtr chunk;    // I64 or null
  ExprPtr threads;  // I64 or null
  bool unchecked =
      false;  // prange(..., unchecked=True): the user vouches that iterations do not meet where the analysis cannot tell
};
// for variable in range(start, stop, step): bounds are I64, evaluated once. The trip count is a u64 fixed at the start: iteration
// k sets variable = start + k * step (never overflowing); assignments to it in the body do not change the count. RangeStepZero.
// The variable keeps its last value after the loop. With `parallel` each iteration k is a random stream of its own
// (runtime/abi.h), whether or not the function runs it in parallel.
struct ForRange {
  LocalId variable;
  ExprPtr start, stop, step;
  Block body, otherwise;
  std::optional<ParallelLoop> parallel;  // prange
  LoopId id = 0;
};
struct Break {};
struct Continue {};
struct Return {
  ExprPtr value;  // null: None
};
// kind: a kjit_error_kind of runtime/errors.def. message is Str or null (no text).
struct Raise {
  int kind;
  ExprPtr message;
};
// raises AssertionError; the message is evaluated only on failure. Never null: without one the checker puts the source text of
// the condition there.
struct Assert {
  ExprPtr condition;
  ExprPtr message;
};
// The pieces (separators and line end included) in order, written as one unit.
struct Print {
  std::vector<FormatPiece> pieces;
};

struct Stmt {
  Span span;
  SiteId site = 0;
  std::variant<AssignLocal, AssignGlobal, StoreElement, UpdateElement, AssignView, Evaluate, If, While, ForRange, Break, Continue,
               Return, Raise, Assert, Print>
      node;
};

// ---- functions and programs --------------------------------------------------------------------------------------------

struct Local {
  std::string name;  // as written; hidden ones (no user name) are "" and are always set before they are read
  Type type;
  Span span;                    // first assignment
  bool needs_set_flag = false;  // some read is checked
};

// Individual relaxations, as LLVM names them.
struct FastMath {
  bool reassoc = false, nnan = false, ninf = false, nsz = false, arcp = false, contract = false, afn = false;
  bool any() const { return reassoc || nnan || ninf || nsz || arcp || contract || afn; }
  bool all() const { return reassoc && nnan && ninf && nsz && arcp && contract && afn; }
};

struct FunctionOptions {
  bool nogil = false;
  bool parallel = false;
  bool cache = false;
  FastMath fastmath;
  bool numpy_error_model = false;   // division by zero gives inf/nan
  std::optional<bool> boundscheck;  // unset: the engine's default
  enum class Inline { Auto, Always, Never } inlining = Inline::Auto;
};

// Whose function it is.
enum class FunctionRole : std::uint8_t {
  Kernel,
  Script,    // the statements of a module
  HostCall,  // made by the checker, to call the kernel as the host does
  Prelude,   // of the library, in the kernel language
};

// One specialisation of one definition. locals[0 .. parameter_count) are the parameters (captured variables of a nested function
// first).
struct Function {
  FunctionId id = 0;   // its index in Program::functions
  std::string name;    // as the user wrote it; "<module>" for the script
  std::string symbol;  // unique in the program
  Span span;           // of the def line's name
  std::uint32_t parameter_count = 0;
  std::vector<Local> locals;
  Type result;  // None if it returns nothing
  Block body;   // falling off the end returns None
  FunctionOptions options;
  FunctionRole role = FunctionRole::Kernel;
  bool is_recursive = false;  // on a cycle of the call graph: must check the stack
  bool draws_random = false;  // it, or a function it calls, uses the random stream

  bool is_script() const { return role == FunctionRole::Script; }
  bool has_frame() const { return role == FunctionRole::Kernel || is_script(); }  // that the user sees in a traceback
};

// A variable of the module that functions read and that is not a compile-time constant.
struct Global {
  std::string name;
  Type type;
  Span span;
};

struct Site {
  FunctionId function;
  Span span;
};

// Everything reachable from one entry: functions[0], either the script (no parameters) or one specialisation of a kernel.
struct Program {
  std::vector<Function> functions;
  std::vector<Global> globals;
  std::vector<Site> sites;  // [0] is unused
  std::uint32_t loop_count = 0;
  std::uint32_t access_count = 0;
};

}  // namespace kjit::typed
