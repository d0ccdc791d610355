// Compiled loops: trip counts at the edges, versions without bounds checks, random draws, polls, memory.

#include <cmath>

#include "tests/unit/lower_runner.h"

namespace kjit::testing {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

interpreter::Value integer(std::int64_t value) { return {value}; }

// f(start, stop, step): count * 1000003 + sum of a hash of the variable, so that order and values show.
TreeBuilder range_hash() {
  TreeBuilder t;
  t.result(Kind::I64);
  LocalId start = t.parameter("start", Kind::I64), stop = t.parameter("stop", Kind::I64), step = t.parameter("step", Kind::I64);
  LocalId i = t.local("i", Kind::I64), h = t.local("h", Kind::I64);
  t.add(t.assign(h, t.i64(17)));
  t.add(t.for_range(i, t.read(start), t.read(stop), t.read(step),
                    block(t.assign(h, t.binary(BinaryOp::BitXor, t.binary(BinaryOp::Mul, t.read(h), t.i64(31)), t.read(i)))),
                    block(t.assign(h, t.binary(BinaryOp::Add, t.read(h), t.i64(1))))));
  t.add(t.ret(t.read(h)));
  return t;
}

TEST(LowerLoop, RangesVisitTheSameValuesAsTheInterpreter) {
  TreeBuilder t = range_hash();
  for (int level : {0, 3}) {
    Compiled compiled(t, {level});
    const std::int64_t ranges[][3] = {{0, 10, 1},
                                      {5, 5, 1},
                                      {7, 3, 1},
                                      {3, -4, -1},
                                      {0, 10, 3},
                                      {10, 0, -3},
                                      {kMin, kMin + 5, 2},
                                      {kMax - 5, kMax, 1},
                                      {kMax - 5, kMax, 3},
                                      {kMin + 5, kMin, -4},
                                      {kMin, kMax, kMax / 2},
                                      {kMax, kMin, kMin},
                                      {0, 40000, 1},
                                      {40000, 0, -1},
                                      {0, 3, 0}};
    for (const auto& r : ranges) {
      std::vector<interpreter::Value> args{integer(r[0]), integer(r[1]), integer(r[2])};
      EXPECT_TRUE(same_outcome(run(t, args), compiled(args))) << r[0] << " " << r[1] << " " << r[2];
    }
  }
}

// f(n): sum of i * i: a closed form at O3, so that 10**15 iterations take no time.
TEST(LowerLoop, SumsOfPolynomialsHaveAClosedForm) {
  TreeBuilder t;
  t.result(Kind::I64);
  LocalId n = t.parameter("n", Kind::I64), i = t.local("i", Kind::I64), x = t.local("x", Kind::I64);
  t.add(t.assign(x, t.i64(0)));
  t.add(t.for_range(i, t.i64(0), t.read(n), t.i64(1),
                    block(t.assign(x, t.binary(BinaryOp::Add, t.read(x), t.binary(BinaryOp::Mul, t.read(i), t.read(i)))))));
  t.add(t.ret(t.read(x)));
  Compiled compiled(t);
  EXPECT_EQ(compiled({integer(1000)}).value.integer(), 332833500);
  constexpr unsigned __int128 kWide = 1000000000000000;  // n; n - 1 is divisible by 3, and n by 2
  auto expected = static_cast<std::int64_t>((kWide - 1) / 3 * (kWide / 2) * (2 * kWide - 1));
  EXPECT_EQ(compiled({integer(1000000000000000)}).value.integer(), expected);
}

TEST(LowerLoop, AnInterruptStopsALoopOfALongTripCount) {
  TreeBuilder t = range_hash();
  for (int level : {0, 3}) {
    Compiled compiled(t, {level});
    Outcome outcome = compiled({integer(0), integer(kMax), integer(1)}, KJIT_CANCEL);
    EXPECT_FALSE(outcome.ok);
    EXPECT_EQ(outcome.error.trap, KJIT_TRAP_CallCancelled);
  }
}

// f(n, size, offset): a = zeros(size); for i in range(n): a[i + offset] = i; return a[size - 1]
TreeBuilder store_with_offset() {
  TreeBuilder t;
  t.result(Kind::F64);
  LocalId n = t.parameter("n", Kind::I64), size = t.parameter("size", Kind::I64), offset = t.parameter("offset", Kind::I64);
  LocalId a = t.local("a", Type::array(Kind::F64, 1, Layout::C)), i = t.local("i", Kind::I64);
  t.add(t.assign(a, t.zeros(Kind::F64, exprs(t.read(size)))));
  t.add(t.for_range(
      i, t.i64(0), t.read(n), t.i64(1),
      block(t.store(t.read(a), exprs(t.binary(BinaryOp::Add, t.read(i), t.read(offset))), t.convert(Kind::F64, t.read(i))))));
  t.add(t.ret(t.element(t.read(a), exprs(t.i64(-1)))));
  return t;
}

TEST(LowerLoop, SubscriptsInAndOutOfRangeAgreeInBothVersions) {
  TreeBuilder t = store_with_offset();
  for (int level : {0, 3}) {
    Compiled compiled(t, {level});
    const std::int64_t cases[][3] = {{10, 10, 0},   {10, 11, 1},   {10, 10, 1},        {10, 10, -1},
                                     {10, 10, -10}, {10, 10, -11}, {0, 10, 99},        {10, 0, 0},
                                     {5, 10, kMax}, {5, 10, kMin}, {10, 10, kMax - 3}, {20000, 20000, 0}};
    for (const auto& c : cases) {
      std::vector<interpreter::Value> args{integer(c[0]), integer(c[1]), integer(c[2])};
      std::int64_t before = kjit_live_buffers();
      EXPECT_TRUE(same_outcome(run(t, args), compiled(args))) << c[0] << " " << c[1] << " " << c[2];
      EXPECT_EQ(kjit_live_buffers(), before) << "an array leaked";
    }
  }
}

TEST(LowerLoop, ASubscriptBoundedBeforeTheLoopVectorises) {
  EXPECT_NE(optimised_ir(store_with_offset()).find("x double>"), std::string::npos);
}

// f(n, size, at): s = 0; for i in range(n): t = scratch(size); s += t[0]; t[at] = i + 1; return s
TreeBuilder scratch_in_a_loop() {
  TreeBuilder t;
  const Type vector = Type::array(Kind::I64, 1, Layout::C);
  t.result(Kind::I64);
  LocalId n = t.parameter("n", Kind::I64), size = t.parameter("size", Kind::I64), at = t.parameter("at", Kind::I64);
  LocalId array = t.local("t", vector), i = t.local("i", Kind::I64), s = t.local("s", Kind::I64);
  t.add(t.assign(s, t.i64(0)));
  t.add(t.for_range(i, t.i64(0), t.read(n), t.i64(1),
                    block(t.assign(array, t.expr(vector, NewArray{Fill::Scratch, exprs(t.read(size)), nullptr})),
                          t.assign(s, t.binary(BinaryOp::Add, t.read(s), t.element(t.read(array), exprs(t.i64(0))))),
                          t.store(t.read(array), exprs(t.read(at)), t.binary(BinaryOp::Add, t.read(i), t.i64(1))))));
  t.add(t.ret(t.read(s)));
  return t;
}

TEST(LowerMemory, ScratchHoldsZerosEachTimeAndIsFreedAfterTheCall) {
  TreeBuilder t = scratch_in_a_loop();
  const std::int64_t before = kjit_live_buffers();
  for (int level : {0, 3}) {
    Compiled compiled(t, {level});
    const std::int64_t cases[][3] = {{1000, 5, 0}, {1000, 5, 5}, {3, -1, 0}, {0, 5, 0}};  // the second and the third fail
    for (const auto& c : cases) {
      std::vector<interpreter::Value> args{integer(c[0]), integer(c[1]), integer(c[2])};
      EXPECT_TRUE(same_outcome(run(t, args), compiled(args))) << c[0] << " " << c[1] << " " << c[2];
      EXPECT_EQ(kjit_live_buffers(), before);
    }
    EXPECT_EQ(compiled({integer(1000), integer(5), integer(0)}).value.integer(), 0);
  }
}

// A loop that makes an array in each iteration keeps only one alive.
TEST(LowerMemory, ArraysOfALoopAreFreedAsTheyAreReplaced) {
  TreeBuilder t;
  LocalId n = t.parameter("n", Kind::I64), a = t.local("a", Type::array(Kind::I64, 1, Layout::C)), i = t.local("i", Kind::I64);
  Block body = block(t.assign(a, t.zeros(Kind::I64, exprs(t.i64(3)))),
                     t.stmt(Evaluate{t.expr(Kind::I64, ArrayDim{t.zeros(Kind::I64, exprs(t.i64(5))), 0})}));
  FormatPiece end{"\n", nullptr, 0, ""};
  std::vector<FormatPiece> pieces;
  pieces.push_back(std::move(end));
  body.push_back(t.stmt(Print{std::move(pieces)}));
  t.add(t.for_range(i, t.i64(0), t.read(n), t.i64(1), std::move(body)));
  std::int64_t before = kjit_live_buffers();
  Outcome outcome = Compiled(t)({integer(1000)});
  EXPECT_TRUE(outcome.ok);
  EXPECT_LE(outcome.most_buffers - before, 2);
  EXPECT_EQ(kjit_live_buffers(), before);
}

// f(n): sum of random() * 2 + random() over n iterations: a loop whose draws have fixed places.
TreeBuilder sum_of_draws() {
  TreeBuilder t;
  t.function().draws_random = true;
  t.result(Kind::F64);
  LocalId n = t.parameter("n", Kind::I64), i = t.local("i", Kind::I64), x = t.local("x", Kind::F64);
  auto draw = [&] { return t.builtin(Kind::F64, Builtin::Random, {}); };
  auto add = [&](ExprPtr value) { return t.assign(x, t.binary(BinaryOp::Add, t.read(x), std::move(value))); };
  t.add(t.assign(x, t.f64(0)));
  t.add(t.for_range(i, t.i64(0), t.read(n), t.i64(1), block(add(t.binary(BinaryOp::Mul, draw(), t.f64(2))), add(draw()))));
  t.add(add(draw()));
  t.add(t.for_range(i, t.i64(0), t.read(n), t.i64(1), block(add(draw()), add(draw()))));  // begins with half a block left over
  t.add(add(draw()));
  t.add(t.ret(t.read(x)));
  return t;
}

TEST(LowerRandom, DrawsInFixedPlacesAreTheStreamOfTheInterpreter) {
  TreeBuilder t = sum_of_draws();
  for (int level : {0, 3}) {
    Compiled compiled(t, {level});
    for (std::int64_t n : {0, 1, 2, 3, 1000}) EXPECT_TRUE(same_outcome(run(t, {integer(n)}), compiled({integer(n)}))) << n;
  }
}

}  // namespace
}  // namespace kjit::testing
