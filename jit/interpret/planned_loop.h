#pragma once
// One execution of a prange loop as its plan says: iterations in order on this thread, reductions by blocks.

#include <optional>
#include <vector>

#include "analysis/races/parallel_plan.h"
#include "interpret/machine.h"
#include "interpret/random_region.h"

namespace kjit::interpreter {

class PlannedLoop {
 public:
  PlannedLoop(Machine& machine, const ParallelPlan& plan, const typed::ForRange& loop, typed::SiteId site);
  Flow run(const Machine::Range& outermost);

 private:
  // What a block accumulated.
  struct Partial {
    std::vector<Variable> scalars;  // in the order of scalars_
    std::vector<Value> arrays;      // in the order of the plan's array reductions; none if they are updated in place
  };

  // the iteration space
  std::optional<std::int64_t> count_iterations(const Machine::Range& outermost);
  void set_loop_variables(std::uint64_t number);

  // arrays
  Variable& variable(const ArrayHandle& handle) const;
  const Array& array(const ArrayHandle& handle) const;
  Type array_type(const ArrayHandle& handle) const;
  bool reduced_arrays_overlap() const;
  std::int64_t choose_blocks(std::int64_t total);
  void restore_arrays() const;
  bool place_copies(Partial& partial);
  void place(const ArrayHandle& handle, const Value& array) const;

  // blocks
  bool run_block(std::int64_t first, std::int64_t last, Partial& partial);
  void begin_reductions();
  void begin_iteration(std::uint64_t number);
  bool run_iteration(std::uint64_t number);
  bool finish(std::vector<Partial>& partials);
  void combine(Partial& into, const Partial& from);
  void combine_scalars(Partial& into, const Partial& from);
  Value operate(const Reduction& reduction, const Value& a, const Value& b);

  Machine& machine_;
  const ParallelPlan& plan_;
  const std::vector<const typed::ForRange*> nest_;
  const typed::SiteId site_;
  std::vector<Variable>& locals_;
  const std::vector<Variable> before_;   // the loop
  std::vector<Machine::Range> ranges_;   // of the nest
  std::vector<typed::LocalId> scalars_;  // each reduced local, then those that go along with it
  std::vector<Value> whole_;             // by array reduction: the variable that the handle starts from, before the loop
  bool in_place_ = true;
  std::optional<RandomRegion> region_;
  Trap overflow_;  // of combining, in checked functions: the first one
  typed::SiteId overflow_site_ = 0;
};

}  // namespace kjit::interpreter
