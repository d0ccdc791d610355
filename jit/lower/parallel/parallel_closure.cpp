// The layout of a parallel loop's closure. Entry: make_closure_layout.

#include "lower/parallel/parallel_closure.h"

namespace kjit {
namespace {

using namespace typed;

class LayoutBuilder {
 public:
  LayoutBuilder(FunctionLowering& starter, const ParallelPlan& plan)
      : starter_(starter), m_(starter.m), function_(starter.function), plan_(plan) {}

  ClosureLayout build() {
    layout_.total_trips = add_i64();
    for (std::size_t level = 0; level < plan_.nest.size(); ++level) layout_.nest.push_back({add_i64(), add_i64(), add_i64()});
    layout_.region = add(llvm::ArrayType::get(m_.i64(), 2));
    for (LocalId local : plan_.captures) layout_.captures.push_back(add_local(local));
    for (const PrivateLocal& local : plan_.privates) {
      PrivateFields fields;
      if (local.copy_in) fields.in = add_local(local.local);
      if (local.copy_out) fields.out = add_local(local.local);
      layout_.privates.push_back(fields);
    }
    for (GlobalId global : starter_.replaced_globals) {
      layout_.globals.emplace_back(global, add(m_.value_type(m_.program.globals[global].type)));
    }
    if (plan_.inspection) layout_.inspection = add(m_.ptr());
    add_reductions();
    layout_.type = llvm::StructType::get(m_.context, fields_);
    return std::move(layout_);
  }

 private:
  unsigned add(llvm::Type* type) {
    fields_.push_back(type);
    return static_cast<unsigned>(fields_.size()) - 1;
  }
  unsigned add_i64() { return add(m_.i64()); }

  LocalFields add_local(LocalId local) {
    LocalFields fields{add(m_.value_type(function_.locals[local].type)), {}};
    if (function_.locals[local].needs_set_flag) fields.flag = add(m_.i1());
    return fields;
  }

  void add_reductions() {
    for (const Reduction& reduction : plan_.reductions) {
      const bool flag = function_.locals[reduction.local].needs_set_flag;
      layout_.reduction_flags.push_back(flag ? std::optional(add(m_.i1())) : std::nullopt);
    }
    std::vector<llvm::Type*> scalars;
    for (const ScalarField& field : scalar_fields(plan_)) {
      scalars.push_back(m_.value_type(function_.locals[field.along.value_or(field.reduction->local)].type));
      if (field.along) scalars.push_back(m_.i1());
    }
    layout_.scalars = llvm::StructType::get(m_.context, scalars);
    layout_.totals = add(layout_.scalars);
    for (const ArrayReduction& reduction : plan_.array_reductions) add_array(reduction.array, reduction.op, nullptr);
    if (may_copy()) {
      for (const CopyableArray& copyable : plan_.copyable_arrays) add_array(copyable.array, copyable.op, &copyable);
    }
    layout_.copies_reductions = add(m_.i1());
    layout_.copies_copyable = add(m_.i1());
    if (!m_.options.checked) return;
    layout_.overflow = add(m_.i1());
    layout_.overflow_lhs = add_i64();
    layout_.overflow_rhs = add_i64();
    layout_.overflow_bits = add_i64();
    layout_.overflow_site = add(m_.i32());
  }

  // Inside the body of another parallel loop its other iterations may update the same arrays meanwhile, and adding the copies to
  // them is no indivisible step.
  bool may_copy() const { return !starter_.is_outlined && !m_.options.checked; }

  void add_array(const ArrayHandle& handle, ReduceOp op, const CopyableArray* copyable) {
    AccumulatedArray array{&handle, op, handle_type(m_.program, function_, handle), copyable};
    array.target = add(m_.memory_type(array.type));
    array.elements = add_i64();
    array.offset = add_i64();
    layout_.arrays.push_back(array);
  }

  FunctionLowering& starter_;
  ModuleLowering& m_;
  const Function& function_;
  const ParallelPlan& plan_;
  std::vector<llvm::Type*> fields_;
  ClosureLayout layout_;
};

}  // namespace

ClosureLayout make_closure_layout(FunctionLowering& starter, const ParallelPlan& plan) {
  return LayoutBuilder(starter, plan).build();
}

std::vector<ScalarField> scalar_fields(const ParallelPlan& plan) {
  std::vector<ScalarField> fields;
  unsigned number = 0;
  for (const Reduction& reduction : plan.reductions) {
    fields.push_back({&reduction, std::nullopt, number++});
    for (LocalId local : reduction.along) {
      fields.push_back({&reduction, local, number, number + 1});
      number += 2;
    }
  }
  return fields;
}

llvm::Value* handle_value(FunctionLowering& f, const ArrayHandle& handle) {
  llvm::Value* value = handle.is_global ? f.read_global_copy(handle.id) : f.read_local(handle.id);
  return handle.path.empty() ? value : f.b.CreateExtractValue(value, handle.path);
}

}  // namespace kjit
