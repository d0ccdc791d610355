#pragma once
// Bounds checks of a whole loop at once.
//
// An innermost counted loop with subscripts that are linear in its variable (a[i], a[2 * i + k], b[j, i - 1]) gets a second
// version without checks, which runs if the first and the last value of every such subscript are in range: in between they are
// too.

#include <map>
#include <set>
#include <vector>

#include "lower/function_lowering.h"

namespace kjit {

// Subscripts by the address of their index vector, which names the node.
struct ProvedSubscripts {
  std::set<const std::vector<typed::ExprPtr>*> nodes;
  bool contains(const std::vector<typed::ExprPtr>* indices) const { return nodes.contains(indices); }
};

// coefficient * loop variable + constant + sum of coefficient * invariant
struct LinearIndex {
  std::int64_t of_variable = 0;
  std::int64_t constant = 0;
  // Keyed by what the invariant reads, so that equal subscripts are one requirement.
  struct Atom {
    enum class Kind { Local, Dim, Product } kind;
    std::uint32_t id;    // local; array local; number of the product
    std::uint32_t axis;  // Dim
    auto operator<=>(const Atom&) const = default;
  };
  std::map<Atom, std::int64_t> invariants;

  bool operator==(const LinearIndex&) const = default;
};

struct RangeRequirement {
  bool is_global;  // the array: a global or a local
  std::uint32_t array;
  std::uint32_t axis;
  LinearIndex index;
  bool operator==(const RangeRequirement&) const = default;
};

struct LoopBounds {
  std::vector<RangeRequirement> requirements;
  std::vector<const typed::Expr*> products;  // of invariants, by number
  ProvedSubscripts proved;                   // holds where the requirements do
};

// `step` is the loop's constant step.
LoopBounds find_loop_bounds(FunctionLowering& f, const typed::ForRange& loop);

// i1: all requirements hold for a loop that runs trip_minus_one + 1 times from `start` in steps of `step`.
llvm::Value* emit_bounds_test(FunctionLowering& f, const LoopBounds& bounds, llvm::Value* start, llvm::Value* trip_minus_one,
                              std::int64_t step);

}  // namespace kjit
