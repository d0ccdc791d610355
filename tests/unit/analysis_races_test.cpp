// Race verdicts: one loop, one array, one verdict each.

#include <gtest/gtest.h>

#include "tests/unit/analysis_harness.h"

namespace kjit::testing {
namespace {

struct RaceCase {
  const char* name;
  const char* body;
  const char* array;
  Verdict verdict;
};

class Races : public ::testing::TestWithParam<RaceCase> {};

TEST_P(Races, Verdict) {
  const auto planned = plan_body(GetParam().body);
  ASSERT_TRUE(planned->program) << planned->first_message();
  const ArrayVerdict* verdict = planned->array(GetParam().array);
  ASSERT_NE(verdict, nullptr);
  EXPECT_EQ(static_cast<int>(verdict->verdict), static_cast<int>(GetParam().verdict)) << verdict->reason;
}

const RaceCase kCases[] = {
    {"own_element", "    for i in prange(len(a)):\n        a[i] = 1.0\n", "a", Verdict::Disjoint},
    {"previous_element", "    for i in prange(1, len(a)):\n        a[i] = a[i - 1]\n", "a", Verdict::Race},
    {"next_element", "    for i in prange(len(a) - 1):\n        a[i] = a[i + 1]\n", "a", Verdict::Race},
    {"one_element", "    for i in prange(n):\n        a[0] = i\n", "a", Verdict::Race},
    {"unknown_but_fixed_element", "    for i in prange(n):\n        a[off] = i\n", "a", Verdict::Race},
    {"last_element", "    for i in prange(n):\n        a[-1] = i\n", "a", Verdict::Race},
    {"modulo", "    for i in prange(n):\n        a[i % 8] = i\n", "a", Verdict::Inspected},
    {"modulo_of_few", "    for i in prange(8):\n        a[i % 8] = i\n", "a", Verdict::Disjoint},
    {"modulo_by_the_length", "    for i in prange(len(a)):\n        a[(i + 1) % len(a)] = i\n", "a", Verdict::Disjoint},
    {"quotient", "    for i in prange(n):\n        a[i // 2] = i\n", "a", Verdict::Race},
    {"even_and_odd", "    for i in prange(n):\n        a[2 * i] = a[2 * i + 1]\n", "a", Verdict::Disjoint},
    {"two_strides", "    for i in prange(n):\n        a[2 * i] = a[3 * i]\n", "a", Verdict::Race},
    {"two_halves", "    for i in prange(n):\n        a[i] = a[i + n]\n", "a", Verdict::Disjoint},
    {"unknown_offset", "    for i in prange(n):\n        a[i] = a[i + off]\n", "a", Verdict::Inspected},
    {"mirror", "    for i in prange(len(a) // 2):\n        a[i] = a[len(a) - 1 - i]\n", "a", Verdict::Disjoint},
    {"mirror_of_all", "    for i in prange(len(a)):\n        a[i] = a[len(a) - 1 - i]\n", "a", Verdict::Race},
    {"wrap_to_the_end", "    for i in prange(len(a)):\n        a[i - 1] = i\n", "a", Verdict::Disjoint},
    {"wrap_and_meet", "    for i in prange(len(a)):\n        a[i] = a[i - 1]\n", "a", Verdict::Race},
    {"scattered", "    for i in prange(len(idx)):\n        a[idx[i]] = i\n", "a", Verdict::Inspected},
    {"counted", "    for i in prange(len(idx)):\n        h[idx[i]] += 1\n", "h", Verdict::Atomic},
    {"counted_and_read", "    for i in prange(len(idx)):\n        h[idx[i]] += h[i]\n", "h", Verdict::Inspected},
    {"sum_and_product", "    for i in prange(len(idx)):\n        h[idx[i]] += 1\n        h[idx[i]] *= 2\n", "h",
     Verdict::Inspected},
    {"up_and_down", "    for i in prange(len(idx)):\n        h[idx[i]] += 2\n        h[idx[i]] -= 1\n", "h", Verdict::Atomic},
    {"floats_counted", "    for i in prange(len(idx)):\n        a[idx[i]] += 1.0\n", "a", Verdict::Inspected},
    {"floats_in_bins", "    for i in prange(n):\n        a[i % 8] += 1.0\n", "a", Verdict::Inspected},
    {"same_constant", "    for i in prange(2, n):\n        for j in range(i * i, len(h), i):\n            h[j] = 1\n", "h",
     Verdict::Atomic},
    {"same_constant_read",
     "    for i in prange(2, n):\n        if h[i] == 0:\n            for j in range(i * i, len(h), i):\n                h[j] = "
     "1\n",
     "h", Verdict::Inspected},
    {"rows", "    for i in prange(n):\n        for j in range(n):\n            m[i, j] = m[i, j] + 1.0\n", "m",
     Verdict::Disjoint},
    {"columns", "    for i in prange(n):\n        for j in range(n):\n            m[j, i] = 1.0\n", "m", Verdict::Disjoint},
    {"transposed", "    for i in prange(n):\n        for j in range(n):\n            m[j, i] = m[i, j]\n", "m", Verdict::Race},
    {"lower_to_upper", "    for i in prange(n):\n        for j in range(i + 1, n):\n            m[j, i] = m[i, j]\n", "m",
     Verdict::Disjoint},
    {"row_of_views", "    for i in prange(n):\n        for j in range(1, n):\n            m[i][j] = m[i][j - 1]\n", "m",
     Verdict::Disjoint},
    {"view_of_other_row",
     "    for i in prange(1, n):\n        up = m[i - 1]\n        for j in range(n):\n            m[i, j] = up[j]\n", "m",
     Verdict::Race},
    {"two_dimensions_in_one", "    for i in prange(n):\n        for j in range(off):\n            a[i * off + j] = 1.0\n", "a",
     Verdict::Disjoint},
    {"two_dimensions_overlapping",
     "    for i in prange(n):\n        for j in range(off + 1):\n            a[i * off + j] = 1.0\n", "a", Verdict::Atomic},
    {"blocks", "    for i in prange(0, n, 64):\n        for j in range(i, min(i + 64, n)):\n            a[j] = j\n", "a",
     Verdict::Disjoint},
    {"blocks_overlapping", "    for i in prange(0, n, 64):\n        for j in range(i, i + 65):\n            a[j] = j\n", "a",
     Verdict::Race},
    {"steps_of_three", "    for i in prange(0, n, 3):\n        a[i] = 1.0\n        a[i + 1] = 2.0\n        a[i + 2] = 3.0\n", "a",
     Verdict::Disjoint},
    {"steps_of_three_met", "    for i in prange(0, n, 3):\n        a[i] = 1.0\n        a[i + 3] = 2.0\n", "a", Verdict::Race},
    {"downwards", "    for i in prange(len(a) - 1, -1, -1):\n        a[i] = 1.0\n", "a", Verdict::Disjoint},
    {"any_step", "    for i in prange(0, n, off):\n        a[i] = i\n", "a", Verdict::Disjoint},
    {"guarded", "    for i in prange(len(a)):\n        if i > 0:\n            a[i] = a[i - 1]\n", "a", Verdict::Race},
    {"guarded_away", "    for i in prange(len(a)):\n        if i == 3:\n            a[0] = i\n", "a", Verdict::Disjoint},
    {"guarded_by_and", "    for i in prange(len(a)):\n        if i > 0 and i < 2:\n            a[5] = i\n", "a",
     Verdict::Disjoint},
    {"guarded_by_data", "    for i in prange(len(a)):\n        if b[i] > 0.0:\n            a[0] = i\n", "a", Verdict::Inspected},
    {"after_continue", "    for i in prange(len(a)):\n        if i != 3:\n            continue\n        a[0] = i\n", "a",
     Verdict::Disjoint},
    {"own_scratch", "    for i in prange(n):\n        t = np.zeros(3)\n        t[0] = i\n        a[i] = t[0]\n", "a",
     Verdict::Disjoint},
    {"own_scratch_builtin", "    for i in prange(n):\n        t = scratch((2, 2))\n        t[0] = i\n        a[i] = t[0, 1]\n",
     "a", Verdict::Disjoint},
    {"scratch_builtin_of_all", "    t = scratch(3)\n    for i in prange(n):\n        t[0] = i\n", "t", Verdict::Race},
    {"atomic_builtin", "    for i in prange(n):\n        atomic_add(a, idx[i], 1.0)\n", "a", Verdict::Atomic},
    {"atomic_builtin_of_two_axes", "    for i in prange(n):\n        atomic_max(m, (i % 2, idx[i]), 1.0)\n", "m",
     Verdict::Atomic},
    {"atomic_builtin_of_own_element", "    for i in prange(n):\n        atomic_add(m, (off, i), 1.0)\n", "m", Verdict::Disjoint},
    {"atomic_builtin_twice", "    for i in prange(n):\n        atomic_min(h, 0, i)\n        atomic_min(h, i, 0)\n", "h",
     Verdict::Atomic},
    {"atomic_builtins_that_differ", "    for i in prange(n):\n        atomic_min(h, 0, i)\n        atomic_add(h, 0, i)\n", "h",
     Verdict::Race},
    {"atomic_builtin_and_read", "    for i in prange(n):\n        b[i] = a[0]\n        atomic_add(a, 0, 1.0)\n", "a",
     Verdict::Race},
    {"atomic_builtin_and_store", "    for i in prange(n):\n        a[idx[i]] = 0.0\n        atomic_add(a, i, 1.0)\n", "a",
     Verdict::Unknown},
    {"atomic_builtin_and_integer_update", "    for i in prange(n):\n        atomic_add(h, 0, 1)\n        h[idx[i]] -= 1\n", "h",
     Verdict::Atomic},
    {"atomic_builtin_and_float_update", "    for i in prange(n):\n        atomic_add(a, 0, 1.0)\n        a[idx[i]] += 1.0\n", "a",
     Verdict::Unknown},
    {"moved_index", "    for i in prange(len(a)):\n        k = i\n        k += 1\n        a[k - 1] = 1.0\n", "a",
     Verdict::Disjoint},
    {"index_from_before", "    k = 3\n    for i in prange(n):\n        a[i + k] = a[i + 3]\n", "a", Verdict::Disjoint},
    {"modulo_in_a_long_range", "    for i in prange(100):\n        a[i % 8] = i\n", "a", Verdict::Race},
    {"smaller_of_two", "    for i in prange(100):\n        a[min(i, 5)] = i\n", "a", Verdict::Race},
    {"low_bits", "    for i in prange(100):\n        a[i & 7] = i\n", "a", Verdict::Race},
    {"low_bits_of_few", "    for i in prange(8):\n        a[i & 7] = i\n", "a", Verdict::Disjoint},
    {"distance_from_five", "    for i in prange(100):\n        a[abs(i - 5)] = i\n", "a", Verdict::Race},
    {"rows_one_too_long", "    for i in prange(n):\n        for j in range(off + 1):\n            a[i * off + j] = i\n", "a",
     Verdict::Race},
    {"if_long_enough", "    for i in prange(n):\n        a[i * 7 % 100] = i\n", "a", Verdict::Inspected},
    {"equal_slices", "    for i in prange(n):\n        lo = i * off\n        a[lo:lo + off] = b[lo:lo + off]\n", "a",
     Verdict::Disjoint},
    {"longer_slices", "    for i in prange(n):\n        lo = i * off\n        a[lo:lo + off + 1] = b[lo:lo + off + 1]\n", "a",
     Verdict::Inspected},
    {"chessboard",
     "    for i in prange(1, n):\n        for j in range(1 + (i + off) % 2, n, 2):\n            m[i, j] = m[i - 1, j] + m[i, j "
     "- 1]\n",
     "m", Verdict::Disjoint},
    {"chessboard_by_condition",
     "    for i in prange(1, n):\n        for j in range(1, n):\n            if (i + j) % 2 == off:\n                m[i, j] = "
     "m[i - 1, j] + m[i, j - 1]\n",
     "m", Verdict::Disjoint},
    {"chessboard_of_diagonals",
     "    for i in prange(1, n):\n        for j in range(1 + (i + off) % 2, n, 2):\n            m[i, j] = m[i - 1, j - 1]\n", "m",
     Verdict::Inspected},
    {"every_fourth_by_while",
     "    for i in prange(4):\n        k = i\n        while k < n:\n            a[k] = i\n            k += 4\n", "a",
     Verdict::Disjoint},
    {"every_third_by_while",
     "    for i in prange(4):\n        k = i\n        while k < n:\n            a[k] = i\n            k += 3\n", "a",
     Verdict::Inspected},
    {"every_nth", "    for i in prange(n):\n        for k in range(i, len(a), n):\n            a[k] = i\n", "a",
     Verdict::Disjoint},
    {"packed_triangle", "    for i in prange(n):\n        for j in range(i + 1):\n            a[i * (i + 1) // 2 + j] = i\n", "a",
     Verdict::Disjoint},
    {"packed_triangle_too_long",
     "    for i in prange(n):\n        for j in range(i + 2):\n            a[i * (i + 1) // 2 + j] = i\n", "a", Verdict::Race},
    {"place_by_counter", "    for i in prange(n):\n        a[atomic_add(h, 0, 1)] = i\n", "a", Verdict::Unknown},
    {"index_of_other_round",
     "    for i in prange(n):\n        k = i\n        for j in range(3):\n            a[k] = j\n            k = i + j\n", "a",
     Verdict::Inspected},
};

INSTANTIATE_TEST_SUITE_P(Analysis, Races, ::testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

// ---- calls -------------------------------------------------------------------------------------------------------------

std::unique_ptr<Planned> plan_call(const std::string& helper, const std::string& body) {
  return plan_text(helper + "\n@njit(parallel=True)\ndef k(a, b, n):\n" + body, "k",
                   {vector_of(Kind::F64), vector_of(Kind::F64), Kind::I64});
}

const char* const kPut = "def put(a, i, v):\n    a[i] = v\n";

TEST(RacesThroughCalls, OwnElement) {
  const auto planned = plan_call(kPut, "    for i in prange(n):\n        put(a, i, 1.0)\n");
  EXPECT_EQ(planned->first_message(), "");
  EXPECT_EQ(planned->array("a")->verdict, Verdict::Disjoint);
}

TEST(RacesThroughCalls, OtherElement) {
  const auto planned = plan_call(kPut, "    for i in prange(n):\n        put(a, i + 1, a[i])\n");
  EXPECT_EQ(planned->first_id(), "E1006");
  EXPECT_EQ(planned->diags.all()[0].notes.size(), 2u);  // the other access, and the place in the callee
}

TEST(RacesThroughCalls, AtomicBuiltin) {
  const auto planned =
      plan_call("def count(a, i):\n    return atomic_add(a, i, 1.0)\n", "    for i in prange(n):\n        b[i] = count(a, 3)\n");
  EXPECT_EQ(planned->first_message(), "");
  EXPECT_EQ(planned->array("a")->verdict, Verdict::Atomic);
  EXPECT_EQ(planned->array("b")->verdict, Verdict::Disjoint);
}

TEST(RacesThroughCalls, AtomicBuiltinInARecursionIsAWrite) {
  const auto planned =
      plan_call("def count(a, i):\n    if i > 0:\n        return count(a, i - 1)\n    return atomic_add(a, i, 1.0)\n",
                "    for i in prange(n):\n        b[i] = count(a, 3)\n");
  EXPECT_EQ(planned->array("a")->verdict, Verdict::Unknown);
}

TEST(RacesThroughCalls, IndexFromCallee) {
  const auto planned = plan_call("def at(i, n):\n    return i * n\n", "    for i in prange(n):\n        a[at(i, 4) + 3] = 1.0\n");
  EXPECT_EQ(planned->array("a")->verdict, Verdict::Disjoint);
}

TEST(RacesThroughCalls, RecursionIsTakenBySummary) {
  const auto planned = plan_call("def walk(a, i):\n    a[i] = 1.0\n    if i > 0:\n        walk(a, i - 1)\n",
                                 "    for i in prange(n):\n        walk(a, i)\n");
  EXPECT_EQ(planned->array("a")->verdict, Verdict::Unknown);
}

TEST(RacesThroughCalls, RecursionThatOnlyReads) {
  const auto planned = plan_call("def total(a, i):\n    if i < 0:\n        return 0.0\n    return a[i] + total(a, i - 1)\n",
                                 "    for i in prange(n):\n        b[i] = total(a, i)\n");
  EXPECT_EQ(planned->first_message(), "");
  EXPECT_EQ(planned->array("a"), nullptr);
  EXPECT_EQ(planned->plan().overlap_tests.size(), 1u);
}

TEST(RacesThroughCalls, OneOfTwoArrays) {
  const auto planned = plan_call("def pick(a, b, flag):\n    if flag:\n        return a\n    return b\n",
                                 "    for i in prange(n):\n        c = pick(a, b, i > 3)\n        c[0] = i\n");
  EXPECT_EQ(planned->array("a")->verdict, Verdict::Unknown);
  EXPECT_EQ(planned->array("b")->verdict, Verdict::Unknown);
}

// ---- what is told, and what is left to run time ------------------------------------------------------------------------

TEST(RaceMessages, WitnessNamesIterationsAndElements) {
  const auto planned = plan_body("    for i in prange(1, len(a)):\n        a[i] = a[i - 1] + 1.0\n");
  EXPECT_EQ(planned->first_id(), "E1006");
  EXPECT_EQ(planned->first_message(),
            "iterations of the parallel loop meet in 'a': iteration i = 2 reads a[1], iteration i = 1 writes a[1]");
}

TEST(RaceMessages, UndecidedIsAWarning) {
  const auto planned = plan_body("    for i in prange(len(idx)):\n        a[idx[i]] = i\n");
  EXPECT_EQ(
      planned->first_message(),
      "iterations of the parallel loop may meet in 'a': 'idx[i]' is known only at run time; a pass over the subscripts decides "
      "before each run");
  EXPECT_FALSE(planned->diags.has_errors());
  EXPECT_TRUE(planned->plan().refusals.empty());
}

TEST(RaceMessages, UndecidedIsAnErrorIfStrict) {
  const auto planned = plan_body("    for i in prange(len(idx)):\n        a[idx[i]] = i\n", PlanOptions{true, false});
  EXPECT_EQ(planned->first_id(), "E1007");
  EXPECT_FALSE(planned->plan().refusals.empty());
}

TEST(RaceMessages, NestedLoopsTellOnce) {
  const auto planned = plan_body("    for i in prange(n):\n        for j in prange(n):\n            a[0] = j\n");
  EXPECT_EQ(planned->diags.all().size(), 1u);
}

TEST(RunTimeTests, ArraysThatMayBeOne) {
  const auto planned = plan_body("    for i in prange(1, n):\n        b[i] = a[i - 1]\n");
  ASSERT_EQ(planned->plan().overlap_tests.size(), 1u);
  EXPECT_EQ(planned->name(planned->plan().overlap_tests[0].first.id), "b");
  EXPECT_EQ(planned->name(planned->plan().overlap_tests[0].second.id), "a");
}

TEST(RunTimeTests, ANewArrayOverlapsNothing) {
  const auto planned = plan_body("    c = np.zeros(n)\n    for i in prange(n):\n        c[i] = a[i]\n");
  EXPECT_TRUE(planned->plan().overlap_tests.empty());
}

TEST(RunTimeTests, AnAliasIsTheSameArray) {
  const auto planned = plan_body("    c = a\n    for i in prange(1, n):\n        c[i] = a[i - 1]\n");
  EXPECT_EQ(planned->first_id(), "E1006");
}

TEST(RunTimeTests, SwappedArraysAreTested) {
  const auto planned = plan_body(
      "    c = a\n    d = b\n    for t in range(3):\n        for i in prange(1, n):\n            d[i] = c[i - 1]\n"
      "        c, d = d, c\n");
  EXPECT_EQ(planned->first_message(), "");
  EXPECT_EQ(planned->plan().overlap_tests.size(), 1u);
}

// Ordinary subscripts need no test of their size; products do.
TEST(RunTimeTests, IntegersThatMayWrap) {
  const char* const plain[] = {
      "    for i in prange(len(a)):\n        a[i] = 1.0\n",
      "    for i in prange(1, len(a)):\n        a[i - 1] = b[i]\n",
      "    for i in prange(1, len(a) - 1):\n        a[i + 1] = b[i]\n",
      "    for i in prange(n):\n        for j in range(off):\n            m[i, j] = 1.0\n",
  };
  for (const char* body : plain) EXPECT_TRUE(plan_body(body)->plan().size_tests.empty()) << body;
  const auto product = plan_body("    for i in prange(n):\n        for j in range(off):\n            a[i * off + j] = 1.0\n");
  ASSERT_EQ(product->plan().size_tests.size(), 1u);
  EXPECT_EQ(product->plan().size_tests[0].text, "off * i + j");
}

// What is to be shown of k must not rest on the condition that k is in.
TEST(RunTimeTests, ConditionsDoNotProveThemselves) {
  const auto planned = plan_body(
      "    if n > 0:\n        for i in prange(off):\n            k = i * n\n            if k >= 0 and k < len(a):\n"
      "                a[k] = i\n");
  EXPECT_EQ(planned->array("a")->verdict, Verdict::Disjoint);
  EXPECT_EQ(planned->plan().size_tests.size(), 1u);
}

// A size in front of the loop is not known of what it reads in each iteration.
TEST(RunTimeTests, UntestableSizesAreUndecided) {
  const auto planned =
      plan_body("    for i in prange(n):\n        k = idx[i] * 8\n        if k == 8 * i:\n            a[k] = i\n");
  EXPECT_EQ(planned->array("a")->verdict, Verdict::Inspected);
}

TEST(RunTimeTests, ARangeThatMayBeNegative) {
  const auto planned = plan_body("    for i in prange(off, n):\n        a[2 * i + 1] = 0.0\n        a[2 * i] = 1.0\n");
  EXPECT_EQ(planned->first_message(), "");
  const std::vector<SpanTest>& tests = planned->plan().span_tests;
  ASSERT_FALSE(tests.empty());
  std::int64_t slack = 0;
  for (const SpanTest& test : tests) {
    EXPECT_EQ(test.factor, 2);
    EXPECT_EQ(planned->name(test.array.id), "a");
    slack = std::max(slack, test.slack);
  }
  EXPECT_EQ(slack, 1);
}

TEST(ArrayReductions, FloatsAreReducedOnRequest) {
  const PlanOptions options{false, true};
  const auto planned = plan_body("    for i in prange(len(idx)):\n        a[idx[i]] += 1.0\n", options);
  EXPECT_EQ(planned->first_message(), "");
  ASSERT_EQ(planned->plan().array_reductions.size(), 1u);
  EXPECT_EQ(planned->plan().array_reductions[0].op, ReduceOp::Add);
  EXPECT_EQ(planned->array("a")->verdict, Verdict::Reduced);
}

TEST(ArrayReductions, NotIfTheArrayIsAlsoRead) {
  const PlanOptions options{false, true};
  const auto planned = plan_body("    for i in prange(len(idx)):\n        a[idx[i]] += a[i]\n", options);
  EXPECT_TRUE(planned->plan().array_reductions.empty());
  EXPECT_EQ(planned->array("a")->verdict, Verdict::Inspected);
}

TEST(Atomics, OnlyTheUpdatesThatMeet) {
  const auto planned = plan_body("    for i in prange(n):\n        h[idx[i]] += 1\n        idx[i] += 1\n");
  int atomic = 0, plain = 0;
  for (const typed::StmtPtr& stmt : planned->loop().body) {
    const auto* update = std::get_if<typed::UpdateElement>(&stmt->node);
    ASSERT_NE(update, nullptr);
    ++(planned->plans.is_atomic(update->id) ? atomic : plain);
  }
  EXPECT_EQ(atomic, 1);
  EXPECT_EQ(plain, 1);
}

}  // namespace
}  // namespace kjit::testing
