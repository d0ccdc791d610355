// Arrays that a parallel loop accumulates into: which of them blocks get copies of, and where these lie. Entry: decide_copies.
//
// For array reductions the rule is that of analysis/races/array_copies.h. Copies of copyable arrays change no result: there it is
// a matter of speed alone.

#include <algorithm>

#include "lower/features.h"
#include "lower/parallel/parallel_closure.h"

namespace kjit {
namespace {

constexpr std::int64_t kAlignment = 64;     // of the arrays in a partial
constexpr std::int64_t kFewestBlocks = 64;  // that balance the threads of most machines

struct Extent {
  llvm::Value *elements, *bytes;
};

class CopyDecider {
 public:
  CopyDecider(FunctionLowering& f, const ParallelPlan& plan, const ClosureLayout& layout, llvm::Value* closure,
              llvm::Value* total)
      : f_(f), b_(f.b), plan_(plan), layout_(layout), closure_(closure), total_(total) {}

  CopyDecision decide(const LoopTests& tests) {
    CopyDecision decision{f_.int64(0), tests.in_order, b_.getFalse(), scalar_bytes()};
    set_field(layout_.copies_reductions, b_.getFalse());
    set_field(layout_.copies_copyable, b_.getFalse());
    if (layout_.arrays.empty()) return decision;
    const Extent reduced = add_extents({f_.int64(0), f_.int64(0)}, false);
    decision.blocks = block_count(reduced);
    llvm::Value* possible = b_.CreateAnd(b_.CreateNot(tests.no_copies), b_.CreateICmpUGT(decision.blocks, f_.int64(1)));
    if (!plan_.array_reductions.empty()) decide_reductions(possible, decision);
    if (std::any_of(layout_.arrays.begin(), layout_.arrays.end(), is_copyable)) decide_copyable(possible, reduced, decision);
    return decision;
  }

 private:
  void set_field(unsigned number, llvm::Value* value) { b_.CreateStore(value, field(number)); }
  llvm::Value* field(unsigned number) { return b_.CreateStructGEP(layout_.type, closure_, number); }
  llvm::Value* load_field(unsigned number) { return b_.CreateLoad(layout_.type->getElementType(number), field(number)); }

  // Without copies the arrays themselves are updated, in order.
  void decide_reductions(llvm::Value* possible, CopyDecision& decision) {
    llvm::Value* copies = b_.CreateAnd(possible, b_.getInt1(may_have_copies(f_.m.program, f_.function, plan_, f_.checked())));
    set_field(layout_.copies_reductions, copies);
    decision.in_order = b_.CreateOr(decision.in_order, b_.CreateNot(copies));
    decision.partial_bytes = place(copies, false, decision.partial_bytes);
  }

  // Where as many blocks as there are can have copies of these arrays as well; or, if no result depends on the blocks, fewer of
  // them.
  void decide_copyable(llvm::Value* possible, const Extent& reduced, CopyDecision& decision) {
    llvm::Value* blocks = decision.blocks;
    llvm::Value* affordable = block_count(add_extents(reduced, true));
    llvm::Value* least = order_matters() ? blocks : at_most(blocks, f_.int64(kFewestBlocks));
    llvm::Value* is_worth_it = b_.CreateAnd(b_.CreateNot(decision.in_order), b_.CreateICmpUGE(affordable, least));
    decision.of_copyable = b_.CreateAnd(b_.CreateAnd(possible, is_alone()), is_worth_it);
    decision.blocks = b_.CreateSelect(decision.of_copyable, least, blocks);
    set_field(layout_.copies_copyable, decision.of_copyable);
    decision.partial_bytes = place(decision.of_copyable, true, decision.partial_bytes);
  }

  // As for loops inside of others (may_copy() in parallel_closure.cpp), where a caller has the outer one.
  llvm::Value* is_alone() {
    llvm::Value* depth = b_.CreateLoad(f_.m.i32(), f_.context_field(offsetof(kjit_context, in_parallel)));
    return b_.CreateICmpEQ(depth, f_.int32(0));
  }

  llvm::Value* at_most(llvm::Value* a, llvm::Value* b) { return b_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, a, b); }
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

  static bool is_copyable(const AccumulatedArray& array) { return array.copyable != nullptr; }

  Extent add_extents(Extent extent, bool copyable) {
    for (const AccumulatedArray& array : layout_.arrays) {
      if (is_copyable(array) != copyable) continue;
      set_field(array.target, handle_value(f_, *array.handle));
      llvm::Value* count = f_.call_runtime("kjit_element_count", {f_.int32(array.type.rank()), field(array.target)});
      set_field(array.elements, count);
      extent.elements = b_.CreateAdd(extent.elements, count);
      extent.bytes = b_.CreateAdd(extent.bytes, bytes_of(array, count));
    }
    return extent;
  }

  // Behind `end` in the partial; the new end if there are `copies`.
  llvm::Value* place(llvm::Value* copies, bool copyable, llvm::Value* end) {
    llvm::Value* without = end;
    for (const AccumulatedArray& array : layout_.arrays) {
      if (is_copyable(array) != copyable) continue;
      end = b_.CreateAnd(b_.CreateAdd(end, f_.int64(kAlignment - 1)), f_.int64(-kAlignment));
      set_field(array.offset, end);
      end = b_.CreateAdd(end, bytes_of(array, load_field(array.elements)));
    }
    return b_.CreateSelect(copies, end, without);
  }

  llvm::Value* bytes_of(const AccumulatedArray& array, llvm::Value* count) {
    return b_.CreateMul(count, f_.int64(byte_size(array.type.dtype())));
  }

  llvm::Value* scalar_bytes() const {
    return f_.int64(static_cast<std::int64_t>(f_.m.module.getDataLayout().getTypeAllocSize(layout_.scalars).getFixedValue()));
  }

  FunctionLowering& f_;
  llvm::IRBuilder<>& b_;
  const ParallelPlan& plan_;
  const ClosureLayout& layout_;
  llvm::Value* closure_;
  llvm::Value* total_;
};

}  // namespace

CopyDecision decide_copies(FunctionLowering& f, const ParallelPlan& plan, const ClosureLayout& layout, llvm::Value* closure,
                           const LoopTests& tests, llvm::Value* total_trips) {
  return CopyDecider(f, plan, layout, closure, total_trips).decide(tests);
}

}  // namespace kjit
