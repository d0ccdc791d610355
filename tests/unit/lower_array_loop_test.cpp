// Array loops made by hand: in the interpreter and compiled, over every operator whose meaning is not the one of numbers, and
// what the verifier refuses.

#include "support/assert.h"
#include "tests/unit/lower_runner.h"

namespace kjit::testing {
namespace {

ExprPtr vector_of(TreeBuilder& t, Kind kind, const std::vector<std::int64_t>& numbers) {
  ArrayLiteral literal;
  literal.shape = {static_cast<std::int64_t>(numbers.size())};
  for (const std::int64_t number : numbers) {
    Type type(kind);
    if (type.is_float()) {
      literal.elements.push_back(t.constant(kind, static_cast<double>(number)));
    } else if (type.is_unsigned()) {
      literal.elements.push_back(t.constant(kind, static_cast<std::uint64_t>(number)));
    } else {
      literal.elements.push_back(t.constant(kind, number));
    }
  }
  return t.expr(Type::array(kind, 1, Layout::C), std::move(literal));
}

// A function that returns element `at` of left op right, element by element.
TreeBuilder element_of(BinaryOp op, Kind kind, const std::vector<std::int64_t>& left, const std::vector<std::int64_t>& right,
                       std::int64_t at) {
  TreeBuilder t;
  ArrayLoop loop;
  loop.operands = exprs(vector_of(t, kind, left), vector_of(t, kind, right));
  loop.body = t.binary(op, t.expr(kind, LoopElement{0}), t.expr(kind, LoopElement{1}));
  const Type type = Type::array(loop.body->type.kind(), 1, Layout::C);
  ExprPtr array = t.expr(type, std::move(loop));
  ExprPtr element = t.element(std::move(array), exprs(t.i64(at)));
  t.result(element->type);
  t.add(t.ret(std::move(element)));
  return t;
}

constexpr BinaryOp kOperators[] = {BinaryOp::Add,      BinaryOp::Sub,    BinaryOp::Mul,   BinaryOp::TrueDiv,
                                   BinaryOp::FloorDiv, BinaryOp::Mod,    BinaryOp::Pow,   BinaryOp::Shl,
                                   BinaryOp::Shr,      BinaryOp::BitAnd, BinaryOp::BitOr, BinaryOp::BitXor};

TEST(LowerArrayLoop, NeverTrapsAndAgreesWithTheInterpreter) {
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  const std::vector<std::int64_t> left = {7, -7, least, 0, 3}, right = {0, 2, -1, -3, 64};
  for (const BinaryOp op : kOperators) {
    for (std::int64_t at = 0; at < 5; ++at) {
      const TreeBuilder t = element_of(op, Kind::I64, left, right, at);
      const Outcome expected = run(t);
      ASSERT_TRUE(expected.ok) << static_cast<int>(op);
      for (const int level : {0, 3}) {
        EXPECT_TRUE(same_outcome(expected, Compiled(t, {level, true})())) << static_cast<int>(op) << " at " << at;
      }
    }
  }
}

TEST(LowerArrayLoop, DivisionOfFloatsByZeroIsQuiet) {
  for (const BinaryOp op : {BinaryOp::TrueDiv, BinaryOp::FloorDiv, BinaryOp::Mod, BinaryOp::Pow}) {
    for (std::int64_t at = 0; at < 3; ++at) {
      const TreeBuilder t = element_of(op, Kind::F64, {1, -1, 0}, {0, 0, 0}, at);
      const Outcome expected = run(t);
      ASSERT_TRUE(expected.ok);
      EXPECT_TRUE(same_outcome(expected, Compiled(t)()));
    }
  }
}

TEST(LowerArrayLoop, DivisionByZeroIsZeroForIntegers) {
  EXPECT_EQ(run(element_of(BinaryOp::FloorDiv, Kind::I32, {7}, {0}, 0)).value.integer(), 0);
  EXPECT_EQ(run(element_of(BinaryOp::Mod, Kind::I32, {7}, {0}, 0)).value.integer(), 0);
  EXPECT_EQ(run(element_of(BinaryOp::Shr, Kind::I8, {-7}, {9}, 0)).value.integer(), -1);
}

TEST(LowerArrayLoop, ShapesThatDoNotBroadcastAreAnError) {
  const TreeBuilder t = element_of(BinaryOp::Add, Kind::I64, {1, 2, 3}, {1, 2}, 0);
  for (const Outcome& outcome : {run(t), Compiled(t)()}) {
    EXPECT_FALSE(outcome.ok);
    EXPECT_EQ(outcome.error.kind, KJIT_ValueError);
  }
  EXPECT_EQ(kjit_live_buffers(), 0);
}

TEST(VerifyArrayLoop, BodyIsScalarArithmeticOnItsOperands) {
  TreeBuilder t = element_of(BinaryOp::Add, Kind::I64, {1}, {1}, 0);
  auto& element = std::get<Element>(std::get<Return>(t.function().body[0]->node).value->node);
  auto& loop = std::get<ArrayLoop>(element.array->node);
  verify(t.program);
  std::get<LoopElement>(std::get<Binary>(loop.body->node).lhs->node).operand = 2;
  EXPECT_THROW(verify(t.program), InternalError);
  std::get<LoopElement>(std::get<Binary>(loop.body->node).lhs->node).operand = 0;
  element.array->type = Type::array(Kind::F64, 1, Layout::C);
  EXPECT_THROW(verify(t.program), InternalError);
}

}  // namespace
}  // namespace kjit::testing
