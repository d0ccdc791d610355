// kjit.atomic_add, atomic_min, atomic_max: one indivisible step on an element. Entry: lower_atomic_builtin.
//
// Relaxed order: other threads see each step as a whole, and nothing follows for other memory. Where one instruction of LLVM has
// another meaning than the language (overflow is checked, a NaN changes nothing), it is a loop of compare-exchange.

#include <functional>

#include "lower/features.h"

namespace kjit {
namespace {

using namespace typed;

constexpr auto kRelaxed = llvm::AtomicOrdering::Monotonic;

struct AtomicStep {
  FunctionLowering& f;
  Builtin builtin;
  Type dtype;
  llvm::Value* address;
  llvm::Value* value;
  SiteId site;

  llvm::Type* bits() const { return f.b.getIntNTy(value->getType()->getScalarSizeInBits()); }
  llvm::Align align() const { return llvm::Align(static_cast<std::uint64_t>(byte_size(dtype.kind()))); }
};

llvm::Value* checked_address(FunctionLowering& f, const Expr& expr, const Type& type, const std::vector<llvm::Value*>& args) {
  std::vector<llvm::Value*> positions(args.begin() + 1, args.end() - 1);
  for (unsigned axis = 0; axis < positions.size(); ++axis) {
    positions[axis] = normalise_index(f, positions[axis], array_shape(f, args[0], axis), /*never_negative=*/false,
                                      KJIT_TRAP_IndexOutOfRange, expr.site, f.int64(axis));
  }
  return position_address(f, args[0], type, positions);
}

// ---- one instruction -----------------------------------------------------------------------------------------------------

llvm::AtomicRMWInst::BinOp instruction(const AtomicStep& step) {
  using Op = llvm::AtomicRMWInst;
  switch (step.builtin) {
    case Builtin::AtomicMin: return step.dtype.is_signed() ? Op::Min : Op::UMin;
    case Builtin::AtomicMax: return step.dtype.is_signed() ? Op::Max : Op::UMax;
    default: return step.dtype.is_float() ? Op::FAdd : Op::Add;
  }
}

llvm::Value* lower_by_instruction(const AtomicStep& step) {
  return step.f.b.CreateAtomicRMW(instruction(step), step.address, step.value, step.align(), kRelaxed);
}

// ---- compare-exchange ----------------------------------------------------------------------------------------------------

// The new element, in a block that goes on to the exchange; or it branches to `done`, and the element stays.
using NewElement = std::function<llvm::Value*(llvm::Value* old, llvm::BasicBlock* done)>;

// Bits are exchanged, so that a NaN equals itself.
llvm::Value* lower_by_exchange(const AtomicStep& step, const NewElement& new_element) {
  llvm::IRBuilder<>& b = step.f.b;
  llvm::LoadInst* seen = b.CreateAlignedLoad(step.bits(), step.address, step.align());
  seen->setAtomic(kRelaxed);
  llvm::BasicBlock *before = b.GetInsertBlock(), *attempt = step.f.new_block("atomic"), *done = step.f.new_block("atomic_done");
  b.CreateBr(attempt);
  step.f.start_block(attempt);
  llvm::PHINode* expected = b.CreatePHI(step.bits(), 2);
  expected->addIncoming(seen, before);
  llvm::Value* old = b.CreateBitCast(expected, step.value->getType());
  llvm::Value* wanted = b.CreateBitCast(new_element(old, done), step.bits());
  llvm::Value* pair = b.CreateAtomicCmpXchg(step.address, expected, wanted, step.align(), kRelaxed, kRelaxed);
  expected->addIncoming(b.CreateExtractValue(pair, 0), b.GetInsertBlock());
  b.CreateCondBr(b.CreateExtractValue(pair, 1), done, attempt);
  step.f.start_block(done);
  return old;
}

llvm::Value* lower_checked_add(const AtomicStep& step) {
  return lower_by_exchange(step, [&](llvm::Value* old, llvm::BasicBlock*) {
    return lower_int_binary(step.f, BinaryOp::Add, old, step.value, {step.site, step.dtype, step.dtype});
  });
}

llvm::Value* lower_float_extremum(const AtomicStep& step) {
  return lower_by_exchange(step, [&](llvm::Value* old, llvm::BasicBlock* done) {
    llvm::IRBuilder<>& b = step.f.b;
    bool least = step.builtin == Builtin::AtomicMin;
    llvm::Value* better = least ? b.CreateFCmpOLT(step.value, old) : b.CreateFCmpOGT(step.value, old);
    llvm::BasicBlock* exchange = step.f.new_block("atomic_better");
    b.CreateCondBr(better, exchange, done);
    step.f.start_block(exchange);
    return step.value;
  });
}

}  // namespace

llvm::Value* lower_atomic_builtin(FunctionLowering& f, const Expr& expr, const BuiltinCall& node,
                                  const std::vector<llvm::Value*>& args) {
  llvm::Value* address = checked_address(f, expr, node.args[0]->type, args);
  AtomicStep step{f, node.builtin, expr.type, address, args.back(), expr.site};
  bool adds = node.builtin == Builtin::AtomicAdd;
  if (adds && expr.type.is_integer() && f.checked()) return lower_checked_add(step);
  return !adds && expr.type.is_float() ? lower_float_extremum(step) : lower_by_instruction(step);
}

}  // namespace kjit
