#pragma once
// The syntax tree: Python's own shape, plain structs, no types, no behaviour.
//
// It holds exactly the constructs that the language keeps; the parser refuses the others by name. Names follow CPython's `ast`
// module, so that its documentation serves as ours. Each node carries the span of its whole text.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "support/source_file.h"

namespace kjit::ast {

struct Expr;
struct Stmt;
using ExprPtr = std::unique_ptr<Expr>;
using StmtPtr = std::unique_ptr<Stmt>;
using Block = std::vector<StmtPtr>;

// ---- expressions -------------------------------------------------------------------------------------------------------

enum class UnaryOp { Plus, Minus, Invert, Not };
enum class BinaryOp { Add, Sub, Mul, TrueDiv, FloorDiv, Mod, Pow, MatMul, Shl, Shr, BitAnd, BitOr, BitXor };
enum class BoolOp { And, Or };
enum class CompareOp { Eq, Ne, Lt, Le, Gt, Ge, In, NotIn, Is, IsNot };

struct NoneLiteral {};
struct EllipsisLiteral {};
struct BoolLiteral {
  bool value;
};
// The magnitude; a sign is a UnaryOp. Literals of 2**64 and more are refused by the lexer (E0107).
struct IntLiteral {
  std::uint64_t value;
};
struct FloatLiteral {
  double value;
};
struct ImaginaryLiteral {
  double value;  // of `2.5j`: 2.5
};
struct StringLiteral {
  std::string value;  // escapes resolved, adjacent literals joined
};
// One piece of an f-string: literal text, or an expression with its conversion and format specification.
struct FStringPart {
  std::string text;  // used when `value` is null
  ExprPtr value;
  char conversion = 0;  // 'r', 's', 'a' or 0
  std::string spec;     // text after ':', literal only ("{x:.3f}"); nested fields are refused
  std::string debug;    // "x = " of f"{x = }", else empty; printed before the value
};
struct FString {
  std::vector<FStringPart> parts;
};
struct Name {
  std::string id;
};
struct Unary {
  UnaryOp op;
  ExprPtr operand;
};
struct Binary {
  BinaryOp op;
  ExprPtr lhs, rhs;
};
// `a and b and c` is one node with three values, as in CPython.
struct BoolOperation {
  BoolOp op;
  std::vector<ExprPtr> values;
};
// `a < b <= c`: first = a, ops = {<, <=}, rest = {b, c}.
struct Compare {
  ExprPtr first;
  std::vector<CompareOp> ops;
  std::vector<ExprPtr> rest;
};
struct Conditional {  // then if condition else otherwise
  ExprPtr condition, then, otherwise;
};
struct Keyword {
  std::string name;
  Span name_span;
  ExprPtr value;
};
struct Call {
  ExprPtr callee;
  std::vector<ExprPtr> args;
  std::vector<Keyword> keywords;
};
struct Attribute {
  ExprPtr value;
  std::string name;
  Span name_span;
};
struct Slice {  // only inside Subscript::indices; each part may be null
  ExprPtr lower, upper, step;
};
// a[i], a[i, j], a[1:n, ::2], a[..., 0]: `indices` holds the comma-separated parts.
struct Subscript {
  ExprPtr value;
  std::vector<ExprPtr> indices;
  bool is_tuple = false;  // there was a comma
};
struct Tuple {
  std::vector<ExprPtr> elements;
};
struct List {
  std::vector<ExprPtr> elements;
};
// [element for target in iterable if condition ...]: one `for` clause; more are refused.
struct ListComprehension {
  ExprPtr element;
  ExprPtr target;
  ExprPtr iterable;
  std::vector<ExprPtr> conditions;
};

struct FunctionDef;
struct Lambda {
  std::shared_ptr<FunctionDef> function;  // its body is one Return
};

struct Expr {
  Span span;
  std::variant<NoneLiteral, EllipsisLiteral, BoolLiteral, IntLiteral, FloatLiteral, ImaginaryLiteral, StringLiteral, FString,
               Name, Unary, Binary, BoolOperation, Compare, Conditional, Call, Attribute, Slice, Subscript, Tuple, List,
               ListComprehension, Lambda>
      node;
  // Levels of the tree, this node included. The parser keeps it at most limits::kExpressionHeight, so that recursion over an
  // expression cannot exhaust the stack.
  std::uint32_t height = 1;
};

// ---- statements --------------------------------------------------------------------------------------------------------

struct Parameter {
  std::string name;
  Span span;
  ExprPtr annotation;     // may be null
  ExprPtr default_value;  // may be null
  bool keyword_only = false;
  bool positional_only = false;
};

struct FunctionDef {
  std::string name;
  Span name_span;
  std::vector<Parameter> parameters;
  ExprPtr returns;                  // annotation, may be null
  std::vector<ExprPtr> decorators;  // in source order
  std::string docstring;
  Block body;  // without the docstring
};

struct Define {
  std::shared_ptr<FunctionDef> function;
};
struct ExpressionStatement {
  ExprPtr value;
};
// `a = b = value`: targets {a, b}, assigned left to right. A target is a Name, Subscript, or Tuple/List of targets.
struct Assign {
  std::vector<ExprPtr> targets;
  ExprPtr value;
};
struct AugAssign {
  ExprPtr target;
  BinaryOp op;
  ExprPtr value;
};
struct AnnAssign {
  ExprPtr target;
  ExprPtr annotation;
  ExprPtr value;  // may be null
};
struct If {
  ExprPtr condition;
  Block body;
  Block otherwise;  // `elif` is an If alone in here
};
struct While {
  ExprPtr condition;
  Block body;
  Block otherwise;
};
struct For {
  ExprPtr target;
  ExprPtr iterable;
  Block body;
  Block otherwise;
};
struct Break {};
struct Continue {};
struct Pass {};
struct Return {
  ExprPtr value;  // may be null
};
struct Assert {
  ExprPtr condition;
  ExprPtr message;  // may be null
};
struct Raise {
  ExprPtr exception;  // a Name or a Call; null for a bare `raise` (refused later)
};
struct ImportedName {
  std::string name;   // "a.b" for `import a.b`
  std::string alias;  // bound name if `as` is given, else empty
  Span span;
};
struct Import {
  std::vector<ImportedName> names;
};
struct ImportFrom {
  std::string module;
  Span module_span;
  std::vector<ImportedName> names;
};

struct Stmt {
  Span span;
  std::variant<Define, ExpressionStatement, Assign, AugAssign, AnnAssign, If, While, For, Break, Continue, Pass, Return, Assert,
               Raise, Import, ImportFrom>
      node;
};

struct Module {
  std::uint32_t file = 0;  // number in the SourceMap
  std::string docstring;
  Block body;  // defs and script statements in source order
};

}  // namespace kjit::ast
