// Atomic updates as machine code: the rules of each element type next to the interpreter's, and indivisible among threads.

#include <cmath>
#include <thread>

#include "interpret/arithmetic.h"
#include "tests/unit/lower_runner.h"

namespace kjit::testing {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
const Builtin kSteps[] = {Builtin::AtomicAdd, Builtin::AtomicMin, Builtin::AtomicMax};

// f(a, n, v): for i in range(n): old = step(a, i & 1, v); return old as an f64
TreeBuilder updates(Builtin step, Kind dtype) {
  TreeBuilder t;
  t.result(Kind::F64);
  LocalId a = t.parameter("a", Type::array(dtype, 1, Layout::C)), n = t.parameter("n", Kind::I64), v = t.parameter("v", dtype);
  LocalId i = t.local("i", Kind::I64), old = t.local("old", dtype);
  t.add(t.assign(old, t.read(v)));
  ExprPtr index = t.binary(BinaryOp::BitAnd, t.read(i), t.i64(1));
  t.add(t.for_range(i, t.i64(0), t.read(n), t.i64(1),
                    block(t.assign(old, t.builtin(dtype, step, exprs(t.read(a), std::move(index), t.read(v)))))));
  t.add(t.ret(dtype == Kind::F64 ? t.read(old) : t.convert(Kind::F64, t.read(old))));
  return t;
}

// The array of two elements that both arguments of a comparison start from.
interpreter::Value two_of(Kind dtype, const interpreter::Value& value) {
  kjit_array array;
  const std::int64_t shape = 2;
  kjit_context ctx;
  kjit_context_init(&ctx, nullptr, nullptr, 1);
  EXPECT_EQ(kjit_array_new(&ctx, 0, interpreter::dtype_code(dtype), 1, &shape, KJIT_EMPTY, &array), KJIT_OK);
  kjit_context_destroy(&ctx);
  for (int i = 0; i < 2; ++i) interpreter::store_scalar(dtype, value, static_cast<char*>(array.data) + i * byte_size(dtype));
  return interpreter::adopt_array(array, 1);
}

double element(Kind dtype, const interpreter::Value& array, std::int64_t index) {
  const interpreter::Value value = interpreter::load_scalar(dtype, array.array().data() + index * byte_size(dtype));
  return std::holds_alternative<double>(value.data) ? value.real() : static_cast<double>(interpreter::exact_integer(value));
}

interpreter::Value number(Kind dtype, double value) {
  if (Type(dtype).is_float()) return {value};
  return Type(dtype).is_signed() ? interpreter::Value{static_cast<std::int64_t>(value)}
                                 : interpreter::Value{static_cast<std::uint64_t>(value)};
}

const Kind kDtypes[] = {Kind::I8,  Kind::I16, Kind::I32, Kind::I64, Kind::U8,
                        Kind::U16, Kind::U32, Kind::U64, Kind::F32, Kind::F64};

void expect_agreement(Builtin step, Kind dtype, const CompileSettings& settings) {
  TreeBuilder t = updates(step, dtype);
  Compiled compiled(t, settings);
  RunSettings interpreted;
  interpreted.options.checked = settings.checked;
  for (double start : {0.0, 100.0, 127.0, kNan}) {
    for (double value : {1.0, 100.0, kNan}) {
      if (!Type(dtype).is_float() && (std::isnan(start) || std::isnan(value))) continue;
      const interpreter::Value ours = two_of(dtype, number(dtype, start)), theirs = two_of(dtype, number(dtype, start));
      const auto args = [&](const interpreter::Value& a) {
        return std::vector<interpreter::Value>{a, {std::int64_t{5}}, number(dtype, value)};
      };
      EXPECT_TRUE(same_outcome(run(t, args(theirs), interpreted), compiled(args(ours)))) << start << " " << value;
      for (int i = 0; i < 2; ++i)
        EXPECT_TRUE(same_bits(element(dtype, theirs, i), element(dtype, ours, i))) << start << " " << value;
    }
  }
}

TEST(LowerAtomic, AgreesWithTheInterpreterForEachElementType) {
  for (Builtin step : kSteps) {
    for (Kind dtype : kDtypes) {
      expect_agreement(step, dtype, {0});
      expect_agreement(step, dtype, {3});
      expect_agreement(step, dtype, {3, /*checked=*/true});
    }
  }
}

// What each of the threads does, all on one array.
void race(const Compiled& compiled, const interpreter::Value& array, Kind dtype, const std::vector<double>& values) {
  std::vector<std::thread> threads;
  for (double value : values) {
    threads.emplace_back([&, value] {
      const Outcome outcome = compiled({array, {std::int64_t{40000}}, number(dtype, value)});
      EXPECT_TRUE(outcome.ok);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(LowerAtomic, NoAdditionOfAnotherThreadIsLost) {
  for (Kind dtype : {Kind::I32, Kind::I64, Kind::U16, Kind::F32, Kind::F64}) {
    for (bool checked : {false, true}) {
      if (checked && dtype == Kind::U16) continue;  // it would overflow
      TreeBuilder t = updates(Builtin::AtomicAdd, dtype);
      const interpreter::Value array = two_of(dtype, number(dtype, 0));
      race(Compiled(t, {3, checked}), array, dtype, {1, 2, 1, 3});
      for (int i = 0; i < 2; ++i)
        EXPECT_EQ(element(dtype, array, i), dtype == Kind::U16 ? 140000 % 65536 : 140000) << to_string(Type(dtype));
    }
  }
}

TEST(LowerAtomic, TheExtremeOfAllThreadsStays) {
  for (Kind dtype : {Kind::I8, Kind::U64, Kind::F32, Kind::F64}) {
    TreeBuilder least = updates(Builtin::AtomicMin, dtype), most = updates(Builtin::AtomicMax, dtype);
    const interpreter::Value array = two_of(dtype, number(dtype, 50));
    race(Compiled(least), array, dtype, {70, 20, 40, 90});
    EXPECT_EQ(element(dtype, array, 0), 20);
    race(Compiled(most), array, dtype, {70, 20, 40, 90});
    EXPECT_EQ(element(dtype, array, 1), 90);
  }
}

TEST(LowerAtomic, IsOneInstructionWhereThatHasTheSameMeaning) {
  EXPECT_NE(optimised_ir(updates(Builtin::AtomicAdd, Kind::I64)).find("atomicrmw add"), std::string::npos);
  EXPECT_NE(optimised_ir(updates(Builtin::AtomicMax, Kind::U8)).find("atomicrmw umax"), std::string::npos);
  EXPECT_NE(optimised_ir(updates(Builtin::AtomicAdd, Kind::F32)).find("atomicrmw fadd"), std::string::npos);
  EXPECT_NE(optimised_ir(updates(Builtin::AtomicMin, Kind::F64)).find("cmpxchg"), std::string::npos);
}

}  // namespace
}  // namespace kjit::testing
