// What the race analysis knows where ways meet: branches, loops with else, break and continue, early returns, chains of calls.

#include <gtest/gtest.h>

#include "tests/unit/analysis_harness.h"

namespace kjit::testing {
namespace {

Verdict verdict_of(const Planned& planned, const std::string& array) {
  const ArrayVerdict* found = planned.array(array);
  return found ? found->verdict : Verdict::Disjoint;
}

// The verdict about array a of a body for k(a, b, m, h, idx, n, off): see plan_body().
Verdict verdict(const std::string& body) { return verdict_of(*plan_body(body), "a"); }

std::string id_of(const std::string& body) { return plan_body(body)->first_id(); }

// ---- calls -------------------------------------------------------------------------------------------------------------

constexpr const char* kChain = R"(
def clamp(i, n):
    return max(0, min(i, n - 1))

def cell(i, j, n):
    return clamp(i, n) * n + clamp(j, n)

def at(i, j, n):
    return cell(i, j, n)

@njit(parallel=True)
def k(a, b, n):
    for i in prange(n):
        for j in range(n):
            b[i * n + j] = a[at(i - 1, j, n)] + a[at(i + 1, j, n)] + a[cell(i, j - 1, n)] + a[at(i, at(j, j, 1), n)]
)";

TEST(FlowOfCalls, ResultsOfCallsThatReturnCalls) {
  const auto planned = plan_text(kChain, "k", {vector_of(Kind::F64), vector_of(Kind::F64), Kind::I64});
  EXPECT_EQ(planned->first_id(), "");
  EXPECT_EQ(verdict_of(*planned, "b"), Verdict::Disjoint);
}

TEST(FlowOfCalls, ChainsOfEachLength) {
  for (int length = 1; length < 40; ++length) {
    std::string text = "def f0(i, x):\n    return 2 * i + x\n\n";
    for (int k = 1; k <= length; ++k) {
      text += "def f" + std::to_string(k) + "(i, x):\n    return f" + std::to_string(k - 1) + "(i, x)\n\n";
    }
    const std::string call = "f" + std::to_string(length);
    text +=
        "@njit(parallel=True)\ndef k(a, n):\n    for i in prange(n):\n        a[" + call + "(i, 0)] = 1.0 * " + call + "(i, 1)\n";
    const auto planned = plan_text(text, "k", {vector_of(Kind::F64), Kind::I64});
    const bool is_followed = length < 12;
    EXPECT_EQ(verdict_of(*planned, "a") == Verdict::Disjoint, is_followed) << length;
  }
}

TEST(FlowOfCalls, TuplesAndArraysFromChains) {
  const std::string text = R"(
def pair(a, i):
    return a, 3 * i

def again(a, i):
    return pair(a, i)

@njit(parallel=True)
def k(a, n):
    for i in prange(n):
        x, j = again(a, i)
        x[j] = 1.0
)";
  EXPECT_EQ(verdict_of(*plan_text(text, "k", {vector_of(Kind::F64), Kind::I64}), "a"), Verdict::Disjoint);
}

TEST(FlowOfCalls, RoundsBehindAReturnMayNotHappen) {
  const std::string text = R"(
def fill(a, n):
    for j in range(n):
        if j == 0:
            return
        a[j] = 1.5 * n

@njit(parallel=True)
def k(a, n):
    for i in prange(n):
        fill(a, i)
)";
  EXPECT_EQ(verdict_of(*plan_text(text, "k", {vector_of(Kind::F64), Kind::I64}), "a"), Verdict::Unknown);
}

// ---- the else of a loop ------------------------------------------------------------------------------------------------

TEST(FlowOfLoops, ElseIsLeftOutByBreak) {
  EXPECT_NE(verdict("    for i in prange(n):\n"
                    "        k = 0\n"
                    "        for j in range(3):\n"
                    "            if j == 1:\n"
                    "                break\n"
                    "        else:\n"
                    "            k = i\n"
                    "        a[k] = 0.5 * i\n"),
            Verdict::Disjoint);
}

TEST(FlowOfLoops, AStoreInAnElseBehindABreakMayNotHappen) {
  EXPECT_EQ(id_of("    for i in prange(n):\n"
                  "        for j in range(3):\n"
                  "            if j == 1:\n"
                  "                break\n"
                  "        else:\n"
                  "            a[0] = 0.5 * i\n"),
            "W1001");
}

TEST(FlowOfLoops, WithoutBreakTheElseAlwaysRuns) {
  EXPECT_EQ(id_of("    for i in prange(n):\n        for j in range(off):\n            b[i] = 1.0\n"
                  "        else:\n            a[0] = 0.5 * i\n"),
            "E1006");
  EXPECT_EQ(verdict("    for i in prange(n):\n        k = 0\n        for j in range(3):\n            b[i] = 1.0\n"
                    "        else:\n            k = i\n        a[k] = 0.5 * i\n"),
            Verdict::Disjoint);
}

TEST(FlowOfLoops, BehindALoopWithBreakAllIterationsComeAgain) {
  EXPECT_EQ(id_of("    for i in prange(n):\n        for j in range(off):\n            if idx[j] == i:\n                break\n"
                  "        a[0] = 0.5 * i\n"),
            "E1006");
}

TEST(FlowOfLoops, AnEndlessLoopIsLeftByItsBreak) {
  EXPECT_EQ(verdict("    for i in prange(n):\n        k = 7\n        while True:\n            k = i\n"
                    "            if b[i] > 0.0:\n                break\n        a[k] = 0.5\n"),
            Verdict::Disjoint);
}

// ---- arrays that are set anew ------------------------------------------------------------------------------------------

TEST(FlowOfArrays, SetBeforeBreak) {
  EXPECT_EQ(verdict("    for i in prange(n):\n"
                    "        v = np.zeros(3)\n"
                    "        for j in range(3):\n"
                    "            if idx[i] == j:\n"
                    "                v = a\n"
                    "                break\n"
                    "            v = np.zeros(3)\n"
                    "        v[0] = 0.5 * i\n"),
            Verdict::Unknown);
}

TEST(FlowOfArrays, SetBeforeContinue) {
  EXPECT_EQ(verdict("    for i in prange(n):\n"
                    "        v = np.zeros(3)\n"
                    "        for j in range(3):\n"
                    "            if idx[i] == j:\n"
                    "                v = a\n"
                    "                continue\n"
                    "            v = np.zeros(3)\n"
                    "        v[0] = 0.5 * i\n"),
            Verdict::Unknown);
}

TEST(FlowOfArrays, SetInBothArmsOfWhichOneLeaves) {
  const std::string arms =
      "    for i in prange(n):\n"
      "        v = a\n"
      "        if idx[i] == 0:\n"
      "            v = b\n"
      "            continue\n"
      "        v[i] = 0.5\n";
  EXPECT_EQ(verdict(arms), Verdict::Disjoint);
  EXPECT_EQ(plan_body(arms)->array("b"), nullptr);
}

TEST(FlowOfArrays, SetInAWhile) {
  EXPECT_EQ(verdict("    for i in prange(n):\n"
                    "        v = np.zeros(3)\n"
                    "        k = 0\n"
                    "        while k < idx[i]:\n"
                    "            v = a\n"
                    "            k += 1\n"
                    "        v[0] = 0.5 * i\n"),
            Verdict::Unknown);
}

// ---- what holds where --------------------------------------------------------------------------------------------------

// Of a body in which `off` is not negative, so that nothing counts from the end.
Verdict verdict_for_offsets(const std::string& body) { return verdict("    if off < 0:\n        return\n" + body); }

TEST(FlowOfFacts, AStepIsNotZeroOnlyBehindItsRange) {
  const std::string store = "        a[i * off] = 0.5 * i\n", loop = "    for i in prange(n):\n";
  const std::string range = "for j in range(0, 4, off):\n";
  EXPECT_EQ(verdict_for_offsets(loop + "        " + range + "            b[i] = 1.0\n" + store), Verdict::Disjoint);
  EXPECT_NE(verdict_for_offsets(loop + "        if idx[0] > 0:\n            " + range + "                b[i] = 1.0\n" + store),
            Verdict::Disjoint);
  EXPECT_NE(verdict_for_offsets(loop + "        if off > 0:\n            " + range + "                b[i] = 1.0\n" + store),
            Verdict::Disjoint);
  EXPECT_EQ(verdict_for_offsets("    " + range + "        b[j] = 1.0\n" + loop + store), Verdict::Disjoint);
  EXPECT_NE(verdict_for_offsets("    if idx[0] > 0:\n        " + range + "            b[j] = 1.0\n" + loop + store),
            Verdict::Disjoint);
}

TEST(FlowOfFacts, TestedForZero) {
  const std::string loop = "    for i in prange(n):\n";
  EXPECT_EQ(verdict_for_offsets(loop + "        if off != 0:\n            a[i * off] = 0.5 * i\n"), Verdict::Disjoint);
  EXPECT_EQ(verdict_for_offsets(loop + "        if off == 0:\n            continue\n        a[i * off] = 0.5 * i\n"),
            Verdict::Disjoint);
}

TEST(FlowOfFacts, TheLengthOfASliceThatMayBeEmpty) {
  EXPECT_NE(verdict("    for i in prange(n):\n        k = len(b[i:10])\n        a[k] = 0.5 * i\n"), Verdict::Disjoint);
  EXPECT_NE(verdict("    for i in prange(n):\n        v = b[i:10]\n        a[v.shape[0]] = 0.5 * i\n"), Verdict::Disjoint);
}

TEST(FlowOfFacts, ALoopOverASliceStaysInIt) {
  EXPECT_EQ(verdict("    for i in prange(n):\n        v = a[4 * i:4 * i + 4]\n        for j in range(len(v)):\n"
                    "            v[j] = 0.5 * i\n"),
            Verdict::Disjoint);
}

// ---- values and failures -----------------------------------------------------------------------------------------------

TEST(StoredValues, ZerosOfBothSignsAreTwoValues) {
  EXPECT_EQ(
      id_of("    for i in prange(n):\n        if i == 0:\n            a[0] = 0.0\n        else:\n            a[0] = -0.0\n"),
      "E1006");
  EXPECT_EQ(
      verdict("    for i in prange(n):\n        if i == 0:\n            a[0] = -0.0\n        else:\n            a[0] = -0.0\n"),
      Verdict::Atomic);
}

TEST(StoredValues, AMinimumOfTheOtherZero) {
  EXPECT_EQ(plan_body("    s = 1.0\n    for i in prange(n):\n        if 0.0 < s:\n            s = -0.0\n    return s\n")
                ->reduction("s"),
            nullptr);
}

TEST(Failures, WhatIsNotEvaluatedByPythonMustNotFail) {
  for (const char* tested : {"np.dot(a, b) > 0.0", "len(np.eye(n)) > 3", "np.sum(b.astype(np.float32)) > 0.0"}) {
    const std::string body = std::string("    flag = False\n    for i in prange(n):\n        flag = flag or (i == 0) or ") +
                             tested + "\n    return flag\n";
    EXPECT_EQ(id_of(body), "E1011") << tested;
  }
  EXPECT_EQ(id_of("    flag = False\n    for i in prange(n):\n        flag = flag or abs(i - 3) > 2 or math.fabs(off) > 1.0\n    "
                  "return flag\n"),
            "");
}

TEST(Failures, ShiftsAndPowersByConstants) {
  for (const char* along : {"i >> 1", "(i % 1000) << 8", "i ** 2", "(i << 3) >> 1"}) {
    const std::string body = std::string(
                                 "    s = 1e30\n    w = 0\n    for i in prange(n):\n        v = b[i]\n        if v < s:\n"
                                 "            s = v\n            w = ") +
                             along + "\n    return s, w\n";
    EXPECT_EQ(id_of(body), "") << along;
  }
  EXPECT_EQ(id_of("    s = 1e30\n    w = 0\n    for i in prange(n):\n        v = b[i]\n        if v < s:\n            s = v\n"
                  "            w = i << off\n    return s, w\n"),
            "E1003");
}

}  // namespace
}  // namespace kjit::testing
