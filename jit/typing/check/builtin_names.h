#pragma once
// Names from outside the kernel file: what `math.sin`, `np.zeros` or `len` mean.
//
// A path is the canonical dotted name, whatever the file calls it: "math.sin", "numpy.zeros", "builtins.len", "kjit.prange"
// (numba's names are kjit's). A new builtin is a row in builtin_names.cpp; if no signature fits it, a handler in
// check_builtin*.cpp as well.

#include <string>
#include <string_view>
#include <vector>

#include "typing/tree/builtins.h"
#include "typing/type.h"

namespace kjit {

enum class PathCategory {
  Unknown,
  Module,
  Constant,   // math.pi
  Dtype,      // np.float32, kjit.i64; callable as a cast
  Signature,  // a function with a fixed signature: PathRow::signature
  NpFloat,    // np.sin: any real arguments, computed in their common float type; complex by `complex_builtin`
  Handler,    // a function with rules of its own, in check_builtin*.cpp
};

struct PathRow {
  std::string_view path;
  PathCategory category = PathCategory::Unknown;
  // Signature: parameter letters, '>' and the result's: d F64, l I64, u U64, c C128, b Bool, s Str, n None. "dd>d"
  std::string_view signature = {};
  Builtin builtin = Builtin::Abs;
  bool checked = false;        // raises as CPython's math module does
  Kind dtype = Kind::Unknown;  // Dtype
  double constant = 0;         // Constant
};

// "numba" -> "kjit", "numba.core.x" unchanged; others as they are.
std::string canonical_module(const std::string& name);
bool is_known_module(std::string_view path);
bool is_known_path(std::string_view path);
PathCategory path_category(std::string_view path);
// Null if there is no such path.
const PathRow* find_path(std::string_view path);
// What to use instead of a name that kernels do not have; empty if nothing is known.
std::string_view alternative_to(std::string_view path);
// "did you mean 'sqrt'?" or what the module offers instead.
std::string suggest_path(std::string_view module, std::string_view name);
// Names of builtin functions ("len"), for did-you-mean.
std::vector<std::string_view> builtin_function_names();

}  // namespace kjit
