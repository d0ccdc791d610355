// Complex arithmetic, and the unary operators of all numbers. Entry: lower_complex_binary, lower_unary. Division and powers are
// CPython's algorithms, in the runtime, on complex128.

#include "lower/features.h"
#include "support/assert.h"

namespace kjit {
namespace {

using typed::BinaryOp;

struct Parts {
  llvm::Value* re;
  llvm::Value* im;
};

Parts parts(FunctionLowering& f, llvm::Value* z) { return {f.b.CreateExtractValue(z, 0), f.b.CreateExtractValue(z, 1)}; }

llvm::Value* multiply(FunctionLowering& f, Parts x, Parts y) {
  llvm::Value* re = f.b.CreateFSub(f.b.CreateFMul(x.re, y.re), f.b.CreateFMul(x.im, y.im));
  llvm::Value* im = f.b.CreateFAdd(f.b.CreateFMul(x.re, y.im), f.b.CreateFMul(x.im, y.re));
  return make_complex(f, re, im);
}

llvm::Value* call_runtime_operator(FunctionLowering& f, std::string_view name, llvm::Value* lhs, llvm::Value* rhs,
                                   const OpContext& at) {
  llvm::Value* left = f.spill(convert_value(f, lhs, at.type, Kind::C128, at.site), Kind::C128);
  llvm::Value* right = f.spill(convert_value(f, rhs, at.type, Kind::C128, at.site), Kind::C128);
  llvm::AllocaInst* out = f.entry_alloca(f.m.scalar_type(Kind::C128));
  f.fail_if_runtime_failed(f.call_runtime(name, {f.ctx, f.b.getInt32(at.site), left, right, out}));
  return convert_value(f, f.load(out, Kind::C128), Kind::C128, at.type, at.site);
}

// Smith's method as CPython's _Py_c_quot has it: divides by the larger part of the divisor first, so that nothing overflows
// early.
llvm::Value* divide(FunctionLowering& f, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at) {
  auto& b = f.b;
  Parts x = parts(f, lhs), y = parts(f, rhs);
  llvm::Constant* zero = llvm::ConstantFP::getZero(y.re->getType());
  {
    const ExactFloats exact(b);
    f.trap_if(b.CreateAnd(b.CreateFCmpOEQ(y.re, zero), b.CreateFCmpOEQ(y.im, zero)), KJIT_TRAP_ComplexDivisionByZero, at.site);
  }
  llvm::Value* abs_re = b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, y.re);
  llvm::Value* abs_im = b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, y.im);
  llvm::Value* by_re = b.CreateFCmpOGE(abs_re, abs_im);
  llvm::Value* major = b.CreateSelect(by_re, y.re, y.im);
  llvm::Value* minor = b.CreateSelect(by_re, y.im, y.re);
  llvm::Value* ratio = b.CreateFDiv(minor, major);
  llvm::Value* denominator =
      b.CreateSelect(by_re, b.CreateFAdd(y.re, b.CreateFMul(y.im, ratio)), b.CreateFAdd(b.CreateFMul(y.re, ratio), y.im));
  llvm::Value* re_by_re = b.CreateFAdd(x.re, b.CreateFMul(x.im, ratio));
  llvm::Value* im_by_re = b.CreateFSub(x.im, b.CreateFMul(x.re, ratio));
  llvm::Value* re_by_im = b.CreateFAdd(b.CreateFMul(x.re, ratio), x.im);
  llvm::Value* im_by_im = b.CreateFSub(b.CreateFMul(x.im, ratio), x.re);
  llvm::Value* re = b.CreateFDiv(b.CreateSelect(by_re, re_by_re, re_by_im), denominator);
  llvm::Value* im = b.CreateFDiv(b.CreateSelect(by_re, im_by_re, im_by_im), denominator);
  // A NaN in the divisor makes both comparisons of CPython false: the quotient is NaN, which the arithmetic above may not give.
  llvm::Value* ordered = b.CreateFCmpORD(y.re, y.im);
  llvm::Constant* nan = llvm::ConstantFP::getNaN(y.re->getType());
  return make_complex(f, b.CreateSelect(ordered, re, nan), b.CreateSelect(ordered, im, nan));
}

llvm::Value* negate(FunctionLowering& f, llvm::Value* value, const Type& type, typed::SiteId site) {
  if (type.is_float()) return f.b.CreateFNeg(value);
  if (type.is_integer()) return negate_int_checked(f, value, type, site);
  Parts z = parts(f, value);
  return make_complex(f, f.b.CreateFNeg(z.re), f.b.CreateFNeg(z.im));
}

}  // namespace

llvm::Value* make_complex(FunctionLowering& f, llvm::Value* re, llvm::Value* im) {
  llvm::Value* pair = llvm::PoisonValue::get(llvm::StructType::get(f.m.context, {re->getType(), im->getType()}));
  return f.b.CreateInsertValue(f.b.CreateInsertValue(pair, re, 0), im, 1);
}

llvm::Value* lower_complex_binary(FunctionLowering& f, BinaryOp op, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at) {
  Parts x = parts(f, lhs), y = parts(f, rhs);
  switch (op) {
    case BinaryOp::Add: return make_complex(f, f.b.CreateFAdd(x.re, y.re), f.b.CreateFAdd(x.im, y.im));
    case BinaryOp::Sub: return make_complex(f, f.b.CreateFSub(x.re, y.re), f.b.CreateFSub(x.im, y.im));
    case BinaryOp::Mul: return multiply(f, x, y);
    case BinaryOp::TrueDiv: return divide(f, lhs, rhs, at);
    case BinaryOp::Pow: return call_runtime_operator(f, "kjit_complex_pow", lhs, rhs, at);
    default: KJIT_UNREACHABLE("no such operator on complex numbers");
  }
}

llvm::Value* lower_unary(FunctionLowering& f, const typed::Expr& expr, const typed::Unary& node) {
  llvm::Value* operand = lower_expr(f, *node.operand);
  f.locate(expr.span);
  switch (node.op) {
    case typed::UnaryOp::Negate: return negate(f, operand, expr.type, expr.site);
    case typed::UnaryOp::Invert:
    case typed::UnaryOp::Not: return f.b.CreateNot(operand);
  }
  KJIT_UNREACHABLE("no such operator");
}

}  // namespace kjit
