// Indivisible updates and stores of array elements, where the analysis says that iterations of a parallel loop may meet
// (ParallelPlans::is_atomic). Entry: lower_atomic_update.
//
// Relaxed ordering is enough: no iteration reads what another one accumulates, and the loop ends with a barrier.

#include "lower/features.h"
#include "support/assert.h"

namespace kjit {
namespace {

using namespace typed;

constexpr auto kOrdering = llvm::AtomicOrdering::Monotonic;

llvm::AtomicRMWInst::BinOp operation_of(BinaryOp op) {
  switch (op) {
    case BinaryOp::Add: return llvm::AtomicRMWInst::Add;
    case BinaryOp::Sub: return llvm::AtomicRMWInst::Sub;
    case BinaryOp::BitAnd: return llvm::AtomicRMWInst::And;
    case BinaryOp::BitOr: return llvm::AtomicRMWInst::Or;
    case BinaryOp::BitXor: return llvm::AtomicRMWInst::Xor;
    default: KJIT_UNREACHABLE("not an operator whose order does not matter");
  }
}

// In wrapping arithmetic only the low bits of the operand matter: converting it first gives what converting the result gives.
bool is_one_instruction(FunctionLowering& f, const UpdateElement& node) {
  const Type dtype = node.array->type.dtype();
  return !f.checked() && dtype.is(Kind::Bool) == node.value->type.is(Kind::Bool);
}

// Computes from what is there until nobody else has changed it meanwhile. An error leaves the loop.
void lower_by_exchange(FunctionLowering& f, const Stmt& stmt, const UpdateElement& node, llvm::Value* address,
                       llvm::Value* value) {
  auto& b = f.b;
  const Type dtype = node.array->type.dtype();
  llvm::Type* memory = f.m.element_type(dtype.kind());
  llvm::LoadInst* first = b.CreateLoad(memory, address);
  first->setAtomic(kOrdering);
  llvm::AllocaInst* expected = f.entry_alloca(memory, "expected");
  b.CreateStore(first, expected);
  llvm::BasicBlock *attempt = f.new_block("attempt"), *done = f.new_block("exchanged");
  b.CreateBr(attempt);
  f.start_block(attempt);
  llvm::Value* old = b.CreateLoad(memory, expected);
  llvm::Value* lhs = convert_value(f, f.from_memory(old, dtype), dtype, node.value->type, stmt.site);
  llvm::Value* result = lower_binary_values(f, node.op, lhs, value, {stmt.site, node.value->type, node.result});
  llvm::Value* stored = f.to_memory(convert_value(f, result, node.result, dtype, stmt.site), dtype);
  llvm::Value* pair = b.CreateAtomicCmpXchg(address, old, stored, llvm::MaybeAlign(), kOrdering, kOrdering);
  b.CreateStore(b.CreateExtractValue(pair, 0), expected);
  b.CreateCondBr(b.CreateExtractValue(pair, 1), done, attempt);
  f.start_block(done);
}

}  // namespace

void lower_atomic_update(FunctionLowering& f, const Stmt& stmt, const UpdateElement& node) {
  const Type dtype = node.array->type.dtype();
  llvm::Value* address = element_address(f, {node.id, node.array.get(), &node.indices, &node.in_bounds, stmt.site});
  llvm::Value* value = lower_expr(f, *node.value);
  f.locate(stmt.span);
  if (!is_one_instruction(f, node)) return lower_by_exchange(f, stmt, node, address, value);
  llvm::Value* operand =
      f.b.CreateIntCast(f.to_memory(value, node.value->type), f.m.element_type(dtype.kind()), node.value->type.is_signed());
  f.b.CreateAtomicRMW(operation_of(node.op), address, operand, llvm::MaybeAlign(), kOrdering);
}

// A complex number is stored in two steps, which is as good: every thread stores the same parts.
void lower_atomic_store(FunctionLowering& f, llvm::Value* value, llvm::Value* address, const Type& type) {
  if (type.is_complex()) return f.store(value, address, type);
  // Elements are aligned to their size; with less LLVM would call a function of libatomic.
  const llvm::Align alignment(static_cast<std::uint64_t>(byte_size(type.kind())));
  f.b.CreateAlignedStore(f.to_memory(value, type), address, alignment)->setAtomic(kOrdering);
}

}  // namespace kjit
