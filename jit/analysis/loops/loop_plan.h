#pragma once
// Plans of loops: typed tree -> LoopPlans, one LoopPlan for each `while` and `for` of the program. Entry: plan_loops.
//
// A plan says what the lowering is to do with a loop, and why it does not do more: how the loop polls for interrupts, in how many
// versions it is made and what is tested in front of it to choose one, which subscripts then need no check, which random draws
// become arithmetic on its counter, and what keeps LLVM from using vectors, as far as the typed tree shows it. Reasons are in
// words of the source; `kjit emit --stage loops` prints them.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analysis/races/parallel_plan.h"
#include "support/source_file.h"
#include "typing/tree/typed_tree.h"

namespace kjit {

struct ArrayTemporary;  // analysis/arrays/fusion.h

struct LoopPlanOptions {
  bool checked = false;      // integer overflow traps
  bool bounds_check = true;  // unless a function says otherwise
  int opt_level = 3;         // below 2 there is one version of each loop
};

// How a running loop notices that it is to stop. A poll in each iteration would keep LLVM from vectorising.
enum class Polling : std::uint8_t {
  Never,      // the loop is short, or has a closed form (LLVM computes its results without running it), or polls by what it calls
  Strips,     // `for`: once in every kStripLength iterations
  Countdown,  // `while`: once in every kWhileStride iterations
  EveryIteration  // bodies that take long themselves
};

constexpr std::int64_t kStripLength = 1 << 14;
constexpr std::int32_t kWhileStride = 1 << 10;

// of_variable * loop variable + constant + sum of coefficient * product of invariants, modulo 2**64.
struct LinearIndex {
  // What does not change in the loop: a local, or the extent of an array that a local holds.
  struct Atom {
    enum class Kind : std::uint8_t { Local, Dim } kind;
    typed::LocalId local;
    std::uint32_t axis;  // Dim
    auto operator<=>(const Atom&) const = default;
  };
  using Product = std::vector<Atom>;  // sorted

  std::int64_t of_variable = 0;
  std::int64_t constant = 0;
  std::map<Product, std::int64_t> invariants;

  bool operator==(const LinearIndex&) const = default;
};

// 0 <= index < array.shape[axis] in all iterations, which is tested for the first and the last.
struct RangeTest {
  bool is_global = false;   // the array: a global or a local
  std::uint32_t array = 0;  // GlobalId or LocalId
  std::uint32_t axis = 0;
  LinearIndex index;
  bool operator==(const RangeTest&) const = default;
};

// One subscript in the body of an innermost loop.
struct SubscriptPlan {
  enum class Check : std::uint8_t { Proved, Tested, EachTime };  // Tested: by the range tests, in front of the loop
  typed::AccessId access = 0;
  Span span;  // of what stands before `]`
  Check check = Check::EachTime;
  std::string reason;  // of EachTime

  bool operator==(const SubscriptPlan&) const = default;
};

// Something that keeps a loop from being faster, in words of the source.
struct Hindrance {
  std::string reason;
  std::string edit = {};                         // what its author could change, as a sentence; may be empty
  std::optional<typed::FunctionId> callee = {};  // it hinders only if calls of this function are not inlined

  std::string text() const {
    return reason + (callee ? ", unless LLVM inlines that" : "") + (edit.empty() ? "" : " (" + edit + ")");
  }
};

struct LoopPlan {
  typed::LoopId loop = 0;
  typed::FunctionId function = 0;
  Span span;                // of the statement
  bool is_counted = false;  // a `for`
  typed::LocalId variable = 0;
  bool is_innermost = false;

  Polling polling = Polling::EveryIteration;
  std::string polling_reason;

  // Random draws in each iteration, where they become arithmetic on the loop counter.
  std::optional<int> draws;
  std::string draws_reason;  // why not, or empty if nothing draws

  // A loop has a fast version if range tests or draws make one possible; it runs where all tests hold.
  std::vector<RangeTest> range_tests;
  std::set<typed::AccessId> in_range;  // subscripts that need no check in the fast version
  std::vector<SubscriptPlan> subscripts;
  std::string one_version_reason;
  bool has_fast_version() const { return !range_tests.empty() || draws; }

  std::vector<Hindrance> no_vectors;    // what keeps LLVM from using vectors; empty: nothing that is known here
  std::vector<Hindrance> slow_vectors;  // what makes them pay less
};

class LoopPlans {
 public:
  LoopPlans() = default;
  explicit LoopPlans(std::vector<LoopPlan> plans) : plans_(std::move(plans)) {}
  const LoopPlan& of(typed::LoopId loop) const { return plans_.at(loop); }
  const std::vector<LoopPlan>& all() const { return plans_; }  // by LoopId

 private:
  std::vector<LoopPlan> plans_;
};

// Plans of the program's loops; they hold no pointers into it.
LoopPlans plan_loops(const typed::Program& program, const ParallelPlans& parallel, const LoopPlanOptions& options);

// The text of `kjit emit --stage loops`: what became of arrays in variables, then the loops.
std::string print_loops(const LoopPlans& plans, const std::vector<ArrayTemporary>& temporaries, const typed::Program& program,
                        const SourceMap& sources);

}  // namespace kjit
