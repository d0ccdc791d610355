// prange with a plan. Entry: PlannedLoop::run.

#include "interpret/planned_loop.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "analysis/races/array_copies.h"
#include "analysis/races/reductions.h"
#include "interpret/inline_builtins.h"
#include "interpret/memory.h"
#include "runtime/runtime.h"

namespace kjit::interpreter {

namespace {

constexpr std::int64_t kMostIterations = std::numeric_limits<std::int64_t>::max();

typed::BinaryOp binary_of(ReduceOp op) {
  switch (op) {
    case ReduceOp::Add: return typed::BinaryOp::Add;
    case ReduceOp::Mul: return typed::BinaryOp::Mul;
    case ReduceOp::BitAnd:
    case ReduceOp::And: return typed::BinaryOp::BitAnd;
    case ReduceOp::BitOr:
    case ReduceOp::Or: return typed::BinaryOp::BitOr;
    case ReduceOp::BitXor: return typed::BinaryOp::BitXor;
    default: KJIT_UNREACHABLE("not a binary operator");
  }
}

bool is_choice(ReduceOp op) { return op == ReduceOp::Min || op == ReduceOp::Max; }

// Does the value of later iterations replace the earlier one?
bool takes_later(const Reduction& reduction, const Value& earlier, const Value& later) {
  using typed::CompareOp;
  const bool is_min = reduction.op == ReduceOp::Min;
  const CompareOp strict = is_min ? CompareOp::Lt : CompareOp::Gt, with_ties = is_min ? CompareOp::Le : CompareOp::Ge;
  return apply_compare(reduction.ties_to_later ? with_ties : strict, later, earlier);
}

// A tuple with the array that the path leads to exchanged; with an empty path the array.
Value exchanged(const Value& whole, std::span<const std::uint32_t> path, const Value& array) {
  if (path.empty()) {
    return array;
  }
  std::vector<Value> elements = whole.elements();
  elements[path[0]] = exchanged(elements[path[0]], path.subspan(1), array);
  return make_tuple(std::move(elements));
}

std::int64_t saturating_product(std::int64_t a, std::uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return product > static_cast<unsigned __int128>(kMostIterations) ? kMostIterations : static_cast<std::int64_t>(product);
}

}  // namespace

PlannedLoop::PlannedLoop(Machine& machine, const ParallelPlan& plan, const typed::ForRange& loop, typed::SiteId site)
    : machine_(machine),
      plan_(plan),
      nest_(nest_of(plan, loop)),
      site_(site),
      locals_(machine.frame_->locals),
      before_(machine.frame_->locals) {
  for (const Reduction& reduction : plan.reductions) {
    scalars_.push_back(reduction.local);
    scalars_.insert(scalars_.end(), reduction.along.begin(), reduction.along.end());
  }
}

Flow PlannedLoop::run(const Machine::Range& outermost) {
  region_.emplace(machine_.ctx_, true);  // counts even if there is no iteration
  const std::optional<std::int64_t> total = count_iterations(outermost);
  if (!total || *total == 0) {
    return total ? Flow::Normal : Flow::Error;
  }
  const std::int64_t blocks = choose_blocks(*total);
  std::vector<Partial> partials(static_cast<std::size_t>(blocks));
  for (std::int64_t block = 0; block < blocks; ++block) {
    const std::int64_t first = kjit_block_first(*total, blocks, block), last = kjit_block_first(*total, blocks, block + 1);
    if (!run_block(first, last, partials[static_cast<std::size_t>(block)])) {
      return Flow::Error;
    }
  }
  return finish(partials) ? Flow::Normal : Flow::Error;
}

// ---- the iteration space -----------------------------------------------------------------------------------------------

// Inner ranges do not depend on outer variables; they are evaluated once, if there is an outer iteration at all.
std::optional<std::int64_t> PlannedLoop::count_iterations(const Machine::Range& outermost) {
  ranges_.push_back(outermost);
  std::int64_t total = saturating_product(1, outermost.count);
  for (std::size_t level = 1; level < nest_.size() && total > 0; ++level) {
    const auto range = machine_.evaluate_range(*nest_[level], nest_[level - 1]->body[0]->site);
    if (!range) {
      return std::nullopt;
    }
    ranges_.push_back(*range);
    total = saturating_product(total, range->count);
  }
  return total;
}

void PlannedLoop::set_loop_variables(std::uint64_t number) {
  for (std::size_t level = ranges_.size(); level-- > 0;) {
    const std::uint64_t own = level == 0 ? number : number % ranges_[level].count;
    locals_[nest_[level]->variable] = Value{ranges_[level].value(own)};
    number /= ranges_[level].count;
  }
}

// ---- arrays ------------------------------------------------------------------------------------------------------------

Variable& PlannedLoop::variable(const ArrayHandle& handle) const {
  return handle.is_global ? machine_.globals_[handle.id] : locals_[handle.id];
}

const Array& PlannedLoop::array(const ArrayHandle& handle) const {
  const Value* value = &*variable(handle);
  for (const std::uint32_t index : handle.path) {
    value = &value->elements()[index];
  }
  return value->array();
}

Type PlannedLoop::array_type(const ArrayHandle& handle) const {
  return handle_type(machine_.program_, machine_.program_.functions[plan_.function], handle);
}

// What is accumulated in a copy cannot be read under the other name.
bool PlannedLoop::reduced_arrays_overlap() const {
  return std::any_of(plan_.overlap_tests.begin(), plan_.overlap_tests.end(), [&](const OverlapTest& test) {
    const bool is_set = variable(test.first) && variable(test.second);  // else reading it is an error of its own
    if (!is_set || !names_reduced_array(test, plan_)) {
      return false;
    }
    const Array &a = array(test.first), &b = array(test.second);
    return kjit_arrays_overlap(dtype_code(array_type(test.first).dtype()), a.rank(), a.descriptor(),
                               dtype_code(array_type(test.second).dtype()), b.rank(), b.descriptor()) != 0;
  });
}

std::int64_t PlannedLoop::choose_blocks(std::int64_t total) {
  if (plan_.array_reductions.empty()) {
    return kjit_block_count(total);
  }
  std::int64_t elements = 0, bytes = 0;
  for (const ArrayReduction& reduction : plan_.array_reductions) {
    const Type type = array_type(reduction.array);
    const Array& target = array(reduction.array);
    const std::int64_t count = kjit_element_count(target.rank(), target.descriptor());
    elements += count;
    bytes += count * byte_size(type.dtype());
    whole_.push_back(*variable(reduction.array));
  }
  const std::int64_t blocks = kjit_reduction_block_count(total, elements, bytes);
  const typed::Function& function = machine_.program_.functions[plan_.function];
  const bool possible = may_have_copies(machine_.program_, function, plan_, machine_.frame_->rules.checked);
  in_place_ = !possible || blocks == 1 || reduced_arrays_overlap();
  return blocks;
}

void PlannedLoop::restore_arrays() const {
  for (std::size_t i = 0; i < plan_.array_reductions.size(); ++i) {
    variable(plan_.array_reductions[i].array) = whole_[i];
  }
}

// Puts an array of identities in the place of each array that is reduced.
bool PlannedLoop::place_copies(Partial& partial) {
  restore_arrays();
  for (std::size_t i = 0; i < plan_.array_reductions.size() && !in_place_; ++i) {
    const ArrayReduction& reduction = plan_.array_reductions[i];
    const Type type = array_type(reduction.array);
    const Array& target = array(reduction.array);
    const std::vector<std::int64_t> shape(target.descriptor()->dims, target.descriptor()->dims + target.rank());
    const MaybeValue copy = machine_.new_array(type, shape, KJIT_EMPTY, site_);
    if (!copy) {
      return false;
    }
    kjit_fill_identity(dtype_code(type.dtype()), accumulation_of(reduction.op), copy->array().data(),
                       kjit_element_count(target.rank(), target.descriptor()));
    partial.arrays.push_back(*copy);
    place(reduction.array, *copy);
  }
  return true;
}

void PlannedLoop::place(const ArrayHandle& handle, const Value& value) const {
  variable(handle) = exchanged(*variable(handle), handle.path, value);
}

// ---- blocks ------------------------------------------------------------------------------------------------------------

bool PlannedLoop::run_block(std::int64_t first, std::int64_t last, Partial& partial) {
  begin_reductions();
  bool runs = place_copies(partial);
  for (std::int64_t number = first; number < last && runs; ++number) {
    runs = run_iteration(static_cast<std::uint64_t>(number));
  }
  for (const typed::LocalId local : scalars_) {
    partial.scalars.push_back(locals_[local]);
  }
  return runs;
}

// A variable that was not set before the loop stays so: reading it is the error that Python reports.
void PlannedLoop::begin_reductions() {
  for (const Reduction& reduction : plan_.reductions) {
    Variable& local = locals_[reduction.local];
    local = before_[reduction.local];
    if (local) {
      local = constant_value(reduction_identity(reduction.op, reduction.type));
    }
    for (const typed::LocalId along : reduction.along) {
      locals_[along].reset();
    }
  }
}

void PlannedLoop::begin_iteration(std::uint64_t number) {
  for (const PrivateLocal& local : plan_.privates) {
    locals_[local.local] = local.copy_in ? before_[local.local] : Variable();
  }
  set_loop_variables(number);
  region_->begin_iteration(number);
}

bool PlannedLoop::run_iteration(std::uint64_t number) {
  begin_iteration(number);
  std::vector<std::int64_t> variables;
  for (const typed::ForRange* loop : nest_) {
    variables.push_back(locals_[loop->variable]->integer());
  }
  const Flow flow = machine_.execute(nest_.back()->body);
  if (flow != Flow::Error && machine_.poll(site_)) {
    return true;
  }
  kjit_iteration_failed(&machine_.ctx_, site_, static_cast<std::int32_t>(variables.size()), variables.data());
  return false;
}

// ---- results -----------------------------------------------------------------------------------------------------------

// Private variables already have the values that the last iteration left.
bool PlannedLoop::finish(std::vector<Partial>& partials) {
  const auto fold = [](void* loop, void* into, const void* from) {
    static_cast<PlannedLoop*>(loop)->combine(*static_cast<Partial*>(into), *static_cast<const Partial*>(from));
  };
  kjit_combine_partials(fold, this, partials.data(), sizeof(Partial), static_cast<std::int64_t>(partials.size()));
  Partial result;
  for (const typed::LocalId local : scalars_) {
    result.scalars.push_back(before_[local]);
  }
  combine_scalars(result, partials[0]);
  for (std::size_t i = 0; i < scalars_.size(); ++i) {
    locals_[scalars_[i]] = result.scalars[i];
  }
  restore_arrays();
  for (std::size_t i = 0; i < plan_.array_reductions.size() && !in_place_; ++i) {
    const ArrayReduction& reduction = plan_.array_reductions[i];
    const Array& target = array(reduction.array);
    kjit_accumulate_into_array(dtype_code(array_type(reduction.array).dtype()), accumulation_of(reduction.op), target.rank(),
                               target.descriptor(), partials[0].arrays[i].array().data());
  }
  return !overflow_ || machine_.fail(overflow_, overflow_site_);
}

void PlannedLoop::combine(Partial& into, const Partial& from) {
  combine_scalars(into, from);
  for (std::size_t i = 0; i < into.arrays.size(); ++i) {
    const ArrayReduction& reduction = plan_.array_reductions[i];
    const Array &a = into.arrays[i].array(), &b = from.arrays[i].array();
    kjit_accumulate(dtype_code(array_type(reduction.array).dtype()), accumulation_of(reduction.op), a.data(), b.data(),
                    kjit_element_count(a.rank(), a.descriptor()));
  }
}

void PlannedLoop::combine_scalars(Partial& into, const Partial& from) {
  std::size_t next = 0;
  for (const Reduction& reduction : plan_.reductions) {
    Variable& earlier = into.scalars[next];
    const Variable& later = from.scalars[next];
    const std::size_t end = next + 1 + reduction.along.size();
    const bool has_values = earlier && later;  // else it was unset before the loop, and no iteration touched it
    if (has_values && !is_choice(reduction.op)) {
      earlier = operate(reduction, *earlier, *later);
    } else if (has_values && takes_later(reduction, *earlier, *later)) {
      std::copy(from.scalars.begin() + static_cast<std::ptrdiff_t>(next), from.scalars.begin() + static_cast<std::ptrdiff_t>(end),
                into.scalars.begin() + static_cast<std::ptrdiff_t>(next));
    }
    next = end;
  }
}

Value PlannedLoop::operate(const Reduction& reduction, const Value& a, const Value& b) {
  Trap trap;
  const Kind kind = reduction.type.kind();
  if (reduction.op == ReduceOp::Minimum || reduction.op == ReduceOp::Maximum) {
    const typed::CompareOp wins = reduction.op == ReduceOp::Minimum ? typed::CompareOp::Lt : typed::CompareOp::Gt;
    return reduction.ties_to_later ? numpy_extreme(wins, b, a) : numpy_extreme(wins, a, b);
  }
  Value result = apply_binary(binary_of(reduction.op), kind, a, b, machine_.frame_->rules, trap);
  if (!trap) {
    return result;
  }
  if (!overflow_) {
    overflow_ = trap;
    overflow_site_ = reduction.site;
  }
  return apply_binary(binary_of(reduction.op), kind, a, b, {.checked = false, .quiet = true}, trap);
}

}  // namespace kjit::interpreter
