// Operators and conversions in the bodies of array loops: NumPy's, which never trap (typed::ArrayLoop). Entry:
// lower_numpy_binary, numpy_float_to_int. Selects instead of branches, so that the loop vectorises.

#include <cmath>

#include "lower/features.h"
#include "support/assert.h"

namespace kjit {
namespace {

using typed::BinaryOp;

llvm::Constant* integer(llvm::Value* like, std::int64_t value) { return llvm::ConstantInt::getSigned(like->getType(), value); }

// Division by 1 instead of 0, and of the least number by 1 instead of -1, where hardware would fault.
llvm::Value* divide_integers(FunctionLowering& f, BinaryOp op, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at) {
  auto& b = f.b;
  llvm::Value* zero = b.CreateICmpEQ(rhs, integer(rhs, 0));
  llvm::Value* divisor = b.CreateSelect(zero, integer(rhs, 1), rhs);
  llvm::Value* result;
  if (!at.type.is_signed()) {
    result = op == BinaryOp::FloorDiv ? b.CreateUDiv(lhs, divisor) : b.CreateURem(lhs, divisor);
  } else {
    auto* least = llvm::ConstantInt::get(lhs->getType(), llvm::APInt::getSignedMinValue(lhs->getType()->getIntegerBitWidth()));
    llvm::Value* overflows = b.CreateAnd(b.CreateICmpEQ(lhs, least), b.CreateICmpEQ(rhs, integer(rhs, -1)));
    divisor = b.CreateSelect(overflows, integer(rhs, 1), divisor);
    llvm::Value* remainder = b.CreateSRem(lhs, divisor);
    llvm::Value* inexact = b.CreateICmpNE(remainder, integer(rhs, 0));
    llvm::Value* adjust = b.CreateAnd(inexact, b.CreateICmpSLT(b.CreateXor(remainder, divisor), integer(rhs, 0)));
    result = op == BinaryOp::FloorDiv ? b.CreateAdd(b.CreateSDiv(lhs, divisor), b.CreateSExt(adjust, lhs->getType()))
                                      : b.CreateAdd(remainder, b.CreateSelect(adjust, divisor, integer(rhs, 0)));
  }
  return b.CreateSelect(zero, integer(lhs, 0), result);
}

llvm::Value* shift(FunctionLowering& f, BinaryOp op, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at) {
  auto& b = f.b;
  const auto width = lhs->getType()->getIntegerBitWidth();
  llvm::Value* outside = b.CreateICmpUGE(rhs, integer(rhs, width));
  if (op == BinaryOp::Shr && at.type.is_signed()) return b.CreateAShr(lhs, b.CreateSelect(outside, integer(rhs, width - 1), rhs));
  llvm::Value* count = b.CreateSelect(outside, integer(rhs, 0), rhs);
  llvm::Value* shifted = op == BinaryOp::Shl ? b.CreateShl(lhs, count) : b.CreateLShr(lhs, count);
  return b.CreateSelect(outside, integer(lhs, 0), shifted);
}

llvm::Value* true_divide(FunctionLowering& f, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at) {
  const auto real = [&](llvm::Value* v) {
    return at.type.is_signed() ? f.b.CreateSIToFP(v, f.m.f64()) : f.b.CreateUIToFP(v, f.m.f64());
  };
  return f.b.CreateFDiv(real(lhs), real(rhs));
}

// The runtime's loop wraps; it is asked in 64 bits, of which the low ones are the result of any width.
llvm::Value* integer_power(FunctionLowering& f, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at) {
  auto& b = f.b;
  if (auto* known = llvm::dyn_cast<llvm::ConstantInt>(rhs); known && known->getValue().ule(64)) {
    return lower_int_binary(f, BinaryOp::Pow, lhs, rhs, at);
  }
  const bool is_signed = at.type.is_signed();
  llvm::Value* exponent = b.CreateIntCast(rhs, f.m.i64(), is_signed);
  llvm::Value* negative = is_signed ? b.CreateICmpSLT(exponent, f.int64(0)) : b.getFalse();
  exponent = b.CreateSelect(negative, f.int64(0), exponent);
  llvm::Value* base = b.CreateIntCast(lhs, f.m.i64(), is_signed);
  llvm::Value* power = f.call_runtime(is_signed ? "kjit_i64_pow" : "kjit_u64_pow", {base, exponent});
  power = b.CreateIntCast(power, lhs->getType(), is_signed);
  return b.CreateSelect(negative, integer(lhs, 0), power);
}

llvm::Value* integers(FunctionLowering& f, BinaryOp op, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at) {
  switch (op) {
    case BinaryOp::FloorDiv:
    case BinaryOp::Mod: return divide_integers(f, op, lhs, rhs, at);
    case BinaryOp::TrueDiv: return true_divide(f, lhs, rhs, at);
    case BinaryOp::Shl:
    case BinaryOp::Shr: return shift(f, op, lhs, rhs, at);
    case BinaryOp::Pow: return integer_power(f, lhs, rhs, at);
    default: return lower_int_binary(f, op, lhs, rhs, at);  // wraps: nothing is checked in a loop's body
  }
}

// Smith's method as NumPy's loop has it: a product with the reciprocal.
llvm::Value* divide_complex(FunctionLowering& f, llvm::Value* x, llvm::Value* y) {
  auto& b = f.b;
  const auto part = [&](llvm::Value* z, unsigned i) { return b.CreateExtractValue(z, i); };
  llvm::Value *xr = part(x, 0), *xi = part(x, 1), *yr = part(y, 0), *yi = part(y, 1);
  llvm::Constant* zero = llvm::ConstantFP::getZero(yr->getType());
  llvm::Value* re = b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, yr);
  llvm::Value* im = b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, yi);
  llvm::Value* by_re = b.CreateFCmpOGE(re, im);
  llvm::Value* none = b.CreateAnd(by_re, b.CreateAnd(b.CreateFCmpOEQ(re, zero), b.CreateFCmpOEQ(im, zero)));
  llvm::Value *major = b.CreateSelect(by_re, yr, yi), *minor = b.CreateSelect(by_re, yi, yr);
  llvm::Value* ratio = b.CreateFDiv(minor, major);
  llvm::Value* scale = b.CreateFDiv(llvm::ConstantFP::get(yr->getType(), 1.0), b.CreateFAdd(major, b.CreateFMul(minor, ratio)));
  llvm::Value* r1 = b.CreateFAdd(xr, b.CreateFMul(xi, ratio));
  llvm::Value* i1 = b.CreateFSub(xi, b.CreateFMul(xr, ratio));
  llvm::Value* r2 = b.CreateFAdd(b.CreateFMul(xr, ratio), xi);
  llvm::Value* i2 = b.CreateFSub(b.CreateFMul(xi, ratio), xr);
  llvm::Value* real = b.CreateFMul(b.CreateSelect(by_re, r1, r2), scale);
  llvm::Value* imaginary = b.CreateFMul(b.CreateSelect(by_re, i1, i2), scale);
  return make_complex(f, b.CreateSelect(none, b.CreateFDiv(xr, re), real), b.CreateSelect(none, b.CreateFDiv(xi, re), imaginary));
}

llvm::Value* remainder_by_zero(FunctionLowering& f, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at) {
  llvm::Value* result = lower_float_binary(f, BinaryOp::Mod, lhs, rhs, at);
  llvm::Constant* nan = llvm::ConstantFP::getNaN(rhs->getType());
  return f.b.CreateSelect(f.b.CreateFCmpOEQ(rhs, llvm::ConstantFP::getZero(rhs->getType())), nan, result);
}

}  // namespace

llvm::Value* lower_numpy_binary(FunctionLowering& f, BinaryOp op, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at) {
  if (at.type.is_float()) {
    return op == BinaryOp::Mod ? remainder_by_zero(f, lhs, rhs, at) : lower_float_binary(f, op, lhs, rhs, at);
  }
  if (at.type.is_complex()) {
    return op == BinaryOp::TrueDiv ? divide_complex(f, lhs, rhs) : lower_complex_binary(f, op, lhs, rhs, at);
  }
  return integers(f, op, lhs, rhs, at);
}

// What the processor's conversion to 32 or 64 bits gives: the least value where the number does not fit.
llvm::Value* numpy_float_to_int(FunctionLowering& f, llvm::Value* value, const Type& from, const Type& to) {
  auto& b = f.b;
  llvm::Value* wide = from.is(Kind::F32) ? b.CreateFPExt(value, f.m.f64()) : value;
  const auto real = [&](double x) { return llvm::ConstantFP::get(f.m.f64(), x); };
  const bool long_word = bit_width(to.kind()) == 64 || to.is(Kind::U32);
  llvm::Type* word = long_word ? f.m.i64() : f.m.i32();
  const double limit = long_word ? 0x1p63 : 0x1p31;
  const double low = long_word ? std::nextafter(-limit, -INFINITY) : -limit - 1;
  llvm::Value* fits = b.CreateAnd(b.CreateFCmpOGT(wide, real(low)), b.CreateFCmpOLT(wide, real(limit)));
  llvm::Value* safe = b.CreateSelect(fits, wide, real(-limit));
  llvm::Value* whole = b.CreateFPToSI(safe, word);
  if (to.is(Kind::U64)) {
    llvm::Value* upper = b.CreateAnd(b.CreateFCmpOGE(wide, real(limit)), b.CreateFCmpOLT(wide, real(0x1p64)));
    llvm::Value* large = b.CreateFPToUI(b.CreateSelect(upper, wide, real(limit)), word);
    whole = b.CreateSelect(upper, large, whole);
  }
  return b.CreateIntCast(whole, f.m.scalar_type(to.kind()), true);
}

}  // namespace kjit
