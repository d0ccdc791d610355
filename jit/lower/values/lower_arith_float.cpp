// Floating-point arithmetic as typed::Binary states it. Entry: lower_float_binary. IEEE, never contracted unless the function
// asked for it.

#include "lower/features.h"
#include "support/assert.h"

namespace kjit {
namespace {

using typed::BinaryOp;

void trap_zero_divisor(FunctionLowering& f, llvm::Value* divisor, int code, const OpContext& at) {
  if (f.quiet_division()) return;
  const ExactFloats exact(f.b);
  f.trap_if(f.b.CreateFCmpOEQ(divisor, llvm::ConstantFP::getZero(divisor->getType())), code, at.site);
}

llvm::Value* copysign(FunctionLowering& f, llvm::Value* magnitude, llvm::Value* sign) {
  return f.b.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, magnitude, sign);
}

llvm::Value* unlike_signs(FunctionLowering& f, llvm::Value* x, llvm::Value* y) {
  llvm::Constant* zero = llvm::ConstantFP::getZero(x->getType());
  return f.b.CreateXor(f.b.CreateFCmpOLT(x, zero), f.b.CreateFCmpOLT(y, zero));
}

// The steps of CPython's float_rem: C's fmod, moved to the side of the divisor; a zero takes the divisor's sign.
struct Remainder {
  llvm::Value* c_rem;    // fmod(lhs, rhs)
  llvm::Value* nonzero;  // or NaN
  llvm::Value* adjust;   // signs differ
  llvm::Value* floored;  // Python's lhs % rhs
};

Remainder float_remainder(FunctionLowering& f, llvm::Value* lhs, llvm::Value* rhs) {
  llvm::Constant* zero = llvm::ConstantFP::getZero(lhs->getType());
  Remainder r;
  r.c_rem = call_libm(f, lhs->getType()->isDoubleTy() ? "fmod" : "fmodf", {lhs, rhs});
  r.nonzero = f.b.CreateFCmpUNE(r.c_rem, zero);
  r.adjust = f.b.CreateAnd(r.nonzero, unlike_signs(f, rhs, r.c_rem));
  llvm::Value* moved = f.b.CreateSelect(r.adjust, f.b.CreateFAdd(r.c_rem, rhs), r.c_rem);
  r.floored = f.b.CreateSelect(r.nonzero, moved, copysign(f, zero, rhs));
  return r;
}

// CPython's float_floor_div.
llvm::Value* float_floordiv(FunctionLowering& f, llvm::Value* lhs, llvm::Value* rhs) {
  llvm::Type* type = lhs->getType();
  llvm::Constant *zero = llvm::ConstantFP::getZero(type), *one = llvm::ConstantFP::get(type, 1.0),
                 *half = llvm::ConstantFP::get(type, 0.5);
  Remainder r = float_remainder(f, lhs, rhs);
  llvm::Value* quotient = f.b.CreateFDiv(f.b.CreateFSub(lhs, r.c_rem), rhs);
  quotient = f.b.CreateSelect(r.adjust, f.b.CreateFSub(quotient, one), quotient);
  llvm::Value* floored = f.b.CreateUnaryIntrinsic(llvm::Intrinsic::floor, quotient);
  llvm::Value* low = f.b.CreateFCmpOGT(f.b.CreateFSub(quotient, floored), half);
  floored = f.b.CreateSelect(low, f.b.CreateFAdd(floored, one), floored);
  llvm::Value* signed_zero = copysign(f, zero, f.b.CreateFDiv(lhs, rhs));
  llvm::Value* result = f.b.CreateSelect(f.b.CreateFCmpUNE(quotient, zero), floored, signed_zero);
  if (!f.quiet_division()) return result;
  return f.b.CreateSelect(f.b.CreateFCmpOEQ(rhs, zero), f.b.CreateFDiv(lhs, rhs), result);
}

}  // namespace

llvm::Value* is_finite(FunctionLowering& f, llvm::Value* value) {
  llvm::Value* magnitude = f.b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, value);
  return f.b.CreateFCmpOLT(magnitude, llvm::ConstantFP::getInfinity(value->getType()));
}

llvm::Value* lower_float_binary(FunctionLowering& f, BinaryOp op, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at) {
  switch (op) {
    case BinaryOp::Add: return f.b.CreateFAdd(lhs, rhs);
    case BinaryOp::Sub: return f.b.CreateFSub(lhs, rhs);
    case BinaryOp::Mul: return f.b.CreateFMul(lhs, rhs);
    case BinaryOp::TrueDiv: trap_zero_divisor(f, rhs, KJIT_TRAP_FloatDivisionByZero, at); return f.b.CreateFDiv(lhs, rhs);
    case BinaryOp::FloorDiv: trap_zero_divisor(f, rhs, KJIT_TRAP_FloatDivisionByZero, at); return float_floordiv(f, lhs, rhs);
    case BinaryOp::Mod: trap_zero_divisor(f, rhs, KJIT_TRAP_FloatModuloByZero, at); return float_remainder(f, lhs, rhs).floored;
    case BinaryOp::Pow: return lower_float_power(f, lhs, rhs, at);
    default: KJIT_UNREACHABLE("no such operator on floats");
  }
}

}  // namespace kjit
