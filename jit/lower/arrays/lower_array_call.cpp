// Calls of runtime/array_functions.def: the arguments as a table of kjit_operand. Entry: lower_array_call.

#include "lower/features.h"
#include "runtime/array_fold.h"
#include "runtime/runtime.h"
#include "support/assert.h"

namespace kjit {

using namespace typed;

namespace {

// Of the functions that can use all threads.
void add_parallel_flag(FunctionLowering& f, std::int64_t function, std::vector<llvm::Value*>& arguments) {
  const auto add = [&](std::size_t k, std::int64_t flag) { arguments[k] = f.b.CreateOr(arguments[k], f.int64(flag)); };
  if (function == KJIT_ARRAY_Fold) add(3, runtime::kFoldParallel);
  if (function == KJIT_ARRAY_MatMul) add(2, KJIT_LOOP_PARALLEL);
}

std::int64_t function_of(const BuiltinCall& node) {
  return std::get<std::int64_t>(std::get<Constant>(node.args.back()->node).value);
}

llvm::Value* call_array_function(FunctionLowering& f, const Expr& expr, const BuiltinCall& node,
                                 const std::vector<llvm::Value*>& values) {
  const auto count = static_cast<unsigned>(values.size()) - 1;
  const auto dtype_of = [&](const Type& type) {
    const Kind kind = type.is_array() ? type.dtype() : type.kind();
    return f.int32(static_cast<int>(kind) - static_cast<int>(Kind::Bool));
  };
  llvm::StructType* row = llvm::StructType::get(f.m.context, {f.m.ptr(), f.m.i32(), f.m.i32()});
  llvm::Type* table = llvm::ArrayType::get(row, count);
  llvm::AllocaInst* arguments = f.entry_alloca(table, "arguments");
  for (unsigned k = 0; k < count; ++k) {
    const Type& type = node.args[k]->type;
    llvm::Value* entry = f.b.CreateConstInBoundsGEP2_32(table, arguments, 0, k);
    f.b.CreateStore(f.spill(values[k], type), f.b.CreateStructGEP(row, entry, 0));
    f.b.CreateStore(f.int32(type.is_array() ? type.rank() : -1), f.b.CreateStructGEP(row, entry, 1));
    f.b.CreateStore(dtype_of(type), f.b.CreateStructGEP(row, entry, 2));
  }
  const bool none = expr.type.is(Kind::None);
  llvm::Value* out =
      none ? static_cast<llvm::Value*>(llvm::ConstantPointerNull::get(f.m.ptr())) : f.entry_alloca(f.m.memory_type(expr.type));
  f.fail_if_runtime_failed(f.call_runtime(
      "kjit_array_call",
      {f.ctx, f.b.getInt32(expr.site), f.int32(static_cast<int>(function_of(node))), arguments, f.int32(static_cast<int>(count)),
       none ? f.int32(-1) : dtype_of(expr.type), f.int32(expr.type.is_array() ? expr.type.rank() : -1), out}));
  return none ? f.none() : f.own_temporary(f.load(out, expr.type), expr.type);
}

// Have the arrays among the arguments different shapes? Null: they have different ranks.
llvm::Value* shapes_differ(FunctionLowering& f, const BuiltinCall& node, const std::vector<llvm::Value*>& values) {
  llvm::Value* differ = f.b.getFalse();
  for (std::size_t k = 1; k < node.args.size() && node.args[k]->type.is_array(); ++k) {
    if (node.args[k]->type.rank() != node.args[0]->type.rank()) return nullptr;
    for (int axis = 0; axis < node.args[0]->type.rank(); ++axis) {
      const auto number = static_cast<unsigned>(axis);
      llvm::Value* unequal = f.b.CreateICmpNE(array_shape(f, values[k], number), array_shape(f, values[0], number));
      differ = f.b.CreateOr(differ, unequal);
    }
  }
  return differ;
}

// Mostly the shapes are equal, and nothing is called.
llvm::Value* lower_comparison_of_shapes(FunctionLowering& f, const Expr& expr, const BuiltinCall& node,
                                        const std::vector<llvm::Value*>& values) {
  llvm::Value* differ = shapes_differ(f, node, values);
  if (!differ) return call_array_function(f, expr, node, values);
  llvm::BasicBlock *compare = f.new_block("broadcast"), *fit = f.new_block("shapes_fit");
  f.branch_unlikely(differ, compare, fit);
  f.start_block(compare);
  call_array_function(f, expr, node, values);
  f.jump(fit);
  f.start_block(fit);
  return f.none();
}

}  // namespace

llvm::Value* lower_array_call(FunctionLowering& f, const Expr& expr, const BuiltinCall& node) {
  if (llvm::Value* sum = lower_loop_sum(f, expr, node)) return sum;
  std::vector<llvm::Value*> values = lower_all(f, node.args);
  f.locate(expr.span);
  if (function_of(node) == KJIT_ARRAY_CheckBroadcast) return lower_comparison_of_shapes(f, expr, node, values);
  if (f.function.options.parallel) add_parallel_flag(f, function_of(node), values);
  return call_array_function(f, expr, node, values);
}

}  // namespace kjit
