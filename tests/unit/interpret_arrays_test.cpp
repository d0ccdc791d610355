// Arrays in the interpreter: order of evaluation, bounds, views, and that memory is freed.

#include <gtest/gtest.h>

#include "support/assert.h"
#include "tests/unit/typed_builder.h"

namespace kjit::testing {
namespace {

const Type kVector = Type::array(Kind::I64, 1, Layout::C);
const Type kView = Type::array(Kind::I64, 1, Layout::Strided);

// np.array of these values.
ExprPtr literal(TreeBuilder& t, std::vector<std::int64_t> values) {
  ArrayLiteral node{{static_cast<std::int64_t>(values.size())}, {}};
  for (const std::int64_t value : values) {
    node.elements.push_back(t.i64(value));
  }
  return t.expr(kVector, std::move(node));
}

// A program that has the array `a` and returns an i64.
struct WithArray : TreeBuilder {
  explicit WithArray(std::vector<std::int64_t> values) {
    result(Kind::I64);
    a = local("a", kVector);
    add(assign(a, literal(*this, std::move(values))));
  }
  ExprPtr at(std::int64_t index, std::vector<bool> in_bounds = {}) { return element(read(a), exprs(i64(index)), in_bounds); }

  LocalId a = 0;
};

TEST(InterpretArrays, NegativeIndicesCountFromTheEnd) {
  WithArray t({10, 20, 30});
  t.add(t.ret(t.at(-3)));
  EXPECT_EQ(run(t).value.integer(), 10);
}

TEST(InterpretArrays, IndexErrorNamesIndexAxisAndSize) {
  for (const std::int64_t index : {std::int64_t{3}, std::int64_t{-4}, INT64_MIN}) {
    WithArray t({10, 20, 30});
    t.add(t.ret(t.at(index)));
    const Outcome outcome = run(t);
    EXPECT_EQ(outcome.error.trap, KJIT_TRAP_IndexOutOfRange);
    EXPECT_EQ(outcome.error.values[0], index);
    EXPECT_EQ(outcome.error.values[1], 0);
    EXPECT_EQ(outcome.error.values[2], 3);
  }
}

TEST(InterpretArrays, WrongBoundsProofIsFound) {
  WithArray t({10, 20, 30});
  t.add(t.ret(t.at(-1, {true})));
  EXPECT_THROW(run(t), InternalError);
}

TEST(InterpretArrays, StoreEvaluatesTheValueFirst) {
  WithArray t({1, 2});  // both sides fail; Python reports the right one
  t.add(t.store(t.read(t.a), exprs(t.i64(9)), t.binary(BinaryOp::FloorDiv, t.i64(1), t.i64(0))));
  EXPECT_EQ(run(t).error.trap, KJIT_TRAP_IntDivisionByZero);
}

TEST(InterpretArrays, UpdateChecksTheIndexBeforeItEvaluatesTheValue) {
  WithArray t({1, 2});
  t.add(t.stmt(UpdateElement{
      t.read(t.a), exprs(t.i64(9)), t.binary(BinaryOp::FloorDiv, t.i64(1), t.i64(0)), BinaryOp::Add, Kind::I64, {}}));
  EXPECT_EQ(run(t).error.trap, KJIT_TRAP_IndexOutOfRange);
}

TEST(InterpretArrays, UpdateLoadsTheElementBeforeTheValueChangesIt) {
  WithArray t({1, 2});  // a[0] += f(a), where f sets a[0] = 100 and returns 5: 1 + 5
  const FunctionId f = t.begin_function("f");
  t.result(Kind::I64);
  const LocalId b = t.parameter("b", kVector);
  t.add(t.store(t.read(b), exprs(t.i64(0)), t.i64(100)));
  t.add(t.ret(t.i64(5)));
  t.select(0);
  t.add(t.stmt(UpdateElement{t.read(t.a), exprs(t.i64(0)), t.call(f, exprs(t.read(t.a))), BinaryOp::Add, Kind::I64, {}}));
  t.add(t.ret(t.at(0)));
  EXPECT_EQ(run(t).value.integer(), 6);
}

TEST(InterpretArrays, UpdateConvertsToTheOperandAndBack) {
  WithArray t({7, 2});  // a[0] /= 2 in an i64 array: 3.5 truncated
  t.add(t.stmt(UpdateElement{t.read(t.a), exprs(t.i64(0)), t.i64(2), BinaryOp::TrueDiv, Kind::F64, {}}));
  t.add(t.ret(t.at(0)));
  EXPECT_EQ(run(t).value.integer(), 3);
}

TEST(InterpretArrays, ViewsShareMemoryAndClip) {
  WithArray t({0, 1, 2, 3, 4});  // v = a[::-2]; v[1] = 50
  const LocalId v = t.local("v", kView);
  std::vector<Subscript> subscripts(1);
  subscripts[0].is_slice = true;
  subscripts[0].step = t.i64(-2);
  t.add(t.assign(v, t.expr(kView, View{t.read(t.a), std::move(subscripts)})));
  t.add(t.store(t.read(v), exprs(t.i64(1)), t.i64(50)));
  ExprPtr length = t.expr(Kind::I64, ArrayDim{t.read(v), 0});
  t.add(t.ret(t.binary(BinaryOp::Add, t.binary(BinaryOp::Mul, std::move(length), t.i64(1000)), t.at(2))));
  EXPECT_EQ(run(t).value.integer(), 3050);
}

TEST(InterpretArrays, AssignmentToAnOverlappingViewCopiesFirst) {
  WithArray t({1, 2, 3, 4});  // a[1:][...] = a[:-1]
  const auto slice = [&](ExprPtr lower, ExprPtr upper) {
    std::vector<Subscript> subscripts(1);
    subscripts[0] = {nullptr, true, std::move(lower), std::move(upper), nullptr};
    return t.expr(kView, View{t.read(t.a), std::move(subscripts)});
  };
  t.add(t.stmt(AssignView{slice(nullptr, t.i64(-1)), slice(t.i64(1), nullptr)}));
  t.add(t.ret(t.binary(BinaryOp::Add, t.binary(BinaryOp::Mul, t.at(2), t.i64(10)), t.at(3))));
  EXPECT_EQ(run(t).value.integer(), 23);
}

TEST(InterpretArrays, ArgumentsAreBorrowedAndUpdatedInPlace) {
  WithArray make({1, 2});
  make.result(kVector);
  make.add(make.ret(make.read(make.a)));
  const interpreter::Value array = run(make).value;

  TreeBuilder t;
  const LocalId b = t.parameter("b", kVector);
  t.add(t.store(t.read(b), exprs(t.i64(-1)), t.i64(9)));
  EXPECT_TRUE(run(t, {array}).ok);
  EXPECT_EQ(interpreter::load_scalar(Kind::I64, array.array().data() + 8).integer(), 9);
}

TEST(InterpretMemory, LoopThatAllocatesKeepsOneArray) {
  TreeBuilder t;  // for i in range(100): a = np.zeros(10); print(i)
  const LocalId i = t.local("i", Kind::I64);
  const LocalId a = t.local("a", kVector);
  std::vector<FormatPiece> pieces;
  pieces.push_back({"", t.read(i), 0, ""});
  Block body = block(t.assign(a, t.zeros(Kind::I64, exprs(t.i64(10)))), t.stmt(Print{std::move(pieces)}));
  t.add(t.for_range(i, t.i64(0), t.i64(100), t.i64(1), std::move(body)));
  const std::int64_t before = kjit_live_buffers();
  EXPECT_EQ(run(t).most_buffers, before + 1);
  EXPECT_EQ(kjit_live_buffers(), before);
}

TEST(InterpretMemory, ErrorFreesWhatWasAllocated) {
  const std::int64_t before = kjit_live_buffers();
  WithArray t({1, 2, 3});
  t.add(t.ret(t.at(3)));
  EXPECT_FALSE(run(t).ok);
  EXPECT_EQ(kjit_live_buffers(), before);
}

TEST(InterpretMemory, ReturnedTuplesOwnTheirParts) {
  const std::int64_t before = kjit_live_buffers();
  {
    TreeBuilder t;
    const Type pair = Type::tuple({Kind::Str, kVector, Kind::Bool});
    t.result(pair);
    t.add(t.ret(t.expr(pair, MakeTuple{exprs(t.str("text"), literal(t, {4, 5}), t.boolean(true))})));
    const Outcome outcome = run(t);
    EXPECT_EQ(outcome.value.elements()[0].text(), "text");
    EXPECT_EQ(interpreter::load_scalar(Kind::I64, outcome.value.elements()[1].array().data() + 8).integer(), 5);
  }
  EXPECT_EQ(kjit_live_buffers(), before);
}

TEST(InterpretMemory, NegativeDimensionTraps) {
  TreeBuilder t;
  t.add(t.stmt(Evaluate{t.zeros(Kind::F64, exprs(t.i64(-3)))}));
  EXPECT_EQ(run(t).error.trap, KJIT_TRAP_NegativeDimension);
}

TEST(MemoryLayout, TuplesAreCStructs) {
  const Type tuple = Type::tuple({Kind::Bool, Kind::C64, Kind::I16, Type::tuple({Kind::I8, Kind::F64}), Kind::None, Kind::U8});
  EXPECT_EQ(element_offsets(tuple), (std::vector<std::int64_t>{0, 4, 12, 16, 32, 32}));
  EXPECT_EQ(memory_layout(tuple).size, 40);
  EXPECT_EQ(memory_layout(tuple).alignment, 8);
  EXPECT_EQ(memory_layout(Type::array(Kind::F64, 3, Layout::C)).size, 64);
}

}  // namespace
}  // namespace kjit::testing
