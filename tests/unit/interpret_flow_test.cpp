// Statements, calls and errors of the interpreter.

#include <gtest/gtest.h>

#include <limits>

#include "tests/unit/typed_builder.h"

namespace kjit::testing {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

// Adds `number` to the local, so that a test sees which parts ran.
StmtPtr bump(TreeBuilder& t, LocalId id, std::int64_t number) {
  return t.assign(id, t.binary(BinaryOp::Add, t.read(id), t.i64(number)));
}

// for i in range(start, stop, step): body; else: +1000. Returns the sum and the last i.
struct Loop {
  std::int64_t total, last;
};
Loop loop(std::int64_t start, std::int64_t stop, std::int64_t step, bool with_break = false) {
  TreeBuilder t;
  const Type pair = Type::tuple({Kind::I64, Kind::I64});
  t.result(pair);
  const LocalId total = t.local("total", Kind::I64);
  const LocalId i = t.local("i", Kind::I64);
  t.add(t.assign(total, t.i64(0)));
  t.add(t.assign(i, t.i64(-7)));
  Block body = block(bump(t, total, 1));
  if (with_break) {
    body.push_back(t.stmt(Break{}));
  }
  t.add(t.for_range(i, t.i64(start), t.i64(stop), t.i64(step), std::move(body), block(bump(t, total, 1000))));
  t.add(t.ret(t.expr(pair, MakeTuple{exprs(t.read(total), t.read(i))})));
  const Outcome outcome = run(t);
  return {outcome.value.elements()[0].integer(), outcome.value.elements()[1].integer()};
}

TEST(InterpretLoops, ForElseRunsUnlessTheLoopBreaks) {
  EXPECT_EQ(loop(0, 3, 1).total, 1003);
  EXPECT_EQ(loop(0, 3, 1, true).total, 1);
  EXPECT_EQ(loop(3, 3, 1).total, 1000);
}

TEST(InterpretLoops, VariableKeepsItsLastValue) {
  EXPECT_EQ(loop(0, 10, 4).last, 8);
  EXPECT_EQ(loop(10, 0, -3).last, 1);
  EXPECT_EQ(loop(5, 5, 1).last, -7);
}

TEST(InterpretLoops, RangesUpToTheEdgesDoNotOverflow) {
  EXPECT_EQ(loop(kMax - 2, kMax, 1).last, kMax - 1);
  EXPECT_EQ(loop(kMin, kMax, kMax).total, 1003);
  EXPECT_EQ(loop(kMin, kMax, kMax).last, kMax - 1);
  EXPECT_EQ(loop(kMax, kMin, kMin).total, 1002);
  EXPECT_EQ(loop(kMax, kMin, kMin).last, -1);
}

TEST(InterpretLoops, ZeroStepTraps) {
  TreeBuilder t;
  const LocalId i = t.local("i", Kind::I64);
  t.add(t.for_range(i, t.i64(0), t.i64(1), t.i64(0), {}));
  EXPECT_EQ(run(t).error.trap, KJIT_TRAP_RangeStepZero);
}

TEST(InterpretLoops, AssignmentToTheVariableDoesNotChangeTheCount) {
  TreeBuilder t;
  t.result(Kind::I64);
  const LocalId total = t.local("total", Kind::I64);
  const LocalId i = t.local("i", Kind::I64);
  t.add(t.assign(total, t.i64(0)));
  Block body = block(bump(t, total, 1), t.assign(i, t.i64(100)));
  t.add(t.for_range(i, t.i64(0), t.i64(4), t.i64(1), std::move(body)));
  t.add(t.ret(t.read(total)));
  EXPECT_EQ(run(t).value.integer(), 4);
}

TEST(InterpretLoops, EndlessLoopStopsOnInterrupt) {
  TreeBuilder t;
  t.add(t.stmt(While{t.boolean(true), {}, {}}));
  const Outcome outcome = run(t, {}, {.options = {}, .interrupt = KJIT_CANCEL});
  EXPECT_FALSE(outcome.ok);
  EXPECT_EQ(outcome.error.kind, KJIT_Cancelled);
}

TEST(InterpretCalls, TracebackListsCallSitesInnermostFirst) {
  TreeBuilder t;
  t.result(Kind::I64);
  const FunctionId outer = t.begin_function("outer");
  t.result(Kind::I64);
  const FunctionId inner = t.begin_function("inner");
  t.result(Kind::I64);
  ExprPtr division = t.binary(BinaryOp::FloorDiv, t.i64(1), t.i64(0));
  const SiteId failing = division->site;
  t.add(t.ret(std::move(division)));
  t.select(outer);
  ExprPtr call_inner = t.call(inner, {});
  const SiteId first = call_inner->site;
  t.add(t.ret(std::move(call_inner)));
  t.select(0);
  ExprPtr call_outer = t.call(outer, {});
  const SiteId second = call_outer->site;
  t.add(t.ret(std::move(call_outer)));

  const Outcome outcome = run(t);
  EXPECT_EQ(outcome.error.site, failing);
  ASSERT_EQ(outcome.error.traceback_size, 2u);
  EXPECT_EQ(outcome.error.traceback[0], first);
  EXPECT_EQ(outcome.error.traceback[1], second);
}

TEST(InterpretCalls, EndlessRecursionIsAnError) {
  TreeBuilder t;
  t.function().is_recursive = true;
  t.result(Kind::I64);
  t.add(t.ret(t.binary(BinaryOp::Add, t.i64(1), t.call(0, {}))));
  EXPECT_EQ(run(t).error.trap, KJIT_TRAP_RecursionTooDeep);
}

TEST(InterpretCalls, RecursionStopsOnInterrupt) {
  TreeBuilder t;
  t.function().is_recursive = true;
  t.add(t.stmt(Evaluate{t.call(0, {})}));
  EXPECT_EQ(run(t, {}, {.options = {}, .interrupt = KJIT_DEADLINE}).error.trap, KJIT_TRAP_DeadlinePassed);
}

TEST(InterpretCalls, LocalsOfARecursiveCallAreItsOwn) {
  TreeBuilder t;  // f(n) = n * f(n - 1) if n > 1 else 1
  t.result(Kind::I64);
  const LocalId n = t.parameter("n", Kind::I64);
  ExprPtr smaller = t.call(0, exprs(t.binary(BinaryOp::Sub, t.read(n), t.i64(1))));
  ExprPtr more = t.compare(CompareOp::Gt, t.read(n), t.i64(1));
  ExprPtr product = t.binary(BinaryOp::Mul, std::move(smaller), t.read(n));
  t.add(t.ret(t.expr(Kind::I64, Conditional{std::move(more), std::move(product), t.i64(1)})));
  EXPECT_EQ(run(t, {interpreter::Value{std::int64_t{5}}}).value.integer(), 120);
}

TEST(InterpretVariables, CheckedReadOfAnUnsetLocalTraps) {
  TreeBuilder t;
  t.result(Kind::I64);
  const LocalId x = t.local("x", Kind::I64);
  t.function().locals[x].needs_set_flag = true;
  t.add(t.ret(t.read(x, true)));
  EXPECT_EQ(run(t).error.trap, KJIT_TRAP_Unbound);
}

TEST(InterpretErrors, RaiseCarriesItsMessage) {
  TreeBuilder t;
  t.add(t.stmt(Raise{KJIT_ValueError, t.str("too small")}));
  const Outcome outcome = run(t);
  EXPECT_EQ(outcome.error.kind, KJIT_ValueError);
  EXPECT_EQ(outcome.message, "too small");
}

TEST(InterpretErrors, AssertEvaluatesItsMessageOnFailureOnly) {
  const auto asserted = [](bool holds) {
    TreeBuilder t;  // the message raises an error of its own
    ExprPtr division = t.binary(BinaryOp::FloorDiv, t.i64(1), t.i64(0));
    std::vector<FormatPiece> pieces;
    pieces.push_back({"", std::move(division), 0, ""});
    t.add(t.stmt(Assert{t.boolean(holds), t.expr(Kind::Str, Format{std::move(pieces)})}));
    return run(t);
  };
  EXPECT_TRUE(asserted(true).ok);
  EXPECT_EQ(asserted(false).error.kind, KJIT_ZeroDivisionError);
}

TEST(InterpretText, PrintWritesItsPiecesAsPythonDoes) {
  TreeBuilder t;
  const Type pair = Type::tuple({Kind::Str, Kind::F64});
  std::vector<FormatPiece> pieces;
  pieces.push_back({"", t.f64(0.1), 0, ""});
  pieces.push_back({" ", nullptr, 0, ""});
  pieces.push_back({"", t.expr(pair, MakeTuple{exprs(t.str("a"), t.f64(1.0))}), 0, ""});
  pieces.push_back({" ", nullptr, 0, ""});
  pieces.push_back({"", t.i64(-5), 0, "04d"});
  pieces.push_back({"|", nullptr, 0, ""});
  pieces.push_back({"", t.str("a"), 'r', ">5"});
  pieces.push_back({"\n", nullptr, 0, ""});
  t.add(t.stmt(Print{std::move(pieces)}));
  EXPECT_EQ(run(t).output, "0.1 ('a', 1.0) -005|  'a'\n");
}

TEST(InterpretRandom, IterationsOfPrangeDrawFromStreamsOfTheirOwn) {
  // total of random() over two iterations of prange, then one draw outside: as a serial program draws after nothing.
  const auto draw = [](bool with_loop) {
    TreeBuilder t;
    t.result(Kind::F64);
    const LocalId i = t.local("i", Kind::I64);
    const LocalId x = t.local("x", Kind::F64);
    if (with_loop) {
      ForRange loop{i, t.i64(0), t.i64(2), t.i64(1), {}, {}, ParallelLoop{}};
      loop.body = block(t.assign(x, t.builtin(Kind::F64, Builtin::Random, {})));
      t.add(t.stmt(std::move(loop)));
    }
    t.add(t.ret(t.builtin(Kind::F64, Builtin::Random, {})));
    return run(t).value.real();
  };
  EXPECT_EQ(draw(true), draw(false));
}

}  // namespace
}  // namespace kjit::testing
