// Builtins: dispatch on the implementation column of library/builtins.def, and the calls of libm and of the runtime. Entry:
// lower_builtin. A new row needs no code here unless it is INLINE (lower_builtin_inline.cpp) or WRAPPED
// (lower_builtin_wrapped.cpp).

#include "analysis/loops/draws.h"
#include "lower/builtins/random_draws.h"
#include "lower/features.h"
#include "support/assert.h"

namespace kjit {
namespace {

using namespace typed;

// ---- libm ----------------------------------------------------------------------------------------------------------------

// CPython's rule: NaN out of numbers is a domain error; infinity out of finite arguments a range error, or a domain error for
// functions whose only infinities are poles. Both leave the finite numbers, which is the one test of the usual path.
void check_math_result(FunctionLowering& f, const std::vector<llvm::Value*>& args, llvm::Value* result, bool overflows,
                       const Expr& expr) {
  const ExactFloats exact(f.b);
  llvm::BasicBlock* suspect = f.new_block("math_special");
  llvm::BasicBlock* next = f.new_block("ok");
  f.branch_unlikely(f.b.CreateNot(is_finite(f, result)), suspect, next);
  f.start_block(suspect);
  llvm::Value* no_nan = f.b.getTrue();
  llvm::Value* all_finite = f.b.getTrue();
  for (llvm::Value* arg : args) {
    no_nan = f.b.CreateAnd(no_nan, f.b.CreateFCmpORD(arg, arg));
    all_finite = f.b.CreateAnd(all_finite, is_finite(f, arg));
  }
  llvm::Value* is_nan = f.b.CreateFCmpUNO(result, result);
  Type type = args[0]->getType()->isFloatTy() ? Kind::F32 : Kind::F64;
  llvm::Value* first = trap_value(f, args[0], type);
  f.trap_if(f.b.CreateAnd(is_nan, no_nan), KJIT_TRAP_MathDomain, expr.site, first);
  llvm::Value* infinite = f.b.CreateAnd(f.b.CreateNot(is_nan), all_finite);
  f.trap_if(infinite, overflows ? KJIT_TRAP_MathRange : KJIT_TRAP_MathDomain, expr.site, first);
  f.b.CreateBr(next);
  f.start_block(next);
}

llvm::Value* lower_libm(FunctionLowering& f, const Expr& expr, const BuiltinCall& node, const BuiltinRow& row) {
  std::vector<llvm::Value*> args = lower_all(f, node.args);
  f.locate(expr.span);
  std::string name(row.symbol);
  if (expr.type.is(Kind::F32)) name += 'f';
  if (!node.checked) return call_libm(f, name, args);
  llvm::Value* result = call_checked_libm(f, name, args);
  check_math_result(f, args, result, row.convention == Convention::LibmOverflow, expr);
  return result;
}

// No `nobuiltin`: LLVM does not know these names, but finds their vector forms, which have the same bits.
llvm::Value* lower_vector_math(FunctionLowering& f, const Expr& expr, const BuiltinCall& node, const BuiltinRow& row) {
  std::vector<llvm::Value*> args = lower_all(f, node.args);
  f.locate(expr.span);
  std::string name(row.symbol);
  if (expr.type.is(Kind::F32)) name += 'f';
  return f.b.CreateCall(f.m.libm(name, args[0]->getType(), static_cast<unsigned>(args.size())), args);
}

// ---- runtime functions ---------------------------------------------------------------------------------------------------

// Pairs arguments with the letters of the row in runtime/symbols.def.
class ArgumentPasser {
 public:
  ArgumentPasser(FunctionLowering& f, std::string_view letters) : f_(f), letters_(letters) {}

  void push(llvm::Value* value) {
    args_.push_back(value);
    ++next_;
  }

  void pass(llvm::Value* value, const Type& type) {
    if (type.is_array()) return pass_array(value, type);
    char letter = next_letter();
    if (letter == 'p') return push(f_.spill(value, type));
    push(adapt(value, type, letter));
  }

  std::vector<llvm::Value*>& args() { return args_; }

 private:
  char next_letter() const {
    KJIT_ASSERT(next_ < letters_.size(), "more arguments than the runtime function takes");
    return letters_[next_];
  }

  // Element type and rank come before the pointer or after it, or not at all where the function fixes them.
  void pass_array(llvm::Value* value, const Type& type) {
    llvm::Value* dtype = f_.int32(static_cast<int>(type.dtype()) - static_cast<int>(Kind::Bool));
    bool described_before = next_letter() == 'i';
    if (described_before) push(dtype);
    if (described_before && next_letter() == 'i') push(f_.int32(type.rank()));
    push(f_.spill(value, type));
    bool described_after = !described_before && letters_.substr(next_, 2) == "ii";
    if (!described_after) return;
    push(dtype);
    push(f_.int32(type.rank()));
  }

  llvm::Value* adapt(llvm::Value* value, const Type& type, char letter) {
    if (type.is_float()) return f_.b.CreateFPCast(value, letter == 'f' ? llvm::Type::getFloatTy(f_.m.context) : f_.m.f64());
    llvm::Type* wanted = letter == 'b' ? f_.m.i8() : letter == 'i' ? f_.m.i32() : f_.m.i64();
    return f_.b.CreateIntCast(value, wanted, type.is_signed());
  }

  FunctionLowering& f_;
  std::string_view letters_;
  std::size_t next_ = 0;
  std::vector<llvm::Value*> args_;
};

llvm::Value* adapt_result(FunctionLowering& f, llvm::Value* result, const Type& type) {
  if (type.is(Kind::None)) return f.none();
  if (type.is(Kind::Bool)) return f.b.CreateICmpNE(result, llvm::Constant::getNullValue(result->getType()));
  if (type.is_float()) return f.b.CreateFPCast(result, f.m.scalar_type(type.kind()));
  return f.b.CreateIntCast(result, f.m.scalar_type(type.kind()), type.is_signed());
}

}  // namespace

llvm::Value* call_libm(FunctionLowering& f, const std::string& name, const std::vector<llvm::Value*>& args) {
  llvm::FunctionCallee callee = f.m.libm(name, args[0]->getType(), static_cast<unsigned>(args.size()));
  llvm::CallInst* call = f.b.CreateCall(callee, args);
  // LLVM knows these names and would replace pow(x, 0.5) or vectorise sin, with other bits; only fastmath allows that.
  if (!f.function.options.fastmath.afn) call->addFnAttr(llvm::Attribute::NoBuiltin);
  return call;
}

llvm::Value* call_checked_libm(FunctionLowering& f, const std::string& name, const std::vector<llvm::Value*>& args) {
  llvm::IRBuilder<>::FastMathFlagGuard guard(f.b);
  llvm::FastMathFlags flags = f.b.getFastMathFlags();
  flags.setNoNaNs(false);
  flags.setNoInfs(false);
  f.b.setFastMathFlags(flags);
  return call_libm(f, name, args);
}

llvm::Value* lower_runtime_builtin(FunctionLowering& f, const Expr& expr, const BuiltinCall& node) {
  std::vector<llvm::Value*> values = lower_all(f, node.args);
  f.locate(expr.span);
  return call_runtime_builtin(f, expr, node, values);
}

llvm::Value* call_runtime_builtin(FunctionLowering& f, const Expr& expr, const BuiltinCall& node,
                                  const std::vector<llvm::Value*>& values) {
  const BuiltinRow& row = builtin_row(node.builtin);
  std::string_view letters = runtime_signature(row.symbol);
  KJIT_ASSERT(!letters.empty(), "builtin without a row in runtime/symbols.def");
  ArgumentPasser passer(f, letters.substr(1));
  if (row.convention != Convention::Pure) passer.push(f.ctx);
  if (row.convention == Convention::Fallible) passer.push(f.b.getInt32(expr.site));
  for (std::size_t i = 0; i < values.size(); ++i) passer.pass(values[i], node.args[i]->type);
  if (row.convention != Convention::Fallible) {
    llvm::Value* result = f.call_runtime(row.symbol, passer.args());
    if (row.convention == Convention::Stoppable) f.poll(expr.site);
    return adapt_result(f, result, expr.type);
  }
  llvm::AllocaInst* out = nullptr;
  if (!expr.type.is(Kind::None)) passer.push(out = f.entry_alloca(f.m.memory_type(expr.type)));
  f.fail_if_runtime_failed(f.call_runtime(row.symbol, passer.args()));
  return out ? f.own_temporary(f.load(out, expr.type), expr.type) : f.none();
}

llvm::Value* lower_builtin(FunctionLowering& f, const Expr& expr, const BuiltinCall& node) {
  const BuiltinRow& row = builtin_row(node.builtin);
  if (is_array_call(node.builtin)) return lower_array_call(f, expr, node);
  if (!f.loops.empty() && f.loops.back().draws && draws_of(node.builtin) > 0) return lower_static_draw(f, expr, node);
  if (node.builtin == Builtin::MathPow) return lower_math_power(f, expr, node);
  switch (row.convention) {
    case Convention::Inline: return lower_inline_builtin(f, expr, node);
    case Convention::Wrapped: return lower_wrapped_builtin(f, expr, node);
    case Convention::Libm:
    case Convention::LibmOverflow: return lower_libm(f, expr, node, row);
    case Convention::Vector: return lower_vector_math(f, expr, node, row);
    case Convention::Pure:
    case Convention::Context:
    case Convention::Stoppable:
    case Convention::Fallible: return lower_runtime_builtin(f, expr, node);
  }
  KJIT_UNREACHABLE("conventions are complete");
}

}  // namespace kjit
