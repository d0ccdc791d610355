// Errors: traps, failed calls, polls, raise and assert. Each is a cold block that ends at the function's exit.

#include "lower/features.h"
#include "support/assert.h"

namespace kjit {

llvm::Value* trap_value(FunctionLowering& f, llvm::Value* value, const Type& type) {
  if (type.is_float()) {
    llvm::Value* wide = type.is(Kind::F32) ? f.b.CreateFPExt(value, f.m.f64()) : value;
    return f.b.CreateBitCast(wide, f.m.i64());
  }
  return f.b.CreateIntCast(value, f.m.i64(), type.is_signed());
}

void FunctionLowering::trap_if(llvm::Value* bad, int code, typed::SiteId site, llvm::Value* v0, llvm::Value* v1,
                               llvm::Value* v2) {
  if (auto* known = llvm::dyn_cast<llvm::ConstantInt>(bad); known && known->isZero()) return;
  llvm::BasicBlock* trap = new_block("trap");
  llvm::BasicBlock* next = new_block("ok");
  branch_unlikely(bad, trap, next);
  start_block(trap);
  auto word = [&](llvm::Value* v) -> llvm::Value* { return v ? v : int64(0); };
  call_runtime("kjit_trap", {ctx, int32(code), b.getInt32(site), word(v0), word(v1), word(v2)});
  fail();
  start_block(next);
}

void FunctionLowering::fail() {
  b.CreateStore(int32(KJIT_FAILED), status_);
  b.CreateBr(on_failure);
}

void FunctionLowering::fail_if_runtime_failed(llvm::Value* status) {
  llvm::BasicBlock* failed = new_block("failed");
  llvm::BasicBlock* next = new_block("ok");
  branch_unlikely(b.CreateICmpNE(status, int32(KJIT_OK)), failed, next);
  start_block(failed);
  fail();
  start_block(next);
}

void FunctionLowering::fail_if_call_failed(llvm::Value* status, typed::SiteId site) {
  llvm::BasicBlock* failed = new_block("failed");
  llvm::BasicBlock* next = new_block("ok");
  branch_unlikely(b.CreateICmpNE(status, int32(KJIT_OK)), failed, next);
  start_block(failed);
  call_runtime("kjit_traceback", {ctx, b.getInt32(site)});
  fail();
  start_block(next);
}

void FunctionLowering::poll(typed::SiteId site) {
  const auto load_flag = [this](std::size_t field) {
    llvm::LoadInst* address = b.CreateLoad(m.ptr(), context_field(field));
    address->setMetadata(llvm::LLVMContext::MD_invariant_load, llvm::MDNode::get(m.context, {}));
    return b.CreateLoad(m.i32(), address, /*isVolatile=*/true);
  };
  llvm::Value* interrupt = load_flag(offsetof(kjit_context, interrupt));
  llvm::Value* flag = b.CreateOr(interrupt, load_flag(offsetof(kjit_context, cancel)));
  llvm::BasicBlock* stop = new_block("stop");
  llvm::BasicBlock* next = new_block("go_on");
  branch_unlikely(b.CreateICmpNE(flag, int32(0)), stop, next);
  start_block(stop);
  llvm::Value* status = call_runtime("kjit_poll", {ctx, b.getInt32(site)});
  fail_if_runtime_failed(status);
  b.CreateBr(next);
  start_block(next);
}

void lower_raise(FunctionLowering& f, const typed::Stmt& stmt, const typed::Raise& node) {
  llvm::Value* message = llvm::ConstantPointerNull::get(f.m.ptr());
  if (node.message) message = f.spill(lower_expr(f, *node.message), node.message->type);
  f.call_runtime("kjit_raise", {f.ctx, f.int32(node.kind), f.b.getInt32(stmt.site), message});
  f.fail();
}

void lower_assert(FunctionLowering& f, const typed::Stmt& stmt, const typed::Assert& node) {
  llvm::Value* holds = lower_expr(f, *node.condition);
  f.release_temporaries();
  llvm::BasicBlock* failed = f.new_block("assert_failed");
  llvm::BasicBlock* next = f.new_block("ok");
  f.branch_unlikely(f.b.CreateNot(holds), failed, next);
  f.start_block(failed);
  llvm::Value* message = f.spill(lower_expr(f, *node.message), node.message->type);
  f.call_runtime("kjit_raise", {f.ctx, f.int32(KJIT_AssertionError), f.b.getInt32(stmt.site), message});
  f.fail();
  f.start_block(next);
}

}  // namespace kjit
