// Reductions of parallel loops: how the partials of two blocks become one. Entry: make_combine, make_finish.
//
// The meaning of each operator is fixed by ReduceOp in analysis/races/parallel_plan.h; no fast-math flags, so that the bits are
// those of the interpreter.

#include "analysis/races/reductions.h"
#include "lower/features.h"
#include "lower/parallel/parallel_closure.h"
#include "runtime/runtime.h"
#include "support/assert.h"

namespace kjit {
namespace {

using namespace typed;

// One function (closure, into, from), and what it needs to emit.
class PartialFunction {
 public:
  PartialFunction(FunctionLowering& starter, const ParallelPlan& plan, const ClosureLayout& layout, const char* suffix,
                  unsigned pointers)
      : m_(starter.m), function_(starter.function), plan_(plan), layout_(layout), b_(starter.m.context) {
    auto* type = llvm::FunctionType::get(llvm::Type::getVoidTy(m_.context), std::vector<llvm::Type*>(pointers, m_.ptr()), false);
    llvm_function_ = llvm::Function::Create(type, llvm::Function::InternalLinkage, function_.symbol + suffix, m_.module);
    llvm_function_->setDoesNotThrow();
    b_.SetInsertPoint(llvm::BasicBlock::Create(m_.context, "entry", llvm_function_));
  }

  llvm::Function* combine() {
    combine_scalars(argument(1), argument(2));
    for_each_copied_array([&](const AccumulatedArray& array) {
      llvm::Value *into = copy_address(argument(1), array), *from = copy_address(argument(2), array);
      call("kjit_accumulate", {dtype_code(array), operator_code(array), into, from, load_field(array.elements)});
    });
    b_.CreateRetVoid();
    return llvm_function_;
  }

  // (closure, total): what was before the loop comes first.
  llvm::Function* finish() {
    combine_scalars(field(layout_.totals), argument(1));
    for_each_copied_array([&](const AccumulatedArray& array) {
      llvm::Value* rank = b_.getInt32(static_cast<std::uint32_t>(array.type.rank()));
      call("kjit_accumulate_into_array",
           {dtype_code(array), operator_code(array), rank, field(array.target), copy_address(argument(1), array)});
    });
    b_.CreateRetVoid();
    return llvm_function_;
  }

 private:
  // ---- memory ----

  llvm::Value* argument(unsigned i) { return llvm_function_->getArg(i); }
  llvm::Value* field(unsigned number) { return b_.CreateStructGEP(layout_.type, argument(0), number); }
  llvm::Value* load_field(unsigned number) { return b_.CreateLoad(layout_.type->getElementType(number), field(number)); }
  llvm::Value* scalar_address(llvm::Value* partial, unsigned number) {
    return b_.CreateStructGEP(layout_.scalars, partial, number);
  }
  llvm::Value* load_scalar(llvm::Value* partial, unsigned number) {
    return b_.CreateLoad(layout_.scalars->getElementType(number), scalar_address(partial, number));
  }
  llvm::Value* copy_address(llvm::Value* partial, const AccumulatedArray& array) {
    return b_.CreateGEP(m_.i8(), partial, load_field(array.offset));
  }
  void call(std::string_view name, std::vector<llvm::Value*> args) { b_.CreateCall(m_.runtime(name), args)->setDoesNotThrow(); }

  template <typename F>
  void for_each_copied_array(F emit) {
    for (const AccumulatedArray& array : layout_.arrays) {
      auto* copied = llvm::BasicBlock::Create(m_.context, "copied", llvm_function_);
      auto* next = llvm::BasicBlock::Create(m_.context, "next", llvm_function_);
      b_.CreateCondBr(load_field(layout_.copies(array)), copied, next);
      b_.SetInsertPoint(copied);
      emit(array);
      b_.CreateBr(next);
      b_.SetInsertPoint(next);
    }
  }

  llvm::Value* dtype_code(const AccumulatedArray& array) {
    return b_.getInt32(static_cast<std::uint32_t>(array.type.dtype()) - static_cast<std::uint32_t>(Kind::Bool));
  }
  llvm::Value* operator_code(const AccumulatedArray& array) {
    return b_.getInt32(static_cast<std::uint32_t>(accumulation_of(array.op)));
  }

  // ---- scalars ----

  void combine_scalars(llvm::Value* into, llvm::Value* from) {
    llvm::Value* taken = nullptr;  // by the reduction before the locals that go along with it
    for (const ScalarField& scalar : scalar_fields(plan_)) {
      llvm::Value *a = load_scalar(into, scalar.value), *b = load_scalar(from, scalar.value);
      if (scalar.along) {
        b_.CreateStore(b_.CreateSelect(taken, b, a), scalar_address(into, scalar.value));
        llvm::Value* is_set = b_.CreateSelect(taken, load_scalar(from, scalar.is_set), load_scalar(into, scalar.is_set));
        b_.CreateStore(is_set, scalar_address(into, scalar.is_set));
        continue;
      }
      const Reduction& reduction = *scalar.reduction;
      if (is_choice(reduction.op)) taken = takes_later(reduction, a, b);
      llvm::Value* result = is_choice(reduction.op) ? b_.CreateSelect(taken, b, a) : operate(reduction, a, b);
      b_.CreateStore(result, scalar_address(into, scalar.value));
    }
  }

  static bool is_choice(ReduceOp op) { return op == ReduceOp::Min || op == ReduceOp::Max; }

  llvm::Value* takes_later(const Reduction& reduction, llvm::Value* a, llvm::Value* b) {
    using P = llvm::CmpInst::Predicate;
    const bool is_min = reduction.op == ReduceOp::Min, ties = reduction.ties_to_later;
    if (reduction.type.is_float()) {
      return b_.CreateFCmp(is_min ? (ties ? P::FCMP_OLE : P::FCMP_OLT) : (ties ? P::FCMP_OGE : P::FCMP_OGT), b, a);
    }
    if (reduction.type.is_signed()) {
      return b_.CreateICmp(is_min ? (ties ? P::ICMP_SLE : P::ICMP_SLT) : (ties ? P::ICMP_SGE : P::ICMP_SGT), b, a);
    }
    return b_.CreateICmp(is_min ? (ties ? P::ICMP_ULE : P::ICMP_ULT) : (ties ? P::ICMP_UGE : P::ICMP_UGT), b, a);
  }

  llvm::Value* operate(const Reduction& reduction, llvm::Value* a, llvm::Value* b) {
    switch (reduction.op) {
      case ReduceOp::Add: return add(reduction, a, b);
      case ReduceOp::Mul: return reduction.type.is_float() ? b_.CreateFMul(a, b) : integer(reduction, false, a, b);
      case ReduceOp::BitAnd:
      case ReduceOp::And: return b_.CreateAnd(a, b);
      case ReduceOp::BitOr:
      case ReduceOp::Or: return b_.CreateOr(a, b);
      case ReduceOp::BitXor: return b_.CreateXor(a, b);
      case ReduceOp::Minimum:
      case ReduceOp::Maximum: return reduction.ties_to_later ? extreme(reduction, b, a) : extreme(reduction, a, b);
      case ReduceOp::Min:
      case ReduceOp::Max: break;
    }
    KJIT_UNREACHABLE("a choice");
  }

  llvm::Value* add(const Reduction& reduction, llvm::Value* a, llvm::Value* b) {
    const Type& type = reduction.type;
    if (type.is_float()) return b_.CreateFAdd(a, b);
    if (!type.is_complex()) return integer(reduction, true, a, b);
    llvm::Value* result = llvm::PoisonValue::get(a->getType());
    for (unsigned part : {0U, 1U}) {
      llvm::Value* sum = b_.CreateFAdd(b_.CreateExtractValue(a, part), b_.CreateExtractValue(b, part));
      result = b_.CreateInsertValue(result, sum, part);
    }
    return result;
  }

  // np.minimum, np.maximum: the second of two equal values; a NaN wins.
  llvm::Value* extreme(const Reduction& reduction, llvm::Value* a, llvm::Value* b) {
    const bool is_min = reduction.op == ReduceOp::Minimum;
    if (!reduction.type.is_float()) {
      return b_.CreateSelect(
          takes_later({reduction.local, is_min ? ReduceOp::Min : ReduceOp::Max, reduction.type, false, {}, {}, 0}, a, b), b, a);
    }
    llvm::Value* first_wins = is_min ? b_.CreateFCmpOLT(a, b) : b_.CreateFCmpOGT(a, b);
    return b_.CreateSelect(b_.CreateOr(first_wins, b_.CreateFCmpUNO(a, a)), a, b);
  }

  // Wraps; in checked functions the closure takes note of the first overflow, which the starter turns into an error.
  llvm::Value* integer(const Reduction& reduction, bool is_sum, llvm::Value* a, llvm::Value* b) {
    const Type& type = reduction.type;
    if (!layout_.overflow) return is_sum ? b_.CreateAdd(a, b) : b_.CreateMul(a, b);
    using namespace llvm;
    const Intrinsic::ID sum = type.is_signed() ? Intrinsic::sadd_with_overflow : Intrinsic::uadd_with_overflow;
    const Intrinsic::ID product = type.is_signed() ? Intrinsic::smul_with_overflow : Intrinsic::umul_with_overflow;
    llvm::Value* both = b_.CreateBinaryIntrinsic(is_sum ? sum : product, a, b);
    llvm::Value* is_first = b_.CreateAnd(b_.CreateExtractValue(both, 1), b_.CreateNot(load_field(*layout_.overflow)));
    const auto keep = [&](unsigned number, llvm::Value* value) {
      llvm::Value* wide = b_.CreateIntCast(value, layout_.type->getElementType(number), type.is_signed());
      b_.CreateStore(b_.CreateSelect(is_first, wide, load_field(number)), field(number));
    };
    keep(layout_.overflow_lhs, a);
    keep(layout_.overflow_rhs, b);
    keep(layout_.overflow_bits, b_.getInt64(static_cast<std::uint64_t>(bit_width(type.kind()))));
    keep(layout_.overflow_site, b_.getInt32(reduction.site));
    b_.CreateStore(b_.CreateOr(load_field(*layout_.overflow), is_first), field(*layout_.overflow));
    return b_.CreateExtractValue(both, 0);
  }

  ModuleLowering& m_;
  const Function& function_;
  const ParallelPlan& plan_;
  const ClosureLayout& layout_;
  llvm::IRBuilder<> b_;
  llvm::Function* llvm_function_;
};

}  // namespace

llvm::Function* make_combine(FunctionLowering& starter, const ParallelPlan& plan, const ClosureLayout& layout) {
  return PartialFunction(starter, plan, layout, ".combine", 3).combine();
}

llvm::Function* make_finish(FunctionLowering& starter, const ParallelPlan& plan, const ClosureLayout& layout) {
  return PartialFunction(starter, plan, layout, ".finish", 2).finish();
}

}  // namespace kjit
