#pragma once
// The closure of a parallel loop: what the function that starts it and the outlined body share, one struct in the starter's
// frame.
//
// The body reads it at the start of each block. Only the block with the loop's last iteration writes to it (the `out` fields),
// and the combine and finish functions do (`totals`), which run on the starter's thread.

#include <llvm/IR/DerivedTypes.h>

#include <optional>
#include <vector>

#include "analysis/races/array_copies.h"
#include "lower/function_lowering.h"

namespace kjit {

// A local's value and, if the local has one, its set flag: numbers of fields.
struct LocalFields {
  unsigned value;
  std::optional<unsigned> flag;
};

struct NestFields {
  unsigned start, step, trips;
};

struct PrivateFields {
  std::optional<LocalFields> in, out;
};

// An array that the loop accumulates into, and its copies: one for each block, in memory behind the scalars of the block's
// partial.
struct AccumulatedArray {
  const ArrayHandle* handle;
  ReduceOp op;
  Type type;
  const CopyableArray* copyable;  // null: a reduction, which without copies runs in order; else its updates may be indivisible
  unsigned target = 0;            // field: the array itself, borrowed
  unsigned elements = 0;          // i64
  unsigned offset = 0;            // i64: bytes from the start of the partial
};

struct ClosureLayout {
  llvm::StructType* type = nullptr;
  llvm::StructType* scalars = nullptr;  // the scalars of a partial; `totals` of the closure has the same form

  unsigned total_trips = 0;  // i64
  std::vector<NestFields> nest;
  unsigned region = 0;                // kjit_rng_region
  std::vector<LocalFields> captures;  // in the order of the plan, as the following
  std::vector<PrivateFields> privates;
  std::vector<std::pair<typed::GlobalId, unsigned>> globals;  // that the starter does not see as the context has them
  std::vector<std::optional<unsigned>> reduction_flags;       // the set flag from before the loop
  unsigned totals = 0;                   // before the loop: the values from before it; after it: the new ones
  std::vector<AccumulatedArray> arrays;  // the plan's array reductions, then its copyable arrays if copies may be made
  unsigned copies_reductions = 0;        // i1: blocks have copies of the former ...
  unsigned copies_copyable = 0;          // i1: ... and of the latter
  unsigned copies(const AccumulatedArray& array) const { return array.copyable ? copies_copyable : copies_reductions; }

  std::optional<unsigned> inspection;  // address of the kjit_inspection, for loops that have one

  std::optional<unsigned> overflow;  // i1, in checked functions: combining partials left the range of a type ...
  unsigned overflow_lhs = 0, overflow_rhs = 0,
           overflow_bits = 0;  // ... with these operands and this width, as traps take them ...
  unsigned overflow_site = 0;  // ... in the reduction with this site
};

ClosureLayout make_closure_layout(FunctionLowering& starter, const ParallelPlan& plan);

// Fields of `scalars`: each reduction's value, then for each local that goes along its value and an i1: set by this partial.
struct ScalarField {
  const Reduction* reduction;
  std::optional<typed::LocalId> along;  // else the reduced local itself
  unsigned value;
  unsigned is_set = 0;  // of `along`
};
std::vector<ScalarField> scalar_fields(const ParallelPlan& plan);

// What a handle leads to in the frame of `f`.
llvm::Value* handle_value(FunctionLowering& f, const ArrayHandle& handle);

// What the tests in front of a loop found.
struct LoopTests {
  llvm::Value* in_order;   // i1: iterations might meet: one thread must run them
  llvm::Value* no_copies;  // i1: an array that is accumulated into is also reached by another name
};

struct CopyDecision {
  llvm::Value* blocks;       // 0: as usual
  llvm::Value* in_order;     // i1: on one thread
  llvm::Value* of_copyable;  // i1: blocks have copies of the copyable arrays; a constant if never
  llvm::Value* partial_bytes;
};

// array_copies.cpp: whether blocks get copies of the arrays that they accumulate into; fills the closure's fields about them.
CopyDecision decide_copies(FunctionLowering& f, const ParallelPlan& plan, const ClosureLayout& layout, llvm::Value* closure,
                           const LoopTests& tests, llvm::Value* total_trips);

// outline.cpp: a kjit_loop_body without blocks, named after the starter.
llvm::Function* declare_loop_body(FunctionLowering& starter, const char* suffix);
// inspection.cpp: the kjit_loop_body that runs the plan's inspection.
llvm::Function* make_inspection_body(FunctionLowering& starter, const typed::Stmt& stmt, const ParallelPlan& plan,
                                     const ClosureLayout& layout);
// outline.cpp: kjit_loop_body. BodyWithCopies for loops that have set copies_copyable, Body for those that have not.
llvm::Function* outline_body(FunctionLowering& starter, const typed::Stmt& stmt, const ClosureLayout& layout,
                             const LoopFunction& wanted);
// lower_reduction.cpp: kjit_combine and kjit_finish
llvm::Function* make_combine(FunctionLowering& starter, const ParallelPlan& plan, const ClosureLayout& layout);
llvm::Function* make_finish(FunctionLowering& starter, const ParallelPlan& plan, const ClosureLayout& layout);

}  // namespace kjit
