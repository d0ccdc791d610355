// Shapes of statements, and what the parser makes of a file after a mistake in it.

#include <gtest/gtest.h>

#include "syntax_testing.h"

namespace kjit {
namespace {

using testing::errors_of;
using testing::tree_of;

struct Shape {
  const char* text;
  const char* tree;  // inside of (module ...)
};

class ParserStatement : public ::testing::TestWithParam<Shape> {};

TEST_P(ParserStatement, HasPythonsShape) {
  EXPECT_EQ(tree_of(GetParam().text), std::string("(module") + GetParam().tree + ")\n") << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Simple, ParserStatement,
    ::testing::Values(Shape{"a = b = 1, 2", "\n  (assign (name a) (name b) (tuple (int 1) (int 2)))"},
                      Shape{"a, (b[0], c) = d",
                            "\n  (assign (tuple (name a) (tuple (subscript (name b) (int 0)) (name c))) (name d))"},
                      Shape{"a[i, j] //= b", "\n  (augassign floordiv (subscript (name a) (name i) (name j)) (name b))"},
                      Shape{"a **= b @ c", "\n  (augassign pow (name a) (matmul (name b) (name c)))"},
                      Shape{"x: f64[:, ::1] = y",
                            "\n  (annassign (name x) : (subscript (name f64) (slice _ _ _) (slice _ _ (int 1))) (name y))"},
                      Shape{"x: int", "\n  (annassign (name x) : (name int) _)"},
                      Shape{"pass; ...; a", "\n  (pass)\n  (expr (ellipsis))\n  (expr (name a))"}, Shape{"pass;", "\n  (pass)"},
                      Shape{"assert a, 'b'", "\n  (assert (name a) (string \"b\"))"}, Shape{"raise", "\n  (raise)"},
                      Shape{"raise E('x')", "\n  (raise (call (name E) (string \"x\")))"},
                      Shape{"import a.b as c, d", "\n  (import (a.b as c) d)"},
                      Shape{"from a.b import (c as d,\n e,)", "\n  (from a.b import (c as d) e)"},
                      Shape{"'text'\nx", "\n  (docstring \"text\")\n  (expr (name x))"},
                      Shape{"match = type = case = 1", "\n  (assign (name match) (name type) (name case) (int 1))"},
                      Shape{"print", "\n  (expr (name print))"}));

INSTANTIATE_TEST_SUITE_P(
    Compound, ParserStatement,
    ::testing::Values(
        Shape{"if a: b\nelif c:\n  d\nelse: e",
              "\n  (if (name a)\n    (then\n      (expr (name b)))\n    (else\n      (if (name c)\n        (then\n          "
              "(expr (name d)))\n"
              "        (else\n          (expr (name e))))))"},
        Shape{"while a:\n  break\nelse:\n  b",
              "\n  (while (name a)\n    (do\n      (break))\n    (else\n      (expr (name b))))"},
        Shape{"for i, j in a, b:\n  continue",
              "\n  (for (tuple (name i) (name j)) (tuple (name a) (name b))\n    (do\n      (continue)))"},
        Shape{"def f(a, /, b: int = 1, *, c) -> float:\n  'text'\n  return a",
              "\n  (def f ((positional-only a) (b : (name int) = (int 1)) (keyword-only c)) -> (name float)\n    (docstring "
              "\"text\")\n"
              "    (return (name a)))"},
        Shape{"@njit\n@kjit.jit(nogil=True)\ndef f(): return",
              "\n  (def f ()\n    (decorator (name njit))\n    (decorator (call (attribute (name kjit) jit) (keyword nogil "
              "(true))))\n    (return))"},
        Shape{"def f():\n  def g():\n    pass\n  return g",
              "\n  (def f ()\n    (def g ()\n      (pass))\n    (return (name g)))"},
        Shape{"if __name__ == '__main__':\n  f()",
              "\n  (if (compare (name __name__) == (string \"__main__\"))\n    (then\n      (expr (call (name f)))))"}));

TEST(ParserStatement, ReachesFromItsKeywordToTheEndOfItsBlock) {
  const SourceFile source("test.k", "if a:\n    b\n\nc\n");
  Diagnostics diags;
  const ast::Module module = parse(source, 0, diags);
  EXPECT_EQ(module.body[0]->span, (Span{0, 0, 11}));
  EXPECT_EQ(module.body[1]->span, (Span{0, 13, 14}));
}

// ---- recovery: independent mistakes are all reported, consequences are not ----

struct Mistakes {
  const char* text;
  const char* errors;
};

class ParserRecovery : public ::testing::TestWithParam<Mistakes> {};

TEST_P(ParserRecovery, ReportsEachMistakeOnce) { EXPECT_EQ(errors_of(GetParam().text), GetParam().errors) << GetParam().text; }

INSTANTIATE_TEST_SUITE_P(
    Cases, ParserRecovery,
    ::testing::Values(Mistakes{"x = +\ny = -\nz = 1", "E0200 1:6, E0200 2:6"},
                      Mistakes{"x = + ; y = -\nz = *", "E0200 1:7, E0200 2:6"},
                      Mistakes{"for i on x:\n  break\n  y = +\nbreak", "E0200 1:7, E0200 3:8, E0213 4:1"},
                      Mistakes{"if +:\n  a\nelif b:\n  c = -\nelse:\n  d", "E0200 1:5, E0200 4:8"},
                      Mistakes{"def (x):\n  return x", "E0200 1:5"},
                      Mistakes{"  x = 1\n  y = +\nz = -", "E0203 1:3, E0200 2:8, E0200 3:6"},
                      Mistakes{"class A:\n  x = +\ny = -", "E0301 1:1, E0200 3:6"},
                      Mistakes{"try:\n  x = {}\nexcept:\n  y = {1}", "E0310 1:1, E0305 2:7, E0306 4:7"},
                      Mistakes{"x = {1: yield, 2: [a for b in c for d in e]}", "E0302 1:9, E0327 1:33, E0305 1:5"},
                      Mistakes{"x = 'abc\ny = +", "E0105 1:5, E0200 2:6"}, Mistakes{"f(1,\n  2\nreturn", "E0110 1:2, E0212 3:1"},
                      Mistakes{"if a\n  b = +", "E0201 1:5, E0200 2:8"}, Mistakes{"def f():\nx = +", "E0202 2:1, E0200 2:6"},
                      Mistakes{"@\ndef f(): pass", "E0200 1:2"}, Mistakes{"else:\n  break\nx = +", "E0214 1:1, E0200 3:6"},
                      Mistakes{"f(\n  a=1,\n  b\n)", "E0208 3:3"}, Mistakes{"x = 1 +", "E0200 1:8"}, Mistakes{"(", "E0110 1:1"}));

TEST(ParserRecovery, KeepsAtMostTheLimitOfErrors) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "x = +\n";
  const SourceFile source("test.k", text);
  Diagnostics diags;
  parse(source, 0, diags);
  EXPECT_EQ(diags.all().size(), Diagnostics::kMaxErrors);
  EXPECT_EQ(diags.error_count(), 1000u);
}

// ---- limits: over the edge there is an error, never a stack overflow ----

std::string repeat(std::string_view text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

TEST(ParserLimits, ExpressionsNestTwoHundredDeep) {
  EXPECT_EQ(errors_of("x = " + repeat("(", 200) + "1" + repeat(")", 200)), "");
  EXPECT_EQ(errors_of("x = " + repeat("(", 201) + "1" + repeat(")", 201)), "E0901 1:205");
  EXPECT_EQ(errors_of("x = " + repeat("[", 200) + "1" + repeat("]", 200)), "");
  EXPECT_EQ(errors_of("x = " + repeat("-", 201) + "1"), "E0901 1:205");
  EXPECT_EQ(errors_of("x = " + repeat("lambda: ", 201) + "1"), "E0901 1:1605");
  EXPECT_EQ(errors_of("x = " + repeat("a ** ", 201) + "1"), "E0901 1:1007");
}

TEST(ParserLimits, AbsurdNestingIsAnErrorInEachPlace) {
  for (const char* opening :
       {"(", "[", "{", "{1:", "a[", "f(", "not ", "~", "lambda: ", "1 if 1 else ", "2 ** ", "(yield ", "*("}) {
    EXPECT_EQ(errors_of("x = " + repeat(opening, 100000)).empty(), false) << opening;
  }
}

TEST(ParserLimits, ALongChainIsAnError) {
  EXPECT_EQ(errors_of("x = 1" + repeat(" + 1", 999)), "");
  EXPECT_EQ(errors_of("x = 1" + repeat(" + 1", 1000)), "E0903 1:5");
  EXPECT_EQ(errors_of("x = a" + repeat("[0]", 50000)), "E0903 1:5");
  EXPECT_EQ(errors_of("x = a" + repeat(".b", 50000)), "E0903 1:5");
}

TEST(ParserLimits, NestedChainsAreMeasuredTogether) {
  // Two hundred brackets, each with a chain of six operations: no single chain is long, the tree is higher than 1000.
  EXPECT_EQ(errors_of("x = " + repeat("(", 200) + "1" + repeat(" + 1 + 1 + 1 + 1 + 1 + 1)", 200)), "E0903 1:39");
}

TEST(ParserLimits, ListsHaveNoLimitAndChainsHave) {
  EXPECT_EQ(errors_of("x = [" + repeat("1, ", 20000) + "]"), "");
  // Later stages make a tree as high as the chain is long.
  EXPECT_EQ(errors_of("y = a" + repeat(" and a", 20000) + "\nz = a" + repeat(" < a", 20000)), "E0903 1:5, E0903 2:5");
}

TEST(ParserLimits, FStringsInsideEachOtherCountToo) {
  EXPECT_EQ(errors_of("x = f'{" + repeat("(", 199) + "1" + repeat(")", 199) + "}'"), "");
  EXPECT_EQ(errors_of("x = f'{" + repeat("(", 200) + "1" + repeat(")", 200) + "}'"), "E0901 1:207");
}

}  // namespace
}  // namespace kjit
