// Array loops. Entry: lower_array_loop, lower_assign_loop.
//
// The body becomes a function of its own, a kernel that computes a dense run of elements (kjit_element_kernel): one small loop
// that LLVM vectorises without tests, as the runtime, which knows shapes and strides, calls it only where no element that is
// still to be read is overwritten. The code around is a call of the runtime.

#include "analysis/arrays/fusion.h"
#include "lower/features.h"
#include "runtime/memory_order.h"
#include "runtime/runtime.h"
#include "support/assert.h"
#include "typing/tree/memory_order.h"
#include "typing/tree/typed_walk.h"

namespace kjit {
namespace {

using namespace typed;

// Operands as the kernel finds them: arrays by number in `at`, scalars by field of a struct.
struct OperandPlace {
  bool is_array;
  unsigned number;
  Type type;  // of the element
};

struct Operands {
  std::vector<OperandPlace> places;
  llvm::StructType* scalars;
  unsigned arrays = 0;
};

Operands place_operands(FunctionLowering& f, const ArrayLoop& node) {
  Operands operands;
  std::vector<llvm::Type*> fields;
  for (const ExprPtr& operand : node.operands) {
    const Type& type = operand->type;
    if (type.is_array()) {
      operands.places.push_back({true, operands.arrays++, type.dtype()});
    } else {
      operands.places.push_back({false, static_cast<unsigned>(fields.size()), type});
      fields.push_back(f.m.memory_type(type));
    }
  }
  operands.scalars = llvm::StructType::get(f.m.context, fields);
  return operands;
}

// ---- the kernel --------------------------------------------------

class KernelBuilder {
 public:
  // `span`: of the expression whose loop it is.
  KernelBuilder(FunctionLowering& caller, Span span, const ArrayLoop& node, const Operands& operands)
      : span_(span), node_(node), operands_(operands), f_(caller.m, caller.function, declare(caller)), b_(f_.b) {}

  llvm::Function* build() {
    f_.subprogram = f_.m.debug_subprogram(f_.function);
    if (f_.subprogram) f_.llvm_function->setSubprogram(f_.subprogram);
    f_.open_frame();
    f_.locate(span_);
    add_hidden_locals();
    load_invariants();
    emit_loop();
    f_.succeed();
    f_.close_frame();
    return f_.llvm_function;
  }

 private:
  static llvm::Function* declare(FunctionLowering& caller) {
    ModuleLowering& m = caller.m;
    auto* type = llvm::FunctionType::get(m.i32(), {m.ptr(), m.ptr(), m.ptr(), m.i64()}, false);
    auto* kernel = llvm::Function::Create(type, llvm::Function::InternalLinkage, caller.function.symbol + ".elements", m.module);
    kernel->setDoesNotThrow();
    return kernel;
  }

  void add_hidden_locals() {
    f_.locals.resize(f_.function.locals.size());
    for_each_expr(*node_.body, [&](const Expr& expr) {
      if (const auto* let = std::get_if<Let>(&expr.node)) {
        f_.locals[let->local].place = f_.entry_alloca(f_.m.value_type(f_.function.locals[let->local].type));
      }
    });
  }

  llvm::Value* stream(unsigned number) {
    llvm::Value* at = f_.llvm_function->getArg(2);
    return b_.CreateLoad(f_.m.ptr(), b_.CreateConstInBoundsGEP1_64(f_.m.ptr(), at, number));
  }

  void load_invariants() {
    for (const OperandPlace& place : operands_.places) {
      llvm::Value* scalars = f_.llvm_function->getArg(1);
      invariants_.push_back(place.is_array ? stream(place.number)
                                           : f_.load(b_.CreateStructGEP(operands_.scalars, scalars, place.number), place.type));
    }
    result_ = stream(operands_.arrays);
  }

  void emit_loop() {
    llvm::BasicBlock *before = b_.GetInsertBlock(), *loop = f_.new_block("elements"), *done = f_.new_block("done");
    b_.CreateBr(loop);
    f_.start_block(loop);
    llvm::PHINode* i = b_.CreatePHI(f_.m.i64(), 2, "i");
    i->addIncoming(f_.int64(0), before);
    llvm::MDNode* group = llvm::MDNode::getDistinct(f_.m.context, {});
    emit_element(i, group);
    llvm::Value* next = b_.CreateAdd(i, f_.int64(1), "", true, true);
    i->addIncoming(next, b_.GetInsertBlock());
    llvm::Instruction* branch = b_.CreateCondBr(b_.CreateICmpNE(next, f_.llvm_function->getArg(3)), loop, done);
    branch->setMetadata(llvm::LLVMContext::MD_loop, independent_iterations(group));
    f_.start_block(done);
  }

  // No iteration touches what another one writes: the runtime makes a copy where that would be so.
  llvm::MDNode* independent_iterations(llvm::MDNode* group) {
    auto& context = f_.m.context;
    llvm::Metadata* parallel[] = {llvm::MDString::get(context, "llvm.loop.parallel_accesses"), group};
    llvm::MDNode* loop = llvm::MDNode::getDistinct(context, {nullptr, llvm::MDNode::get(context, parallel)});
    loop->replaceOperandWith(0, loop);
    return loop;
  }

  llvm::Value* element(llvm::Value* data, const Type& type, llvm::Value* i) {
    return b_.CreateInBoundsGEP(f_.m.element_type(type.kind()), data, i);
  }

  void emit_element(llvm::Value* i, llvm::MDNode* group) {
    std::vector<llvm::Value*> elements;
    for (std::size_t k = 0; k < invariants_.size(); ++k) {
      const OperandPlace& place = operands_.places[k];
      elements.push_back(place.is_array ? f_.load(element(invariants_[k], place.type, i), place.type) : invariants_[k]);
      if (place.is_array) mark(elements.back(), group);
    }
    f_.loop_elements = &elements;
    llvm::Value* value = lower_expr(f_, *node_.body);
    f_.loop_elements = nullptr;
    const Type& type = node_.body->type;
    b_.CreateStore(f_.to_memory(value, type), element(result_, type, i))->setMetadata(llvm::LLVMContext::MD_access_group, group);
  }

  // A bool was loaded as a byte.
  static void mark(llvm::Value* loaded, llvm::MDNode* group) {
    auto* instruction = llvm::cast<llvm::Instruction>(loaded);
    if (!llvm::isa<llvm::LoadInst>(instruction)) instruction = llvm::dyn_cast<llvm::Instruction>(instruction->getOperand(0));
    if (instruction && llvm::isa<llvm::LoadInst>(instruction))
      instruction->setMetadata(llvm::LLVMContext::MD_access_group, group);
  }

  Span span_;
  const ArrayLoop& node_;
  const Operands& operands_;
  FunctionLowering f_;
  llvm::IRBuilder<>& b_;
  std::vector<llvm::Value*> invariants_;  // addresses of arrays, values of scalars
  llvm::Value* result_ = nullptr;
};

// ---- the call ----------------------------------------------------

llvm::Value* dtype_of(FunctionLowering& f, Kind kind) { return f.int32(static_cast<int>(kind) - static_cast<int>(Kind::Bool)); }

// The steps of memory_order() as a constant of the module.
llvm::Constant* order_steps(FunctionLowering& f, const std::vector<std::int16_t>& steps) {
  llvm::Constant* values = llvm::ConstantDataArray::get(f.m.context, steps);
  return new llvm::GlobalVariable(f.m.module, values->getType(), true, llvm::GlobalValue::PrivateLinkage, values);
}

// A table for the message of kjit_broadcast_extents, or null.
llvm::Constant* shape_steps_of(FunctionLowering& f, const ArrayLoop& node, const Operands& operands) {
  if (node.shapes.empty()) return llvm::ConstantPointerNull::get(f.m.ptr());
  std::vector<std::uint32_t> table = {static_cast<std::uint32_t>(node.shapes.size())};
  for (const std::int32_t step : node.shapes) {
    table.push_back(step < 0 ? static_cast<std::uint32_t>(step) : operands.places[static_cast<std::size_t>(step)].number);
  }
  llvm::Constant* data = llvm::ConstantDataArray::get(f.m.context, table);
  auto* global = new llvm::GlobalVariable(f.m.module, data->getType(), true, llvm::GlobalValue::PrivateLinkage, data, "shapes");
  global->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
  return global;
}

// ctx, site, kernel, scalars, operands, their count, shapes, rank, dtype, flags.
std::vector<llvm::Value*> loop_arguments(FunctionLowering& f, const Expr& expr, const ArrayLoop& node,
                                         const std::vector<llvm::Value*>& values) {
  const Operands operands = place_operands(f, node);
  llvm::Function* kernel = KernelBuilder(f, expr.span, node, operands).build();
  llvm::AllocaInst* scalars = f.entry_alloca(operands.scalars, "scalars");
  llvm::StructType* row = llvm::StructType::get(f.m.context, {f.m.ptr(), f.m.i32(), f.m.i32()});
  const bool keeps_order = !expr.type.is_contiguous();
  llvm::Type* table = llvm::ArrayType::get(row, operands.arrays + (keeps_order ? 1 : 0));
  llvm::AllocaInst* arrays = f.entry_alloca(table, "operands");
  for (std::size_t k = 0; k < values.size(); ++k) {
    const OperandPlace& place = operands.places[k];
    if (!place.is_array) {
      f.store(values[k], f.b.CreateStructGEP(operands.scalars, scalars, place.number), place.type);
      continue;
    }
    llvm::Value* entry = f.b.CreateConstInBoundsGEP2_32(table, arrays, 0, place.number);
    f.b.CreateStore(f.spill(values[k], node.operands[k]->type), f.b.CreateStructGEP(row, entry, 0));
    f.b.CreateStore(f.int32(node.operands[k]->type.rank()), f.b.CreateStructGEP(row, entry, 1));
    f.b.CreateStore(dtype_of(f, place.type.kind()), f.b.CreateStructGEP(row, entry, 2));
  }
  int flags = f.function.options.parallel ? KJIT_LOOP_PARALLEL : 0;
  if (keeps_order) {
    flags |= runtime::kLoopKeepOrder;
    const std::vector<std::int16_t> steps = memory_order(node);
    llvm::Value* entry = f.b.CreateConstInBoundsGEP2_32(table, arrays, 0, operands.arrays);
    f.b.CreateStore(order_steps(f, steps), f.b.CreateStructGEP(row, entry, 0));
    f.b.CreateStore(f.int32(static_cast<int>(steps.size())), f.b.CreateStructGEP(row, entry, 1));
  }
  return {f.ctx,
          f.b.getInt32(expr.site),
          kernel,
          scalars,
          arrays,
          f.int32(static_cast<int>(operands.arrays)),
          shape_steps_of(f, node, operands),
          f.int32(expr.type.rank()),
          dtype_of(f, expr.type.dtype()),
          f.int32(flags)};
}

// The target's place is found after the operands: a call in it could change them.
bool has_calls(const Expr& expr) {
  bool found = false;
  for_each_expr(expr, [&](const Expr& part) { found = found || std::holds_alternative<Call>(part.node); });
  return found;
}

}  // namespace

llvm::Value* lower_array_loop(FunctionLowering& f, const Expr& expr, const ArrayLoop& node) {
  const std::vector<llvm::Value*> values = lower_all(f, node.operands);
  f.locate(expr.span);
  std::vector<llvm::Value*> args = loop_arguments(f, expr, node, values);
  llvm::AllocaInst* out = f.entry_alloca(f.m.array_type(expr.type.rank()));
  args.push_back(out);
  f.fail_if_runtime_failed(f.call_runtime("kjit_array_map", args));
  return f.own_temporary(f.load(out, expr.type), expr.type);
}

llvm::Value* lower_loop_sum(FunctionLowering& f, const Expr& expr, const BuiltinCall& node) {
  const auto* loop = is_sum_of_floats(expr) ? std::get_if<ArrayLoop>(&node.args[0]->node) : nullptr;
  if (!loop) return nullptr;
  const std::vector<llvm::Value*> values = lower_all(f, loop->operands);
  f.locate(expr.span);
  std::vector<llvm::Value*> args = loop_arguments(f, *node.args[0], *loop, values);
  llvm::AllocaInst* out = f.entry_alloca(f.m.memory_type(expr.type));
  args.push_back(out);
  f.fail_if_runtime_failed(f.call_runtime("kjit_array_map_sum", args));
  return f.load(out, expr.type);
}

bool lower_assign_loop(FunctionLowering& f, const Stmt& stmt, const AssignView& node) {
  const auto* loop = std::get_if<ArrayLoop>(&node.value->node);
  if (!loop || has_calls(*node.view)) return false;
  const std::vector<llvm::Value*> values = lower_all(f, loop->operands);
  llvm::Value* target = f.spill(lower_expr(f, *node.view), node.view->type);
  f.locate(stmt.span);
  std::vector<llvm::Value*> args = loop_arguments(f, *node.value, *loop, values);
  args.push_back(f.int32(node.view->type.rank()));
  args.push_back(target);
  f.fail_if_runtime_failed(f.call_runtime("kjit_array_map_into", args));
  return true;
}

}  // namespace kjit
