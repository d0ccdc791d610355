// The WRAPPED rows of library/builtins.def: runtime functions with arguments or results of a special form. Entry:
// lower_wrapped_builtin.

#include "lower/features.h"
#include "support/assert.h"

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
    default: KJIT_UNREACHABLE("a WRAPPED row without code");
  }
}

}  // namespace kjit
