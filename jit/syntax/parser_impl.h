#pragma once
// The parser's inside, shared by the parse_*.cpp files; everybody else includes parser.h.
//
// Contract of every function below: the current token is the first of its production; afterwards it is the first behind it. A
// mistake from which the function cannot go on is reported first and then thrown as SyntaxFailure, which statement() catches.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/assert.h"
#include "support/diagnostics.h"
#include "syntax/ast.h"
#include "syntax/refusals.h"
#include "syntax/token.h"

namespace kjit {

// Unwinds to the statement; its mistake has been reported.
struct SyntaxFailure {};

// Restores a counter or a flag at the end of a scope, also when a failure passes.
template <typename T>
class Restore {
 public:
  explicit Restore(T& place) : place_(place), saved_(place) {}
  ~Restore() { place_ = saved_; }
  Restore(const Restore&) = delete;
  Restore& operator=(const Restore&) = delete;

 private:
  T& place_;
  T saved_;
};

class Parser {
 public:
  Parser(const SourceFile& source, std::uint32_t file_id, std::vector<Token> tokens, Diagnostics& diags)
      : source_(source), file_(file_id), tokens_(std::move(tokens)), diags_(diags) {}

  ast::Module module();
  // The expression of an f-string field, which all tokens together must form; `nesting` levels are around it.
  ast::ExprPtr field(std::uint32_t nesting);

 private:
  // What encloses the statement. `lenient` holds inside a broken statement, where a stray `break` is no mistake of its own.
  struct Context {
    bool in_function = false;
    bool in_loop = false;
    bool lenient = false;
  };

  // ---- parser.cpp: tokens, blocks, recovery ----
  const Token& peek(std::size_t ahead = 0) const;
  bool at(TokenKind kind) const { return peek().kind == kind; }
  bool at_name(std::string_view text) const { return at(TokenKind::Name) && peek().text == text; }
  bool at_statement_end() const;
  bool at_clause() const;
  const Token& take();
  bool accept(TokenKind kind);
  const Token& expect(TokenKind kind, std::string_view what);
  Span here() const { return peek().span; }
  Span behind_last() const { return {file_, last_end_, last_end_}; }
  Span span_from(std::uint32_t begin) const { return {file_, begin, last_end_}; }
  std::string describe(const Token& token) const;
  // Reports E0200 unless the lexer has reported the current token already.
  [[noreturn]] void unexpected(std::string_view expected);
  [[noreturn]] void fail() const { throw SyntaxFailure{}; }
  // A name that is being defined; a keyword in its place gets an error of its own.
  std::string name(std::string_view what);
  [[noreturn]] void keyword_as_name();

  void statements(ast::Block& block, TokenKind end);
  void statement(ast::Block& block);
  void recover(bool expect_block);
  void skip_line();
  void skip_block();
  void skip_header();
  ast::Block block(std::string_view after, Span header);
  // The current token is Indent; `place` is where too deep a nesting is reported.
  ast::Block indented_block(Span place);
  void missing_colon(std::string_view after);
  std::string take_docstring(ast::Block& block);

  // ---- parse_stmt.cpp: simple statements ----
  void simple_statements(ast::Block& block);
  void end_of_statement(std::size_t first_token);
  ast::StmtPtr simple_statement();
  [[noreturn]] void compound_in_line();
  ast::StmtPtr return_statement();
  ast::StmtPtr loop_jump();
  ast::StmtPtr assert_statement();
  ast::StmtPtr raise_statement();
  ast::StmtPtr import_statement();
  ast::StmtPtr from_import_statement();
  void imported_names(std::vector<ast::ImportedName>& names, bool dotted);
  std::string dotted_name();
  ast::StmtPtr refused_statement(Refused construct);
  ast::StmtPtr expression_or_assignment();
  ast::StmtPtr assignment(ast::ExprPtr first, std::uint32_t begin);
  ast::StmtPtr augmented_assignment(ast::ExprPtr target, ast::BinaryOp op, std::uint32_t begin);
  ast::StmtPtr annotated_assignment(ast::ExprPtr target, std::uint32_t begin);
  void check_target(const ast::Expr& target, std::string_view way_out = "");
  void misspelled_statement(std::size_t first_token);
  bool old_print_statement() const;
  bool assignment_follows() const;
  bool soft_match_statement() const;
  bool soft_type_statement() const;

  // ---- parse_compound.cpp: statements with blocks ----
  ast::StmtPtr compound_statement();
  ast::StmtPtr if_statement();
  ast::StmtPtr while_statement();
  ast::StmtPtr for_statement();
  ast::StmtPtr function_definition(std::vector<ast::ExprPtr> decorators);
  ast::StmtPtr decorated();
  ast::ExprPtr decorator();
  ast::StmtPtr stray_clause();
  ast::StmtPtr refused_try();
  ast::StmtPtr refused_with();
  ast::StmtPtr refused_class();
  ast::StmtPtr refused_match();
  ast::StmtPtr refused_async();
  ast::Block loop_body(std::string_view after, Span header);
  ast::Block else_block();
  ast::ExprPtr condition();
  ast::ExprPtr target_list();
  std::vector<ast::Parameter> parameters(TokenKind closer, bool annotated);
  void parameter(std::vector<ast::Parameter>& list, bool annotated, bool keyword_only);
  void refused_parameter(bool annotated);
  void check_parameters(const std::vector<ast::Parameter>& list);
  void refuse_type_parameters();

  // ---- parse_expr.cpp: operators ----
  ast::ExprPtr expression_list();
  ast::ExprPtr expression();
  ast::ExprPtr conditional(ast::ExprPtr then, std::uint32_t begin);
  ast::ExprPtr lambda();
  ast::ExprPtr disjunction();
  ast::ExprPtr conjunction();
  ast::ExprPtr inversion();
  ast::ExprPtr comparison();
  bool accept_comparison(ast::CompareOp& op);
  ast::ExprPtr binary(int precedence);
  ast::ExprPtr unary();
  ast::ExprPtr power();
  ast::ExprPtr refused_walrus();

  // ---- parse_atom.cpp: atoms and what follows them ----
  ast::ExprPtr primary();
  ast::ExprPtr atom();
  ast::ExprPtr strings();
  ast::ExprPtr group();
  ast::ExprPtr list();
  [[noreturn]] void no_atom();
  void append_text(std::vector<ast::FStringPart>& parts, const std::string& text);
  ast::ExprPtr compared_by_slip(ast::ExprPtr left);
  void comprehension_clauses(ast::ListComprehension& result);
  ast::ExprPtr refused_generator(ast::ExprPtr element, std::uint32_t begin);
  ast::ExprPtr refused_braces();
  ast::ExprPtr refused_yield();
  ast::ExprPtr refused_star(Refused construct);
  ast::ExprPtr element();
  std::vector<ast::ExprPtr> elements(TokenKind closer);
  void close(TokenKind closer, Span opener);
  ast::ExprPtr call(ast::ExprPtr callee, std::uint32_t begin);
  void argument(ast::Call& call);
  void keyword_argument(ast::Call& call);
  ast::ExprPtr subscript(ast::ExprPtr value, std::uint32_t begin);
  ast::ExprPtr index();
  bool at_comprehension() const { return at(TokenKind::For) || (at(TokenKind::Async) && peek(1).kind == TokenKind::For); }
  bool at_expression_start() const;

  // ---- parse_fstring.cpp ----
  void fstring_parts(const Token& token, std::vector<ast::FStringPart>& parts);
  friend class FStringParser;

  // ---- nodes ----
  template <typename Node>
  ast::ExprPtr make(std::uint32_t begin, Node node) {
    return finish(std::make_unique<ast::Expr>(ast::Expr{span_from(begin), std::move(node)}));
  }
  template <typename Node>
  ast::StmtPtr make_statement(std::uint32_t begin, Node node) {
    return std::make_unique<ast::Stmt>(ast::Stmt{span_from(begin), std::move(node)});
  }
  // Stands where a refused construct stood, so that the rest of the statement is still looked at.
  ast::ExprPtr placeholder(std::uint32_t begin) { return make(begin, ast::NoneLiteral{}); }
  // The same where a target may be required: any name will do.
  ast::ExprPtr placeholder_target(std::uint32_t begin) { return make(begin, ast::Name{"_"}); }
  ast::ExprPtr finish(ast::ExprPtr expr);
  static std::uint32_t height_below(const ast::Expr& expr);
  static std::uint32_t own_height(const ast::Expr& expr);
  // One level deeper into an expression; guard with Restore.
  void enter_expression();

  const SourceFile& source_;
  std::uint32_t file_;
  std::vector<Token> tokens_;
  Diagnostics& diags_;
  std::size_t pos_ = 0;
  std::uint32_t last_end_ = 0;  // end of the last token taken
  Context context_;
  bool in_decorator_ = false;
  Refused star_ = Refused::StarElement;  // what a '*' before an element means here
  std::uint32_t expression_nesting_ = 0;
  std::uint32_t block_nesting_ = 0;
  std::uint32_t statement_height_ = 0;
};

}  // namespace kjit
