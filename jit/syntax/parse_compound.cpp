// Statements with blocks: if, while, for, def, and those that are refused. Entry: Parser::compound_statement.

#include "support/limits.h"
#include "syntax/parser_impl.h"

namespace kjit {

// compound_stmt: function_def | if_stmt | for_stmt | while_stmt, and the refused class_def | with_stmt | try_stmt | match_stmt.
// Null when the statement is a simple one.
ast::StmtPtr Parser::compound_statement() {
  switch (peek().kind) {
    case TokenKind::If: return if_statement();
    case TokenKind::While: return while_statement();
    case TokenKind::For: return for_statement();
    case TokenKind::Def: return function_definition({});
    case TokenKind::At: return decorated();
    case TokenKind::Elif:
    case TokenKind::Else:
    case TokenKind::Except:
    case TokenKind::Finally: return stray_clause();
    case TokenKind::Class: return refused_class();
    case TokenKind::Try: return refused_try();
    case TokenKind::With: return refused_with();
    case TokenKind::Async: return refused_async();
    default: return soft_match_statement() ? refused_match() : nullptr;
  }
}

// named_expression, where '=' is a slip for '=='.
ast::ExprPtr Parser::condition() {
  ast::ExprPtr result = expression();
  return at(TokenKind::Equal) ? compared_by_slip(std::move(result)) : std::move(result);
}

// if_stmt: 'if' named_expression block ('elif' named_expression block)* [else_block]
ast::StmtPtr Parser::if_statement() {
  const Restore height(statement_height_);
  ast::StmtPtr result;
  ast::StmtPtr* place = &result;  // an elif is an If alone in the `otherwise` of the one before
  do {
    if (++statement_height_ > limits::kStatementHeight) {
      diags_.report<DiagId::E0907>(here(), limits::kStatementHeight).suggest("use a table in an array, or a binary search");
      fail();
    }
    const Token& keyword = take();
    const std::string after = fmt::format("'{}'", token_spelling(keyword.kind));
    ast::If node;
    node.condition = condition();
    node.body = block(after, keyword.span);
    *place = make_statement(keyword.span.begin, std::move(node));
    if (!at(TokenKind::Elif)) break;
    place = &std::get<ast::If>((*place)->node).otherwise.emplace_back();
  } while (true);
  if (at(TokenKind::Else)) std::get<ast::If>((*place)->node).otherwise = else_block();
  for (ast::Stmt* level = result.get(); level != nullptr;) {
    level->span.end = last_end_;
    auto& otherwise = std::get<ast::If>(level->node).otherwise;
    level = level != place->get() ? otherwise.front().get() : nullptr;
  }
  return result;
}

// else_block: 'else' block
ast::Block Parser::else_block() {
  const Span keyword = take().span;
  if (!at(TokenKind::If)) return block("'else'", keyword);
  diags_.report<DiagId::E0215>(cover(keyword, here())).suggest("write 'elif'");
  ast::Block result;
  result.push_back(if_statement());
  return result;
}

// The body of a loop; its `else` belongs to the loop around it.
ast::Block Parser::loop_body(std::string_view after, Span header) {
  const Restore context(context_);
  context_.in_loop = true;
  return block(after, header);
}

// while_stmt: 'while' named_expression block [else_block]
ast::StmtPtr Parser::while_statement() {
  const Span keyword = take().span;
  ast::While node;
  node.condition = condition();
  node.body = loop_body("'while'", keyword);
  if (at(TokenKind::Else)) node.otherwise = else_block();
  return make_statement(keyword.begin, std::move(node));
}

// for_stmt: 'for' star_targets 'in' star_expressions block [else_block]
ast::StmtPtr Parser::for_statement() {
  const Span keyword = take().span;
  ast::For node;
  node.target = target_list();
  expect(TokenKind::In, "'in' after the loop variable");
  node.iterable = expression_list();
  node.body = loop_body("'for'", keyword);
  if (at(TokenKind::Else)) node.otherwise = else_block();
  return make_statement(keyword.begin, std::move(node));
}

// star_targets, before 'in': each one is parsed below the comparison operators, of which `in` is one.
ast::ExprPtr Parser::target_list() {
  const std::uint32_t begin = here().begin;
  const Restore star(star_);
  star_ = Refused::StarTarget;
  const auto one = [this] { return at(TokenKind::Star) ? refused_star(star_) : binary(0); };
  if (is_keyword(peek().kind) && !at_expression_start()) keyword_as_name();
  ast::ExprPtr first = one();
  if (at(TokenKind::Comma)) {
    ast::Tuple tuple;
    tuple.elements.push_back(std::move(first));
    while (accept(TokenKind::Comma) && !at(TokenKind::In)) tuple.elements.push_back(one());
    first = make(begin, std::move(tuple));
  }
  check_target(*first);
  return first;
}

// function_def: 'def' NAME [type_params] '(' [params] ')' ['->' expression] block
ast::StmtPtr Parser::function_definition(std::vector<ast::ExprPtr> decorators) {
  const Span keyword = take().span;
  const std::uint32_t begin = decorators.empty() ? keyword.begin : decorators.front()->span.begin - 1;
  auto function = std::make_shared<ast::FunctionDef>();
  function->decorators = std::move(decorators);
  function->name_span = here();
  function->name = name("a function name after 'def'");
  if (at(TokenKind::LeftBracket)) refuse_type_parameters();
  const Span opener = here();
  expect(TokenKind::LeftParen, "'(' after the function name");
  function->parameters = parameters(TokenKind::RightParen, true);
  close(TokenKind::RightParen, opener);
  if (accept(TokenKind::Arrow)) function->returns = expression();
  const Restore context(context_);
  context_ = {.in_function = true, .in_loop = false, .lenient = context_.lenient};
  function->body = block(fmt::format("the header of function '{}'", function->name), keyword);
  function->docstring = take_docstring(function->body);
  return make_statement(begin, ast::Define{std::move(function)});
}

// type_params: '[' ... ']'
void Parser::refuse_type_parameters() {
  const std::uint32_t begin = here().begin;
  int depth = 0;
  do {
    const TokenKind kind = take().kind;
    depth += kind == TokenKind::LeftBracket ? 1 : kind == TokenKind::RightBracket ? -1 : 0;
  } while (depth > 0 && !at(TokenKind::Newline) && !at(TokenKind::EndOfFile));
  refuse(Refused::TypeParameters, span_from(begin), diags_);
}

// params: param (',' param)* [','], where '/' ends the positional-only and '*' starts the keyword-only ones
std::vector<ast::Parameter> Parser::parameters(TokenKind closer, bool annotated) {
  std::vector<ast::Parameter> list;
  bool keyword_only = false;
  while (!at(closer)) {
    const Span mark = here();
    if (at(TokenKind::Star) && (peek(1).kind == TokenKind::Comma || peek(1).kind == closer)) {
      take();
      if (keyword_only) diags_.report<DiagId::E0221>(mark, '*');
      keyword_only = true;
      if (at(closer) || peek(1).kind == closer) diags_.report<DiagId::E0220>(mark);
    } else if (at(TokenKind::Star) || at(TokenKind::DoubleStar)) {
      keyword_only = at(TokenKind::Star);
      refused_parameter(annotated);
    } else if (accept(TokenKind::Slash)) {
      const bool misplaced = keyword_only || list.empty() || list.front().positional_only;
      if (misplaced) diags_.report<DiagId::E0221>(mark, '/');
      for (ast::Parameter& parameter : list) parameter.positional_only = !parameter.keyword_only;
    } else {
      parameter(list, annotated, keyword_only);
    }
    if (!accept(TokenKind::Comma)) break;
  }
  check_parameters(list);
  return list;
}

// param: NAME [':' expression] ['=' expression]
void Parser::parameter(std::vector<ast::Parameter>& list, bool annotated, bool keyword_only) {
  ast::Parameter result;
  result.span = here();
  result.keyword_only = keyword_only;
  result.name = name("a parameter name");
  if (annotated && accept(TokenKind::Colon)) result.annotation = expression();
  if (accept(TokenKind::Equal)) result.default_value = expression();
  list.push_back(std::move(result));
}

// '*' NAME [':' expression] | '**' NAME [':' expression]
void Parser::refused_parameter(bool annotated) {
  const std::uint32_t begin = here().begin;
  const Refused construct = take().kind == TokenKind::Star ? Refused::StarParameter : Refused::DoubleStarParameter;
  name("a parameter name");
  refuse(construct, span_from(begin), diags_);
  if (annotated && accept(TokenKind::Colon)) at(TokenKind::Star) ? refused_star(Refused::StarElement) : expression();
}

void Parser::check_parameters(const std::vector<ast::Parameter>& list) {
  const ast::Parameter* with_default = nullptr;
  for (std::size_t i = 0; i < list.size() && i <= limits::kParameters; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (list[i].name != list[j].name) continue;
      diags_.report<DiagId::E0210>(list[i].span, list[i].name).note(list[j].span, "first used here");
      break;
    }
    if (list[i].default_value) {
      with_default = &list[i];
    } else if (with_default != nullptr && !list[i].keyword_only) {
      diags_.report<DiagId::E0211>(list[i].span, list[i].name).note(with_default->span, "this one has a default value");
    }
  }
  if (list.size() <= limits::kParameters) return;
  diags_.report<DiagId::E0905>(list[limits::kParameters].span, limits::kParameters).suggest("pass an array or a tuple");
}

// decorators: ('@' named_expression NEWLINE)+
ast::StmtPtr Parser::decorated() {
  std::vector<ast::ExprPtr> decorators;
  while (accept(TokenKind::At)) {
    decorators.push_back(decorator());
    expect(TokenKind::Newline, "the end of the line after a decorator");
    while (accept(TokenKind::Newline)) {
    }
  }
  if (at(TokenKind::Class)) return refused_class();
  if (at(TokenKind::Async)) return refused_async();
  if (at(TokenKind::Def)) return function_definition(std::move(decorators));
  if (!at(TokenKind::Invalid)) diags_.report<DiagId::E0218>(here(), describe(peek()));
  fail();
}

// A name, a dotted name, or a call of one of them.
ast::ExprPtr Parser::decorator() {
  const Restore inside(in_decorator_);
  in_decorator_ = true;
  ast::ExprPtr result = expression();
  const auto* called = std::get_if<ast::Call>(&result->node);
  const ast::Expr* inner = called != nullptr ? called->callee.get() : result.get();
  while (const auto* attribute = std::get_if<ast::Attribute>(&inner->node)) inner = attribute->value.get();
  if (!std::holds_alternative<ast::Name>(inner->node)) refuse(Refused::Decorator, result->span, diags_);
  return result;
}

// `else`, `elif`, `except` or `finally` that continues nothing.
ast::StmtPtr Parser::stray_clause() {
  const Token& keyword = take();
  const bool of_try = keyword.kind == TokenKind::Except || keyword.kind == TokenKind::Finally;
  const std::string_view owner = of_try ? "'try'" : keyword.kind == TokenKind::Elif ? "'if'" : "'if', 'for' or 'while'";
  auto& error = diags_.report<DiagId::E0214>(keyword.span, token_spelling(keyword.kind), owner);
  if (!of_try) error.suggest("align it with the statement that it continues");
  skip_header();
  const Restore context(context_);
  context_.lenient = true;
  block(fmt::format("'{}'", token_spelling(keyword.kind)), keyword.span);
  return make_statement(keyword.span.begin, ast::Pass{});
}

// try_stmt: 'try' block ('except' ['*'] [expression ['as' NAME]] block)* [else_block] ['finally' block]
ast::StmtPtr Parser::refused_try() {
  const Span keyword = here();
  refuse(Refused::Try, keyword, diags_);
  do {
    const std::string after = fmt::format("'{}'", token_spelling(take().kind));
    skip_header();
    block(after, keyword);
  } while (at(TokenKind::Except) || at(TokenKind::Else) || at(TokenKind::Finally));
  return make_statement(keyword.begin, ast::Pass{});
}

// with_stmt: 'with' with_item (',' with_item)* block
ast::StmtPtr Parser::refused_with() {
  const Span keyword = take().span;
  refuse(Refused::With, keyword, diags_);
  skip_header();
  block("'with'", keyword);
  return make_statement(keyword.begin, ast::Pass{});
}

// class_def: 'class' NAME [type_params] ['(' [arguments] ')'] block. The body says nothing about kernels.
ast::StmtPtr Parser::refused_class() {
  const Span keyword = take().span;
  const Span span = at(TokenKind::Name) ? cover(keyword, here()) : keyword;
  refuse(Refused::Class, span, diags_);
  skip_line();
  if (at(TokenKind::Indent)) skip_block();
  return make_statement(keyword.begin, ast::Pass{});
}

// match_stmt: "match" subject ':' NEWLINE INDENT case_block+ DEDENT
bool Parser::soft_match_statement() const {
  if (!at_name("match")) return false;
  std::size_t i = pos_;
  while (tokens_[i].kind != TokenKind::Newline && tokens_[i].kind != TokenKind::EndOfFile) ++i;
  const bool opens_block = tokens_[i].kind == TokenKind::Newline && tokens_[i - 1].kind == TokenKind::Colon;
  return opens_block && tokens_[i + 1].kind == TokenKind::Indent && tokens_[i + 2].text == "case";
}

ast::StmtPtr Parser::refused_match() {
  const std::uint32_t begin = here().begin;
  refuse(Refused::Match, here(), diags_);
  skip_line();
  skip_block();
  return make_statement(begin, ast::Pass{});
}

// 'async' (function_def | with_stmt | for_stmt)
ast::StmtPtr Parser::refused_async() {
  const Span keyword = take().span;
  refuse(Refused::Async, keyword, diags_);
  if (at(TokenKind::Def)) return function_definition({});
  if (at(TokenKind::For)) return for_statement();
  if (!at(TokenKind::With)) fail();
  take();
  skip_header();
  block("'with'", keyword);
  return make_statement(keyword.begin, ast::Pass{});
}

}  // namespace kjit
