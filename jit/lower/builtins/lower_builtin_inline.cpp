// The INLINE rows of library/builtins.def, which defines them. Entry: lower_inline_builtin.

#include "lower/features.h"
#include "support/assert.h"

namespace kjit {
namespace {

using namespace typed;

struct InlineCall {
  FunctionLowering& f;
  const Expr& expr;
  const BuiltinCall& node;
  std::vector<llvm::Value*> args;

  llvm::IRBuilder<>& b() const { return f.b; }
  const Type& type() const { return node.args[0]->type; }
  llvm::Constant* zero() const { return llvm::Constant::getNullValue(args[0]->getType()); }
  llvm::Value* less(llvm::Value* x, llvm::Value* y) const {
    if (type().is_float()) return b().CreateFCmpOLT(x, y);
    return type().is_signed() ? b().CreateICmpSLT(x, y) : b().CreateICmpULT(x, y);
  }
  llvm::Value* unary(llvm::Intrinsic::ID id) const { return b().CreateUnaryIntrinsic(id, args[0]); }
};

llvm::Value* lower_abs(const InlineCall& c) {
  if (c.type().is_float()) return c.unary(llvm::Intrinsic::fabs);
  if (c.type().is_complex()) {
    const char* name = c.expr.type.is(Kind::F32) ? "hypotf" : "hypot";
    return call_libm(c.f, name, {c.b().CreateExtractValue(c.args[0], 0), c.b().CreateExtractValue(c.args[0], 1)});
  }
  if (!c.type().is_signed()) return c.args[0];
  if (c.f.checked()) {
    auto* minimum = llvm::ConstantInt::get(c.args[0]->getType(), llvm::APInt::getSignedMinValue(bit_width(c.type().kind())));
    c.f.trap_if(c.b().CreateICmpEQ(c.args[0], minimum), KJIT_TRAP_IntegerOverflow, c.expr.site,
                trap_value(c.f, c.args[0], c.type()), c.f.int64(0), c.f.int64(bit_width(c.type().kind())));
  }
  return c.b().CreateBinaryIntrinsic(llvm::Intrinsic::abs, c.args[0], c.b().getFalse());
}

// Python's: the first of equals wins, and a NaN is never better.
llvm::Value* lower_best(const InlineCall& c, bool least) {
  llvm::Value* best = c.args[0];
  for (std::size_t i = 1; i < c.args.size(); ++i) {
    llvm::Value* better = least ? c.less(c.args[i], best) : c.less(best, c.args[i]);
    best = c.b().CreateSelect(better, c.args[i], best);
  }
  return best;
}

// NumPy's: a NaN wins, the first of two; of equal values (0.0 and -0.0) the second.
llvm::Value* lower_np_best(const InlineCall& c, bool least) {
  llvm::Value *x = c.args[0], *y = c.args[1];
  llvm::Value* keep_first = least ? c.less(x, y) : c.less(y, x);
  if (c.type().is_float()) keep_first = c.b().CreateOr(keep_first, c.b().CreateFCmpUNO(x, x));
  return c.b().CreateSelect(keep_first, x, y);
}

llvm::Value* lower_sign(const InlineCall& c) {
  llvm::Value* x = c.args[0];
  llvm::Type* type = x->getType();
  if (c.type().is_float()) {
    llvm::Value* sign = c.b().CreateSelect(c.less(c.zero(), x), llvm::ConstantFP::get(type, 1.0), c.zero());
    sign = c.b().CreateSelect(c.less(x, c.zero()), llvm::ConstantFP::get(type, -1.0), sign);
    return c.b().CreateSelect(c.b().CreateFCmpUNO(x, x), x, sign);
  }
  llvm::Value* positive = c.b().CreateZExt(c.less(c.zero(), x), type);
  return c.b().CreateSelect(c.less(x, c.zero()), llvm::Constant::getAllOnesValue(type), positive);
}

llvm::Value* lower_sqrt(const InlineCall& c) {
  if (c.node.checked) {
    const ExactFloats exact(c.b());
    c.f.trap_if(c.b().CreateFCmpOLT(c.args[0], c.zero()), KJIT_TRAP_MathDomain, c.expr.site,
                trap_value(c.f, c.args[0], c.type()));
  }
  return c.unary(llvm::Intrinsic::sqrt);
}

llvm::Value* magnitude(const InlineCall& c) {
  if (!c.type().is_signed()) return c.args[0];
  return c.b().CreateBinaryIntrinsic(llvm::Intrinsic::abs, c.args[0], c.b().getFalse());
}

llvm::Value* lower_bit_count(const InlineCall& c) {
  llvm::Value* count = c.b().CreateUnaryIntrinsic(llvm::Intrinsic::ctpop, magnitude(c));
  return c.b().CreateZExtOrTrunc(count, c.f.m.i64());
}

llvm::Value* lower_bit_length(const InlineCall& c) {
  llvm::Value* zeros = c.b().CreateBinaryIntrinsic(llvm::Intrinsic::ctlz, magnitude(c), c.b().getFalse());
  llvm::Value* wide = c.b().CreateZExtOrTrunc(zeros, c.f.m.i64());
  return c.b().CreateSub(c.f.int64(bit_width(c.type().kind())), wide);
}

llvm::Value* lower_conjugate(const InlineCall& c) {
  llvm::Value* im = c.b().CreateExtractValue(c.args[0], 1);
  return c.b().CreateInsertValue(c.args[0], c.b().CreateFNeg(im), 1);
}

llvm::Value* lower_same_buffer(const InlineCall& c) {
  auto& b = c.b();
  llvm::Value* same = b.CreateICmpEQ(array_data(c.f, c.args[0]), array_data(c.f, c.args[1]));
  for (unsigned axis = 0; axis < static_cast<unsigned>(c.type().rank()); ++axis) {
    same = b.CreateAnd(same, b.CreateICmpEQ(array_shape(c.f, c.args[0], axis), array_shape(c.f, c.args[1], axis)));
  }
  return same;
}

llvm::Value* is_nan(llvm::IRBuilder<>& b, llvm::Value* x) { return b.CreateFCmpUNO(x, x); }

llvm::Value* is_infinite(llvm::IRBuilder<>& b, llvm::Value* x) {
  llvm::Value* magnitude = b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, x);
  return b.CreateFCmpOEQ(magnitude, llvm::ConstantFP::getInfinity(x->getType()));
}

// A test of a float, or one that holds of a complex number if it holds of a part.
llvm::Value* of_either_part(const InlineCall& c, llvm::Value* (*test)(llvm::IRBuilder<>&, llvm::Value*)) {
  if (!c.type().is_complex()) return test(c.b(), c.args[0]);
  llvm::Value* of_real = test(c.b(), c.b().CreateExtractValue(c.args[0], 0));
  return c.b().CreateOr(of_real, test(c.b(), c.b().CreateExtractValue(c.args[0], 1)));
}

llvm::Value* lower_is_finite(const InlineCall& c) {
  if (!c.type().is_complex()) return is_finite(c.f, c.args[0]);
  llvm::Value* of_real = is_finite(c.f, c.b().CreateExtractValue(c.args[0], 0));
  return c.b().CreateAnd(of_real, is_finite(c.f, c.b().CreateExtractValue(c.args[0], 1)));
}

}  // namespace

llvm::Value* lower_inline_builtin(FunctionLowering& f, const Expr& expr, const BuiltinCall& node) {
  InlineCall c{f, expr, node, lower_all(f, node.args)};
  f.locate(expr.span);
  switch (node.builtin) {
    case Builtin::Abs: return lower_abs(c);
    case Builtin::Min: return lower_best(c, true);
    case Builtin::Max: return lower_best(c, false);
    case Builtin::Minimum: return lower_np_best(c, true);
    case Builtin::Maximum: return lower_np_best(c, false);
    case Builtin::Sign: return lower_sign(c);
    case Builtin::Floor: return c.unary(llvm::Intrinsic::floor);
    case Builtin::Ceil: return c.unary(llvm::Intrinsic::ceil);
    case Builtin::Trunc: return c.unary(llvm::Intrinsic::trunc);
    case Builtin::Rint: return c.unary(llvm::Intrinsic::rint);
    case Builtin::Fabs: return c.unary(llvm::Intrinsic::fabs);
    case Builtin::Copysign: return f.b.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, c.args[0], c.args[1]);
    case Builtin::IsNan: return of_either_part(c, is_nan);
    case Builtin::IsInf: return of_either_part(c, is_infinite);
    case Builtin::IsFinite: return lower_is_finite(c);
    case Builtin::Sqrt: return lower_sqrt(c);
    case Builtin::BitCount: return lower_bit_count(c);
    case Builtin::BitLength: return lower_bit_length(c);
    case Builtin::ViewBits: return f.b.CreateBitCast(c.args[0], f.m.scalar_type(expr.type.kind()));
    case Builtin::Real: return f.b.CreateExtractValue(c.args[0], 0);
    case Builtin::Imag: return f.b.CreateExtractValue(c.args[0], 1);
    case Builtin::Conjugate: return lower_conjugate(c);
    case Builtin::MakeComplex: return make_complex(f, c.args[0], c.args[1]);
    case Builtin::SameBuffer: return lower_same_buffer(c);
    case Builtin::AtomicAdd:
    case Builtin::AtomicMin:
    case Builtin::AtomicMax: return lower_atomic_builtin(f, expr, node, c.args);
    default: KJIT_UNREACHABLE("an INLINE row without code");
  }
}

}  // namespace kjit
