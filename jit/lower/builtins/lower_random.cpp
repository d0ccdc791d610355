// Random draws in loops with a fixed pattern, and Philox4x32-10 as IR (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as
// easy as 1, 2, 3; SC'11). Entry: lower_static_draw.

#include "lower/builtins/random_draws.h"
#include "lower/features.h"
#include "support/assert.h"

namespace kjit {
namespace {

using namespace typed;

constexpr std::uint64_t kMask = 0xFFFFFFFF;
constexpr std::uint64_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
constexpr std::uint64_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
constexpr int kRounds = 10;

// Words are i64 values below 2**32: their products need no widening, which AVX2 multiplies in one instruction.
class PhiloxBuilder {
 public:
  explicit PhiloxBuilder(ModuleLowering& m) : m_(m), b_(m.context) {}

  llvm::Function* build() {
    auto* words = llvm::StructType::get(m_.context, {m_.i64(), m_.i64(), m_.i64(), m_.i64()});
    auto* type = llvm::FunctionType::get(words, {m_.i64(), m_.i64(), m_.i64()}, false);
    auto* function = llvm::Function::Create(type, llvm::Function::InternalLinkage, "kjit.philox4x32", m_.module);
    function->addFnAttr(llvm::Attribute::AlwaysInline);
    function->setDoesNotAccessMemory();
    function->setDoesNotThrow();
    b_.SetInsertPoint(llvm::BasicBlock::Create(m_.context, "entry", function));
    llvm::Value *key = function->getArg(0), *lane = function->getArg(1), *block = function->getArg(2);
    llvm::Value* c[4] = {low(block), high(block), low(lane), high(lane)};
    llvm::Value* k[2] = {low(key), high(key)};
    for (int round = 0; round < kRounds; ++round) {
      mix(c, k);
      k[0] = low(b_.CreateAdd(k[0], b_.getInt64(kWeyl0)));
      k[1] = low(b_.CreateAdd(k[1], b_.getInt64(kWeyl1)));
    }
    b_.CreateAggregateRet(c, 4);
    return function;
  }

 private:
  llvm::Value* low(llvm::Value* v) { return b_.CreateAnd(v, kMask); }
  llvm::Value* high(llvm::Value* v) { return b_.CreateLShr(v, 32); }

  void mix(llvm::Value* (&c)[4], llvm::Value* (&k)[2]) {
    llvm::Value* p0 = b_.CreateMul(c[0], b_.getInt64(kMultiplier0), "", true);
    llvm::Value* p1 = b_.CreateMul(c[2], b_.getInt64(kMultiplier1), "", true);
    llvm::Value* next0 = b_.CreateXor(b_.CreateXor(high(p1), c[1]), k[0]);
    llvm::Value* next2 = b_.CreateXor(b_.CreateXor(high(p0), c[3]), k[1]);
    c[0] = next0;
    c[1] = low(p1);
    c[2] = next2;
    c[3] = low(p0);
  }

  ModuleLowering& m_;
  llvm::IRBuilder<> b_;
};

llvm::Function* philox(ModuleLowering& m) {
  if (!m.philox) m.philox = PhiloxBuilder(m).build();
  return m.philox;
}

RawDraw next_draw(FunctionLowering& f) {
  StaticDraws& draws = *f.loops.back().draws;
  if (draws.second_half) {
    RawDraw half = *draws.second_half;
    draws.second_half.reset();
    return half;
  }
  llvm::Value* block = f.b.CreateLoad(f.m.i64(), draws.block);
  llvm::Value* words = f.b.CreateCall(philox(f.m), {draws.key, draws.lane, block});
  f.b.CreateStore(f.b.CreateAdd(block, f.int64(1)), draws.block);
  draws.second_half = RawDraw{f.b.CreateExtractValue(words, 2), f.b.CreateExtractValue(words, 3)};
  return {f.b.CreateExtractValue(words, 0), f.b.CreateExtractValue(words, 1)};
}

// (draw >> 11) * 2**-53, without a conversion of 64-bit integers, which AVX2 lacks: the words are put into the mantissas of 2**52
// and 2**84 (whose units are 1 and 2**32). Every step is exact: x = high * 2**32 + (low with its last 11 bits cleared) has 53
// significant bits.
llvm::Value* unit_interval(FunctionLowering& f, RawDraw draw) {
  llvm::IRBuilder<>::FastMathFlagGuard exact(f.b);
  f.b.clearFastMathFlags();
  auto* real = f.m.f64();
  llvm::Value* low_bits = f.b.CreateOr(f.b.CreateAnd(draw.low, 0xFFFFF800ULL), 0x4330000000000000ULL);
  llvm::Value* high_bits = f.b.CreateOr(draw.high, 0x4530000000000000ULL);
  llvm::Value* low = f.b.CreateBitCast(low_bits, real);    // 2**52 + low
  llvm::Value* high = f.b.CreateBitCast(high_bits, real);  // 2**84 + high * 2**32
  llvm::Value* x = f.b.CreateFAdd(f.b.CreateFSub(high, llvm::ConstantFP::get(real, 0x1p84 + 0x1p52)), low);
  return f.b.CreateFMul(x, llvm::ConstantFP::get(real, 0x1p-64));
}

llvm::Value* standard_normal(FunctionLowering& f) {
  auto* real = f.m.f64();
  auto number = [&](double value) { return llvm::ConstantFP::get(real, value); };
  llvm::Value* u1 = unit_interval(f, next_draw(f));
  llvm::Value* u2 = unit_interval(f, next_draw(f));
  llvm::Value* log = call_libm(f, "log", {f.b.CreateFSub(number(1.0), u1)});
  llvm::Value* radius = f.b.CreateUnaryIntrinsic(llvm::Intrinsic::sqrt, f.b.CreateFMul(number(-2.0), log));
  constexpr double kTwoPi = 2.0 * 3.141592653589793;
  llvm::Value* angle = f.b.CreateFMul(number(kTwoPi), u2);
  return f.b.CreateFMul(radius, call_libm(f, "cos", {angle}));
}

llvm::Value* rng_field(FunctionLowering& f, std::size_t offset) {
  return f.b.CreateLoad(f.m.i64(), f.context_field(offsetof(kjit_context, rng) + offset));
}

}  // namespace

llvm::Value* emit_philox_test(FunctionLowering& f) {
  std::size_t offset = offsetof(kjit_context, rng) + offsetof(kjit_rng, twister);
  return f.b.CreateIsNull(f.b.CreateLoad(f.m.ptr(), f.context_field(offset)));
}

llvm::Value* emit_draw_test(FunctionLowering& f) {
  llvm::Value* spare = rng_field(f, offsetof(kjit_rng, has_spare));
  return f.b.CreateAnd(emit_philox_test(f), f.b.CreateICmpEQ(spare, f.int64(0)));
}

StaticDraws begin_static_draws(FunctionLowering& f) {
  StaticDraws draws{rng_field(f, offsetof(kjit_rng, key)), rng_field(f, offsetof(kjit_rng, lane)),
                    f.entry_alloca(f.m.i64(), "block")};
  f.b.CreateStore(rng_field(f, offsetof(kjit_rng, block)), draws.block);
  return draws;
}

void end_static_draws(FunctionLowering& f, const StaticDraws& draws) {
  llvm::Value* block = f.b.CreateLoad(f.m.i64(), draws.block);
  f.b.CreateStore(block, f.context_field(offsetof(kjit_context, rng) + offsetof(kjit_rng, block)));
}

llvm::Value* lower_static_draw(FunctionLowering& f, const Expr& expr, const BuiltinCall& node) {
  std::vector<llvm::Value*> args = lower_all(f, node.args);
  f.locate(expr.span);
  if (node.builtin == Builtin::Random) return unit_interval(f, next_draw(f));
  if (node.builtin == Builtin::Uniform) {
    llvm::Value* width = f.b.CreateFSub(args[1], args[0]);
    return f.b.CreateFAdd(args[0], f.b.CreateFMul(width, unit_interval(f, next_draw(f))));
  }
  KJIT_ASSERT(node.builtin == Builtin::Gauss || node.builtin == Builtin::Normalvariate, "not an inlined draw");
  llvm::Value* z = standard_normal(f);
  return f.b.CreateFAdd(args[0], f.b.CreateFMul(z, args[1]));
}

}  // namespace kjit
