#pragma once
// Parallel analysis: typed tree -> ParallelPlan, one for each prange loop of a function with parallel=True. The entry of
// jit/analysis.
//
// A plan says how the loop runs in parallel with the meaning that it has in Python, or why it cannot. Interpreter and lowering
// only do what it says; they decide nothing. Loops without a plan (prange in a function without parallel=True) run serially.
//
// One iteration of a planned loop
//   1. starts with private copies of `privates` (unset, or the value from before the loop if copy_in) and sets the loop
//   variables;
//   2. reads `captures`, which nothing in the loop assigns: they are passed by value, arrays and tuples as borrowed descriptors,
//   each with its
//      set flag if the local has one;
//   3. accumulates `reductions` into its block's partial, which starts as the identity.
// After the loop, if at least one iteration ran: each private with copy_out gets the value (and set flag) that the last iteration
// left; each reduction becomes `before (op) combined partials`. Without iterations nothing changes. If an `overlap_tests` pair
// overlaps in memory, if one of `span_tests`, `size_tests`, `sign_tests` fails, if the `inspection` finds iterations that meet,
// or with `in_order`, the loop runs serially, in order: still by blocks, so that reductions have the same bits. Only if an array
// of an overlapping pair is itself accumulated into (names_reduced_array) are there no copies of it.

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "support/diagnostics.h"
#include "support/source_file.h"
#include "typing/tree/typed_tree.h"

namespace kjit {

struct PlanOptions {
  bool strict = false;  // undecided races are errors instead of warnings
  // Float updates a[k] += v that may meet become ArrayReductions (below) instead of undecided or proved races. For consumers that
  // do them.
  bool array_reductions = false;
};

// into = into (op) from, `from` being of later iterations:
//   Add Mul BitAnd BitOr BitXor: the Binary of that name on the local's type (integers wrap; Bool: the bit operators).
//   Min Max: from < into ? from : into (Max: >), so a NaN in `from` is passed over. With ties_to_later: <= and >=.
//   Minimum Maximum: the builtin of that name (a NaN wins, else the second of equal values). With ties_to_later: of (from, into).
//   And Or: Bool.
enum class ReduceOp : std::uint8_t { Add, Mul, BitAnd, BitOr, BitXor, Min, Max, Minimum, Maximum, And, Or };

struct Reduction {
  typed::LocalId local;
  ReduceOp op;
  Type type;  // the local's
  bool ties_to_later = false;
  // Min and Max: locals that are set together with this one (`if e < best: best = e; where = i`). Where `into` takes the value of
  // `from`, they take theirs. In a partial they are unset at first; never with ties_to_later.
  std::vector<typed::LocalId> along;
  Span span;               // first update
  typed::SiteId site = 0;  // of its operator: where an overflow of the combined value is reported
};

// The value x with x (op) y == y for all y of this scalar type, down to the sign of zero: the alternative that typed::Constant
// prescribes.
typed::Constant reduction_identity(ReduceOp op, const Type& type);

struct PrivateLocal {
  typed::LocalId local;
  bool copy_in = false;   // each iteration starts with the value and set flag from before the loop
  bool copy_out = false;  // read after the loop
};

// An array as it is at hand when the loop starts: a local or global, or an element of a (nested) tuple in one.
struct ArrayHandle {
  bool is_global = false;
  std::uint32_t id = 0;             // LocalId or GlobalId
  std::vector<std::uint32_t> path;  // tuple indices, outermost first

  bool operator==(const ArrayHandle&) const = default;
};

// Two arrays that the analysis took for distinct without proof, one of them written. Test the byte ranges that their elements
// span.
struct OverlapTest {
  ArrayHandle first, second;

  bool operator==(const OverlapTest&) const = default;
};

// Some index of this axis may be negative and then counts from the end. Elements counted from either end are still never the same
// if
//   factor * |last - first value of `loop`'s variable| + slack < shape[axis]    (exactly: an overflow of 64 bits fails the test).
struct SpanTest {
  ArrayHandle array;
  std::uint32_t axis = 0;
  std::int64_t factor = 1;
  std::int64_t slack = 0;

  bool operator==(const SpanTest&) const = default;
};

// A number at hand when the loop starts: an integer local or global (`axis` unset), or the length of an axis of an array.
struct StartValue {
  ArrayHandle handle;
  std::optional<std::uint32_t> axis;

  bool operator==(const StartValue&) const = default;
};

// Integers that the verdicts rest on wrap at 64 bits, or do not. They do not if the sum of |factor| * |values| * ... over these
// terms, computed in doubles, is below 2**62: half of the range, so that no rounding matters.
struct SizeTest {
  struct Term {
    double factor;
    std::vector<StartValue> values;

    bool operator==(const Term&) const = default;
  };
  std::vector<Term> terms;
  std::string text;  // what must not wrap, in words of the source

  bool operator==(const SizeTest&) const = default;
};

// The verdicts hold if this value is not negative, as the length of a slice in `x[t * size : t * size + size]`.
struct SignTest {
  StartValue value;
  std::string text;

  bool operator==(const SignTest&) const = default;
};

// Undecided arrays whose subscripts follow from what the loop does not write: before the loop starts, the part of its body that
// computes them runs for all iterations and leaves marks of who touches what (runtime/inspection.h); iterations that meet mean
// one thread, in order. Not run if the loop has one thread anyway.
struct Inspection {
  std::vector<ArrayHandle> arrays;
  std::unordered_set<typed::SiteId> statements;  // that run, with their conditions and loops; of the others nothing
  std::unordered_set<typed::SiteId> both_ways;   // of them, `if`s whose condition nobody knows beforehand: both branches run
  // What is marked: by UpdateElement, StoreElement, AssignView statements and Element expressions, the number of the array.
  std::unordered_map<typed::SiteId, std::uint32_t> marks;
  bool reads = false;  // some mark is of a read: a second pass looks for them
};

// All accesses to this array in the loop are `array[...] op= value` with operators that accumulate: a block updates a private
// array of the same shape that starts as the identity, the arrays of all blocks are combined as partials are, and `array` takes
// the result.
struct ArrayReduction {
  ArrayHandle array;
  ReduceOp op;

  bool operator==(const ArrayReduction&) const = default;
};

// An array whose updates are Atomic (below) and are all that the loop does to it: blocks may also update private copies without
// the cost of indivisible steps. Results are the same either way.
struct CopyableArray {
  ArrayHandle array;
  ReduceOp op;
  std::vector<typed::AccessId> updates;

  bool operator==(const CopyableArray&) const = default;
};

// Disjoint: no two iterations touch an element that one of them writes. Atomic: they meet only in updates that commute and in
// stores of the same constant, which is_atomic() lists. Reduced: see ArrayReduction. Race: proved. Unknown: neither proved.
// Inspected: unknown until the loop starts, see Inspection. Unchecked: unknown, and the user vouches for it.
enum class Verdict : std::uint8_t { Disjoint, Atomic, Reduced, Race, Unknown, Inspected, Unchecked };

struct ArrayVerdict {
  std::string name;  // as in the source
  Verdict verdict;
  std::string reason;  // in words of the source
  Span span;           // of the write that decided
};

struct ParallelPlan {
  typed::FunctionId function = 0;
  typed::LoopId loop = 0;  // its `parallel` holds schedule, chunk and threads of the whole nest
  Span span;               // of the loop statement
  // The loops that make one iteration space, outermost first: `loop`, then pranges that are the whole body of the one before and
  // whose bounds do not depend on it. Size 1: no collapse. The inner loops' own plans are used only where the outer one runs
  // serially.
  std::vector<typed::LoopId> nest;
  std::vector<typed::LocalId> captures;
  std::vector<PrivateLocal> privates;  // with the loop variables of the nest
  std::vector<Reduction> reductions;
  std::vector<ArrayReduction> array_reductions;
  std::vector<CopyableArray> copyable_arrays;
  std::vector<OverlapTest> overlap_tests;
  std::vector<SpanTest> span_tests;
  std::vector<SizeTest> size_tests;
  std::vector<SignTest> sign_tests;
  std::vector<ArrayVerdict> arrays;  // those written in the loop
  bool in_order = false;             // one of them is Unknown: one thread runs the iterations, in order
  std::optional<Inspection> inspection;
  std::vector<std::string> refusals;  // why it must not run in parallel; each was reported as an error as well
};

// The loops of the plan's nest, whose outermost one is `loop`.
std::vector<const typed::ForRange*> nest_of(const ParallelPlan& plan, const typed::ForRange& loop);

// Does the test concern an array that the loop reduces? Arrays of indivisible steps do not count: where they overlap another one
// the loop runs in order, and no result depends on whether they have copies.
bool names_reduced_array(const OverlapTest& test, const ParallelPlan& plan);

class ParallelPlans {
 public:
  // Null: run it serially.
  const ParallelPlan* find(typed::LoopId loop) const;
  // Of an UpdateElement: the update must be one indivisible step, here and (in a callee) wherever it runs. Integer or Bool dtype;
  // op: Add Sub BitAnd BitOr BitXor. `value` may be evaluated before the element is loaded. Of a StoreElement: other threads may
  // store the same value at the same time; an indivisible store (of any ordering) will do.
  bool is_atomic(typed::AccessId access) const { return atomic_.contains(access); }
  const std::vector<ParallelPlan>& all() const { return plans_; }  // in the order of functions and source

  void add(ParallelPlan plan);
  void mark_atomic(typed::AccessId access) { atomic_.insert(access); }

 private:
  std::vector<ParallelPlan> plans_;
  std::unordered_map<typed::LoopId, std::size_t> by_loop_;
  std::unordered_set<typed::AccessId> atomic_;
};

// The plans speak of `program` by its ids. To be run only if diags has no errors afterwards.
ParallelPlans plan_parallel(const typed::Program& program, const SourceMap& sources, const PlanOptions& options,
                            Diagnostics& diags);

// The text of `kjit emit --stage parallel`.
std::string print_parallel(const ParallelPlans& plans, const typed::Program& program, const SourceMap& sources);

}  // namespace kjit
