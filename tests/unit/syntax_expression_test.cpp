// Shapes of expressions: precedence, associativity, displays, calls, subscripts, f-strings.

#include <gtest/gtest.h>

#include "syntax_testing.h"

namespace kjit {
namespace {

using testing::expression_of;

struct Shape {
  const char* text;
  const char* tree;
};

class ParserExpression : public ::testing::TestWithParam<Shape> {};

TEST_P(ParserExpression, HasPythonsShape) { EXPECT_EQ(expression_of(GetParam().text), GetParam().tree) << GetParam().text; }

INSTANTIATE_TEST_SUITE_P(
    Operators, ParserExpression,
    ::testing::Values(
        Shape{"a + b * c", "(add (name a) (mul (name b) (name c)))"},
        Shape{"a - b - c", "(sub (sub (name a) (name b)) (name c))"},
        Shape{"(a - b) - (c - d)", "(sub (sub (name a) (name b)) (sub (name c) (name d)))"},
        Shape{"-a ** -b", "(minus (pow (name a) (minus (name b))))"},
        Shape{"a ** b ** c", "(pow (name a) (pow (name b) (name c)))"},
        Shape{"~a << b & c ^ d | e", "(bitor (bitxor (bitand (shl (invert (name a)) (name b)) (name c)) (name d)) (name e))"},
        Shape{"a // b % c @ d / e", "(truediv (matmul (mod (floordiv (name a) (name b)) (name c)) (name d)) (name e))"},
        Shape{"not a == b", "(not (compare (name a) == (name b)))"},
        Shape{"a < b <= c != d", "(compare (name a) < (name b) <= (name c) != (name d))"},
        Shape{"a is not b not in c", "(compare (name a) is-not (name b) not-in (name c))"},
        Shape{"a or b and c or not d", "(or (name a) (and (name b) (name c)) (not (name d)))"},
        Shape{"a if b else c if d else e", "(conditional (name b) (name a) (conditional (name d) (name c) (name e)))"},
        Shape{"a + b if c or d else e", "(conditional (or (name c) (name d)) (add (name a) (name b)) (name e))"},
        Shape{"lambda x, y=1: x + y", "(lambda ((x) (y = (int 1))) (add (name x) (name y)))"},
        Shape{"lambda: (lambda: 1)", "(lambda () (lambda () (int 1)))"}));

INSTANTIATE_TEST_SUITE_P(
    Displays, ParserExpression,
    ::testing::Values(Shape{"()", "(tuple)"}, Shape{"(a)", "(name a)"}, Shape{"(a,)", "(tuple (name a))"},
                      Shape{"a, b", "(tuple (name a) (name b))"}, Shape{"a,", "(tuple (name a))"}, Shape{"[]", "(list)"},
                      Shape{"[a, (b, c),]", "(list (name a) (tuple (name b) (name c)))"},
                      Shape{"[x * 2 for x in a]", "(listcomp (mul (name x) (int 2)) (for (name x) (name a)))"},
                      Shape{"[x for x, y in a if x if y]",
                            "(listcomp (name x) (for (tuple (name x) (name y)) (name a)) (if (name x)) (if (name y)))"},
                      Shape{"[[y for y in x] for x in a]",
                            "(listcomp (listcomp (name y) (for (name y) (name x))) (for (name x) (name a)))"},
                      Shape{"[None, True, False, ..., 1j]", "(list (none) (true) (false) (ellipsis) (imaginary 1))"},
                      Shape{"'a' \"b\" 'c' + d", "(add (string \"abc\") (name d))"}));

INSTANTIATE_TEST_SUITE_P(
    Primaries, ParserExpression,
    ::testing::Values(
        Shape{"f(a, *[], k=b)", "E0318 1:6"}, Shape{"f()", "(call (name f))"},
        Shape{"f(a, b, k=c, l=d,)", "(call (name f) (name a) (name b) (keyword k (name c)) (keyword l (name d)))"},
        Shape{"a.b.c(d)[e]", "(subscript (call (attribute (attribute (name a) b) c) (name d)) (name e))"},
        Shape{"a[1, 2]", "(subscript (name a) (int 1) (int 2))"}, Shape{"a[1,]", "(subscript-tuple (name a) (int 1))"},
        Shape{"a[(1, 2)]", "(subscript (name a) (tuple (int 1) (int 2)))"}, Shape{"a[:]", "(subscript (name a) (slice _ _ _))"},
        Shape{"a[1:n, ::2]", "(subscript (name a) (slice (int 1) (name n) _) (slice _ _ (int 2)))"},
        Shape{"a[..., 0]", "(subscript (name a) (ellipsis) (int 0))"},
        Shape{"-a[-1]", "(minus (subscript (name a) (minus (int 1))))"}, Shape{"(a)(b)", "(call (name a) (name b))"},
        Shape{"1 .real", "(attribute (int 1) real)"}, Shape{"match(type, case)", "(call (name match) (name type) (name case))"}));

INSTANTIATE_TEST_SUITE_P(
    FStrings, ParserExpression,
    ::testing::Values(Shape{"f'a{x}b'", "(fstring \"a\" (field (name x)) \"b\")"},
                      Shape{"f'{{{x}}}'", "(fstring \"{\" (field (name x)) \"}\")"}, Shape{"f'{{{{'", "(fstring \"{{\")"},
                      Shape{"f''", "(fstring)"}, Shape{"'a' f'{x}' 'b' 'c'", "(fstring \"a\" (field (name x)) \"bc\")"},
                      Shape{"f'{x!r:>10}'", "(fstring (field (name x) !r :\">10\"))"},
                      Shape{"f'{x:.3f}'", "(fstring (field (name x) :\".3f\"))"},
                      Shape{"f'{x = }'", "(fstring (field (name x) debug=\"x = \" !r))"},
                      Shape{"f'{x=:5}'", "(fstring (field (name x) debug=\"x=\" :\"5\"))"},
                      Shape{"f'{x=!s}'", "(fstring (field (name x) debug=\"x=\" !s))"},
                      Shape{"f'{a == b}{a != b}{a <= b}'",
                            "(fstring (field (compare (name a) == (name b))) (field (compare (name a) != (name b))) (field "
                            "(compare (name a) <= (name b))))"},
                      Shape{"f'{a[1:2]}{f(b, k=1)}'",
                            "(fstring (field (subscript (name a) (slice (int 1) (int 2) _))) (field (call (name f) (name b) "
                            "(keyword k (int 1)))))"},
                      Shape{"f\"{'}' + ':'}\"", "(fstring (field (add (string \"}\") (string \":\"))))"},
                      Shape{"f\"{f'{x}'}\"", "(fstring (field (fstring (field (name x)))))"},
                      Shape{"f'{a, b}'", "(fstring (field (tuple (name a) (name b))))"},
                      Shape{"f'{(lambda x: x)(1)}'", "(fstring (field (call (lambda ((x)) (name x)) (int 1))))"},
                      Shape{"f'''{\na\n+ 1}'''", "(fstring (field (add (name a) (int 1))))"},
                      Shape{"rf'\\d{x}'", "(fstring \"\\\\d\" (field (name x)))"},
                      Shape{"f'\\x41\\\\{x}'", "(fstring \"A\\\\\" (field (name x)))"}));

TEST(ParserSpans, AnExpressionReachesFromItsFirstToItsLastToken) {
  const SourceFile source("test.k", "x = (a + b) * f(c)[1]  # text\n");
  Diagnostics diags;
  const ast::Module module = parse(source, 3, diags);
  const auto& assign = std::get<ast::Assign>(module.body[0]->node);
  EXPECT_EQ(assign.value->span, (Span{3, 4, 21}));
  const auto& product = std::get<ast::Binary>(assign.value->node);
  EXPECT_EQ(product.lhs->span, (Span{3, 5, 10}));
  EXPECT_EQ(product.rhs->span, (Span{3, 14, 21}));
}

TEST(ParserSpans, AFieldOfAnFStringHasItsPlaceInTheFile) {
  const SourceFile source("test.k", "s = f'ab{xy}'");
  Diagnostics diags;
  const ast::Module module = parse(source, 0, diags);
  const auto& string = std::get<ast::FString>(std::get<ast::Assign>(module.body[0]->node).value->node);
  EXPECT_EQ(string.parts[1].value->span, (Span{0, 9, 11}));
}

TEST(ParserHeights, AChainIsAsHighAsItIsLong) {
  const SourceFile source("test.k", "a + b + c + d");
  Diagnostics diags;
  const ast::Module module = parse(source, 0, diags);
  EXPECT_EQ(std::get<ast::ExpressionStatement>(module.body[0]->node).value->height, 4u);
}

}  // namespace
}  // namespace kjit
