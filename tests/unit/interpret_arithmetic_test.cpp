// What the operators of the typed tree mean, at their edges: expected values are CPython's, or docs/language.md's where Python
// has no say.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "interpret/runtime_calls.h"
#include "library/libm_table.h"
#include "tests/unit/typed_builder.h"

namespace kjit::testing {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr double kInf = std::numeric_limits<double>::infinity();
const RunSettings kChecked{.options = {.checked = true, .foreign = {}}};

Outcome ints(BinaryOp op, std::int64_t a, std::int64_t b, const RunSettings& settings = {}) {
  return evaluate([&](TreeBuilder& t) { return t.binary(op, t.i64(a), t.i64(b)); }, settings);
}
Outcome narrow_ints(Kind kind, BinaryOp op, std::int64_t a, std::int64_t b, const RunSettings& settings = {}) {
  return evaluate([&](TreeBuilder& t) { return t.binary(op, t.constant(kind, a), t.constant(kind, b)); }, settings);
}
Outcome uints(Kind kind, BinaryOp op, std::uint64_t a, std::uint64_t b, const RunSettings& settings = {}) {
  return evaluate([&](TreeBuilder& t) { return t.binary(op, t.constant(kind, a), t.constant(kind, b)); }, settings);
}
Outcome floats(BinaryOp op, double a, double b) {
  return evaluate([&](TreeBuilder& t) { return t.binary(op, t.f64(a), t.f64(b)); });
}
Outcome converted(Kind to, double value) {
  return evaluate([&](TreeBuilder& t) { return t.convert(to, t.f64(value)); });
}

TEST(InterpretIntegers, FloorDivisionRoundsDown) {
  EXPECT_EQ(ints(BinaryOp::FloorDiv, 7, 2).value.integer(), 3);
  EXPECT_EQ(ints(BinaryOp::FloorDiv, -7, 2).value.integer(), -4);
  EXPECT_EQ(ints(BinaryOp::FloorDiv, 7, -2).value.integer(), -4);
  EXPECT_EQ(ints(BinaryOp::FloorDiv, -7, -2).value.integer(), 3);
  EXPECT_EQ(ints(BinaryOp::FloorDiv, -6, 2).value.integer(), -3);
}

TEST(InterpretIntegers, RemainderHasTheSignOfTheDivisor) {
  EXPECT_EQ(ints(BinaryOp::Mod, 7, 3).value.integer(), 1);
  EXPECT_EQ(ints(BinaryOp::Mod, -7, 3).value.integer(), 2);
  EXPECT_EQ(ints(BinaryOp::Mod, 7, -3).value.integer(), -2);
  EXPECT_EQ(ints(BinaryOp::Mod, -7, -3).value.integer(), -1);
  EXPECT_EQ(ints(BinaryOp::Mod, kMin, -1).value.integer(), 0);
}

TEST(InterpretIntegers, DivisionByZeroTrapsWithTheDividend) {
  for (const BinaryOp op : {BinaryOp::FloorDiv, BinaryOp::Mod, BinaryOp::TrueDiv}) {
    const Outcome outcome = ints(op, 42, 0);
    EXPECT_FALSE(outcome.ok);
    EXPECT_EQ(outcome.error.trap, KJIT_TRAP_IntDivisionByZero);
    EXPECT_EQ(outcome.error.values[0], 42);
  }
}

TEST(InterpretIntegers, MinimumByMinusOneWrapsUnlessChecked) {
  EXPECT_EQ(ints(BinaryOp::FloorDiv, kMin, -1).value.integer(), kMin);
  EXPECT_EQ(ints(BinaryOp::FloorDiv, kMin, -1, kChecked).error.trap, KJIT_TRAP_IntegerOverflow);
}

TEST(InterpretIntegers, OverflowWrapsAtTheWidth) {
  EXPECT_EQ(ints(BinaryOp::Add, kMax, 1).value.integer(), kMin);
  EXPECT_EQ(ints(BinaryOp::Sub, kMin, 1).value.integer(), kMax);
  EXPECT_EQ(ints(BinaryOp::Mul, kMax, kMax).value.integer(), 1);
  EXPECT_EQ(ints(BinaryOp::Mul, kMin, -1).value.integer(), kMin);
  EXPECT_EQ(narrow_ints(Kind::I8, BinaryOp::Add, 127, 1).value.integer(), -128);
  EXPECT_EQ(narrow_ints(Kind::I16, BinaryOp::Mul, 300, 300).value.integer(), 90000 - 65536);
  EXPECT_EQ(uints(Kind::U8, BinaryOp::Sub, 3, 5).value.as<std::uint64_t>(), 254u);
  EXPECT_EQ(uints(Kind::U64, BinaryOp::Mul, ~0ull, ~0ull).value.as<std::uint64_t>(), 1u);
}

TEST(InterpretIntegers, CheckedOverflowTrapsWithBothOperandsAndTheWidth) {
  const Outcome outcome = narrow_ints(Kind::I32, BinaryOp::Mul, 65536, -65536, kChecked);
  EXPECT_FALSE(outcome.ok);
  EXPECT_EQ(outcome.error.trap, KJIT_TRAP_IntegerOverflow);
  EXPECT_EQ(outcome.error.values[0], 65536);
  EXPECT_EQ(outcome.error.values[1], -65536);
  EXPECT_EQ(outcome.error.values[2], 32);
  EXPECT_EQ(uints(Kind::U64, BinaryOp::Sub, 0, 1, kChecked).error.trap, KJIT_TRAP_IntegerOverflow);
  EXPECT_EQ(uints(Kind::U64, BinaryOp::Mul, 1ull << 32, 1ull << 32, kChecked).error.trap, KJIT_TRAP_IntegerOverflow);
}

TEST(InterpretIntegers, CheckedProductsAtTheEdgeFit) {
  EXPECT_EQ(ints(BinaryOp::Mul, kMin, 1, kChecked).value.integer(), kMin);
  EXPECT_EQ(ints(BinaryOp::Mul, -1, 0, kChecked).value.integer(), 0);
  EXPECT_EQ(ints(BinaryOp::Mul, 1ll << 32, -(1ll << 31), kChecked).value.integer(), kMin);
}

TEST(InterpretIntegers, ShiftsByTheWidthAndMoreLoseAllBits) {
  EXPECT_EQ(ints(BinaryOp::Shl, 1, 63).value.integer(), kMin);
  EXPECT_EQ(ints(BinaryOp::Shl, 1, 64).value.integer(), 0);
  EXPECT_EQ(ints(BinaryOp::Shl, 1, kMax).value.integer(), 0);
  EXPECT_EQ(ints(BinaryOp::Shr, -1, 64).value.integer(), -1);
  EXPECT_EQ(ints(BinaryOp::Shr, 5, 200).value.integer(), 0);
  EXPECT_EQ(ints(BinaryOp::Shr, -5, 1).value.integer(), -3);
  EXPECT_EQ(narrow_ints(Kind::I8, BinaryOp::Shl, 1, 7).value.integer(), -128);
  EXPECT_EQ(narrow_ints(Kind::I8, BinaryOp::Shl, 1, 8).value.integer(), 0);
}

TEST(InterpretIntegers, NegativeShiftTraps) {
  EXPECT_EQ(ints(BinaryOp::Shl, 1, -1).error.trap, KJIT_TRAP_NegativeShift);
  EXPECT_EQ(ints(BinaryOp::Shr, 1, -3).error.values[0], -3);
}

TEST(InterpretIntegers, CheckedShiftTrapsWhenBitsAreLost) {
  EXPECT_EQ(ints(BinaryOp::Shl, 1, 62, kChecked).value.integer(), 1ll << 62);
  EXPECT_EQ(ints(BinaryOp::Shl, 1, 63, kChecked).error.trap, KJIT_TRAP_IntegerOverflow);
  EXPECT_EQ(ints(BinaryOp::Shl, 0, 100, kChecked).value.integer(), 0);
  EXPECT_EQ(ints(BinaryOp::Shl, -1, 63, kChecked).value.integer(), kMin);
}

TEST(InterpretIntegers, PowerWrapsAndRefusesNegativeExponents) {
  EXPECT_EQ(ints(BinaryOp::Pow, 3, 5).value.integer(), 243);
  EXPECT_EQ(ints(BinaryOp::Pow, 0, 0).value.integer(), 1);
  EXPECT_EQ(ints(BinaryOp::Pow, 2, 64).value.integer(), 0);
  EXPECT_EQ(ints(BinaryOp::Pow, 2, -1).error.trap, KJIT_TRAP_NegativeIntegerExponent);
}

TEST(InterpretIntegers, CheckedPowerTrapsOnlyWhenTheResultDoesNotFit) {
  EXPECT_EQ(ints(BinaryOp::Pow, -2, 63, kChecked).value.integer(), kMin);
  EXPECT_EQ(ints(BinaryOp::Pow, 3, 39, kChecked).value.integer(), 4052555153018976267);
  EXPECT_EQ(ints(BinaryOp::Pow, 3, 40, kChecked).error.trap, KJIT_TRAP_IntegerOverflow);
  EXPECT_EQ(narrow_ints(Kind::I8, BinaryOp::Pow, -2, 7, kChecked).value.integer(), -128);
}

TEST(InterpretIntegers, TrueDivisionRoundsOnce) {
  EXPECT_EQ(ints(BinaryOp::TrueDiv, 1, 3).value.real(), 1.0 / 3.0);
  EXPECT_EQ(ints(BinaryOp::TrueDiv, -7, 2).value.real(), -3.5);
  // 2**53 + 1 over 1 is halfway: to even. Rounding the operands first would give ...4d1p-2 for the second pair.
  EXPECT_EQ(ints(BinaryOp::TrueDiv, (1ll << 53) + 1, 1).value.real(), 9007199254740992.0);
  EXPECT_EQ(ints(BinaryOp::TrueDiv, 1304085003414758816, 3030836940179690083).value.real(), 0x1.b8994953e24d0p-2);
  EXPECT_EQ(uints(Kind::U64, BinaryOp::TrueDiv, ~0ull, 2).value.real(), 0x1p63);
}

TEST(InterpretFloats, FloorDivisionAndRemainderAreCPythons) {
  EXPECT_EQ(floats(BinaryOp::FloorDiv, 7.5, -2.0).value.real(), -4.0);
  EXPECT_EQ(floats(BinaryOp::Mod, 7.5, -2.0).value.real(), -0.5);
  EXPECT_EQ(floats(BinaryOp::FloorDiv, 1.0, 0.1).value.real(), 9.0);
  EXPECT_EQ(floats(BinaryOp::Mod, -1e-20, 3.0).value.real(), 3.0);
  EXPECT_TRUE(std::signbit(floats(BinaryOp::Mod, 6.0, -3.0).value.real()));
  EXPECT_TRUE(std::signbit(floats(BinaryOp::FloorDiv, -0.0, 5.0).value.real()));
  EXPECT_TRUE(std::isnan(floats(BinaryOp::FloorDiv, kInf, 2.0).value.real()));
}

TEST(InterpretFloats, DivisionByZeroTraps) {
  EXPECT_EQ(floats(BinaryOp::TrueDiv, 1.0, 0.0).error.trap, KJIT_TRAP_FloatDivisionByZero);
  EXPECT_EQ(floats(BinaryOp::FloorDiv, 1.0, -0.0).error.trap, KJIT_TRAP_FloatDivisionByZero);
  EXPECT_EQ(floats(BinaryOp::Mod, 1.0, 0.0).error.trap, KJIT_TRAP_FloatModuloByZero);
}

TEST(InterpretFloats, NumpyErrorModelDividesQuietly) {
  TreeBuilder t;
  t.function().options.numpy_error_model = true;
  t.result(Kind::F64);
  t.add(t.ret(t.binary(BinaryOp::TrueDiv, t.f64(-1.0), t.f64(0.0))));
  EXPECT_EQ(run(t).value.real(), -kInf);
}

TEST(InterpretFloats, PowerHasCPythonsErrors) {
  EXPECT_EQ(floats(BinaryOp::Pow, 0.0, -1.0).error.trap, KJIT_TRAP_ZeroToNegativePower);
  EXPECT_EQ(floats(BinaryOp::Pow, -8.0, 0.5).error.trap, KJIT_TRAP_NegativeBasePower);
  EXPECT_EQ(floats(BinaryOp::Pow, 10.0, 400.0).error.trap, KJIT_TRAP_PowerOverflow);
  EXPECT_EQ(floats(BinaryOp::Pow, -2.0, 3.0).value.real(), -8.0);
  EXPECT_EQ(floats(BinaryOp::Pow, kInf, 2.0).value.real(), kInf);
  EXPECT_EQ(floats(BinaryOp::Pow, 1.0, NAN).value.real(), 1.0);
  EXPECT_EQ(floats(BinaryOp::Pow, 0.0, -kInf).value.real(), kInf);
}

TEST(InterpretFloats, SinglePrecisionRoundsAfterEveryOperation) {
  const Outcome sum = evaluate(
      [](TreeBuilder& t) { return t.binary(BinaryOp::Add, t.constant(Kind::F32, 16777216.0), t.constant(Kind::F32, 1.0)); });
  EXPECT_EQ(sum.value.real(), 16777216.0);
}

TEST(InterpretCompare, IntegersAgainstFloatsExactly) {
  const auto less = [](std::int64_t a, double b) {
    return evaluate([&](TreeBuilder& t) { return t.compare(CompareOp::Lt, t.i64(a), t.f64(b)); }).value.boolean();
  };
  EXPECT_TRUE(less((1ll << 53), 9007199254740994.0));
  EXPECT_FALSE(less((1ll << 53) + 1, 9007199254740992.0));
  EXPECT_TRUE(less(kMax, 9223372036854775808.0));
  EXPECT_FALSE(less(kMin, -9223372036854775808.0));
  EXPECT_TRUE(less(kMin, kInf));
  EXPECT_FALSE(less(kMin, NAN));
  EXPECT_TRUE(less(-3, -2.5));
  EXPECT_FALSE(less(-2, -2.5));
  const Outcome reversed =
      evaluate([](TreeBuilder& t) { return t.compare(CompareOp::Ge, t.f64(9007199254740992.0), t.i64((1ll << 53) + 1)); });
  EXPECT_FALSE(reversed.value.boolean());
  const Outcome unequal = evaluate([](TreeBuilder& t) { return t.compare(CompareOp::Ne, t.f64(NAN), t.i64(0)); });
  EXPECT_TRUE(unequal.value.boolean());
}

TEST(InterpretConvert, FloatToIntegerTruncatesOrTraps) {
  EXPECT_EQ(converted(Kind::I64, -3.9).value.integer(), -3);
  EXPECT_EQ(converted(Kind::U8, 255.9).value.as<std::uint64_t>(), 255u);
  EXPECT_EQ(converted(Kind::U8, -0.9).value.as<std::uint64_t>(), 0u);
  EXPECT_EQ(converted(Kind::I64, NAN).error.trap, KJIT_TRAP_FloatNanToInt);
  EXPECT_EQ(converted(Kind::I64, -kInf).error.trap, KJIT_TRAP_FloatInfToInt);
  EXPECT_EQ(converted(Kind::I64, 0x1p63).error.trap, KJIT_TRAP_FloatTooLargeForInt);
  EXPECT_EQ(converted(Kind::I64, -0x1p63).value.integer(), kMin);
  EXPECT_EQ(converted(Kind::I8, 128.0).error.values[1], 8);
}

TEST(InterpretConvert, IntegerToSingleRoundsOnce) {
  // Just above halfway between two floats: by way of double it would become the tie and round down.
  const Outcome outcome = evaluate([](TreeBuilder& t) { return t.convert(Kind::F32, t.i64((1ll << 60) + (1ll << 36) + 1)); });
  EXPECT_EQ(outcome.value.real(), 0x1.000002p60);
}

TEST(InterpretConvert, NarrowingWrapsUnlessChecked) {
  const auto narrowed = [](const RunSettings& settings) {
    return evaluate([](TreeBuilder& t) { return t.convert(Kind::I8, t.i64(200)); }, settings);
  };
  EXPECT_EQ(narrowed({}).value.integer(), -56);
  EXPECT_EQ(narrowed(kChecked).error.trap, KJIT_TRAP_IntOutOfRange);
}

TEST(InterpretConvert, NanIsTrue) { EXPECT_TRUE(converted(Kind::Bool, NAN).value.boolean()); }

TEST(InterpretComplex, DivisionScalesAndTrapsOnZero) {
  using Complex = std::complex<double>;
  const auto divided = [](Complex a, Complex b) {
    return evaluate(
        [&](TreeBuilder& t) { return t.binary(BinaryOp::TrueDiv, t.constant(Kind::C128, a), t.constant(Kind::C128, b)); });
  };
  EXPECT_EQ(divided({1e300, 1e300}, {1e300, 1e300}).value.as<interpreter::Complex>(), Complex(1, 0));
  EXPECT_EQ(divided({1, 0}, {0, 0}).error.trap, KJIT_TRAP_ComplexDivisionByZero);
}

TEST(InterpretComplex, PowerHasCPythonsErrorsAndShortcut) {
  using Complex = std::complex<double>;
  const auto power = [](Complex a, Complex b) {
    return evaluate(
        [&](TreeBuilder& t) { return t.binary(BinaryOp::Pow, t.constant(Kind::C128, a), t.constant(Kind::C128, b)); });
  };
  EXPECT_EQ(power({1, 2}, {2, 0}).value.as<interpreter::Complex>(), Complex(-3, 4));
  EXPECT_EQ(power({0, 2}, {-2, 0}).value.as<interpreter::Complex>(), Complex(-0.25, 0));
  EXPECT_EQ(power({0, 0}, {-1, 0}).error.trap, KJIT_TRAP_ZeroToNegativePower);
  EXPECT_EQ(power({0, 0}, {1, 1}).error.trap, KJIT_TRAP_ZeroToNegativePower);
  EXPECT_EQ(power({1e200, 0}, {2, 0}).error.trap, KJIT_TRAP_PowerOverflow);
}

TEST(InterpretBuiltins, AbsOfTheMinimumWrapsUnlessChecked) {
  const auto absolute = [](const RunSettings& settings) {
    return evaluate([](TreeBuilder& t) { return t.builtin(Kind::I64, Builtin::Abs, exprs(t.i64(kMin))); }, settings);
  };
  EXPECT_EQ(absolute({}).value.integer(), kMin);
  EXPECT_EQ(absolute(kChecked).error.values[0], kMin);
}

TEST(InterpretBuiltins, CheckedLibmFailsAsMathDoes) {
  const auto log = [](double x, bool checked) {
    return evaluate([&](TreeBuilder& t) { return t.builtin(Kind::F64, Builtin::Log, exprs(t.f64(x)), checked); });
  };
  EXPECT_EQ(log(0.0, true).error.trap, KJIT_TRAP_MathDomain);
  EXPECT_EQ(log(-1.0, true).error.trap, KJIT_TRAP_MathDomain);
  EXPECT_EQ(log(0.0, false).value.real(), -kInf);
  EXPECT_EQ(log(kInf, true).value.real(), kInf);
  const Outcome exp = evaluate([](TreeBuilder& t) { return t.builtin(Kind::F64, Builtin::Exp, exprs(t.f64(1000.0)), true); });
  EXPECT_EQ(exp.error.trap, KJIT_TRAP_MathRange);
}

TEST(InterpretBuiltins, MinKeepsTheFirstOfUnorderedArguments) {
  const auto least = [](double a, double b) {
    return evaluate([&](TreeBuilder& t) { return t.builtin(Kind::F64, Builtin::Min, exprs(t.f64(a), t.f64(b))); }).value.real();
  };
  EXPECT_TRUE(std::isnan(least(NAN, 1.0)));
  EXPECT_EQ(least(1.0, NAN), 1.0);
  EXPECT_EQ(least(2.0, 1.0), 1.0);
}

TEST(InterpretBuiltins, EveryRowCanBeCalled) {
  for (int id = 0; id < static_cast<int>(Builtin::Exit); ++id) {
    const BuiltinRow& row = builtin_row(static_cast<Builtin>(id));
    switch (row.convention) {
      case Convention::Libm:
      case Convention::LibmOverflow:
      case Convention::Vector: EXPECT_NE(find_libm_function(row.symbol), nullptr) << row.name; break;
      case Convention::Inline: break;
      default: EXPECT_NE(interpreter::find_runtime_function(row.symbol), nullptr) << row.name;
    }
  }
}

}  // namespace
}  // namespace kjit::testing
