// Statements other than loops. Entry: lower_block.

#include "lower/features.h"
#include "support/assert.h"

namespace kjit {
namespace {

using namespace typed;

void lower_if(FunctionLowering& f, const If& node) {
  llvm::Value* condition = lower_expr(f, *node.condition);
  f.release_temporaries();
  llvm::BasicBlock* then = f.new_block("if");
  llvm::BasicBlock* join = f.new_block("endif");
  llvm::BasicBlock* otherwise = node.otherwise.empty() ? join : f.new_block("else");
  f.b.CreateCondBr(condition, then, otherwise);
  f.start_block(then);
  lower_block(f, node.body);
  f.jump(join);
  if (!node.otherwise.empty()) {
    f.start_block(otherwise);
    lower_block(f, node.otherwise);
    f.jump(join);
  }
  f.start_block(join);
}

void lower_return(FunctionLowering& f, const Return& node) {
  llvm::Value* value = node.value ? lower_owned(f, *node.value) : f.none();
  f.release_temporaries();
  for (std::size_t i = f.leave_actions.size(); i-- > 0;) f.leave_actions[i]();
  f.return_value(value);
}

void lower_assign_global(FunctionLowering& f, const AssignGlobal& node) {
  const Type& type = node.value->type;
  llvm::Value* value = lower_owned(f, *node.value);
  llvm::Value* base = f.b.CreateLoad(f.m.ptr(), f.context_field(offsetof(kjit_context, globals)));
  llvm::Value* place = f.b.CreateStructGEP(f.m.globals_type(), base, 2 * node.global);
  llvm::Value* old = type.is_managed() ? f.load(place, type) : nullptr;
  f.store(value, place, type);
  f.b.CreateStore(f.b.getInt8(1), f.b.CreateStructGEP(f.m.globals_type(), base, 2 * node.global + 1));
  if (old) f.release(old, type);
}

void lower_store_element(FunctionLowering& f, const Stmt& stmt, const StoreElement& node) {
  llvm::Value* value = lower_expr(f, *node.value);
  f.locate(stmt.span);
  llvm::Value* address = element_address(f, {node.id, node.array.get(), &node.indices, &node.in_bounds, stmt.site});
  if (f.m.plans.is_atomic(node.id)) return lower_atomic_store(f, value, address, node.value->type);
  f.store(value, address, node.value->type);
}

void lower_update_element(FunctionLowering& f, const Stmt& stmt, const UpdateElement& node) {
  if (f.m.plans.is_atomic(node.id) && !f.private_updates.contains(node.id)) return lower_atomic_update(f, stmt, node);
  Type dtype = node.array->type.dtype();
  llvm::Value* address = element_address(f, {node.id, node.array.get(), &node.indices, &node.in_bounds, stmt.site});
  llvm::Value* old = f.load(address, dtype);
  llvm::Value* value = lower_expr(f, *node.value);
  f.locate(stmt.span);
  llvm::Value* lhs = convert_value(f, old, dtype, node.value->type, stmt.site);
  llvm::Value* result = lower_binary_values(f, node.op, lhs, value, {stmt.site, node.value->type, node.result});
  f.store(convert_value(f, result, node.result, dtype, stmt.site), address, dtype);
}

void lower_assign_view(FunctionLowering& f, const Stmt& stmt, const AssignView& node) {
  if (lower_assign_loop(f, stmt, node)) return;
  llvm::Value* value = lower_expr(f, *node.value);
  const Type &from = node.value->type, &to = node.view->type;
  llvm::Value* source = f.spill(value, from);
  llvm::Value* view = f.spill(lower_expr(f, *node.view), to);
  f.locate(stmt.span);
  llvm::Value* dtype = f.int32(static_cast<int>(to.dtype()) - static_cast<int>(Kind::Bool));
  if (!from.is_array()) {
    f.fail_if_runtime_failed(
        f.call_runtime("kjit_array_fill", {f.ctx, f.b.getInt32(stmt.site), dtype, f.int32(to.rank()), view, source}));
    return;
  }
  f.fail_if_runtime_failed(f.call_runtime(
      "kjit_array_assign", {f.ctx, f.b.getInt32(stmt.site), dtype, f.int32(to.rank()), view, f.int32(from.rank()), source}));
}

struct Dispatch {
  FunctionLowering& f;
  const Stmt& stmt;

  void operator()(const AssignLocal& n) const {
    f.assign_local(n.local, f.locals[n.local].owns ? lower_owned(f, *n.value) : lower_expr(f, *n.value));
  }
  void operator()(const AssignGlobal& n) const { lower_assign_global(f, n); }
  void operator()(const StoreElement& n) const { lower_store_element(f, stmt, n); }
  void operator()(const UpdateElement& n) const { lower_update_element(f, stmt, n); }
  void operator()(const AssignView& n) const { lower_assign_view(f, stmt, n); }
  void operator()(const Evaluate& n) const { lower_expr(f, *n.value); }
  void operator()(const If& n) const { lower_if(f, n); }
  void operator()(const While& n) const { lower_while(f, stmt, n); }
  void operator()(const ForRange& n) const { lower_for(f, stmt, n); }
  void operator()(const Break&) const { f.b.CreateBr(f.loops.back().on_break); }
  void operator()(const Continue&) const { f.b.CreateBr(f.loops.back().on_continue); }
  void operator()(const Return& n) const { lower_return(f, n); }
  void operator()(const Raise& n) const { lower_raise(f, stmt, n); }
  void operator()(const Assert& n) const { lower_assert(f, stmt, n); }
  void operator()(const Print& n) const { lower_print(f, stmt, n); }
};

}  // namespace

void lower_stmt(FunctionLowering& f, const Stmt& stmt) {
  f.locate(stmt.span);
  std::visit(Dispatch{f, stmt}, stmt.node);
  f.release_temporaries();
}

// What follows a return, break or continue is never reached.
void lower_block(FunctionLowering& f, const Block& block) {
  for (const StmtPtr& stmt : block) {
    if (f.terminated()) return;
    lower_stmt(f, *stmt);
  }
}

}  // namespace kjit
