// Operators, from the conditional expression down to the power. Entry: Parser::expression_list, Parser::expression.

#include <algorithm>
#include <optional>

#include "syntax/parser_impl.h"

namespace kjit {

namespace {

// Binding of the left-associative binary operators, weakest first; comparisons bind weaker, unary operators stronger.
struct BinaryOperator {
  TokenKind kind;
  ast::BinaryOp op;
  int precedence;
};

constexpr BinaryOperator kBinary[] = {
    {TokenKind::Bar, ast::BinaryOp::BitOr, 1},        {TokenKind::Caret, ast::BinaryOp::BitXor, 2},
    {TokenKind::Ampersand, ast::BinaryOp::BitAnd, 3}, {TokenKind::LeftShift, ast::BinaryOp::Shl, 4},
    {TokenKind::RightShift, ast::BinaryOp::Shr, 4},   {TokenKind::Plus, ast::BinaryOp::Add, 5},
    {TokenKind::Minus, ast::BinaryOp::Sub, 5},        {TokenKind::Star, ast::BinaryOp::Mul, 6},
    {TokenKind::Slash, ast::BinaryOp::TrueDiv, 6},    {TokenKind::DoubleSlash, ast::BinaryOp::FloorDiv, 6},
    {TokenKind::Percent, ast::BinaryOp::Mod, 6},      {TokenKind::At, ast::BinaryOp::MatMul, 6}};

const BinaryOperator* binary_operator(TokenKind kind) {
  const auto* found =
      std::find_if(std::begin(kBinary), std::end(kBinary), [kind](const BinaryOperator& row) { return row.kind == kind; });
  return found == std::end(kBinary) ? nullptr : found;
}

std::optional<ast::CompareOp> comparison_operator(TokenKind kind) {
  switch (kind) {
    case TokenKind::EqualEqual: return ast::CompareOp::Eq;
    case TokenKind::NotEqual: return ast::CompareOp::Ne;
    case TokenKind::Less: return ast::CompareOp::Lt;
    case TokenKind::LessEqual: return ast::CompareOp::Le;
    case TokenKind::Greater: return ast::CompareOp::Gt;
    case TokenKind::GreaterEqual: return ast::CompareOp::Ge;
    case TokenKind::In: return ast::CompareOp::In;
    case TokenKind::Is: return ast::CompareOp::Is;
    default: return std::nullopt;
  }
}

std::optional<ast::UnaryOp> unary_operator(TokenKind kind) {
  switch (kind) {
    case TokenKind::Plus: return ast::UnaryOp::Plus;
    case TokenKind::Minus: return ast::UnaryOp::Minus;
    case TokenKind::Tilde: return ast::UnaryOp::Invert;
    default: return std::nullopt;
  }
}

}  // namespace

// star_expressions: element (',' element)* [',']
ast::ExprPtr Parser::expression_list() {
  const std::uint32_t begin = here().begin;
  ast::ExprPtr first = element();
  if (!at(TokenKind::Comma)) return first;
  ast::Tuple tuple;
  tuple.elements.push_back(std::move(first));
  while (accept(TokenKind::Comma) && at_expression_start()) tuple.elements.push_back(element());
  return make(begin, std::move(tuple));
}

// expression: disjunction ['if' disjunction 'else' expression] | lambdef
ast::ExprPtr Parser::expression() {
  if (at(TokenKind::Lambda)) return lambda();
  if (at(TokenKind::Name) && peek(1).kind == TokenKind::ColonEqual) return refused_walrus();
  const std::uint32_t begin = here().begin;
  ast::ExprPtr result = disjunction();
  return at(TokenKind::If) ? conditional(std::move(result), begin) : std::move(result);
}

ast::ExprPtr Parser::conditional(ast::ExprPtr then, std::uint32_t begin) {
  const Restore nesting(expression_nesting_);
  enter_expression();
  take();
  ast::Conditional node;
  node.then = std::move(then);
  node.condition = disjunction();
  expect(TokenKind::Else, "'else' of the conditional expression");
  node.otherwise = expression();
  return make(begin, std::move(node));
}

// NAME ':=' expression
ast::ExprPtr Parser::refused_walrus() {
  const Restore nesting(expression_nesting_);
  enter_expression();
  const std::uint32_t begin = take().span.begin;
  refuse(Refused::Walrus, take().span, diags_);
  expression();
  return placeholder(begin);
}

// lambdef: 'lambda' [params] ':' expression
ast::ExprPtr Parser::lambda() {
  const Restore nesting(expression_nesting_);
  const Restore context(context_);
  enter_expression();
  const Span keyword = take().span;
  auto function = std::make_shared<ast::FunctionDef>();
  function->name = "<lambda>";
  function->name_span = keyword;
  function->parameters = parameters(TokenKind::Colon, false);
  expect(TokenKind::Colon, "':' after the parameters of the lambda");
  const std::uint32_t body_begin = here().begin;
  ast::ExprPtr body = expression();
  function->body.push_back(make_statement(body_begin, ast::Return{std::move(body)}));
  return make(keyword.begin, ast::Lambda{std::move(function)});
}

// disjunction: conjunction ('or' conjunction)*
ast::ExprPtr Parser::disjunction() {
  const std::uint32_t begin = here().begin;
  ast::ExprPtr first = conjunction();
  if (!at(TokenKind::Or)) return first;
  ast::BoolOperation node{ast::BoolOp::Or, {}};
  node.values.push_back(std::move(first));
  while (accept(TokenKind::Or)) node.values.push_back(conjunction());
  return make(begin, std::move(node));
}

// conjunction: inversion ('and' inversion)*
ast::ExprPtr Parser::conjunction() {
  const std::uint32_t begin = here().begin;
  ast::ExprPtr first = inversion();
  if (!at(TokenKind::And)) return first;
  ast::BoolOperation node{ast::BoolOp::And, {}};
  node.values.push_back(std::move(first));
  while (accept(TokenKind::And)) node.values.push_back(inversion());
  return make(begin, std::move(node));
}

// inversion: 'not' inversion | comparison
ast::ExprPtr Parser::inversion() {
  if (!at(TokenKind::Not)) return comparison();
  const Restore nesting(expression_nesting_);
  enter_expression();
  const std::uint32_t begin = take().span.begin;
  ast::ExprPtr operand = inversion();
  return make(begin, ast::Unary{ast::UnaryOp::Not, std::move(operand)});
}

// comparison: bitwise_or (('==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not' 'in' | 'is' | 'is' 'not') bitwise_or)*
ast::ExprPtr Parser::comparison() {
  const std::uint32_t begin = here().begin;
  ast::ExprPtr first = binary(0);
  ast::CompareOp op{};
  if (!accept_comparison(op)) return first;
  ast::Compare node;
  node.first = std::move(first);
  do {
    node.ops.push_back(op);
    node.rest.push_back(binary(0));
  } while (accept_comparison(op));
  return make(begin, std::move(node));
}

bool Parser::accept_comparison(ast::CompareOp& op) {
  if (at(TokenKind::Not) && peek(1).kind == TokenKind::In) {
    take(), take();
    op = ast::CompareOp::NotIn;
    return true;
  }
  if (at(TokenKind::LessGreater)) {
    diags_.report<DiagId::E0217>(here(), "<>").suggest("write '!='");
    take();
    op = ast::CompareOp::Ne;
    return true;
  }
  const auto found = comparison_operator(peek().kind);
  if (!found) return false;
  take();
  op = *found;
  if (op == ast::CompareOp::Is && accept(TokenKind::Not)) op = ast::CompareOp::IsNot;
  return true;
}

// bitwise_or: operand (operator operand)*, where the table gives each operator its precedence. Operators of `precedence` and less
// are left to the caller, so that equal ones associate to the left.
ast::ExprPtr Parser::binary(int precedence) {
  const std::uint32_t begin = here().begin;
  ast::ExprPtr lhs = unary();
  while (const BinaryOperator* row = binary_operator(peek().kind)) {
    if (row->precedence <= precedence) break;
    take();
    ast::ExprPtr rhs = binary(row->precedence);
    lhs = make(begin, ast::Binary{row->op, std::move(lhs), std::move(rhs)});
  }
  return lhs;
}

// factor: ('+' | '-' | '~') factor | power
ast::ExprPtr Parser::unary() {
  const auto op = unary_operator(peek().kind);
  if (!op) return power();
  const Restore nesting(expression_nesting_);
  enter_expression();
  const std::uint32_t begin = take().span.begin;
  ast::ExprPtr operand = unary();
  return make(begin, ast::Unary{*op, std::move(operand)});
}

// power: ['await'] primary ['**' factor]
ast::ExprPtr Parser::power() {
  const std::uint32_t begin = here().begin;
  if (at(TokenKind::Await)) refuse(Refused::Await, take().span, diags_);
  ast::ExprPtr base = primary();
  if (!at(TokenKind::DoubleStar)) return base;
  const Restore nesting(expression_nesting_);
  enter_expression();
  take();
  ast::ExprPtr exponent = unary();
  return make(begin, ast::Binary{ast::BinaryOp::Pow, std::move(base), std::move(exponent)});
}

}  // namespace kjit
