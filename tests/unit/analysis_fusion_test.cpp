// Which arrays in variables are fused into the loops that read them, which are not, and why.

#include <gtest/gtest.h>

#include <algorithm>

#include "analysis/arrays/fusion.h"
#include "tests/unit/analysis_harness.h"
#include "typing/tree/typed_walk.h"
#include "typing/tree/verify.h"

namespace kjit::testing {
namespace {

struct Fused {
  std::optional<typed::Program> program;
  std::vector<ArrayTemporary> temporaries;

  const ArrayTemporary* find(const std::string& variable) const {
    for (const ArrayTemporary& temporary : temporaries) {
      if (program->functions[temporary.function].locals[temporary.local].name == variable) return &temporary;
    }
    return nullptr;
  }
  // "fused", the reason why not, or "?" for a variable without array loop.
  std::string fate(const std::string& variable) const {
    const ArrayTemporary* temporary = find(variable);
    if (!temporary) return "?";
    return temporary->reader ? "fused" : temporary->reason;
  }
};

Fused fuse_text(const std::string& functions, const std::vector<Type>& arguments) {
  Diagnostics diags;
  const ModuleSet modules =
      load_modules_from_text("import numpy as np\nfrom kjit import njit, prange\n" + functions, "test.k", diags);
  Fused result{check_kernel(modules, library(), "k", arguments, diags), {}};
  if (!result.program) ADD_FAILURE() << (diags.all().empty() ? functions : diags.all()[0].message);
  if (!result.program) return result;
  result.temporaries = fuse_arrays(*result.program);
  verify(*result.program);
  return result;
}

// k(a, b, c, out, m, f, n): four vectors and a matrix of f64, a vector of f32, an integer. `body` is indented by four spaces.
Fused fuse_body(const std::string& body, const std::string& before = "") {
  return fuse_text(before + "def k(a, b, c, out, m, f, n):\n" + body,
                   {vector_of(Kind::F64), vector_of(Kind::F64), vector_of(Kind::F64), vector_of(Kind::F64), matrix_of(Kind::F64),
                    vector_of(Kind::F32), Kind::I64});
}

constexpr const char* kChanged = "a statement between may change what it is computed from";

// The function k.
const typed::Function& kernel_of(const typed::Program& program) {
  const auto is_kernel = [](const typed::Function& f) { return f.name == "k" && f.role == typed::FunctionRole::Kernel; };
  return *std::find_if(program.functions.begin(), program.functions.end(), is_kernel);
}

int count_loops(const typed::Program& program) {
  int count = 0;
  typed::for_each_expr(kernel_of(program).body,
                       [&](const typed::Expr& expr) { count += std::holds_alternative<typed::ArrayLoop>(expr.node); });
  return count;
}

// ---- what is fused -----------------------------------------------

TEST(ArrayFusion, ChainOfStatementsIsOneLoop) {
  const Fused fused = fuse_body("    t = a * b\n    u = t + c\n    out[:] = u - 1.0\n");
  EXPECT_EQ(fused.fate("t"), "fused");
  EXPECT_EQ(fused.fate("u"), "fused");
  EXPECT_EQ(count_loops(*fused.program), 1);
}

TEST(ArrayFusion, SumsAndAssignmentsComputeTheirArray) {
  EXPECT_EQ(fuse_body("    t = a - b\n    return (t * t).sum()\n").fate("t"), "fused");
  EXPECT_EQ(fuse_body("    t = a - b\n    return t.sum()\n").fate("t"), "fused");
  EXPECT_EQ(fuse_body("    t = a - b\n    out[:] = t\n").fate("t"), "fused");
  EXPECT_EQ(fuse_body("    t = a - b\n    return t.max()\n").fate("t"), "a function takes the whole array");
}

TEST(ArrayFusion, ReadSeveralTimesByOneOperandIsOneRead) {
  EXPECT_EQ(fuse_body("    t = a - b\n    out[:] = t ** 3\n").fate("t"), "fused");
  EXPECT_EQ(fuse_body("    t = a - b\n    out[:] = t * t + t\n").fate("t"), "fused");
}

TEST(ArrayFusion, InTheBodyOfALoop) {
  EXPECT_EQ(fuse_body("    for i in range(n):\n        t = a * b\n        out[:] = t + c\n").fate("t"), "fused");
  EXPECT_EQ(fuse_body("    for i in prange(m.shape[0]):\n        t = m[i] * 2.0\n        m[i] = t + 1.0\n").fate("t"), "fused");
}

TEST(ArrayFusion, NameThatIsUsedAgainForAnotherArray) {
  const Fused fused = fuse_body("    t = a * b\n    out[:] = t + c\n    t = a + b\n    return t.sum()\n");
  ASSERT_EQ(fused.temporaries.size(), 2u);
  EXPECT_TRUE(fused.temporaries[0].reader);
  EXPECT_TRUE(fused.temporaries[1].reader);
}

TEST(ArrayFusion, StatementsBetweenThatChangeNothingOfIt) {
  EXPECT_EQ(fuse_body("    t = a * b\n    print(n)\n    out[:] = t + c\n").fate("t"), "fused");
  EXPECT_EQ(fuse_body("    t = a * b\n    r = np.random.rand(n)\n    out[:] = t + r\n").fate("t"), "fused");
  EXPECT_EQ(fuse_body("    t = a * b\n    z = np.zeros(n)\n    z[0] = 1.0\n    out[:] = t + z\n").fate("t"), "fused");
}

TEST(ArrayFusion, OperandsThatCannotMoveAreEvaluatedInTheirPlace) {
  const Fused fused = fuse_body("    t = a * np.random.rand(n)\n    s = np.random.random()\n    out[:] = t + s\n");
  EXPECT_EQ(fused.fate("t"), "fused");
  const auto* held = std::get_if<typed::AssignLocal>(&kernel_of(*fused.program).body[0]->node);
  ASSERT_TRUE(held);
  EXPECT_EQ(kernel_of(*fused.program).locals[held->local].name, "");
  EXPECT_EQ(fuse_body("    t = a * b\n    a = c\n    out[:] = t + a\n").fate("t"), "fused");
}

TEST(ArrayFusion, ShapesAreComparedWhereTheyWere) {
  const Fused fused = fuse_body("    t = a * b\n    print(n)\n    out[:] = t\n");
  const auto* check = std::get_if<typed::Evaluate>(&kernel_of(*fused.program).body[0]->node);
  ASSERT_TRUE(check);
  EXPECT_TRUE(std::holds_alternative<typed::BuiltinCall>(check->value->node));
  const Fused plain = fuse_body("    t = a * a\n    print(n)\n    out[:] = t\n");
  EXPECT_TRUE(std::holds_alternative<typed::Print>(kernel_of(*plain.program).body[0]->node));
}

// ---- what is not -------------------------------------------------

TEST(ArrayFusion, ReadTwice) {
  EXPECT_EQ(fuse_body("    t = a * b\n    out[:] = t + c\n    return t.sum()\n").fate("t"), "it is read in more than one place");
  EXPECT_EQ(fuse_body("    t = a * b\n    out[1:] = t[1:] + t[:-1]\n").fate("t"), "it is read in more than one place");
  EXPECT_EQ(fuse_body("    t = a * b\n    return 1\n").fate("t"), "nothing reads it");
}

TEST(ArrayFusion, ReadAnotherNumberOfTimes) {
  const std::string elsewhere = "it is read in another block (of a loop, a branch, or around one), or far behind";
  EXPECT_EQ(fuse_body("    t = a * b\n    for i in range(n):\n        out[:] += t + c\n").fate("t"), elsewhere);
  EXPECT_EQ(fuse_body("    t = a * b\n    if n > 2:\n        out[:] = t + c\n").fate("t"), elsewhere);
  EXPECT_EQ(fuse_body("    t = a * b\n    s = (t + c).sum() if n > 2 else 0.0\n    return s\n").fate("t"),
            "it is read in a branch");
  EXPECT_EQ(fuse_body("    t = a * b\n    while (t + c).sum() > a[0]:\n        a[0] += 1.0\n").fate("t"),
            "it is read in the condition of a loop");
}

TEST(ArrayFusion, CarriedRoundALoop) {
  const Fused fused = fuse_body("    t = a * b\n    for i in range(n):\n        out[:] = t + c\n        t = out * 2.0\n");
  EXPECT_EQ(fused.temporaries.size(), 2u);
  for (const ArrayTemporary& temporary : fused.temporaries) EXPECT_FALSE(temporary.reader);
}

TEST(ArrayFusion, PerhapsAnotherArray) {
  EXPECT_EQ(fuse_body("    t = a * b\n    if n > 2:\n        t = c\n    out[:] = t + c\n").fate("t"),
            "it may be another array where it is read");
}

TEST(ArrayFusion, WritesBetween) {
  for (const char* write : {"a[0] = 1.0", "a += 1.0", "a[1:] *= 2.0", "c[:] = 0.0", "np.add(b, 1.0, out=a)", "a.sort()",
                            "b[n:] = 3.0", "m[0] += 1.0", "if n > 1:\n        b[0] = 2.0"}) {
    EXPECT_EQ(fuse_body(std::string("    t = a * b\n    ") + write + "\n    out[:] = t + c\n").fate("t"), kChanged) << write;
  }
}

TEST(ArrayFusion, WritesThroughOtherNames) {
  EXPECT_EQ(fuse_body("    x = np.zeros(n)\n    y = x\n    t = x + 1.0\n    y[0] = 2.0\n    out[:] = t\n").fate("t"), kChanged);
  EXPECT_EQ(fuse_body("    x = np.zeros(n)\n    y = x[1:]\n    t = x + 1.0\n    y += 2.0\n    out[:] = t\n").fate("t"), kChanged);
  EXPECT_EQ(fuse_body("    p = (a, n)\n    t = b + 1.0\n    p[0][0] = 2.0\n    out[:] = t\n").fate("t"), kChanged);
}

TEST(ArrayFusion, WritesOfCalledFunctions) {
  const std::string writes = "def g(x):\n    x[0] = 1.0\n    return 1.0\n\n";
  EXPECT_EQ(fuse_body("    t = a * b\n    g(c)\n    out[:] = t + c\n", writes).fate("t"), kChanged);
  EXPECT_EQ(fuse_body("    t = a * b\n    out[:] = t + g(a)\n", writes).fate("t"),
            "the statement that reads it may change before what it is computed from");
  EXPECT_EQ(fuse_body("    t = a * b\n    return g(t)\n", writes).fate("t"), "it is passed to a function");
  EXPECT_EQ(fuse_body("    t = a * b\n    h(a)\n    out[:] = t\n", "def h(x):\n    return x[0]\n\n").fate("t"), "fused");
}

TEST(ArrayFusion, ReaderThatNeedsTheArray) {
  EXPECT_EQ(fuse_body("    t = a * b\n    return t\n").fate("t"), "it is returned");
  EXPECT_EQ(fuse_body("    t = a * b\n    print(t)\n").fate("t"), "it is printed");
  EXPECT_EQ(fuse_body("    t = a * b\n    v = t[1:]\n    return v.sum()\n").fate("t"), "a view of it is taken");
  EXPECT_EQ(fuse_body("    t = a * b\n    return t[0]\n").fate("t"), "single elements of it are read");
  EXPECT_EQ(fuse_body("    t = a * b\n    v = t\n    v[0] = 1.0\n    return v\n").fate("t"), "another variable gets it");
  EXPECT_EQ(fuse_body("    t = a * b\n    return t.shape[0]\n").fate("t"), "its shape is read");
}

TEST(ArrayFusion, DearElementsAreComputedOnce) {
  const std::string dear = "it is dear to compute, and what reads it may have more elements";
  EXPECT_EQ(fuse_body("    t = np.exp(a)\n    out[:] = t + c\n").fate("t"), dear);
  EXPECT_EQ(fuse_body("    t = np.exp(a)\n    out[:] = t * a\n").fate("t"), "fused");
  EXPECT_EQ(fuse_body("    t = np.exp(a)\n    return (t * 2.0).sum()\n").fate("t"), "fused");
  EXPECT_EQ(fuse_body("    t = np.exp(a)\n    a = c\n    out[:] = t * a\n").fate("t"), dear);
  EXPECT_EQ(fuse_body("    t = a * 2.0\n    m[:] = t + m\n").fate("t"), "what reads it has more axes");
}

TEST(ArrayFusion, NoMoreMemoryIsHeldThanBefore) {
  EXPECT_EQ(fuse_body("    t = np.sort(a) * np.sort(b)\n    out[:] = t + c\n").fate("t"),
            "more than one array would be kept in place of it");
  EXPECT_EQ(fuse_body("    t = np.sort(a) * b\n    out[:] = t + c\n").fate("t"), "fused");
}

}  // namespace
}  // namespace kjit::testing
