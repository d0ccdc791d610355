// The verifier rejects what is not a typed tree; the printer shows what is one.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "support/assert.h"
#include "tests/unit/typed_builder.h"
#include "typing/tree/typed_printer.h"

namespace kjit::testing {
namespace {

const Type kVector = Type::array(Kind::F64, 1, Layout::C);

// The invariant that verify() names, or "" for a valid tree.
std::string violated(const TreeBuilder& tree) {
  try {
    verify(tree.program);
    return "";
  } catch (const InternalError& error) {
    return error.what();
  }
}

std::string violated_by_return(Type result, const std::function<ExprPtr(TreeBuilder&)>& make) {
  TreeBuilder t;
  t.result(std::move(result));
  t.add(t.ret(make(t)));
  return violated(t);
}

using ::testing::HasSubstr;

TEST(Verify, AcceptsAValidTree) {
  EXPECT_EQ(violated_by_return(Kind::I64, [](TreeBuilder& t) { return t.binary(BinaryOp::Add, t.i64(1), t.i64(2)); }), "");
}

TEST(Verify, OperandsHaveOneType) {
  EXPECT_THAT(violated_by_return(Kind::I64, [](TreeBuilder& t) { return t.binary(BinaryOp::Add, t.i64(1), t.f64(2)); }),
              HasSubstr("both operands have one type"));
}

TEST(Verify, TrueDivisionOfIntegersGivesAFloat) {
  EXPECT_THAT(violated_by_return(Kind::I64,
                                 [](TreeBuilder& t) { return t.expr(Kind::I64, Binary{BinaryOp::TrueDiv, t.i64(1), t.i64(2)}); }),
              HasSubstr("a binary operator gives its type's result"));
}

TEST(Verify, LoopsHaveIdsOfTheirOwn) {
  TreeBuilder t;
  const LocalId i = t.local("i", Kind::I64);
  t.add(t.for_range(i, t.i64(0), t.i64(1), t.i64(1), {}));
  t.add(t.stmt(While{t.boolean(false), {}, {}}));
  EXPECT_EQ(violated(t), "");
  std::get<While>(t.function().body[1]->node).id = std::get<ForRange>(t.function().body[0]->node).id;
  EXPECT_THAT(violated(t), HasSubstr("loops and accesses have ids of their own"));
}

TEST(Verify, AccessesHaveIdsBelowTheirCount) {
  TreeBuilder t;
  t.result(Kind::F64);
  t.add(t.ret(t.element(t.zeros(Kind::F64, exprs(t.i64(1))), exprs(t.i64(0)))));
  EXPECT_EQ(violated(t), "");
  t.program.access_count = 0;
  EXPECT_THAT(violated(t), HasSubstr("loops and accesses have ids of their own"));
}

TEST(Verify, FunctionsKnowTheirNumber) {
  TreeBuilder t;
  t.begin_function("other");
  t.function().id = 0;
  EXPECT_THAT(violated(t), HasSubstr("the id of a function is its number"));
}

TEST(Verify, ConstantsFitTheirType) {
  EXPECT_THAT(violated_by_return(Kind::I8, [](TreeBuilder& t) { return t.constant(Kind::I8, std::int64_t{128}); }),
              HasSubstr("a constant is a value of its type"));
  EXPECT_THAT(violated_by_return(Kind::F32, [](TreeBuilder& t) { return t.constant(Kind::F32, 0.1); }),
              HasSubstr("a constant is a value of its type"));
}

TEST(Verify, NothingIsUnknown) {
  EXPECT_THAT(violated_by_return(Type::tuple({Kind::I64, Type()}), [](TreeBuilder& t) { return t.i64(1); }),
              HasSubstr("every type is known"));
}

TEST(Verify, ReturnHasTheResultType) {
  EXPECT_THAT(violated_by_return(Kind::F64, [](TreeBuilder& t) { return t.i64(1); }), HasSubstr("the function's result type"));
}

TEST(Verify, BreakIsInsideALoop) {
  TreeBuilder t;
  const LocalId i = t.local("i", Kind::I64);
  t.add(t.for_range(i, t.i64(0), t.i64(1), t.i64(1), block(t.stmt(Break{})), block(t.stmt(Break{}))));
  EXPECT_THAT(violated(t), HasSubstr("break is inside a loop"));
}

TEST(Verify, LetAssignsAHiddenLocal) {
  TreeBuilder t;
  t.result(Kind::I64);
  const LocalId x = t.local("x", Kind::I64);
  t.add(t.ret(t.expr(Kind::I64, Let{x, t.i64(1), t.read(x)})));
  EXPECT_THAT(violated(t), HasSubstr("let assigns a hidden local"));
}

TEST(Verify, IndicesAreI64AndAsManyAsAxes) {
  EXPECT_THAT(
      violated_by_return(Kind::F64,
                         [](TreeBuilder& t) { return t.element(t.zeros(Kind::F64, exprs(t.i64(1))), exprs(t.boolean(true))); }),
      HasSubstr("an index is an i64"));
  EXPECT_THAT(
      violated_by_return(
          Kind::F64, [](TreeBuilder& t) { return t.element(t.zeros(Kind::F64, exprs(t.i64(1))), exprs(t.i64(0), t.i64(0))); }),
      HasSubstr("as many indices as axes"));
}

TEST(Verify, CallsMatchTheCallee) {
  TreeBuilder t;
  const FunctionId f = t.begin_function("f");
  t.parameter("x", Kind::F64);
  t.select(0);
  t.add(t.stmt(Evaluate{t.call(f, exprs(t.i64(1)))}));
  EXPECT_THAT(violated(t), HasSubstr("an argument has the parameter's type"));
}

TEST(Verify, CheckedReadsNeedASetFlag) {
  TreeBuilder t;
  t.result(Kind::I64);
  const LocalId x = t.local("x", Kind::I64);
  t.add(t.ret(t.read(x, true)));
  EXPECT_THAT(violated(t), HasSubstr("with a set flag"));
}

TEST(Verify, SitesBelongToTheirFunction) {
  TreeBuilder t;
  t.result(Kind::I64);
  ExprPtr foreign = t.i64(1);
  t.begin_function("f");
  t.result(Kind::I64);
  t.add(t.ret(std::move(foreign)));
  t.select(0);
  t.add(t.ret(t.i64(2)));
  EXPECT_THAT(violated(t), HasSubstr("a site belongs to the function it is used in"));
}

TEST(Verify, MessageNamesTheFunction) {
  TreeBuilder t;
  t.add(t.stmt(Continue{}));
  EXPECT_THAT(violated(t), HasSubstr("not valid in main at site 1"));
}

TEST(TypedPrinter, WritesTypesAndConversionsOut) {
  SourceMap sources;
  sources.add("kernel.k", "def f(n): pass\n");
  TreeBuilder t;
  t.result(Kind::F64);
  const LocalId n = t.parameter("n", Kind::I64);
  const LocalId a = t.local("a", kVector);
  const LocalId i = t.local("i", Kind::I64);
  const LocalId hidden = t.local("", Kind::F64);
  t.add(t.assign(a, t.zeros(Kind::F64, exprs(t.read(n)))));
  ExprPtr shifted = t.binary(BinaryOp::Add, t.read(i), t.i64(1));
  ExprPtr narrow = t.convert(Kind::F64, t.constant(Kind::F32, 0.5));
  Block body = block(t.store(t.read(a), exprs(std::move(shifted)), std::move(narrow)));
  t.add(t.for_range(i, t.i64(0), t.read(n), t.i64(1), std::move(body), block(t.stmt(Return{t.f64(1.0)}))));
  ExprPtr first = t.element(t.read(a), exprs(t.i64(0)), {true});
  ExprPtr root = t.builtin(Kind::F64, Builtin::Sqrt, exprs(t.read(hidden)), true);
  t.add(t.ret(t.expr(Kind::F64, Let{hidden, std::move(first), std::move(root)})));
  verify(t.program);
  EXPECT_EQ(print_typed(t.program, sources),
            "def main(n: i64) -> f64:  # line 1\n"
            "  a: f64[::1] = zeros f64[::1] (n)\n"
            "  for i: i64 in range(0, n, 1):\n"
            "    a[(i + 1)] = f64(0.5:f32)\n"
            "  else:\n"
            "    return 1.0\n"
            "  return (let %3 = a[0!] in Sqrt!(%3))\n");
}

TEST(Types, AreComparedByStructureAndPrintedAsWritten) {
  EXPECT_EQ(Type::tuple({Kind::I64, kVector}), Type::tuple({Kind::I64, Type::array(Kind::F64, 1, Layout::C)}));
  EXPECT_NE(kVector, Type::array(Kind::F64, 1, Layout::Strided));
  EXPECT_NE(Type::tuple({}), Type::tuple({Kind::Bool}));
  EXPECT_EQ(to_string(Type::array(Kind::F32, 2, Layout::C)), "f32[:, ::1]");
  EXPECT_EQ(to_string(Type::array(Kind::C64, 2, Layout::Strided)), "c64[:, :]");
  EXPECT_EQ(to_string(Type::tuple({Kind::Str})), "(str,)");
  EXPECT_TRUE(Type::tuple({Kind::I64, Type::tuple({Kind::Str})}).is_managed());
  EXPECT_FALSE(Type::tuple({Kind::I64}).is_managed());
}

}  // namespace
}  // namespace kjit::testing
