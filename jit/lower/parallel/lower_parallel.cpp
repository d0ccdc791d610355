// prange. Entry: lower_parallel_loop. With a plan (analysis/races/parallel_plan.h) the body becomes a function of its own, which
// the runtime calls for blocks of iterations; without one the loop runs here, see lower_serial_region.cpp.
//
//   ranges, options -> tests -> closure -> kjit_parallel_for -> last values, reductions -> finished
//                                                            \-> error: release what the last block left

#include "analysis/facts/walk.h"
#include "lower/features.h"
#include "lower/loops/lower_loop.h"
#include "lower/parallel/parallel_closure.h"
#include "runtime/inspection.h"
#include "runtime/runtime.h"
#include "support/assert.h"
#include "typing/tree/typed_walk.h"

namespace kjit {
namespace {

using namespace typed;

constexpr std::int64_t kMostThreads = 65536;

// Options of prange, as the runtime takes them: 0 leaves the choice to it.
struct LoopOptions {
  llvm::Value* chunk;
  llvm::Value* threads;  // i32
};

class LoopStarter {
 public:
  LoopStarter(FunctionLowering& f, const Stmt& stmt, const ParallelPlan& plan)
      : f_(f),
        b_(f.b),
        stmt_(stmt),
        plan_(plan),
        nest_(nest_of(plan, std::get<ForRange>(stmt.node))),
        layout_(make_closure_layout(f, plan)) {}

  void emit(const LoopRange& outermost, const LoopOptions& options, const LoopExits& exits) {
    llvm::BasicBlock* start = f_.new_block("parallel");
    closure_ = f_.entry_alloca(layout_.type, "closure");
    enter_region();
    find_trips(outermost, exits.finished);
    b_.CreateCondBr(b_.CreateICmpNE(total_, f_.int64(0)), start, exits.finished);
    f_.start_block(start);
    LoopTests tests = emit_tests();
    fill_closure();
    if (plan_.inspection && !f_.is_outlined) tests.in_order = inspect(tests.in_order, options);
    start_loop(decide_copies(f_, plan_, layout_, closure_, tests, total_), options);
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
    for (std::size_t level = 1; level < nest_.size(); ++level) {
      llvm::BasicBlock* inner = f_.new_block("inner_range");
      b_.CreateCondBr(b_.CreateICmpNE(total_, f_.int64(0)), inner, finished);
      f_.start_block(inner);
      ranges_.push_back(lower_range(f_, *nest_[level - 1]->body[0], *nest_[level]));
      total_ = product(total_, ranges_.back().trips);
    }
  }

  // Counts beyond 2**63 - 1 are never reached in anybody's life; the loop runs until it is stopped.
  llvm::Value* at_most_63_bits(llvm::Value* count) {
    return b_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, count, f_.int64(INT64_MAX));
  }
  llvm::Value* product(llvm::Value* a, llvm::Value* b) {
    llvm::Value* both = b_.CreateBinaryIntrinsic(llvm::Intrinsic::umul_with_overflow, a, b);
    llvm::Value* exact = at_most_63_bits(b_.CreateExtractValue(both, 0));
    return b_.CreateSelect(b_.CreateExtractValue(both, 1), f_.int64(INT64_MAX), exact);
  }

  // ---- tests ----

  LoopTests emit_tests() {
    LoopTests tests{b_.getInt1(plan_.in_order), b_.getFalse()};
    for (const OverlapTest& test : plan_.overlap_tests) {
      llvm::Value* found = overlap(test);
      tests.in_order = b_.CreateOr(tests.in_order, found);
      if (names_reduced_array(test, plan_)) tests.no_copies = b_.CreateOr(tests.no_copies, found);
    }
    for (const SpanTest& test : plan_.span_tests) tests.in_order = b_.CreateOr(tests.in_order, b_.CreateNot(span_fits(test)));
    for (const SignTest& test : plan_.sign_tests)
      tests.in_order = b_.CreateOr(tests.in_order, b_.CreateICmpSLT(start_value(test.value), f_.int64(0)));
    for (const SizeTest& test : plan_.size_tests) tests.in_order = b_.CreateOr(tests.in_order, leaves_62_bits(test));
    return tests;
  }

  // Unless the tests have decided already.
  llvm::Value* inspect(llvm::Value* in_order, const LoopOptions& options) {
    static_assert(KJIT_MAX_INSPECTED == 4 && sizeof(kjit_inspection) % sizeof(std::int64_t) == 0);
    llvm::BasicBlock *tested = b_.GetInsertBlock(), *inspect = f_.new_block("inspect"), *decided = f_.new_block("decided");
    b_.CreateCondBr(in_order, decided, inspect);
    f_.start_block(inspect);
    auto* words = llvm::ArrayType::get(f_.m.i64(), sizeof(kjit_inspection) / sizeof(std::int64_t));
    llvm::AllocaInst* inspection = f_.entry_alloca(words, "inspection");
    f_.call_runtime("kjit_inspection_begin", {inspection});
    for (const ArrayHandle& handle : plan_.inspection->arrays) {
      const Type type = handle_type(f_.m.program, f_.function, handle);
      f_.call_runtime("kjit_inspection_add", {inspection, dtype_code(type), f_.int32(type.rank()), with_strides(handle, type)});
    }
    set_field(*layout_.inspection, inspection);
    loop_ = f_.entry_alloca(llvm::ArrayType::get(f_.m.i64(), sizeof(kjit_loop) / sizeof(std::int64_t)), "inspecting_loop");
    b_.CreateMemSet(loop_, b_.getInt8(0), sizeof(kjit_loop), llvm::Align(8));
    set(offsetof(kjit_loop, trip_count), total_);
    set(offsetof(kjit_loop, body), make_inspection_body(f_, stmt_, plan_, layout_));
    set(offsetof(kjit_loop, closure), closure_);
    set(offsetof(kjit_loop, grain), f_.int64(kStripLength));
    set(offsetof(kjit_loop, threads), options.threads);
    set(offsetof(kjit_loop, site), b_.getInt32(stmt_.site));
    llvm::Value* has_reads = f_.int32(plan_.inspection->reads ? 1 : 0);
    llvm::Value* meet = f_.call_runtime("kjit_inspect", {f_.ctx, loop_, inspection, has_reads});
    llvm::Value* found = b_.CreateICmpNE(meet, f_.int32(0));
    llvm::BasicBlock* inspected = b_.GetInsertBlock();
    b_.CreateBr(decided);
    f_.start_block(decided);
    llvm::PHINode* result = b_.CreatePHI(f_.m.i1(), 2);
    result->addIncoming(b_.getTrue(), tested);
    result->addIncoming(found, inspected);
    return result;
  }

  llvm::Value* start_value(const StartValue& value) {
    llvm::Value* found = handle_value(f_, value.handle);
    if (value.axis) return array_shape(f_, found, *value.axis);
    const Type type = handle_type(f_.m.program, f_.function, value.handle);
    return convert_value(f_, found, type, Kind::I64, stmt_.site);
  }

  // Not ordered or equal: also where the sum is no number.
  llvm::Value* leaves_62_bits(const SizeTest& test) {
    llvm::Type* real = b_.getDoubleTy();
    llvm::Value* sum = llvm::ConstantFP::get(real, 0.0);
    for (const SizeTest::Term& term : test.terms) {
      llvm::Value* product = llvm::ConstantFP::get(real, term.factor);
      for (const StartValue& value : term.values) product = b_.CreateFMul(product, b_.CreateSIToFP(start_value(value), real));
      sum = b_.CreateFAdd(sum, b_.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, product));
    }
    return b_.CreateFCmpUGE(sum, llvm::ConstantFP::get(real, 0x1p62));
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
  llvm::Value* dtype_code(const Type& array) { return f_.int32(static_cast<int>(array.dtype()) - static_cast<int>(Kind::Bool)); }

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

  // ---- the call ----

  void start_loop(const CopyDecision& copies, const LoopOptions& options) {
    const bool reduces = !plan_.reductions.empty() || !layout_.arrays.empty();
    llvm::Constant* none = llvm::ConstantPointerNull::get(f_.m.ptr());
    loop_ = f_.entry_alloca(llvm::ArrayType::get(f_.m.i64(), sizeof(kjit_loop) / sizeof(std::int64_t)), "parallel_loop");
    set(offsetof(kjit_loop, trip_count), total_);
    set(offsetof(kjit_loop, body), choose_body(copies));
    set(offsetof(kjit_loop, closure), closure_);
    set(offsetof(kjit_loop, partial_bytes), copies.partial_bytes);
    set(offsetof(kjit_loop, combine), reduces ? loop_function(Role::Combine) : none);
    set(offsetof(kjit_loop, finish), reduces ? loop_function(Role::Finish) : none);
    set(offsetof(kjit_loop, chunk), options.chunk);
    set(offsetof(kjit_loop, blocks), copies.blocks);
    set(offsetof(kjit_loop, grain), f_.int64(grain()));
    set(offsetof(kjit_loop, schedule), f_.int32(static_cast<int>(nest_[0]->parallel->schedule)));
    set(offsetof(kjit_loop, threads), b_.CreateSelect(copies.in_order, f_.int32(1), options.threads));
    set(offsetof(kjit_loop, site), b_.getInt32(stmt_.site));
    f_.locate(stmt_.span);
    finish_call(f_.call_runtime("kjit_parallel_for", {f_.ctx, loop_}));
  }

  llvm::Value* choose_body(const CopyDecision& copies) {
    llvm::Value* body = loop_function(Role::Body);
    if (llvm::isa<llvm::Constant>(copies.of_copyable)) return body;
    return b_.CreateSelect(copies.of_copyable, loop_function(Role::BodyWithCopies), body);
  }

  using Role = LoopFunction::Role;

  llvm::Value* loop_function(Role role) {
    LoopFunction key{role, plan_.loop, f_.is_outlined, f_.replaced_globals};
    if (role == Role::Body || role == Role::BodyWithCopies) key.private_updates = private_updates_inside();
    const auto [place, is_new] = f_.m.loop_functions.try_emplace(key, nullptr);
    if (is_new) place->second = make_function(key);
    return place->second;
  }

  std::set<AccessId> private_updates_inside() const {
    std::set<AccessId> inside;
    for_each_stmt(nest_[0]->body, [&](const Stmt& stmt) {
      const auto* update = std::get_if<UpdateElement>(&stmt.node);
      if (update && f_.private_updates.contains(update->id)) inside.insert(update->id);
    });
    return inside;
  }

  llvm::Function* make_function(const LoopFunction& key) {
    switch (key.role) {
      case Role::Body:
      case Role::BodyWithCopies: return outline_body(f_, stmt_, layout_, key);
      case Role::Combine: return make_combine(f_, plan_, layout_);
      case Role::Finish: return make_finish(f_, plan_, layout_);
    }
    KJIT_UNREACHABLE("the role of a loop's function");
  }

  void set(std::size_t offset, llvm::Value* value) {
    b_.CreateStore(value, b_.CreateConstGEP1_64(f_.m.i8(), loop_, static_cast<std::uint64_t>(offset)));
  }

  std::int64_t grain() const { return f_.m.loops.of(plan_.nest.back()).polling == Polling::EveryIteration ? 0 : kStripLength; }

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
    f_.call_runtime("kjit_trap",
                    {f_.ctx, f_.int32(KJIT_TRAP_IntegerOverflow), load_field(layout_.overflow_site),
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
  const std::vector<const ForRange*> nest_;
  const ClosureLayout layout_;
  std::vector<LoopRange> ranges_;
  llvm::Value* total_ = nullptr;  // trips of the nest
  llvm::AllocaInst* closure_ = nullptr;
  llvm::AllocaInst* loop_ = nullptr;
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
  const ParallelPlan* plan = f.m.plans.find(node.id);
  if (!plan) return lower_serial_region(f, stmt, node, range, exits);
  LoopStarter(f, stmt, *plan).emit(range, options, exits);
}

}  // namespace kjit
