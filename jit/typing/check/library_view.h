#pragma once
// Names from outside the kernel file, as the checker sees them: what `math.sin`, `np.zeros`, `len` or `a.sum` mean.
//
// jit/library has the tables; whoever starts a check passes them in as a LibraryView, so that typing knows none of them.
//
// A path is the canonical dotted name, whatever the file calls it: "math.sin", "numpy.zeros", "builtins.len", "kjit.prange"
// (numba's names are kjit's).

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "support/source_file.h"
#include "syntax/ast.h"
#include "typing/tree/builtins.h"
#include "typing/tree/typed_tree.h"
#include "typing/type.h"

namespace kjit {

class FunctionChecker;
struct CallSite;
struct MethodRow;

// Checks a call of a function with rules of its own and returns its tree; reports, and returns an invalid expression, if it is
// wrong. What the row says about it is in site.row.
using Handler = typed::ExprPtr (*)(FunctionChecker& c, const CallSite& site);
// Likewise for a method of a value. Null: the value has no such method.
using MethodHandler = typed::ExprPtr (*)(FunctionChecker& c, const CallSite& site, const MethodRow& row, typed::ExprPtr value);

enum class PathCategory {
  Unknown,
  Module,
  Constant,    // math.pi
  Dtype,       // np.float32, kjit.i64; callable as a cast
  Signature,   // a function with a fixed signature
  Element,     // np.sin: an element function, see element_form()
  Annotation,  // np.ndarray: a type that stands only in annotations
  Handler,     // a function with rules of its own
  Alias,       // another name of a path
};

struct PathRow {
  std::string_view path;
  PathCategory category = PathCategory::Unknown;
  std::string_view signature = {};  // Signature: of library/builtins.def
  // Signature: the row; Element: the rows that have the name, in their order; Handler: what the handler is to call, if it serves
  // several names.
  std::array<Builtin, 2> builtins = {};
  std::size_t builtin_count = 0;
  bool checked = false;                   // raises as CPython's math module does
  Kind dtype = Kind::Unknown;             // Dtype
  double constant = 0;                    // Constant
  Handler handler = nullptr;              // Handler
  std::string_view function = {};         // Alias: the path that is meant
  typed::Fill fill = typed::Fill::Empty;  // functions that make arrays
  bool uses_prelude = false;              // Handler: it may call functions of the prelude
  bool is_foldable = false;               // a call with constant arguments is a constant expression

  std::span<const Builtin> rows() const { return {builtins.data(), builtin_count}; }
  Builtin builtin() const { return builtins[0]; }
};

enum class Receiver { Array, Str, Integer, Float, Number };

struct MethodRow {
  Receiver receiver;
  std::string_view name;
  MethodHandler handler;
  Builtin builtin = {};         // what it calls
  Kind result = Kind::Unknown;  // of that, where the handler does not know it
};

// What whole arrays mean in the places where they can stand. Null or false: not the case, or left to the rules of numbers; what
// was checked meanwhile is kept for them (FunctionChecker::keep).
struct ArrayRules {
  typed::ExprPtr (*call)(FunctionChecker& c, const CallSite& site);  // of a path
  typed::ExprPtr (*method)(FunctionChecker& c, const CallSite& site, typed::ExprPtr& array);
  typed::ExprPtr (*attribute)(FunctionChecker& c, std::string_view name, typed::ExprPtr& array, Span span);
  typed::ExprPtr (*product)(FunctionChecker& c, typed::ExprPtr lhs, typed::ExprPtr rhs, Span span);  // a @ b
  typed::ExprPtr (*subscript)(FunctionChecker& c, const ast::Expr& expr, const ast::Subscript& node,
                              std::string_view path);  // of a name that leads outside: np.r_[0:5]
  typed::ExprPtr (*index)(FunctionChecker& c, const ast::Expr& expr, const ast::Subscript& node, typed::ExprPtr& array);
  bool (*assign)(FunctionChecker& c, const ast::Expr& target, const ast::Subscript& node, typed::ExprPtr& value);
  bool (*update)(FunctionChecker& c, const ast::Expr& target, const ast::Subscript& node, typed::BinaryOp op,
                 const ast::Expr& operand, Span span);
};

// What to use instead of a name that kernels do not have.
struct Alternative {
  std::string_view path;
  std::string_view advice;
};

class LibraryView {
 public:
  LibraryView(std::vector<PathRow> names, std::span<const MethodRow> methods, std::span<const Alternative> alternatives,
              const ArrayRules& arrays);

  // Null if there is no such path.
  const PathRow* find(std::string_view path) const;
  // What an alias stands for; any other path as it is.
  std::string canonical(std::string path) const;
  PathCategory category(std::string_view path) const;
  bool is_known(std::string_view path) const { return find(path) != nullptr; }
  bool is_module(std::string_view path) const { return category(path) == PathCategory::Module; }
  // Null if no value of the type has such a method.
  const MethodRow* find_method(const Type& receiver, std::string_view name) const;
  // Empty if nothing is known.
  std::string_view alternative_to(std::string_view path) const;
  // "did you mean 'sqrt'?" or what the module offers instead.
  std::string suggest(std::string_view module, std::string_view name) const;
  // Names of builtin functions ("len"), for did-you-mean.
  std::vector<std::string_view> builtin_function_names() const;
  std::span<const PathRow> names() const { return names_; }
  std::span<const MethodRow> methods() const { return methods_; }
  const ArrayRules& arrays() const { return arrays_; }

 private:
  std::vector<PathRow> names_;
  std::span<const MethodRow> methods_;
  std::span<const Alternative> alternatives_;
  ArrayRules arrays_;
  std::unordered_map<std::string_view, std::size_t> index_;  // of names_
};

// "numba" -> "kjit", "numba.core.x" unchanged; others as they are.
std::string canonical_module(const std::string& name);

}  // namespace kjit
