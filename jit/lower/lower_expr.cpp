// Expressions: dispatch to the features, and the nodes that need no file of their own. Entry: lower_expr.

#include "analysis/facts/clock.h"
#include "lower/features.h"
#include "lower/lower_clock.h"
#include "support/assert.h"

namespace kjit {
namespace {

using namespace typed;

llvm::Value* lower_read_local(FunctionLowering& f, const Expr& expr, const ReadLocal& node) {
  if (node.check_set) {
    llvm::Value* set = f.b.CreateLoad(f.m.i1(), f.locals[node.local].set_flag);
    f.trap_if(f.b.CreateNot(set), f.function.is_script() ? KJIT_TRAP_UndefinedGlobal : KJIT_TRAP_Unbound, expr.site);
  }
  return f.read_local(node.local);
}

llvm::Value* lower_let(FunctionLowering& f, const Let& node) {
  f.assign_local(node.local, lower_owned(f, *node.value));
  return lower_expr(f, *node.body);
}

// Through a slot instead of a phi, so that LLVM takes aggregates apart in both arms.
llvm::Value* lower_conditional(FunctionLowering& f, const Expr& expr, const Conditional& node) {
  if (f.loop_elements) {  // no arm has effects: without branches the loop vectorises
    llvm::Value* condition = lower_expr(f, *node.condition);
    llvm::Value* then = lower_expr(f, *node.then);
    return f.b.CreateSelect(condition, then, lower_expr(f, *node.otherwise));
  }
  llvm::Type* type = f.m.value_type(expr.type);
  llvm::AllocaInst* result = f.entry_alloca(type);
  llvm::BasicBlock* then = f.new_block("then");
  llvm::BasicBlock* otherwise = f.new_block("else");
  llvm::BasicBlock* join = f.new_block("join");
  f.b.CreateCondBr(lower_expr(f, *node.condition), then, otherwise);
  f.start_block(then);
  f.b.CreateStore(lower_expr(f, *node.then), result);
  f.b.CreateBr(join);
  f.start_block(otherwise);
  f.b.CreateStore(lower_expr(f, *node.otherwise), result);
  f.b.CreateBr(join);
  f.start_block(join);
  return f.b.CreateLoad(type, result);
}

llvm::Value* lower_make_tuple(FunctionLowering& f, const Expr& expr, const MakeTuple& node) {
  llvm::Value* tuple = llvm::PoisonValue::get(f.m.value_type(expr.type));
  std::vector<llvm::Value*> elements = lower_all(f, node.elements);
  for (unsigned i = 0; i < elements.size(); ++i) {
    tuple = f.b.CreateInsertValue(tuple, f.to_memory(elements[i], expr.type.elements()[i]), i);
  }
  return tuple;
}

// Of a variable only the element is loaded: at -O0 nobody takes apart a load of the whole, and comparing two tuples reads each of
// their elements.
llvm::Value* lower_tuple_element(FunctionLowering& f, const Expr& expr, const TupleElement& node) {
  const auto* read = std::get_if<ReadLocal>(&node.tuple->node);
  if (read && !read->check_set) {
    llvm::AllocaInst* place = f.locals[read->local].place;
    return f.load(f.b.CreateStructGEP(place->getAllocatedType(), place, node.index), expr.type);
  }
  llvm::Value* tuple = lower_expr(f, *node.tuple);
  return f.from_memory(f.b.CreateExtractValue(tuple, node.index), expr.type);
}

llvm::Value* lower_tuple_element_dynamic(FunctionLowering& f, const Expr& expr, const TupleElementDynamic& node) {
  llvm::Value* tuple = lower_expr(f, *node.tuple);
  llvm::Value* index = lower_expr(f, *node.index);
  llvm::Value* size = f.int64(static_cast<std::int64_t>(node.tuple->type.elements().size()));
  llvm::Value* negative = f.b.CreateICmpSLT(index, f.int64(0));
  llvm::Value* position = f.b.CreateSelect(negative, f.b.CreateAdd(index, size), index);
  f.trap_if(f.b.CreateICmpUGE(position, size), KJIT_TRAP_TupleIndexOutOfRange, expr.site, index, size);
  llvm::Value* place = f.spill(tuple, node.tuple->type);
  return f.load(f.b.CreateGEP(f.m.memory_type(expr.type), place, position), expr.type);
}

llvm::Value* lower_array_dim(FunctionLowering& f, const ArrayDim& node) {
  return array_shape(f, lower_expr(f, *node.array), node.axis);
}

llvm::Value* lower_convert(FunctionLowering& f, const Expr& expr, const Convert& node) {
  return convert_value(f, lower_expr(f, *node.operand), node.operand->type, expr.type, expr.site);
}

bool is_index_or_number(const Expr& expr) {
  return std::holds_alternative<ReadLocal>(expr.node) || std::holds_alternative<Constant>(expr.node);
}

// The neighbour of an index: i + 1, or i + di.
bool is_neighbour(const Expr& expr) {
  const auto* sum = std::get_if<Binary>(&expr.node);
  if (!sum || (sum->op != BinaryOp::Add && sum->op != BinaryOp::Sub)) return false;
  return is_index_or_number(*sum->lhs) && is_index_or_number(*sum->rhs);
}

llvm::Value* lower_binary(FunctionLowering& f, const Expr& expr, const Binary& node) {
  llvm::Value* lhs = lower_expr(f, *node.lhs);
  llvm::Value* rhs = lower_expr(f, *node.rhs);
  f.locate(expr.span);
  const bool usually_in_range = node.op == BinaryOp::Mod && is_neighbour(*node.lhs);
  return lower_binary_values(f, node.op, lhs, rhs, {expr.site, node.lhs->type, expr.type, usually_in_range});
}

struct Dispatch {
  FunctionLowering& f;
  const Expr& expr;

  llvm::Value* operator()(const Constant& n) const { return lower_constant(f, expr.type, n); }
  llvm::Value* operator()(const ReadLocal& n) const { return lower_read_local(f, expr, n); }
  llvm::Value* operator()(const ReadGlobal& n) const { return lower_read_global(f, expr, n); }
  llvm::Value* operator()(const Let& n) const { return lower_let(f, n); }
  llvm::Value* operator()(const Conditional& n) const { return lower_conditional(f, expr, n); }
  llvm::Value* operator()(const Convert& n) const { return lower_convert(f, expr, n); }
  llvm::Value* operator()(const Unary& n) const { return lower_unary(f, expr, n); }
  llvm::Value* operator()(const Binary& n) const { return lower_binary(f, expr, n); }
  llvm::Value* operator()(const Compare& n) const { return lower_compare(f, expr, n); }
  llvm::Value* operator()(const Call& n) const { return lower_call(f, expr, n); }
  llvm::Value* operator()(const BuiltinCall& n) const {
    return reads_clock(n.builtin) ? lower_clock(f, expr, n) : lower_builtin(f, expr, n);
  }
  llvm::Value* operator()(const MakeTuple& n) const { return lower_make_tuple(f, expr, n); }
  llvm::Value* operator()(const TupleElement& n) const { return lower_tuple_element(f, expr, n); }
  llvm::Value* operator()(const TupleElementDynamic& n) const { return lower_tuple_element_dynamic(f, expr, n); }
  llvm::Value* operator()(const Element& n) const { return lower_element(f, expr, n); }
  llvm::Value* operator()(const View& n) const { return lower_view(f, expr, n); }
  llvm::Value* operator()(const NewArray& n) const { return lower_new_array(f, expr, n); }
  llvm::Value* operator()(const ArrayLiteral& n) const { return lower_array_literal(f, expr, n); }
  llvm::Value* operator()(const ArrayLoop& n) const { return lower_array_loop(f, expr, n); }
  llvm::Value* operator()(const LoopElement& n) const { return (*f.loop_elements)[n.operand]; }
  llvm::Value* operator()(const ArrayDim& n) const { return lower_array_dim(f, n); }
  llvm::Value* operator()(const Format& n) const { return lower_format(f, expr, n); }
};

}  // namespace

llvm::Value* lower_expr(FunctionLowering& f, const Expr& expr) {
  f.locate(expr.span);
  return std::visit(Dispatch{f, expr}, expr.node);
}

llvm::Value* lower_owned(FunctionLowering& f, const Expr& expr) { return f.take(lower_expr(f, expr), expr.type); }

std::vector<llvm::Value*> lower_all(FunctionLowering& f, const std::vector<ExprPtr>& exprs) {
  std::vector<llvm::Value*> values;
  values.reserve(exprs.size());
  for (const ExprPtr& expr : exprs) values.push_back(lower_expr(f, *expr));
  return values;
}

llvm::Value* lower_read_global(FunctionLowering& f, const Expr& expr, const ReadGlobal& node) {
  auto trap_unless = [&](llvm::Value* set) { f.trap_if(f.b.CreateNot(set), KJIT_TRAP_UndefinedGlobal, expr.site); };
  if (auto copy = f.globals_.find(node.global); copy != f.globals_.end()) {
    if (node.check_set) trap_unless(f.b.CreateLoad(f.m.i1(), copy->second.set_flag));
    return f.b.CreateLoad(f.m.value_type(expr.type), copy->second.place);
  }
  llvm::Value* base = f.b.CreateLoad(f.m.ptr(), f.context_field(offsetof(kjit_context, globals)));
  llvm::StructType* type = f.m.globals_type();
  if (node.check_set)
    trap_unless(f.b.CreateTrunc(f.b.CreateLoad(f.m.i8(), f.b.CreateStructGEP(type, base, 2 * node.global + 1)), f.m.i1()));
  return f.load(f.b.CreateStructGEP(type, base, 2 * node.global), expr.type);
}

llvm::Value* lower_binary_values(FunctionLowering& f, BinaryOp op, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at) {
  if (f.loop_elements) return lower_numpy_binary(f, op, lhs, rhs, at);
  if (at.type.is_float()) return lower_float_binary(f, op, lhs, rhs, at);
  if (at.type.is_complex()) return lower_complex_binary(f, op, lhs, rhs, at);
  if (at.type.is(Kind::Str)) {
    llvm::AllocaInst* out = f.entry_alloca(f.m.str_type());
    llvm::Value* left = f.spill(lhs, at.type);
    llvm::Value* right = f.spill(rhs, at.type);
    f.fail_if_runtime_failed(f.call_runtime("kjit_str_concat", {f.ctx, f.b.getInt32(at.site), left, right, out}));
    return f.own_temporary(f.load(out, at.type), at.type);
  }
  return lower_int_binary(f, op, lhs, rhs, at);
}

}  // namespace kjit
