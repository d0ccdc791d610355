// Integer arithmetic as typed::Binary states it. Entry: lower_int_binary. No instruction here can be undefined: divisors are made
// safe, shift counts are compared with the width.

#include "lower/features.h"
#include "support/assert.h"

namespace kjit {
namespace {

using typed::BinaryOp;

struct IntOp {
  FunctionLowering& f;
  llvm::Value* lhs;
  llvm::Value* rhs;
  const OpContext& at;

  llvm::IRBuilder<>& b() const { return f.b; }
  bool is_signed() const { return at.type.is_signed(); }
  llvm::Type* type() const { return lhs->getType(); }
  unsigned width() const { return type()->getIntegerBitWidth(); }
  llvm::Constant* constant(std::int64_t value) const { return llvm::ConstantInt::getSigned(type(), value); }
  llvm::Constant* minimum() const { return llvm::ConstantInt::get(type(), llvm::APInt::getSignedMinValue(width())); }

  void trap_overflow(llvm::Value* overflows) const {
    f.trap_if(overflows, KJIT_TRAP_IntegerOverflow, at.site, trap_value(f, lhs, at.type), trap_value(f, rhs, at.type),
              f.int64(width()));
  }
};

llvm::Intrinsic::ID overflow_intrinsic(BinaryOp op, bool is_signed) {
  switch (op) {
    case BinaryOp::Add: return is_signed ? llvm::Intrinsic::sadd_with_overflow : llvm::Intrinsic::uadd_with_overflow;
    case BinaryOp::Sub: return is_signed ? llvm::Intrinsic::ssub_with_overflow : llvm::Intrinsic::usub_with_overflow;
    default: return is_signed ? llvm::Intrinsic::smul_with_overflow : llvm::Intrinsic::umul_with_overflow;
  }
}

llvm::Value* lower_wrapping(const IntOp& o, BinaryOp op) {
  switch (op) {
    case BinaryOp::Add: return o.b().CreateAdd(o.lhs, o.rhs);
    case BinaryOp::Sub: return o.b().CreateSub(o.lhs, o.rhs);
    default: return o.b().CreateMul(o.lhs, o.rhs);
  }
}

llvm::Value* lower_add_sub_mul(const IntOp& o, BinaryOp op) {
  if (!o.f.checked()) return lower_wrapping(o, op);
  llvm::Value* pair = o.b().CreateBinaryIntrinsic(overflow_intrinsic(op, o.is_signed()), o.lhs, o.rhs);
  o.trap_overflow(o.b().CreateExtractValue(pair, 1));
  return o.b().CreateExtractValue(pair, 0);
}

// ---- division ------------------------------------------------------------------------------------------------------------

// Traps on 0. minimum // -1 would fault in hardware: dividing by 1 instead gives the wrapped result, minimum, and remainder 0.
llvm::Value* safe_divisor(const IntOp& o) {
  llvm::Value* zero = o.b().CreateICmpEQ(o.rhs, o.constant(0));
  o.f.trap_if(zero, KJIT_TRAP_IntDivisionByZero, o.at.site, trap_value(o.f, o.lhs, o.at.type));
  if (!o.is_signed()) return o.rhs;
  llvm::Value* minus_one = o.b().CreateICmpEQ(o.rhs, o.constant(-1));
  llvm::Value* overflows = o.b().CreateAnd(o.b().CreateICmpEQ(o.lhs, o.minimum()), minus_one);
  return o.b().CreateSelect(overflows, o.constant(1), o.rhs);
}

// C truncates; the quotient of unlike signs with a remainder is one too large.
llvm::Value* needs_floor(const IntOp& o, llvm::Value* remainder, llvm::Value* divisor) {
  llvm::Value* inexact = o.b().CreateICmpNE(remainder, o.constant(0));
  llvm::Value* unlike = o.b().CreateICmpSLT(o.b().CreateXor(remainder, divisor), o.constant(0));
  return o.b().CreateAnd(inexact, unlike);
}

// For a divisor 2**k the floor is what a shift or a mask does, for any sign of the dividend.
const llvm::APInt* power_of_two(const IntOp& o) {
  auto* divisor = llvm::dyn_cast<llvm::ConstantInt>(o.rhs);
  if (!divisor || !divisor->getValue().isPowerOf2()) return nullptr;
  return o.is_signed() && divisor->isNegative() ? nullptr : &divisor->getValue();
}

void check_division_overflow(const IntOp& o) {
  if (!o.f.checked() || !o.is_signed()) return;
  llvm::Value* minus_one = o.b().CreateICmpEQ(o.rhs, o.constant(-1));
  o.trap_overflow(o.b().CreateAnd(o.b().CreateICmpEQ(o.lhs, o.minimum()), minus_one));
}

llvm::Value* lower_floordiv(const IntOp& o) {
  if (const llvm::APInt* power = power_of_two(o)) {
    auto* shift = llvm::ConstantInt::get(o.type(), power->logBase2());
    return o.is_signed() ? o.b().CreateAShr(o.lhs, shift) : o.b().CreateLShr(o.lhs, shift);
  }
  llvm::Value* divisor = safe_divisor(o);
  if (!o.is_signed()) return o.b().CreateUDiv(o.lhs, divisor);
  check_division_overflow(o);
  llvm::Value* quotient = o.b().CreateSDiv(o.lhs, divisor);
  llvm::Value* remainder = o.b().CreateSRem(o.lhs, divisor);
  llvm::Value* adjust = needs_floor(o, remainder, divisor);
  return o.b().CreateAdd(quotient, o.b().CreateSExt(adjust, o.type()));
}

llvm::Value* floored_remainder(const IntOp& o, llvm::Value* divisor) {
  llvm::Value* remainder = o.b().CreateSRem(o.lhs, divisor);
  llvm::Value* adjust = needs_floor(o, remainder, divisor);
  return o.b().CreateAdd(remainder, o.b().CreateSelect(adjust, divisor, o.constant(0)));
}

// A division takes as long as all else in a loop over neighbours: only those at the edge divide.
llvm::Value* remainder_of_neighbour(const IntOp& o, llvm::Value* divisor) {
  FunctionLowering& f = o.f;
  llvm::BasicBlock* divide = f.new_block("divide");
  llvm::BasicBlock* next = f.new_block("divided");
  llvm::BasicBlock* first = o.b().GetInsertBlock();
  llvm::Value* is_remainder = o.b().CreateAnd(o.b().CreateICmpULT(o.lhs, divisor), o.b().CreateICmpSGT(divisor, o.constant(0)));
  f.branch_unlikely(o.b().CreateNot(is_remainder), divide, next);
  f.start_block(divide);
  llvm::Value* divided = floored_remainder(o, divisor);
  o.b().CreateBr(next);
  f.start_block(next);
  llvm::PHINode* remainder = o.b().CreatePHI(o.type(), 2);
  remainder->addIncoming(o.lhs, first);
  remainder->addIncoming(divided, divide);
  return remainder;
}

llvm::Value* lower_mod(const IntOp& o) {
  if (const llvm::APInt* power = power_of_two(o)) return o.b().CreateAnd(o.lhs, llvm::ConstantInt::get(o.type(), *power - 1));
  llvm::Value* divisor = safe_divisor(o);
  if (!o.is_signed()) return o.b().CreateURem(o.lhs, divisor);
  const bool is_quick = llvm::isa<llvm::ConstantInt>(o.rhs);  // a product
  return o.at.usually_in_range && !is_quick ? remainder_of_neighbour(o, divisor) : floored_remainder(o, divisor);
}

// Both operands up to 2**53 convert exactly and IEEE division rounds once; beyond that the runtime does it.
llvm::Value* lower_truediv(const IntOp& o) {
  FunctionLowering& f = o.f;
  if (!f.quiet_division()) {
    f.trap_if(o.b().CreateICmpEQ(o.rhs, o.constant(0)), KJIT_TRAP_IntDivisionByZero, o.at.site, trap_value(f, o.lhs, o.at.type));
  }
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  auto small = [&](llvm::Value* v) -> llvm::Value* {
    if (!o.is_signed()) return o.b().CreateICmpULE(v, f.int64(kExact));
    return o.b().CreateICmpULE(o.b().CreateAdd(v, f.int64(kExact)), f.int64(2 * kExact));
  };
  auto to_float = [&](llvm::Value* v) {
    return o.is_signed() ? o.b().CreateSIToFP(v, f.m.f64()) : o.b().CreateUIToFP(v, f.m.f64());
  };
  llvm::AllocaInst* result = f.entry_alloca(f.m.f64());
  o.b().CreateStore(o.b().CreateFDiv(to_float(o.lhs), to_float(o.rhs)), result);
  llvm::Value* zero_divisor = o.b().CreateICmpEQ(o.rhs, o.constant(0));
  llvm::Value* exact = o.b().CreateOr(zero_divisor, o.b().CreateAnd(small(o.lhs), small(o.rhs)));
  llvm::BasicBlock* large = f.new_block("truediv_large");
  llvm::BasicBlock* next = f.new_block("truediv_done");
  f.branch_unlikely(o.b().CreateNot(exact), large, next);
  f.start_block(large);
  o.b().CreateStore(f.call_runtime(o.is_signed() ? "kjit_i64_truediv" : "kjit_u64_truediv", {o.lhs, o.rhs}), result);
  o.b().CreateBr(next);
  f.start_block(next);
  return o.b().CreateLoad(f.m.f64(), result);
}

// ---- shifts --------------------------------------------------------------------------------------------------------------

llvm::Value* lower_shift(const IntOp& o, BinaryOp op) {
  FunctionLowering& f = o.f;
  if (o.is_signed()) {
    f.trap_if(o.b().CreateICmpSLT(o.rhs, o.constant(0)), KJIT_TRAP_NegativeShift, o.at.site, trap_value(f, o.rhs, o.at.type));
  }
  llvm::Value* too_far = o.b().CreateICmpUGE(o.rhs, o.constant(o.width()));
  if (op == BinaryOp::Shr && o.is_signed()) {
    return o.b().CreateAShr(o.lhs, o.b().CreateSelect(too_far, o.constant(o.width() - 1), o.rhs));
  }
  llvm::Value* count = o.b().CreateSelect(too_far, o.constant(0), o.rhs);
  llvm::Value* shifted = op == BinaryOp::Shl ? o.b().CreateShl(o.lhs, count) : o.b().CreateLShr(o.lhs, count);
  llvm::Value* result = o.b().CreateSelect(too_far, o.constant(0), shifted);
  if (op == BinaryOp::Shl && f.checked()) {
    llvm::Value* back = o.is_signed() ? o.b().CreateAShr(shifted, count) : o.b().CreateLShr(shifted, count);
    llvm::Value* kept = o.b().CreateSelect(too_far, o.b().CreateICmpEQ(o.lhs, o.constant(0)), o.b().CreateICmpEQ(back, o.lhs));
    o.trap_overflow(o.b().CreateNot(kept));
  }
  return result;
}

// ---- powers --------------------------------------------------------------------------------------------------------------

llvm::Value* multiply_checked(const IntOp& o, llvm::Value* x, llvm::Value* y) {
  if (!o.f.checked()) return o.b().CreateMul(x, y);
  llvm::Value* pair = o.b().CreateBinaryIntrinsic(overflow_intrinsic(BinaryOp::Mul, o.is_signed()), x, y);
  o.trap_overflow(o.b().CreateExtractValue(pair, 1));
  return o.b().CreateExtractValue(pair, 0);
}

// A known exponent: the multiplications themselves.
llvm::Value* lower_constant_pow(const IntOp& o, std::uint64_t exponent) {
  llvm::Value* result = nullptr;
  llvm::Value* square = o.lhs;
  for (; exponent; exponent >>= 1) {
    if (exponent & 1) result = result ? multiply_checked(o, result, square) : square;
    if (exponent > 1) square = multiply_checked(o, square, square);
  }
  return result ? result : o.constant(1);
}

// Squaring stops before the last, unneeded square, so that every product belongs to the result: an overflow of any is one of the
// result.
llvm::Value* lower_pow(const IntOp& o) {
  FunctionLowering& f = o.f;
  if (auto* known = llvm::dyn_cast<llvm::ConstantInt>(o.rhs); known && known->getValue().ule(64)) {
    return lower_constant_pow(o, known->getZExtValue());
  }
  if (o.is_signed()) {
    f.trap_if(o.b().CreateICmpSLT(o.rhs, o.constant(0)), KJIT_TRAP_NegativeIntegerExponent, o.at.site,
              trap_value(f, o.lhs, o.at.type), trap_value(f, o.rhs, o.at.type));
  }
  llvm::AllocaInst* result = f.entry_alloca(o.type());
  llvm::AllocaInst* square = f.entry_alloca(o.type());
  llvm::AllocaInst* rest = f.entry_alloca(o.type());
  o.b().CreateStore(o.constant(1), result);
  o.b().CreateStore(o.lhs, square);
  o.b().CreateStore(o.rhs, rest);
  llvm::BasicBlock *test = f.new_block("pow_test"), *odd = f.new_block("pow_odd"), *next = f.new_block("pow_next"),
                   *again = f.new_block("pow_square"), *done = f.new_block("pow_done");
  auto read = [&](llvm::AllocaInst* slot) { return o.b().CreateLoad(o.type(), slot); };
  o.b().CreateBr(test);
  f.start_block(test);
  o.b().CreateCondBr(o.b().CreateTrunc(read(rest), f.m.i1()), odd, next);
  f.start_block(odd);
  o.b().CreateStore(multiply_checked(o, read(result), read(square)), result);
  o.b().CreateBr(next);
  f.start_block(next);
  o.b().CreateStore(o.b().CreateLShr(read(rest), o.constant(1)), rest);
  o.b().CreateCondBr(o.b().CreateICmpEQ(read(rest), o.constant(0)), done, again);
  f.start_block(again);
  o.b().CreateStore(multiply_checked(o, read(square), read(square)), square);
  o.b().CreateBr(test);
  f.start_block(done);
  return read(result);
}

}  // namespace

llvm::Value* lower_int_binary(FunctionLowering& f, BinaryOp op, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at) {
  IntOp o{f, lhs, rhs, at};
  switch (op) {
    case BinaryOp::Add:
    case BinaryOp::Sub:
    case BinaryOp::Mul: return lower_add_sub_mul(o, op);
    case BinaryOp::TrueDiv: return lower_truediv(o);
    case BinaryOp::FloorDiv: return lower_floordiv(o);
    case BinaryOp::Mod: return lower_mod(o);
    case BinaryOp::Pow: return lower_pow(o);
    case BinaryOp::Shl:
    case BinaryOp::Shr: return lower_shift(o, op);
    case BinaryOp::BitAnd: return f.b.CreateAnd(lhs, rhs);
    case BinaryOp::BitOr: return f.b.CreateOr(lhs, rhs);
    case BinaryOp::BitXor: return f.b.CreateXor(lhs, rhs);
  }
  KJIT_UNREACHABLE("no such operator");
}

namespace {

// Is the quotient of two integers in [0, 2**53) a whole number? In double precision it is one exactly when it is: a quotient that
// is not whole is at least 1/divisor away from the next whole number, and rounding moves it by less, quotient * 2**-53 <
// 1/divisor.
llvm::Value* has_whole_quotient(FunctionLowering& f, llvm::Value* lhs, llvm::Value* divisor) {
  llvm::IRBuilder<>::FastMathFlagGuard exact(f.b);
  f.b.clearFastMathFlags();
  llvm::Value* quotient = f.b.CreateFDiv(f.b.CreateSIToFP(lhs, f.m.f64()), f.b.CreateSIToFP(divisor, f.m.f64()));
  return f.b.CreateFCmpOEQ(quotient, f.b.CreateUnaryIntrinsic(llvm::Intrinsic::trunc, quotient));
}

// Processors divide doubles faster than 64-bit integers. The others are too large for that, or negative.
llvm::Value* divides_by_parts(FunctionLowering& f, llvm::Value* lhs, llvm::Value* divisor) {
  constexpr std::uint64_t exact_bits = 53;
  llvm::AllocaInst* result = f.entry_alloca(f.m.i1());
  llvm::BasicBlock *small = f.new_block("small"), *large = f.new_block("large"), *join = f.new_block("join");
  llvm::Value* rest = f.b.CreateLShr(f.b.CreateOr(lhs, divisor), exact_bits);
  f.branch_unlikely(f.b.CreateICmpNE(rest, f.int64(0)), large, small);
  f.start_block(small);
  f.b.CreateStore(has_whole_quotient(f, lhs, divisor), result);
  f.b.CreateBr(join);
  f.start_block(large);
  f.b.CreateStore(f.b.CreateICmpEQ(f.b.CreateSRem(lhs, divisor), f.int64(0)), result);
  f.b.CreateBr(join);
  f.start_block(join);
  return f.b.CreateLoad(f.m.i1(), result);
}

}  // namespace

llvm::Value* lower_int_divides(FunctionLowering& f, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at) {
  IntOp o{f, lhs, rhs, at};
  llvm::Constant* zero = llvm::Constant::getNullValue(o.type());
  if (const llvm::APInt* power = power_of_two(o)) {
    return f.b.CreateICmpEQ(f.b.CreateAnd(lhs, llvm::ConstantInt::get(o.type(), *power - 1)), zero);
  }
  llvm::Value* divisor = safe_divisor(o);
  const bool by_parts = at.type.is(Kind::I64) && !llvm::isa<llvm::Constant>(divisor) && f.m.options.opt_level > 0;
  if (by_parts) return divides_by_parts(f, lhs, divisor);
  return f.b.CreateICmpEQ(o.is_signed() ? f.b.CreateSRem(lhs, divisor) : f.b.CreateURem(lhs, divisor), zero);
}

llvm::Value* negate_int_checked(FunctionLowering& f, llvm::Value* value, const Type& type, typed::SiteId site) {
  return lower_int_binary(f, BinaryOp::Sub, llvm::Constant::getNullValue(value->getType()), value, {site, type, type});
}

}  // namespace kjit
