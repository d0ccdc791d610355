// Powers of floats as typed::Binary states them, and math.pow. Entries: lower_float_power, lower_math_power.
//
// x ** y is C's pow, which takes as long as ten multiplications. For a few constant exponents the same bits come from products:
// the power is computed with twice the bits of a double (products with their rounding errors, by fused multiply-adds: Dekker, "A
// floating-point technique for extending the available precision", Numer. Math. 18, 1971), and rounded. What pow returns can
// only differ if the exact power lies so near to the middle of two doubles that pow's own error decides, which the sums of Ziv's
// test find out ("Fast evaluation of elementary mathematical functions with correctly rounded last bit", ACM TOMS 17, 1991): then
// pow is called, for one number in thirty.
//
// pow of glibc and musl (sysdeps/ieee754/dbl-64/e_pow.c) has an error of 0.011 ulp before it rounds, and 1.3 * 2**-15 ulp
// for each |y * ln x| more: 0.0146 ulp for results in 2**-128 .. 2**128, which is below the margin of 1/64 ulp.

#include <cmath>
#include <functional>
#include <optional>

#include "lower/features.h"

namespace kjit {
namespace {

constexpr int kLargestExponent = 12;       // of integers
constexpr double kLargestResultLog = 128;  // |log2| of results for which the margin holds
constexpr int kMarginLog = -58;            // of the power of two below the result, whose ulp is 2**-52 of that

// The errors of CPython's float_pow; each comes with an infinite or NaN result of C's pow, so that the usual path has one test.
void check_pow(FunctionLowering& f, llvm::Value* lhs, llvm::Value* rhs, llvm::Value* result, const OpContext& at) {
  const ExactFloats exact(f.b);
  llvm::BasicBlock* special = f.new_block("pow_special");
  llvm::BasicBlock* next = f.new_block("pow_done");
  f.branch_unlikely(f.b.CreateNot(is_finite(f, result)), special, next);
  f.start_block(special);
  llvm::Constant* zero = llvm::ConstantFP::getZero(lhs->getType());
  llvm::Value *base = trap_value(f, lhs, at.type), *exponent = trap_value(f, rhs, at.type);
  llvm::Value* finite_exponent = is_finite(f, rhs);
  llvm::Value* finite = f.b.CreateAnd(is_finite(f, lhs), finite_exponent);
  llvm::Value* zero_base = f.b.CreateAnd(f.b.CreateFCmpOEQ(lhs, zero), f.b.CreateFCmpOLT(rhs, zero));
  f.trap_if(f.b.CreateAnd(zero_base, finite_exponent), KJIT_TRAP_ZeroToNegativePower, at.site, base, exponent);
  llvm::Value* fraction = f.b.CreateFCmpONE(rhs, f.b.CreateUnaryIntrinsic(llvm::Intrinsic::floor, rhs));
  llvm::Value* negative_base = f.b.CreateAnd(f.b.CreateFCmpOLT(lhs, zero), fraction);
  f.trap_if(f.b.CreateAnd(negative_base, finite), KJIT_TRAP_NegativeBasePower, at.site, base, exponent);
  f.trap_if(finite, KJIT_TRAP_PowerOverflow, at.site, base, exponent);
  f.b.CreateBr(next);
  f.start_block(next);
}

llvm::Value* called_power(FunctionLowering& f, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at) {
  const char* name = at.type.is(Kind::F32) ? "powf" : "pow";
  if (f.quiet_division()) return call_libm(f, name, {lhs, rhs});
  llvm::Value* result = call_checked_libm(f, name, {lhs, rhs});
  check_pow(f, lhs, rhs, result, at);
  return result;
}

// high + low, |low| <= ulp(high) / 2 or little more.
struct Doubled {
  llvm::Value *high, *low;
};

class SmallPower {
 public:
  SmallPower(llvm::IRBuilder<>& b, llvm::Value* base) : b_(b), base_(base), exact_(b) {}

  Doubled integer(int exponent) const {
    const Doubled power = positive(std::abs(exponent));
    return exponent < 0 ? reciprocal(power) : power;
  }

  Doubled square_root() const {
    llvm::Value* root = b_.CreateUnaryIntrinsic(llvm::Intrinsic::sqrt, base_);
    llvm::Value* remainder = fma(negated(root), root, base_);
    return {root, b_.CreateFMul(remainder, b_.CreateFDiv(number(0.5), root))};
  }

  // Both sums are the power rounded, if they are equal and the base is one of those that the margin is for.
  struct Rounded {
    llvm::Value *value, *is_certain;
  };
  Rounded round(const Doubled& power, double exponent, bool positive_base) const {
    llvm::Value* margin = b_.CreateFMul(power_of_two_below(power.high), number(std::ldexp(1.0, kMarginLog)));
    llvm::Value* above = b_.CreateFAdd(power.high, b_.CreateFAdd(power.low, margin));
    llvm::Value* below = b_.CreateFAdd(power.high, b_.CreateFSub(power.low, margin));
    const double limit = std::exp2(kLargestResultLog / std::fabs(exponent));
    llvm::Value* size = positive_base ? base_ : b_.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, base_);
    llvm::Value* is_moderate = b_.CreateAnd(b_.CreateFCmpOGE(size, number(1.0 / limit)), b_.CreateFCmpOLE(size, number(limit)));
    return {above, b_.CreateAnd(is_moderate, b_.CreateFCmpOEQ(above, below))};
  }

 private:
  llvm::Value* number(double value) const { return llvm::ConstantFP::get(b_.getDoubleTy(), value); }
  llvm::Value* negated(llvm::Value* value) const { return b_.CreateFNeg(value); }
  llvm::Value* fma(llvm::Value* a, llvm::Value* b, llvm::Value* c) const {
    return b_.CreateIntrinsic(llvm::Intrinsic::fma, {b_.getDoubleTy()}, {a, b, c});
  }

  Doubled positive(int exponent) const {
    if (exponent == 1) return {base_, nullptr};
    const Doubled half = positive(exponent / 2);
    const Doubled even = product(half, half);
    return exponent % 2 == 0 ? even : product(even, {base_, nullptr});
  }

  // With the sign of `value`.
  llvm::Value* power_of_two_below(llvm::Value* value) const {
    llvm::Value* bits = b_.CreateBitCast(value, b_.getInt64Ty());
    return b_.CreateBitCast(b_.CreateAnd(bits, b_.getInt64(0xFFF0000000000000)), b_.getDoubleTy());
  }

  // The errors of high * high and of both low parts, of which the product is beyond the last bit.
  Doubled product(const Doubled& x, const Doubled& y) const {
    llvm::Value* high = b_.CreateFMul(x.high, y.high);
    llvm::Value* low = fma(x.high, y.high, negated(high));
    if (y.low) low = fma(x.high, y.low, low);
    if (x.low) low = fma(x.low, y.high, low);
    return {high, low};
  }

  Doubled reciprocal(const Doubled& x) const {
    llvm::Value* high = b_.CreateFDiv(number(1.0), x.high);
    llvm::Value* error = fma(negated(high), x.high, number(1.0));
    if (x.low) error = fma(negated(high), x.low, error);
    return {high, b_.CreateFMul(error, high)};
  }

  llvm::IRBuilder<>& b_;
  llvm::Value* base_;
  ExactFloats exact_;
};

bool is_small_integer(double exponent) {
  return std::trunc(exponent) == exponent && std::fabs(exponent) <= kLargestExponent && exponent != 0 && exponent != 1;
}

// The exponent, if products give the power.
std::optional<double> small_exponent(const FunctionLowering& f, llvm::Value* exponent, const Type& type) {
  const auto* constant = llvm::dyn_cast<llvm::ConstantFP>(exponent);
  if (!constant || !type.is(Kind::F64) || !f.m.options.has_fma || f.function.options.fastmath.any()) return std::nullopt;
  const double value = constant->getValueAPF().convertToDouble();
  if (f.m.options.opt_level == 0 || (!is_small_integer(value) && value != 0.5)) return std::nullopt;
  return value;
}

// By products where they settle it; else `call` gives it.
llvm::Value* power(FunctionLowering& f, llvm::Value* base, llvm::Value* exponent, const Type& type,
                   const std::function<llvm::Value*()>& call) {
  const std::optional<double> small = small_exponent(f, exponent, type);
  if (!small) return call();
  const SmallPower::Rounded product = [&] {
    const SmallPower builder(f.b, base);
    const bool is_root = *small == 0.5;
    return builder.round(is_root ? builder.square_root() : builder.integer(static_cast<int>(*small)), *small, is_root);
  }();
  llvm::BasicBlock *uncertain = f.new_block("pow_call"), *next = f.new_block("pow_rounded");
  llvm::BasicBlock* first = f.b.GetInsertBlock();
  f.branch_unlikely(f.b.CreateNot(product.is_certain), uncertain, next);
  f.start_block(uncertain);
  llvm::Value* called = call();
  llvm::BasicBlock* last = f.b.GetInsertBlock();
  f.b.CreateBr(next);
  f.start_block(next);
  llvm::PHINode* result = f.b.CreatePHI(base->getType(), 2);
  result->addIncoming(product.value, first);
  result->addIncoming(called, last);
  return result;
}

}  // namespace

llvm::Value* lower_float_power(FunctionLowering& f, llvm::Value* lhs, llvm::Value* rhs, const OpContext& at) {
  return power(f, lhs, rhs, at.type, [&] { return called_power(f, lhs, rhs, at); });
}

llvm::Value* lower_math_power(FunctionLowering& f, const typed::Expr& expr, const typed::BuiltinCall& node) {
  const std::vector<llvm::Value*> values = lower_all(f, node.args);
  f.locate(expr.span);
  return power(f, values[0], values[1], node.args[0]->type, [&] { return call_runtime_builtin(f, expr, node, values); });
}

}  // namespace kjit
