#pragma once
// What a call may do to arrays, whatever the arguments are: the fallback where the access analysis does not walk through a call,
// and its quick answer for the many functions that touch no array at all.

#include <vector>

#include "typing/tree/typed_tree.h"

namespace kjit {

// Elements of arrays that come from parameters (also inside tuples) or from globals. Arrays made inside the function do not
// count.
struct Summary {
  std::vector<bool> reads, writes;  // by parameter
  bool reads_globals = false;
  bool writes_globals = false;
  bool is_recursive = false;
  bool calls_one_thread = false;  // a function of the host or of a C library that is not thread-safe
  bool has_effects = false;       // prints, draws, or writes something that outlives the call: it matters whether it is called

  bool touches_arrays() const;
};

// Does evaluating the expression change nothing but its own result? (It may fail.)
bool is_free_of_effects(const typed::Expr& expr, const std::vector<Summary>& summaries);

// By FunctionId. Repeats over the call graph until nothing changes.
std::vector<Summary> summarize(const typed::Program& program);

// May the call change elements of its argument k, in whatever way?
bool writes_argument(const typed::BuiltinCall& call, std::size_t k);
bool is_atomic_builtin(Builtin builtin);

// Can a value of this type hold an array?
bool may_hold_array(const Type& type);

}  // namespace kjit
