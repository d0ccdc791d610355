// What becomes of the local variables of a parallel loop.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "analysis/races/reductions.h"
#include "tests/unit/analysis_harness.h"

namespace kjit::testing {
namespace {

// ---- reductions --------------------------------------------------------------------------------------------------------

struct ReductionCase {
  const char* name;
  const char* before;  // the value of s
  const char* update;  // the loop's body
  ReduceOp op;
};

class Reductions : public ::testing::TestWithParam<ReductionCase> {};

TEST_P(Reductions, Operator) {
  const std::string body =
      std::string("    s = ") + GetParam().before + "\n    for i in prange(len(a)):\n" + GetParam().update + "    return s\n";
  const auto planned = plan_body(body);
  ASSERT_TRUE(planned->program) << planned->first_message();
  ASSERT_NE(planned->reduction("s"), nullptr) << planned->first_message();
  EXPECT_EQ(operator_text(planned->reduction("s")->op), operator_text(GetParam().op));
  EXPECT_EQ(planned->first_message(), "");
}

const ReductionCase kReductions[] = {
    {"augmented", "0.0", "        s += a[i]\n", ReduceOp::Add},
    {"subtracted", "0.0", "        s -= a[i]\n", ReduceOp::Add},
    {"written_out", "0.0", "        s = s + a[i]\n", ReduceOp::Add},
    {"on_the_right", "0.0", "        s = a[i] + s\n", ReduceOp::Add},
    {"two_terms", "0.0", "        s = s + a[i] - b[i]\n", ReduceOp::Add},
    {"product", "1.0", "        s *= a[i]\n", ReduceOp::Mul},
    {"bits_and", "7", "        s &= idx[i]\n", ReduceOp::BitAnd},
    {"bits_or", "0", "        s |= idx[i]\n", ReduceOp::BitOr},
    {"bits_xor", "0", "        s ^= idx[i]\n", ReduceOp::BitXor},
    {"count", "0", "        if a[i] > 0.5:\n            s += 1\n", ReduceOp::Add},
    {"count_in_inner_loop", "0", "        for j in range(n):\n            if a[j] > 0.5:\n                s += 1\n",
     ReduceOp::Add},
    {"min_call", "a[0]", "        s = min(s, a[i])\n", ReduceOp::Min},
    {"max_call", "a[0]", "        s = max(s, a[i])\n", ReduceOp::Max},
    {"min_of_integers_in_any_order", "h[0]", "        s = min(h[i], s)\n", ReduceOp::Min},
    {"min_branch", "a[0]", "        if a[i] < s:\n            s = a[i]\n", ReduceOp::Min},
    {"min_branch_turned", "a[0]", "        if s > a[i]:\n            s = a[i]\n", ReduceOp::Min},
    {"max_branch", "a[0]", "        if a[i] > s:\n            s = a[i]\n", ReduceOp::Max},
    {"max_branch_turned", "a[0]", "        if s < a[i]:\n            s = a[i]\n", ReduceOp::Max},
    {"min_conditional", "a[0]", "        s = a[i] if a[i] < s else s\n", ReduceOp::Min},
    {"min_of_local", "a[0]", "        v = a[i] * 2.0\n        if v < s:\n            s = v\n", ReduceOp::Min},
    {"any", "False", "        s = s or a[i] > 0.5\n", ReduceOp::Or},
    {"any_turned", "False", "        s = a[i] > 0.5 or s\n", ReduceOp::Or},
    {"all", "True", "        s = s and a[i] > 0.5\n", ReduceOp::And},
    {"all_turned", "True", "        s = a[i] > 0.5 and s\n", ReduceOp::And},
    {"flag_set", "False", "        if a[i] > 0.5:\n            s = True\n", ReduceOp::Or},
    {"flag_cleared", "True", "        if a[i] > 0.5:\n            s = False\n", ReduceOp::And},
};

INSTANTIATE_TEST_SUITE_P(Analysis, Reductions, ::testing::ValuesIn(kReductions),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Reduction, TiesThatGoToTheLaterValueAreMarked) {
  const auto planned =
      plan_body("    s = a[0]\n    for i in prange(n):\n        if a[i] <= s:\n            s = a[i]\n    return s\n");
  ASSERT_NE(planned->reduction("s"), nullptr);
  EXPECT_TRUE(planned->reduction("s")->ties_to_later);
}

TEST(Reduction, WhatIsSetWithAMinimumGoesAlong) {
  const auto planned = plan_body(
      "    s = a[0]\n    where = 0\n    for i in prange(n):\n        if a[i] < s:\n            s = a[i]\n            where = i\n "
      "   return where\n");
  EXPECT_EQ(planned->first_message(), "");
  ASSERT_NE(planned->reduction("s"), nullptr);
  ASSERT_EQ(planned->reduction("s")->along.size(), 1u);
  EXPECT_EQ(planned->name(planned->reduction("s")->along[0]), "where");
}

TEST(Reduction, WhatIsReadElsewhereDoesNotGoAlong) {
  const auto planned = plan_body(
      "    s = a[0]\n    where = 0\n    for i in prange(n):\n        if a[i] < s:\n            s = a[i]\n            where = i\n "
      "       b[i] = where\n");
  EXPECT_EQ(planned->first_id(), "E1002");
}

TEST(Reduction, ShortCircuitThatSkipsAnEffectOrAnErrorIsNone) {
  const std::string kernel =
      "@njit(parallel=True)\ndef k(a, n):\n    s = False\n    for i in prange(n):\n        s = s or test(a, i)\n    return s\n";
  const std::vector<Type> arguments = {vector_of(Kind::F64), Kind::I64};
  const auto fails = plan_text("def test(a, i):\n    return a[i] > 0.0\n" + kernel, "k", arguments);
  EXPECT_EQ(fails->first_id(), "E1011");
  const auto prints = plan_text("def test(a, i):\n    print(i)\n    return a[i] > 0.0\n" + kernel, "k", arguments);
  EXPECT_EQ(prints->first_id(), "E1001");
  const auto draws = plan_text("def test(a, i):\n    return a[i] > random.random()\n" + kernel, "k", arguments);
  EXPECT_EQ(draws->first_id(), "E1001");
}

TEST(Reduction, Identities) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(std::signbit(std::get<double>(reduction_identity(ReduceOp::Add, Kind::F64).value)));
  EXPECT_EQ(std::get<double>(reduction_identity(ReduceOp::Min, Kind::F32).value), infinity);
  EXPECT_EQ(std::get<double>(reduction_identity(ReduceOp::Maximum, Kind::F64).value), -infinity);
  EXPECT_EQ(std::get<std::int64_t>(reduction_identity(ReduceOp::Max, Kind::I8).value), -128);
  EXPECT_EQ(std::get<std::int64_t>(reduction_identity(ReduceOp::Min, Kind::I64).value), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(std::get<std::uint64_t>(reduction_identity(ReduceOp::Min, Kind::U16).value), 65535u);
  EXPECT_EQ(std::get<std::uint64_t>(reduction_identity(ReduceOp::BitAnd, Kind::U8).value), 255u);
  EXPECT_EQ(std::get<std::int64_t>(reduction_identity(ReduceOp::BitAnd, Kind::I32).value), -1);
  EXPECT_TRUE(std::get<bool>(reduction_identity(ReduceOp::BitAnd, Kind::Bool).value));
  EXPECT_FALSE(std::get<bool>(reduction_identity(ReduceOp::Or, Kind::Bool).value));
}

// ---- refusals ----------------------------------------------------------------------------------------------------------

struct RefusalCase {
  const char* name;
  const char* body;
  const char* id;
};

class Refusals : public ::testing::TestWithParam<RefusalCase> {};

TEST_P(Refusals, Id) {
  const auto planned = plan_body(GetParam().body);
  ASSERT_TRUE(planned->program) << planned->first_message();
  EXPECT_EQ(planned->first_id(), GetParam().id) << planned->first_message();
  EXPECT_EQ(planned->diags.all().size(), 1u);
  EXPECT_FALSE(planned->plan().refusals.empty());
}

const RefusalCase kRefusals[] = {
    {"recurrence", "    x = 1.0\n    for i in prange(n):\n        x = x * 0.5 + a[i]\n    return x\n", "E1001"},
    {"previous_value", "    prev = 0.0\n    for i in prange(n):\n        b[i] = a[i] - prev\n        prev = a[i]\n", "E1001"},
    {"complex_product", "    z = 1j\n    for i in prange(n):\n        z *= 1j\n    return z\n", "E1001"},
    {"counter", "    k = 0\n    for i in prange(n):\n        a[i] = k\n        k += 1\n", "E1008"},
    {"two_operators", "    s = 1.0\n    for i in prange(n):\n        s += a[i]\n        s *= 2.0\n    return s\n", "E1008"},
    {"running_total", "    s = 0.0\n    for i in prange(n):\n        s += a[i]\n        b[i] = s\n    return s\n", "E1008"},
    {"conditional", "    for i in prange(n):\n        if a[i] > 0.0:\n            t = a[i]\n        b[i] = t\n", "E1002"},
    {"conditional_by_while",
     "    for i in prange(n):\n        k = 0\n        while k < idx[i]:\n            t = a[k]\n            k += 1\n        b[i] "
     "= t\n",
     "E1002"},
    {"lost", "    t = 0.0\n    for i in prange(n):\n        if a[i] > 0.5:\n            t = a[i]\n    return t\n", "E1003"},
    {"lost_by_continue",
     "    t = 0.0\n    for i in prange(n):\n        if a[i] > 0.5:\n            continue\n        t = a[i]\n    return t\n",
     "E1003"},
    {"minimum_that_forgets", "    s = a[0]\n    for i in prange(n):\n        s = min(a[i], s)\n    return s\n", "E1009"},
    {"break_", "    for i in prange(n):\n        if a[i] > 0.5:\n            break\n", "E1004"},
    {"return_", "    for i in prange(n):\n        if a[i] > 0.5:\n            return i\n    return 0\n", "E1005"},
    {"return_in_inner_loop", "    for i in prange(n):\n        for j in range(n):\n            return 1\n    return 0\n",
     "E1005"},
};

INSTANTIATE_TEST_SUITE_P(Analysis, Refusals, ::testing::ValuesIn(kRefusals),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Scalars, BreakOfAnInnerLoopIsFine) {
  const auto planned =
      plan_body("    for i in prange(n):\n        for j in range(n):\n            if a[j] > 0.5:\n                break\n");
  EXPECT_EQ(planned->first_message(), "");
}

TEST(Scalars, RaiseAndAssertAreFine) {
  const auto planned = plan_body(
      "    for i in prange(n):\n        assert a[i] > 0.0\n        if a[i] > 9.0:\n            raise ValueError('too large')\n");
  EXPECT_EQ(planned->first_message(), "");
}

// ---- private variables -------------------------------------------------------------------------------------------------

TEST(Privates, SetAtTheStartOfTheIteration) {
  const auto planned = plan_body(
      "    s = 1.0\n    for i in prange(n):\n        s = 0.0\n        for j in range(n):\n            s += m[i, j]\n        a[i] "
      "= s\n");
  EXPECT_EQ(planned->first_message(), "");
  ASSERT_NE(planned->private_local("s"), nullptr);
  EXPECT_FALSE(planned->private_local("s")->copy_in);
  EXPECT_FALSE(planned->private_local("s")->copy_out);
}

TEST(Privates, LastValueIsKeptIfItIsRead) {
  const auto planned = plan_body("    for i in prange(n):\n        t = a[i]\n    return t + i\n");
  EXPECT_EQ(planned->first_message(), "");
  EXPECT_TRUE(planned->private_local("t")->copy_out);
  EXPECT_TRUE(planned->private_local("i")->copy_out);
}

TEST(Privates, LastValueIsKeptForTheNextRoundOfALoopAround) {
  const auto planned =
      plan_body("    t = 0.0\n    for r in range(3):\n        b[r] = t\n        for i in prange(n):\n            t = a[i]\n");
  EXPECT_TRUE(planned->private_local("t")->copy_out);
}

TEST(Privates, NotKeptIfSetAgainFirst) {
  const auto planned = plan_body("    for i in prange(n):\n        t = a[i]\n        b[i] = t\n    t = 0.0\n    return t\n");
  EXPECT_FALSE(planned->private_local("t")->copy_out);
}

TEST(Privates, VariableOfAnInnerLoopThatMayMakeNoRound) {
  const auto planned = plan_body(
      "    for i in prange(n):\n        for k in range(off):\n            if a[k] > 4.0:\n                break\n        h[i] = "
      "k\n");
  EXPECT_FALSE(planned->diags.has_errors());
  EXPECT_TRUE(planned->private_local("k")->copy_in);
}

TEST(Privates, VariableOfAnInnerLoopWhoseRangeDiffersBetweenIterations) {
  const auto planned =
      plan_body("    for i in prange(n):\n        for k in range(idx[i]):\n            a[i] = k\n        h[i] = k\n");
  EXPECT_TRUE(planned->diags.has_errors());
}

TEST(Privates, VariableSetAgainAfterTheInnerLoop) {
  const auto planned =
      plan_body("    for i in prange(n):\n        for k in range(off):\n            a[i] = k\n        h[i] = k\n        k = 5\n");
  EXPECT_TRUE(planned->diags.has_errors());
}

TEST(Captures, WhatTheLoopOnlyReads) {
  const auto planned = plan_body("    c = 2.0\n    for i in prange(n):\n        a[i] = b[i] * c\n");
  std::vector<std::string> names;
  for (const typed::LocalId local : planned->plan().captures) names.push_back(planned->name(local));
  EXPECT_EQ(names, (std::vector<std::string>{"a", "b", "c"}));
}

// ---- nests and text ----------------------------------------------------------------------------------------------------

TEST(Nests, PerfectNestIsCollapsed) {
  const auto planned = plan_body("    for i in prange(n):\n        for j in prange(off):\n            m[i, j] = 1.0\n");
  EXPECT_EQ(planned->plan(0).nest.size(), 2u);
  EXPECT_EQ(planned->plan(1).nest.size(), 1u);
  EXPECT_EQ(planned->plans.find(planned->plan(0).nest[1]), &planned->plan(1));
}

TEST(Nests, TriangularNestIsNot) {
  const auto planned = plan_body("    for i in prange(n):\n        for j in prange(i):\n            m[i, j] = 1.0\n");
  EXPECT_EQ(planned->plan(0).nest.size(), 1u);
}

TEST(Nests, ImperfectNestIsNot) {
  const auto planned =
      plan_body("    for i in prange(n):\n        a[i] = 0.0\n        for j in prange(n):\n            m[i, j] = 1.0\n");
  EXPECT_EQ(planned->plan(0).nest.size(), 1u);
}

TEST(Nests, VariablesReadLaterKeepLoopsApart) {
  const auto planned =
      plan_body("    i = 0\n    for i in prange(n):\n        for j in prange(off):\n            m[i, j] = 1.0\n    return i\n");
  EXPECT_EQ(planned->plan(0).nest.size(), 1u);
}

TEST(Plans, OnlyForParallelFunctions) {
  const auto planned =
      plan_text("def k(a):\n    for i in prange(1, len(a)):\n        a[i] = a[i - 1]\n", "k", {vector_of(Kind::F64)});
  EXPECT_TRUE(planned->plans.all().empty());
  EXPECT_EQ(planned->first_message(), "");
}

TEST(Plans, AsText) {
  const auto planned = plan_body(
      "    s = 0.0\n    for i in prange(n, schedule='dynamic', chunk=4):\n        t = a[i]\n        b[i] = t\n        s += t\n"
      "        h[idx[i]] += 1\n    return s\n");
  EXPECT_EQ(print_parallel(planned->plans, *planned->program, planned->modules.sources),
            "test.k:7: prange i in k: parallel\n"
            "  schedule  dynamic, chunk 4\n"
            "  shared    a, b, h, idx (not assigned in the loop)\n"
            "  private   i\n"
            "  private   t\n"
            "  reduced   s with + (f64), by blocks in a fixed order\n"
            "  array     b: disjoint: each iteration writes elements of its own\n"
            "  array     h: atomic: iterations meet only in steps whose order does not matter; each is made indivisible\n"
            "  run time  serial if 'b' and 'a' overlap in memory\n"
            "  run time  serial if 'b' and 'idx' overlap in memory\n"
            "  run time  serial if 'b' and 'h' overlap in memory\n"
            "  run time  serial if 'h' and 'a' overlap in memory\n"
            "  run time  serial if 'h' and 'idx' overlap in memory\n");
}

}  // namespace
}  // namespace kjit::testing
