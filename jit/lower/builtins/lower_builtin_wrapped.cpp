// The WRAPPED rows of library/builtins.def: runtime functions with arguments or results of a special form. Entry:
// lower_wrapped_builtin.

#include "lower/features.h"
#include "support/assert.h"
#include "typing/tree/foreign_call.h"

namespace kjit {
namespace {

using namespace typed;

struct WrappedCall {
  FunctionLowering& f;
  const Expr& expr;
  const BuiltinCall& node;
  std::vector<llvm::Value*> args;

  std::string_view symbol() const { return builtin_row(node.builtin).symbol; }
  llvm::Value* site() const { return f.b.getInt32(expr.site); }
  llvm::Value* dtype(Kind kind) const { return f.int32(static_cast<int>(kind) - static_cast<int>(Kind::Bool)); }
  llvm::Value* spilled(std::size_t i) const { return f.spill(args[i], node.args[i]->type); }

  llvm::Value* fallible(std::vector<llvm::Value*> rest) const {
    llvm::AllocaInst* out = f.entry_alloca(f.m.memory_type(expr.type));
    rest.insert(rest.begin(), {f.ctx, site()});
    rest.push_back(out);
    f.fail_if_runtime_failed(f.call_runtime(symbol(), std::move(rest)));
    return f.own_temporary(f.load(out, expr.type), expr.type);
  }

  llvm::Value* pair(llvm::Value* first, llvm::Value* second) const {
    llvm::Value* tuple = llvm::PoisonValue::get(f.m.value_type(expr.type));
    return f.b.CreateInsertValue(f.b.CreateInsertValue(tuple, first, 0), second, 1);
  }
};

// double symbol(double, &second)
llvm::Value* lower_split(const WrappedCall& c) {
  llvm::Type* second = c.f.m.scalar_type(c.expr.type.elements()[1].kind());
  llvm::AllocaInst* out = c.f.entry_alloca(second);
  llvm::Value* first = c.f.call_runtime(c.symbol(), {c.args[0], out});
  return c.pair(first, c.f.b.CreateLoad(second, out));
}

llvm::Value* lower_polar(const WrappedCall& c) {
  llvm::Type* real = c.f.m.f64();
  llvm::AllocaInst *modulus = c.f.entry_alloca(real), *phase = c.f.entry_alloca(real);
  c.f.fail_if_runtime_failed(c.f.call_runtime(c.symbol(), {c.f.ctx, c.site(), c.spilled(0), modulus, phase}));
  return c.pair(c.f.b.CreateLoad(real, modulus), c.f.b.CreateLoad(real, phase));
}

// The array is the first argument and, filled, the result.
llvm::Value* lower_fill(const WrappedCall& c) {
  llvm::Value* count = c.f.int64(1);
  for (unsigned axis = 0; axis < static_cast<unsigned>(c.expr.type.rank()); ++axis) {
    count = c.f.b.CreateMul(count, array_shape(c.f, c.args[0], axis));
  }
  std::vector<llvm::Value*> args{c.f.ctx, c.site(), count, array_data(c.f, c.args[0])};
  args.insert(args.end(), c.args.begin() + 1, c.args.end());
  c.f.fail_if_runtime_failed(c.f.call_runtime(c.symbol(), args));
  return c.args[0];
}

// ---- functions that are not kjit's: addresses that the linker gets from the engine, as "kjit." and the function's name ----

std::string foreign_symbol(const WrappedCall& c) {
  const std::string_view name = foreign_name(c.node);
  const auto c_function = c.f.m.options.system_linker ? extern_function(name) : std::nullopt;
  return c_function ? c_function->name : "kjit." + std::string(name);
}

// kjit_call_host(ctx, site, function, args, &result), arguments and result in memory.
llvm::Value* lower_host_call(const WrappedCall& c) {
  FunctionLowering& f = c.f;
  const std::size_t count = c.args.size() - kForeignArguments;
  llvm::AllocaInst* pointers = f.entry_alloca(llvm::ArrayType::get(f.m.ptr(), count + 1));
  for (std::size_t i = 0; i < count; ++i) {
    llvm::Value* place = f.b.CreateConstInBoundsGEP1_64(f.m.ptr(), pointers, i);
    f.b.CreateStore(c.spilled(kForeignArguments + i), place);
  }
  llvm::AllocaInst* out = f.entry_alloca(f.m.memory_type(c.expr.type));
  llvm::Constant* function = f.m.module.getOrInsertGlobal(foreign_symbol(c), f.m.i8());
  f.fail_if_runtime_failed(f.call_runtime(c.symbol(), {f.ctx, c.site(), function, pointers, out}));
  return c.expr.type.is(Kind::None) ? f.none() : f.own_temporary(f.load(out, c.expr.type), c.expr.type);
}

llvm::Value* lower_extern_call(const WrappedCall& c) {
  FunctionLowering& f = c.f;
  std::vector<llvm::Value*> args;
  std::vector<llvm::Type*> types;
  for (std::size_t i = kForeignArguments; i < c.args.size(); ++i) {
    const Type& type = c.node.args[i]->type;
    args.push_back(type.is_array() ? array_data(f, c.args[i]) : f.to_memory(c.args[i], type));
    types.push_back(args.back()->getType());
  }
  const bool gives_nothing = c.expr.type.is(Kind::None);
  llvm::Type* result = gives_nothing ? llvm::Type::getVoidTy(f.m.context) : f.m.memory_type(c.expr.type);
  llvm::CallInst* call =
      f.b.CreateCall(f.m.module.getOrInsertFunction(foreign_symbol(c), llvm::FunctionType::get(result, types, false)), args);
  call->setDoesNotThrow();
  call->addFnAttr(llvm::Attribute::NoBuiltin);  // whatever its name is: the same call with any kind of linking
  for (unsigned i = 0; i < args.size(); ++i) {
    if (const auto widening = c_widening(c.node.args[kForeignArguments + i]->type)) call->addParamAttr(i, *widening);
  }
  return gives_nothing ? f.none() : f.from_memory(call, c.expr.type);
}

}  // namespace

llvm::Value* lower_wrapped_builtin(FunctionLowering& f, const Expr& expr, const BuiltinCall& node) {
  WrappedCall c{f, expr, node, lower_all(f, node.args)};
  f.locate(expr.span);
  switch (node.builtin) {
    case Builtin::Eye: return c.fallible({c.dtype(expr.type.dtype()), c.args[0], c.args[1], c.args[2]});
    case Builtin::Astype: {
      const Type& from = node.args[0]->type;
      return c.fallible({c.dtype(from.dtype()), c.dtype(expr.type.dtype()), f.int32(from.rank()), c.spilled(0)});
    }
    case Builtin::Dot: return c.fallible({c.dtype(expr.type.kind()), c.spilled(0), c.spilled(1)});
    case Builtin::Fsum: return c.fallible({c.spilled(0)});
    case Builtin::Frexp:
    case Builtin::Modf: return lower_split(c);
    case Builtin::CmathPolar: return lower_polar(c);
    case Builtin::FillRandom:
    case Builtin::FillUniform:
    case Builtin::FillGauss:
    case Builtin::FillIntegers: return lower_fill(c);
    case Builtin::CallHost: return lower_host_call(c);
    case Builtin::CallExtern: return lower_extern_call(c);
    default: KJIT_UNREACHABLE("a WRAPPED row without code");
  }
}

}  // namespace kjit
