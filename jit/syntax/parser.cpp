// The parser's frame: tokens, blocks, and what happens after a mistake. Entry: parse.
//
// Recovery: a failed statement is dropped up to the end of its logical line; if a block follows, it belonged to the broken header
// and is parsed leniently, so that mistakes inside are reported too.

#include "syntax/parser.h"

#include <algorithm>

#include "support/limits.h"
#include "syntax/lexer.h"
#include "syntax/parser_impl.h"
#include "syntax/walk.h"

namespace kjit {

// ---- tokens ----

const Token& Parser::peek(std::size_t ahead) const { return tokens_[std::min(pos_ + ahead, tokens_.size() - 1)]; }

const Token& Parser::take() {
  const Token& token = peek();
  if (pos_ + 1 < tokens_.size()) ++pos_;
  const bool visible = token.span.begin < token.span.end && token.kind != TokenKind::Newline;
  if (visible) last_end_ = token.span.end;
  return token;
}

bool Parser::accept(TokenKind kind) {
  if (!at(kind)) return false;
  take();
  return true;
}

const Token& Parser::expect(TokenKind kind, std::string_view what) {
  if (!at(kind)) unexpected(what);
  return take();
}

bool Parser::at_statement_end() const { return at(TokenKind::Newline) || at(TokenKind::Semicolon) || at(TokenKind::EndOfFile); }

std::string Parser::describe(const Token& token) const {
  const std::string_view spelling = token_spelling(token.kind);
  switch (token.kind) {
    case TokenKind::Name: return fmt::format("'{}'", token.text);
    case TokenKind::Int:
    case TokenKind::Float:
    case TokenKind::Imaginary:
    case TokenKind::String: return fmt::format("a {}", spelling);
    case TokenKind::FString: return fmt::format("an {}", spelling);
    case TokenKind::EndOfFile:
    case TokenKind::Newline:
    case TokenKind::Indent:
    case TokenKind::Dedent:
    case TokenKind::Invalid: return fmt::format("the {}", spelling);
    default: return fmt::format("'{}'", spelling);
  }
}

void Parser::unexpected(std::string_view expected) {
  if (!at(TokenKind::Invalid)) diags_.report<DiagId::E0200>(here(), expected, describe(peek()));
  fail();
}

std::string Parser::name(std::string_view what) {
  if (is_keyword(peek().kind)) keyword_as_name();
  return expect(TokenKind::Name, what).text;
}

void Parser::keyword_as_name() {
  const std::string_view word = token_spelling(peek().kind);
  diags_.report<DiagId::E0207>(here(), word).suggest(fmt::format("choose another name, such as '{}_'", word));
  fail();
}

// The highest subtree below `expr`; a lambda's are its default values and its body.
std::uint32_t Parser::height_below(const ast::Expr& expr) {
  std::uint32_t height = 0;
  const ast::ExprVisitor measure = [&height](const ast::Expr& child) { height = std::max(height, child.height); };
  ast::for_each_child(expr, measure);
  if (const auto* lambda = std::get_if<ast::Lambda>(&expr.node)) {
    for (const ast::Parameter& parameter : lambda->function->parameters) {
      if (parameter.default_value) measure(*parameter.default_value);
    }
    measure(*std::get<ast::Return>(lambda->function->body.front()->node).value);
  }
  return height;
}

// The levels of the node itself: a flat chain of operators becomes as many levels in the typed tree.
std::uint32_t Parser::own_height(const ast::Expr& expr) {
  if (const auto* logic = std::get_if<ast::BoolOperation>(&expr.node))
    return static_cast<std::uint32_t>(logic->values.size()) - 1;
  if (const auto* compare = std::get_if<ast::Compare>(&expr.node)) return static_cast<std::uint32_t>(compare->ops.size());
  return 1;
}

ast::ExprPtr Parser::finish(ast::ExprPtr expr) {
  expr->height = height_below(*expr) + own_height(*expr);
  if (expr->height <= limits::kExpressionHeight) return expr;
  diags_.report<DiagId::E0903>(expr->span, limits::kExpressionHeight).suggest("split it over several statements, or use a loop");
  fail();
}

void Parser::enter_expression() {
  if (++expression_nesting_ <= limits::kExpressionNesting) return;
  diags_.report<DiagId::E0901>(here(), limits::kExpressionNesting).suggest("give parts of it a name in statements of their own");
  fail();
}

// ---- blocks ----

// file: statement* ENDMARKER
ast::Module Parser::module() {
  ast::Module module;
  module.file = file_;
  statements(module.body, TokenKind::EndOfFile);
  module.docstring = take_docstring(module.body);
  return module;
}

void Parser::statements(ast::Block& block, TokenKind end) {
  while (!at(end) && !at(TokenKind::EndOfFile)) statement(block);
}

// statement: compound_stmt | simple_stmts
void Parser::statement(ast::Block& block) {
  const std::size_t first = pos_;
  try {
    if (accept(TokenKind::Newline)) return;
    if (at(TokenKind::Indent)) {
      diags_.report<DiagId::E0203>(here()).suggest(
          "align the line with the one above; only ':' at the end of a line opens a block");
      const Restore context(context_);
      context_.lenient = true;
      const ast::Block misplaced = indented_block(here());
    } else if (ast::StmtPtr compound = compound_statement()) {
      block.push_back(std::move(compound));
    } else {
      simple_statements(block);
    }
  } catch (const SyntaxFailure&) {
    recover(pos_ == first || tokens_[pos_ - 1].kind != TokenKind::Newline);
  }
}

// Drops the rest of the statement. `in_line` tells that its line has not been read to the end.
void Parser::recover(bool in_line) {
  if (in_line) skip_line();
  const Restore context(context_);
  context_.lenient = true;
  if (at(TokenKind::Indent)) const ast::Block dropped = indented_block(behind_last());
  while (at_clause()) {
    skip_line();
    if (at(TokenKind::Indent)) const ast::Block dropped = indented_block(behind_last());
  }
}

// The clauses that belong to a statement before them, at the same indentation.
bool Parser::at_clause() const {
  return at(TokenKind::Elif) || at(TokenKind::Else) || at(TokenKind::Except) || at(TokenKind::Finally);
}

void Parser::skip_line() {
  while (!at(TokenKind::Newline) && !at(TokenKind::EndOfFile)) take();
  accept(TokenKind::Newline);
}

// The current token is Indent: passes everything up to its Dedent.
void Parser::skip_block() {
  int depth = 0;
  do {
    const TokenKind kind = take().kind;
    depth += kind == TokenKind::Indent ? 1 : kind == TokenKind::Dedent ? -1 : 0;
  } while (depth > 0 && !at(TokenKind::EndOfFile));
}

// Passes the tokens before the ':' that ends the header of a compound statement.
void Parser::skip_header() {
  int depth = 0;
  while (!at_statement_end() && (depth > 0 || !at(TokenKind::Colon))) {
    const TokenKind kind = take().kind;
    if (kind == TokenKind::LeftParen || kind == TokenKind::LeftBracket || kind == TokenKind::LeftBrace) ++depth;
    if (kind == TokenKind::RightParen || kind == TokenKind::RightBracket || kind == TokenKind::RightBrace) --depth;
  }
}

// block: ':' NEWLINE INDENT statement+ DEDENT | ':' simple_stmts
ast::Block Parser::block(std::string_view after, Span header) {
  if (!accept(TokenKind::Colon)) missing_colon(after);
  ast::Block result;
  if (!at(TokenKind::Newline)) {
    simple_statements(result);
    return result;
  }
  take();
  if (at(TokenKind::Indent)) return indented_block(header);
  diags_.report<DiagId::E0202>(here(), after)
      .note(header, fmt::format("{} starts here", after))
      .suggest("indent the lines that belong to it by four spaces, or write 'pass'");
  return result;
}

// Going on without the ':' is safe when a block follows, or when the line continues with a statement.
void Parser::missing_colon(std::string_view after) {
  if (at(TokenKind::Invalid)) fail();
  diags_.report<DiagId::E0201>(at(TokenKind::Newline) ? behind_last() : here(), after);
  if (!at(TokenKind::Newline)) fail();
}

ast::Block Parser::indented_block(Span place) {
  const Restore nesting(block_nesting_);
  const Restore height(statement_height_);
  ++statement_height_;
  ast::Block result;
  if (++block_nesting_ > limits::kBlockNesting) {
    diags_.report<DiagId::E0902>(place, limits::kBlockNesting).suggest("move the inner blocks into a function of their own");
    skip_block();
    return result;
  }
  take();
  statements(result, TokenKind::Dedent);
  accept(TokenKind::Dedent);
  return result;
}

// The docstring is the first statement when it is a plain string; it leaves the block.
std::string Parser::take_docstring(ast::Block& block) {
  if (block.empty()) return {};
  auto* first = std::get_if<ast::ExpressionStatement>(&block.front()->node);
  auto* string = first != nullptr ? std::get_if<ast::StringLiteral>(&first->value->node) : nullptr;
  if (string == nullptr) return {};
  std::string text = std::move(string->value);
  block.erase(block.begin());
  return text;
}

ast::Module parse(const SourceFile& source, std::uint32_t file_id, Diagnostics& diags) {
  return Parser(source, file_id, lex(source, file_id, diags), diags).module();
}

}  // namespace kjit
