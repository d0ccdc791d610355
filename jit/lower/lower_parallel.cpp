// prange. Entry: lower_parallel_loop. With a plan (analysis/parallel_plan.h) the body becomes a function of its own, which the
// runtime calls for blocks of iterations; without one the loop runs here, see lower_serial_region.cpp.
//
//   ranges, options -> tests -> closure -> kjit_parallel_for -> last values, reductions -> finished
//                                                            \-> error: release what the last block left

#include <algorithm>

#include "lower/features.h"
#include "lower/lower_loop.h"
#include "lower/parallel_closure.h"
#include "runtime/runtime.h"

namespace kjit {
namespace {

using namespace typed;

constexpr std::int64_t kCopyAlignment = 64;  // of the arrays in a partial
constexpr std::int64_t kFewestBlocks = 64;   // that balance the threads of most machines
constexpr std::int64_t kMostThreads = 65536;

// Options of prange, as the runtime takes them: 0 leaves the choice to it.
struct LoopOptions {
  llvm::Value* chunk;
  llvm::Value* threads;  // i32
};

class LoopStarter {
 public:
  LoopStarter(FunctionLowering& f, const Stmt& stmt, const ParallelPlan& plan)
      : f_(f), b_(f.b), stmt_(stmt), plan_(plan), layout_(make_closure_layout(f, plan)) {}

  void emit(const LoopRange& outermost, const LoopOptions& options, const LoopExits& exits) {
    llvm::BasicBlock* start = f_.new_block("parallel");
    closure_ = f_.entry_alloca(layout_.type, "closure");
    enter_region();
    find_trips(outermost, exits.finished);
    b_.CreateCondBr(b_.CreateICmpNE(total_, f_.int64(0)), start, exits.finished);
    f_.start_block(start);
    serial_ = must_be_serial();
    fill_closure();
    llvm::Value* blocks = add_arrays();
    start_loop(blocks, options);
    take_last_values();
    take_reductions();
    b_.CreateBr(exits.finished);
  }

 private:
  llvm::Value* field(unsigned number) { return b_.CreateStructGEP(layout_.type, closure_, number); }
  llvm::Value* load_field(unsigned number) { return b_.CreateLoad(layout_.type->getElementType(number), field(number)); }
  void set_field(unsigned number, llvm::Value* value) { b_.CreateStore(value, field(number)); }
  const Type& type_of(LocalId local) const { return f_.function.locals[local].type; }

  // A loop counts as a region of the random stream even if it makes no round.
  void enter_region() {
    if (!program_draws(f_.m.program)) return;
    f_.call_runtime("kjit_rng_enter_region", {f_.context_field(offsetof(kjit_context, rng)), field(layout_.region)});
  }

  // ---- the iteration space ----

  // Inner ranges are evaluated once, if there is an outer iteration at all: they do not depend on it.
  void find_trips(const LoopRange& outermost, llvm::BasicBlock* finished) {
    ranges_.push_back(outermost);
    total_ = at_most_63_bits(outermost.trips);
    for (std::size_t level = 1; level < plan_.nest.size(); ++level) {
      llvm::BasicBlock* inner = f_.new_block("inner_range");
      b_.CreateCondBr(b_.CreateICmpNE(total_, f_.int64(0)), inner, finished);
      f_.start_block(inner);
      ranges_.push_back(lower_range(f_, *plan_.nest[level - 1]->body[0], *plan_.nest[level]));
      total_ = product(total_, ranges_.back().trips);
    }
  }

  // Counts beyond 2**63 - 1 are never reached in anybody's life; the loop runs until it is stopped.
  llvm::Value* at_most_63_bits(llvm::Value* count) { return at_most(count, INT64_MAX); }
  llvm::Value* at_most(llvm::Value* count, std::int64_t limit) {
    return b_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, count, f_.int64(limit));
  }
  llvm::Value* product(llvm::Value* a, llvm::Value* b) {
    llvm::Value* both = b_.CreateBinaryIntrinsic(llvm::Intrinsic::umul_with_overflow, a, b);
    llvm::Value* exact = at_most_63_bits(b_.CreateExtractValue(both, 0));
    return b_.CreateSelect(b_.CreateExtractValue(both, 1), f_.int64(INT64_MAX), exact);
  }

  // ---- tests ----

  // i1: iterations might meet after all.
  llvm::Value* must_be_serial() {
    llvm::Value* serial = b_.getFalse();
    reduced_overlap_ = b_.getFalse();
    for (const OverlapTest& test : plan_.overlap_tests) {
      llvm::Value* found = overlap(test);
      serial = b_.CreateOr(serial, found);
      if (names_reduced_array(test, plan_)) reduced_overlap_ = b_.CreateOr(reduced_overlap_, found);
    }
    for (const SpanTest& test : plan_.span_tests) serial = b_.CreateOr(serial, b_.CreateNot(span_fits(test)));
    return serial;
  }

  llvm::Value* overlap(const OverlapTest& test) {
    std::vector<llvm::Value*> args;
    for (const ArrayHandle* handle : {&test.first, &test.second}) {
      const Type type = handle_type(f_.m.program, f_.function, *handle);
      args.insert(args.end(), {dtype_code(type), f_.int32(type.rank()), with_strides(*handle, type)});
    }
    return b_.CreateICmpNE(f_.call_runtime("kjit_arrays_overlap", args), f_.int32(0));
  }

  llvm::Value* with_strides(const ArrayHandle& handle, const Type& type) { return f_.spill(handle_value(f_, handle), type); }
  llvm::Value* dtype_code(const Type& array) {
    return f_.int32(static_cast<int>(array.dtype()) - static_cast<int>(Kind::Bool));
  }

  llvm::Value* span_fits(const SpanTest& test) {
    const LoopRange& range = ranges_[0];
    llvm::Value* distance = b_.CreateMul(b_.CreateSub(range.trips, f_.int64(1)), range.step);
    llvm::Value* size = array_shape(f_, handle_value(f_, test.array), test.axis);
    llvm::Value* last = b_.CreateAdd(range.start, distance);
    llvm::CallInst* fits =
        f_.call_runtime("kjit_span_is_below", {range.start, last, f_.int64(test.factor), f_.int64(test.slack), size});
    return b_.CreateICmpNE(fits, f_.int32(0));
  }

  // ---- the closure ----

  void fill_closure() {
    set_field(layout_.total_trips, total_);
    for (std::size_t level = 0; level < ranges_.size(); ++level) {
      set_field(layout_.nest[level].start, ranges_[level].start);
      set_field(layout_.nest[level].step, ranges_[level].step);
      set_field(layout_.nest[level].trips, ranges_[level].trips);
    }
    for (std::size_t i = 0; i < plan_.captures.size(); ++i) copy_local(plan_.captures[i], layout_.captures[i]);
    for (std::size_t i = 0; i < plan_.privates.size(); ++i) {
      if (const auto& in = layout_.privates[i].in) copy_local(plan_.privates[i].local, *in);
      const auto& out = layout_.privates[i].out;
      if (out) set_field(out->value, llvm::Constant::getNullValue(layout_.type->getElementType(out->value)));
    }
    for (const auto& [global, number] : layout_.globals) set_field(number, f_.read_global_copy(global));
    fill_totals();
  }

  void copy_local(LocalId local, const LocalFields& fields) {
    set_field(fields.value, f_.read_local(local));
    if (fields.flag) set_field(*fields.flag, set_flag(local));
  }
  llvm::Value* set_flag(LocalId local) { return b_.CreateLoad(f_.m.i1(), f_.locals[local].set_flag); }

  void fill_totals() {
    for (std::size_t i = 0; i < plan_.reductions.size(); ++i) {
      if (auto flag = layout_.reduction_flags[i]) set_field(*flag, set_flag(plan_.reductions[i].local));
    }
    for (const ScalarField& scalar : scalar_fields(plan_)) {
      b_.CreateStore(f_.read_local(scalar.along.value_or(scalar.reduction->local)), total_address(scalar.value));
      if (!scalar.along) continue;
      llvm::Value* is_set = f_.locals[*scalar.along].set_flag ? set_flag(*scalar.along) : b_.getTrue();
      b_.CreateStore(is_set, total_address(scalar.is_set));
    }
    if (layout_.overflow) set_field(*layout_.overflow, b_.getFalse());
  }
  llvm::Value* total_address(unsigned number) { return b_.CreateStructGEP(layout_.scalars, field(layout_.totals), number); }

  // ---- arrays that the loop accumulates into ----

  struct Extent {
    llvm::Value *elements, *bytes;
  };

  // Gives the number of blocks; 0: as usual. Array reductions have a say in it. Copyable arrays are copied where that many blocks
  // can have copies of them as well, or, where no result depends on the blocks, as long as these suffice to balance the threads.
  llvm::Value* add_arrays() {
    copied_ = b_.getFalse();
    partial_bytes_ = f_.int64(scalar_bytes());
    const bool has_reductions = !plan_.array_reductions.empty(), has_copyable = !plan_.copyable_arrays.empty();
    set_field(layout_.copies_reductions, b_.getFalse());
    set_field(layout_.copies_copyable, b_.getFalse());
    if (!has_reductions && !has_copyable) return f_.int64(0);
    const Extent reduced = add_extents({f_.int64(0), f_.int64(0)}, false);
    llvm::Value* blocks = block_count(reduced);
    llvm::Value* wanted = b_.CreateAnd(b_.CreateNot(reduced_overlap_), b_.CreateICmpUGT(blocks, f_.int64(1)));
    if (has_reductions) {
      wanted = b_.CreateAnd(wanted, b_.getInt1(!overflow_matters()));
      set_field(layout_.copies_reductions, wanted);
      serial_ = b_.CreateOr(serial_, b_.CreateNot(wanted));  // in order, the arrays themselves can be updated
      place_copies(wanted, false);
    }
    if (has_copyable && !f_.checked()) {
      llvm::Value* possible = block_count(add_extents(reduced, true));
      llvm::Value* least = order_matters() ? blocks : at_most(blocks, kFewestBlocks);
      wanted = b_.CreateAnd(wanted, b_.CreateNot(serial_));
      copied_ = b_.CreateAnd(wanted, b_.CreateICmpUGE(possible, least));
      blocks = b_.CreateSelect(copied_, b_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, possible, blocks), blocks);
      set_field(layout_.copies_copyable, copied_);
      place_copies(copied_, true);
    }
    return blocks;
  }

  llvm::Value* block_count(const Extent& extent) {
    return f_.call_runtime("kjit_reduction_block_count", {total_, extent.elements, extent.bytes});
  }

  // Do results depend on how iterations are cut into blocks?
  bool order_matters() const {
    const auto rounds = [](const Reduction& reduction) {
      const bool is_inexact = reduction.type.is_float() || reduction.type.is_complex();
      return is_inexact && (reduction.op == ReduceOp::Add || reduction.op == ReduceOp::Mul);
    };
    return !plan_.array_reductions.empty() || std::any_of(plan_.reductions.begin(), plan_.reductions.end(), rounds);
  }

  // In checked functions sums of integers are made in order, where overflow shows as it does in Python's order.
  bool overflow_matters() const {
    return f_.checked() && std::any_of(layout_.arrays.begin(), layout_.arrays.end(), [](const AccumulatedArray& array) {
             return !array.copyable && Type(array.type.dtype()).is_integer();
           });
  }

  Extent add_extents(Extent extent, bool copyable) {
    for (const AccumulatedArray& array : layout_.arrays) {
      if ((array.copyable != nullptr) != copyable) continue;
      set_field(array.target, handle_value(f_, *array.handle));
      llvm::Value* count = f_.call_runtime("kjit_element_count", {f_.int32(array.type.rank()), field(array.target)});
      set_field(array.elements, count);
      extent.elements = b_.CreateAdd(extent.elements, count);
      extent.bytes = b_.CreateAdd(extent.bytes, b_.CreateMul(count, f_.int64(byte_size(array.type.dtype()))));
    }
    return extent;
  }

  void place_copies(llvm::Value* wanted, bool copyable) {
    llvm::Value* end = partial_bytes_;
    for (const AccumulatedArray& array : layout_.arrays) {
      if ((array.copyable != nullptr) != copyable) continue;
      end = aligned(end);
      set_field(array.offset, end);
      end = b_.CreateAdd(end, b_.CreateMul(load_field(array.elements), f_.int64(byte_size(array.type.dtype()))));
    }
    partial_bytes_ = b_.CreateSelect(wanted, end, partial_bytes_);
  }

  std::int64_t scalar_bytes() const {
    return static_cast<std::int64_t>(f_.m.module.getDataLayout().getTypeAllocSize(layout_.scalars));
  }
  llvm::Value* aligned(llvm::Value* bytes) {
    return b_.CreateAnd(b_.CreateAdd(bytes, f_.int64(kCopyAlignment - 1)), f_.int64(-kCopyAlignment));
  }

  // ---- the call ----

  void start_loop(llvm::Value* blocks, const LoopOptions& options) {
    const bool reduces = !plan_.reductions.empty() || !layout_.arrays.empty();
    llvm::Constant* none = llvm::ConstantPointerNull::get(f_.m.ptr());
    loop_ = f_.entry_alloca(llvm::ArrayType::get(f_.m.i64(), sizeof(kjit_loop) / sizeof(std::int64_t)), "parallel_loop");
    set(offsetof(kjit_loop, trip_count), total_);
    set(offsetof(kjit_loop, body), choose_body());
    set(offsetof(kjit_loop, closure), closure_);
    set(offsetof(kjit_loop, partial_bytes), partial_bytes_);
    set(offsetof(kjit_loop, combine), reduces ? static_cast<llvm::Value*>(make_combine(f_, plan_, layout_)) : none);
    set(offsetof(kjit_loop, finish), reduces ? static_cast<llvm::Value*>(make_finish(f_, plan_, layout_)) : none);
    set(offsetof(kjit_loop, chunk), options.chunk);
    set(offsetof(kjit_loop, blocks), blocks);
    set(offsetof(kjit_loop, grain), f_.int64(grain()));
    set(offsetof(kjit_loop, schedule), f_.int32(static_cast<int>(plan_.loop->parallel->schedule)));
    set(offsetof(kjit_loop, threads), b_.CreateSelect(serial_, f_.int32(1), options.threads));
    set(offsetof(kjit_loop, site), b_.getInt32(stmt_.site));
    f_.locate(stmt_.span);
    finish_call(f_.call_runtime("kjit_parallel_for", {f_.ctx, loop_}));
  }

  llvm::Value* choose_body() {
    llvm::Function* body = outline_body(f_, stmt_, plan_, layout_, false);
    if (llvm::isa<llvm::Constant>(copied_)) return body;
    return b_.CreateSelect(copied_, outline_body(f_, stmt_, plan_, layout_, true), body);
  }

  void set(std::size_t offset, llvm::Value* value) {
    b_.CreateStore(value, b_.CreateConstGEP1_64(f_.m.i8(), loop_, static_cast<std::uint64_t>(offset)));
  }

  std::int64_t grain() const {
    const bool slow = f_.checked() || f_.m.options.opt_level == 0;
    const Polling polling = polling_of(f_.m.program, f_.function, *plan_.nest.back(), slow);
    return polling == Polling::EveryIteration ? 0 : kStripLength;
  }

  // The last block may have left values though another one failed.
  void finish_call(llvm::Value* status) {
    llvm::BasicBlock *failed = f_.new_block("failed"), *next = f_.new_block("joined");
    f_.branch_unlikely(b_.CreateICmpNE(status, f_.int32(KJIT_OK)), failed, next);
    f_.start_block(failed);
    for (std::size_t i = 0; i < plan_.privates.size(); ++i) {
      const auto& out = layout_.privates[i].out;
      if (out) f_.release(load_field(out->value), type_of(plan_.privates[i].local));
    }
    f_.fail();
    f_.start_block(next);
    if (layout_.overflow) raise_overflow();
  }

  void raise_overflow() {
    llvm::BasicBlock *overflow = f_.new_block("overflow"), *next = f_.new_block("in_range");
    f_.branch_unlikely(load_field(*layout_.overflow), overflow, next);
    f_.start_block(overflow);
    f_.call_runtime("kjit_trap", {f_.ctx, f_.int32(KJIT_TRAP_IntegerOverflow), load_field(layout_.overflow_site),
                                  load_field(layout_.overflow_lhs), load_field(layout_.overflow_rhs), load_field(layout_.overflow_bits)});
    f_.fail();
    f_.start_block(next);
  }

  // ---- results ----

  void take_last_values() {
    for (std::size_t i = 0; i < plan_.privates.size(); ++i) {
      const auto& out = layout_.privates[i].out;
      if (!out) continue;
      const LocalId local = plan_.privates[i].local;
      f_.assign_local(local, load_field(out->value));
      if (out->flag) b_.CreateStore(load_field(*out->flag), f_.locals[local].set_flag);
    }
  }

  void take_reductions() {
    const auto load_total = [this](unsigned number) {
      return b_.CreateLoad(layout_.scalars->getElementType(number), total_address(number));
    };
    for (const ScalarField& scalar : scalar_fields(plan_)) {
      const LocalSlot& slot = f_.locals[scalar.along.value_or(scalar.reduction->local)];
      b_.CreateStore(load_total(scalar.value), slot.place);
      if (scalar.along && slot.set_flag) b_.CreateStore(load_total(scalar.is_set), slot.set_flag);
    }
  }

  FunctionLowering& f_;
  llvm::IRBuilder<>& b_;
  const Stmt& stmt_;
  const ParallelPlan& plan_;
  const ClosureLayout layout_;
  std::vector<LoopRange> ranges_;
  llvm::Value* total_ = nullptr;  // trips of the nest
  llvm::AllocaInst* closure_ = nullptr;
  llvm::AllocaInst* loop_ = nullptr;
  llvm::Value* partial_bytes_ = nullptr;
  llvm::Value* serial_ = nullptr;           // i1: on one thread
  llvm::Value* reduced_overlap_ = nullptr;  // i1: an accumulated array is also reached by another name
  llvm::Value* copied_ = nullptr;  // i1: blocks have copies of the copyable arrays
};

llvm::Value* lower_option(FunctionLowering& f, const Stmt& stmt, const ExprPtr& option) {
  if (!option) return f.int64(0);
  llvm::Value* value = lower_expr(f, *option);
  f.trap_if(f.b.CreateICmpSLT(value, f.int64(0)), KJIT_TRAP_NegativeLoopOption, stmt.site, value);
  return value;
}

LoopOptions lower_options(FunctionLowering& f, const Stmt& stmt, const ForRange& node) {
  LoopOptions options;
  options.chunk = lower_option(f, stmt, node.parallel->chunk);
  llvm::Value* threads = lower_option(f, stmt, node.parallel->threads);
  threads = f.b.CreateBinaryIntrinsic(llvm::Intrinsic::smin, threads, f.int64(kMostThreads));
  options.threads = f.b.CreateTrunc(threads, f.m.i32());
  f.release_temporaries();
  return options;
}

}  // namespace

void lower_parallel_loop(FunctionLowering& f, const Stmt& stmt, const ForRange& node, const LoopRange& range,
                         const LoopExits& exits) {
  const LoopOptions options = lower_options(f, stmt, node);
  const ParallelPlan* plan = f.m.plans.find(node);
  if (!plan) return lower_serial_region(f, stmt, node, range, exits);
  LoopStarter(f, stmt, *plan).emit(range, options, exits);
}

}  // namespace kjit
