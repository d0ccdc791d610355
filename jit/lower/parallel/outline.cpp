// The body of a parallel loop as a function of its own: kjit_loop_body. Entry: outline_body.
//
//   entry -> captures, private variables, partial := identity
//         -> iterations first .. last - 1: a loop as any other, or, for a nest, one such loop for each row that the block touches
//         -> the last iteration's values go to the closure, the partial to its slot -> exit
//   an error notes its iteration on the way to the exit

#include "analysis/loops/loop_shape.h"
#include "analysis/races/reductions.h"
#include "lower/features.h"
#include "lower/loops/lower_loop.h"
#include "lower/parallel/parallel_closure.h"
#include "runtime/runtime.h"
#include "support/assert.h"

namespace kjit {
namespace {

using namespace typed;

class Outliner {
 public:
  Outliner(FunctionLowering& starter, const Stmt& stmt, const ClosureLayout& layout, const LoopFunction& wanted)
      : f_(starter.m, starter.function, declare_loop_body(starter, ".parallel")),
        b_(f_.b),
        stmt_(stmt),
        plan_(*starter.m.plans.find(wanted.loop)),
        nest_(nest_of(plan_, std::get<ForRange>(stmt.node))),
        layout_(layout),
        copies_(wanted.role == LoopFunction::Role::BodyWithCopies) {
    f_.is_outlined = true;
    f_.private_updates = wanted.private_updates;
  }

  llvm::Function* build() {
    open();
    hooks_.each_iteration = [this](llvm::Value*) { begin_iteration(); };
    llvm::BasicBlock* exit = std::exchange(f_.on_failure, f_.new_block("iteration_failed"));
    nest_.size() == 1 ? emit_single() : emit_nest();
    keep_last_values();
    store_partial();
    f_.succeed();
    emit_failure(exit);
    f_.close_frame();
    return f_.llvm_function;
  }

 private:
  llvm::Value* first() { return f_.llvm_function->getArg(2); }
  llvm::Value* last() { return f_.llvm_function->getArg(3); }
  llvm::Value* partial() { return f_.llvm_function->getArg(4); }
  llvm::Value* field(unsigned number) { return b_.CreateStructGEP(layout_.type, f_.llvm_function->getArg(1), number); }
  llvm::Value* load_field(unsigned number) { return b_.CreateLoad(layout_.type->getElementType(number), field(number)); }

  // ---- the frame ----

  void open() {
    f_.subprogram = f_.m.debug_subprogram(f_.function);
    if (f_.subprogram) f_.llvm_function->setSubprogram(f_.subprogram);
    f_.open_frame();
    std::vector<bool> borrowed = f_.borrowed_locals();
    for (LocalId local : plan_.captures) borrowed[local] = true;
    f_.add_locals(borrowed);
    f_.preload_globals();
    for (const auto& [global, number] : layout_.globals) f_.replace_global_copy(global, load_field(number));
    f_.locate(stmt_.span);
    for (std::size_t i = 0; i < plan_.captures.size(); ++i) set_from(plan_.captures[i], layout_.captures[i]);
    begin_reductions();
    begin_array_copies();
    for (std::size_t level = 0; level < nest_.size(); ++level) iteration_.push_back(f_.entry_alloca(f_.m.i64(), "iteration"));
  }

  // Without taking a reference.
  void set_from(LocalId local, const LocalFields& fields) {
    b_.CreateStore(load_field(fields.value), f_.locals[local].place);
    if (fields.flag) b_.CreateStore(load_field(*fields.flag), f_.locals[local].set_flag);
  }

  void begin_reductions() {
    for (std::size_t i = 0; i < plan_.reductions.size(); ++i) {
      const Reduction& reduction = plan_.reductions[i];
      f_.store_local(reduction.local, identity(reduction));
      if (layout_.reduction_flags[i]) {
        b_.CreateStore(load_field(*layout_.reduction_flags[i]), f_.locals[reduction.local].set_flag);
      }
      for (LocalId along : reduction.along) begin_along(along);
    }
  }

  // Where the user promises that there are no infinities, ours must not be one either: comparing with it would be undefined.
  llvm::Value* identity(const Reduction& reduction) {
    llvm::Constant* value = lower_constant(f_, reduction.type, reduction_identity(reduction.op, reduction.type));
    auto* real = llvm::dyn_cast<llvm::ConstantFP>(value);
    if (!real || !real->isInfinity() || !f_.function.options.fastmath.ninf) return value;
    const auto& semantics = real->getType()->getFltSemantics();
    return llvm::ConstantFP::get(f_.m.context, llvm::APFloat::getLargest(semantics, real->isNegative()));
  }

  // Whether this block has set it is needed even where the program never asks.
  void begin_along(LocalId local) {
    LocalSlot& slot = f_.locals[local];
    if (!slot.set_flag) slot.set_flag = f_.entry_alloca(f_.m.i1());
    b_.CreateStore(b_.getFalse(), slot.set_flag);
    b_.CreateStore(llvm::Constant::getNullValue(slot.place->getAllocatedType()), slot.place);
  }

  // ---- arrays that the loop accumulates into ----

  void begin_array_copies() {
    for (const AccumulatedArray& array : layout_.arrays) {
      if (!array.copyable) {
        replace(*array.handle, copy_if_wanted(array));
      } else if (copies_) {
        replace(*array.handle, make_copy(array));
        f_.private_updates.insert(array.copyable->updates.begin(), array.copyable->updates.end());
      }
    }
  }

  // The block's own copy, or the array itself. Through a slot, so that LLVM takes it apart.
  llvm::Value* copy_if_wanted(const AccumulatedArray& array) {
    llvm::AllocaInst* slot = f_.entry_alloca(f_.m.memory_type(array.type));
    b_.CreateStore(load_field(array.target), slot);
    llvm::BasicBlock *copy = f_.new_block("copy"), *ready = f_.new_block("ready");
    b_.CreateCondBr(load_field(layout_.copies(array)), copy, ready);
    f_.start_block(copy);
    b_.CreateStore(make_copy(array), slot);
    b_.CreateBr(ready);
    f_.start_block(ready);
    return b_.CreateLoad(slot->getAllocatedType(), slot);
  }

  // An array of identities in the block's partial.
  llvm::Value* make_copy(const AccumulatedArray& array) {
    llvm::Value* data = b_.CreateGEP(f_.m.i8(), partial(), load_field(array.offset));
    llvm::Value* dtype = f_.int32(static_cast<int>(array.type.dtype()) - static_cast<int>(Kind::Bool));
    f_.call_runtime("kjit_fill_identity", {dtype, f_.int32(accumulation_of(array.op)), data, load_field(array.elements)});
    return as_contiguous(load_field(array.target), array.type, data);
  }

  llvm::Value* as_contiguous(llvm::Value* like, const Type& type, llvm::Value* data) {
    llvm::Value* array = b_.CreateInsertValue(like, data, 0);
    llvm::Value* stride = f_.int64(byte_size(type.dtype()));
    const auto rank = static_cast<unsigned>(type.rank());
    for (unsigned axis = rank; axis-- > 0;) {
      array = b_.CreateInsertValue(array, stride, {2, rank + axis});
      stride = b_.CreateMul(stride, array_shape(f_, like, axis));
    }
    return array;
  }

  void replace(const ArrayHandle& handle, llvm::Value* array) {
    llvm::Value* whole = handle.is_global ? f_.read_global_copy(handle.id) : f_.read_local(handle.id);
    llvm::Value* changed = handle.path.empty() ? array : b_.CreateInsertValue(whole, array, handle.path);
    if (handle.is_global) return f_.replace_global_copy(handle.id, changed);
    b_.CreateStore(changed, f_.locals[handle.id].place);
  }

  // ---- iterations ----

  // The variables of the nest have been set.
  void begin_iteration() {
    for (std::size_t level = 0; level < nest_.size(); ++level) {
      b_.CreateStore(f_.read_local(nest_[level]->variable), iteration_[level]);
    }
    for (std::size_t i = 0; i < plan_.privates.size(); ++i) {
      const LocalId local = plan_.privates[i].local;
      if (layout_.privates[i].in) {
        begin_with_value(local, *layout_.privates[i].in);
      } else if (f_.locals[local].set_flag && !is_loop_variable(local)) {
        b_.CreateStore(b_.getFalse(), f_.locals[local].set_flag);
      }
    }
  }

  bool is_loop_variable(LocalId local) const {
    for (const ForRange* loop : nest_) {
      if (loop->variable == local) return true;
    }
    return false;
  }

  void begin_with_value(LocalId local, const LocalFields& fields) {
    llvm::Value* value = load_field(fields.value);
    f_.retain(value, f_.function.locals[local].type);
    f_.assign_local(local, value);
    if (fields.flag) b_.CreateStore(load_field(*fields.flag), f_.locals[local].set_flag);
  }

  LoopRange range_from(std::size_t level, llvm::Value* begin, llvm::Value* trips) {
    LoopRange range;
    range.constant_step = constant_int(*nest_[level]->step);
    range.step = range.constant_step ? f_.int64(*range.constant_step) : load_field(layout_.nest[level].step);
    range.start = variable_at(level, begin);
    range.stop = nullptr;  // the number of trips is known
    range.trips = trips;
    return range;
  }

  llvm::Value* variable_at(std::size_t level, llvm::Value* number) {
    llvm::Value* step = load_field(layout_.nest[level].step);
    return b_.CreateAdd(load_field(layout_.nest[level].start), b_.CreateMul(number, step));
  }

  void emit_single() {
    set_up_lanes();
    llvm::BasicBlock* done = f_.new_block("iterations_done");
    const LoopRange range = range_from(0, first(), b_.CreateSub(last(), first(), "", true));
    emit_loop_versions(f_, stmt_, *nest_[0], range, {done, done}, hooks_);
    f_.start_block(done);
  }

  // Iteration k of this block is iteration first + k of the region.
  void set_up_lanes() {
    if (!f_.function.draws_random) return;
    llvm::Value* fields = load_field(layout_.region);
    llvm::Value* key = b_.CreateExtractValue(fields, 0);
    llvm::Value* lane = b_.CreateAdd(b_.CreateExtractValue(fields, 1), first());
    llvm::AllocaInst* region = f_.entry_alloca(fields->getType(), "region");
    b_.CreateStore(b_.CreateInsertValue(fields, lane, 1), region);
    hooks_.lanes = LoopLanes{key, lane};
    hooks_.begin_lane = [this, region](llvm::Value* number) {
      f_.call_runtime("kjit_rng_iteration", {f_.context_field(offsetof(kjit_context, rng)), region, number});
    };
  }

  // Rows are the iterations of all loops but the innermost, in order; the block may begin and end inside one.
  void emit_nest() {
    const std::size_t innermost = nest_.size() - 1;
    llvm::Value* width = load_field(layout_.nest[innermost].trips);
    llvm::AllocaInst *row = f_.entry_alloca(f_.m.i64(), "row"), *column = f_.entry_alloca(f_.m.i64(), "column");
    llvm::AllocaInst* position = f_.entry_alloca(f_.m.i64(), "position");
    const auto get = [this](llvm::AllocaInst* slot) { return b_.CreateLoad(f_.m.i64(), slot); };
    b_.CreateStore(b_.CreateUDiv(first(), width), row);
    b_.CreateStore(b_.CreateURem(first(), width), column);
    b_.CreateStore(first(), position);
    llvm::BasicBlock *next_row = f_.new_block("row"), *row_done = f_.new_block("row_done"),
                     *done = f_.new_block("iterations_done");
    b_.CreateBr(next_row);
    f_.start_block(next_row);
    set_row_variables(get(row));
    llvm::Value* rest = b_.CreateSub(last(), get(position), "", true);
    llvm::Value* length = b_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, b_.CreateSub(width, get(column), "", true), rest);
    const LoopRange range = range_from(innermost, get(column), length);
    emit_loop_versions(f_, *nest_[innermost - 1]->body[0], *nest_[innermost], range, {row_done, row_done}, hooks_);
    f_.start_block(row_done);
    f_.poll(stmt_.site);
    b_.CreateStore(b_.CreateAdd(get(position), length, "", true), position);
    b_.CreateStore(b_.CreateAdd(get(row), f_.int64(1), "", true), row);
    b_.CreateStore(f_.int64(0), column);
    b_.CreateCondBr(b_.CreateICmpULT(get(position), last()), next_row, done);
    f_.start_block(done);
  }

  void set_row_variables(llvm::Value* row) {
    for (std::size_t level = nest_.size() - 1; level-- > 0;) {
      llvm::Value* trips = load_field(layout_.nest[level].trips);
      llvm::Value* number = level == 0 ? row : b_.CreateURem(row, trips);
      f_.store_local(nest_[level]->variable, variable_at(level, number));
      if (level > 0) row = b_.CreateUDiv(row, trips);
    }
  }

  // ---- results ----

  void keep_last_values() {
    llvm::BasicBlock* keep = f_.new_block("keep_last");
    llvm::BasicBlock* next = f_.new_block("partial");
    b_.CreateCondBr(b_.CreateICmpEQ(last(), load_field(layout_.total_trips)), keep, next);
    f_.start_block(keep);
    for (std::size_t i = 0; i < plan_.privates.size(); ++i) {
      if (!layout_.privates[i].out) continue;
      const LocalId local = plan_.privates[i].local;
      llvm::Value* value = f_.read_local(local);
      f_.retain(value, f_.function.locals[local].type);
      b_.CreateStore(value, field(layout_.privates[i].out->value));
      if (auto flag = layout_.privates[i].out->flag) {
        b_.CreateStore(b_.CreateLoad(f_.m.i1(), f_.locals[local].set_flag), field(*flag));
      }
    }
    b_.CreateBr(next);
    f_.start_block(next);
  }

  void store_partial() {
    for (const ScalarField& scalar : scalar_fields(plan_)) {
      const LocalId local = scalar.along.value_or(scalar.reduction->local);
      b_.CreateStore(f_.read_local(local), b_.CreateStructGEP(layout_.scalars, partial(), scalar.value));
      if (!scalar.along) continue;
      llvm::Value* is_set = b_.CreateLoad(f_.m.i1(), f_.locals[local].set_flag);
      b_.CreateStore(is_set, b_.CreateStructGEP(layout_.scalars, partial(), scalar.is_set));
    }
  }

  void emit_failure(llvm::BasicBlock* exit) {
    f_.start_block(f_.on_failure);
    const auto depth = static_cast<std::uint32_t>(std::min<std::size_t>(iteration_.size(), KJIT_MAX_NEST));
    llvm::Type* type = llvm::ArrayType::get(f_.m.i64(), depth);
    llvm::AllocaInst* values = f_.entry_alloca(type);
    for (std::uint32_t level = 0; level < depth; ++level) {
      b_.CreateStore(b_.CreateLoad(f_.m.i64(), iteration_[level]), b_.CreateConstGEP2_32(type, values, 0, level));
    }
    f_.call_runtime("kjit_iteration_failed", {f_.ctx, b_.getInt32(stmt_.site), b_.getInt32(depth), values});
    b_.CreateBr(exit);
    f_.on_failure = exit;
  }

  FunctionLowering f_;
  llvm::IRBuilder<>& b_;
  const Stmt& stmt_;
  const ParallelPlan& plan_;
  const std::vector<const ForRange*> nest_;
  const ClosureLayout& layout_;
  const bool copies_;  // of the copyable arrays
  LoopHooks hooks_;
  std::vector<llvm::AllocaInst*> iteration_;  // the values of the nest's variables, for errors
};

}  // namespace

llvm::Function* declare_loop_body(FunctionLowering& starter, const char* suffix) {
  ModuleLowering& m = starter.m;
  auto* type = llvm::FunctionType::get(m.i32(), {m.ptr(), m.ptr(), m.i64(), m.i64(), m.ptr()}, false);
  auto* body = llvm::Function::Create(type, llvm::Function::InternalLinkage, starter.function.symbol + suffix, m.module);
  body->setDoesNotThrow();
  for (unsigned pointer : {0U, 1U, 4U}) body->addParamAttr(pointer, llvm::Attribute::NoAlias);
  const char* names[] = {"ctx", "closure", "first", "last", "partial"};
  for (unsigned i = 0; i < 5; ++i) body->getArg(i)->setName(names[i]);
  return body;
}

llvm::Function* outline_body(FunctionLowering& starter, const Stmt& stmt, const ClosureLayout& layout,
                             const LoopFunction& wanted) {
  return Outliner(starter, stmt, layout, wanted).build();
}

}  // namespace kjit
