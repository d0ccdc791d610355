// Simple statements: assignments, return, import and the others that fit on a line. Entry: Parser::simple_statements.

#include <algorithm>
#include <array>

#include "syntax/parser_impl.h"

namespace kjit {

namespace {

struct AugmentedOperator {
  TokenKind kind;
  ast::BinaryOp op;
};

constexpr AugmentedOperator kAugmented[] = {{TokenKind::PlusEqual, ast::BinaryOp::Add},
                                            {TokenKind::MinusEqual, ast::BinaryOp::Sub},
                                            {TokenKind::StarEqual, ast::BinaryOp::Mul},
                                            {TokenKind::SlashEqual, ast::BinaryOp::TrueDiv},
                                            {TokenKind::DoubleSlashEqual, ast::BinaryOp::FloorDiv},
                                            {TokenKind::PercentEqual, ast::BinaryOp::Mod},
                                            {TokenKind::DoubleStarEqual, ast::BinaryOp::Pow},
                                            {TokenKind::AtEqual, ast::BinaryOp::MatMul},
                                            {TokenKind::LeftShiftEqual, ast::BinaryOp::Shl},
                                            {TokenKind::RightShiftEqual, ast::BinaryOp::Shr},
                                            {TokenKind::AmpersandEqual, ast::BinaryOp::BitAnd},
                                            {TokenKind::BarEqual, ast::BinaryOp::BitOr},
                                            {TokenKind::CaretEqual, ast::BinaryOp::BitXor}};

const AugmentedOperator* augmented_operator(TokenKind kind) {
  const auto* found = std::find_if(std::begin(kAugmented), std::end(kAugmented),
                                   [kind](const AugmentedOperator& row) { return row.kind == kind; });
  return found == std::end(kAugmented) ? nullptr : found;
}

// What an expression is called when it cannot be a target.
struct TargetName {
  std::string_view operator()(const ast::NoneLiteral&) const { return "None"; }
  std::string_view operator()(const ast::BoolLiteral& node) const { return node.value ? "True" : "False"; }
  std::string_view operator()(const ast::EllipsisLiteral&) const { return "an ellipsis"; }
  std::string_view operator()(const ast::IntLiteral&) const { return "a literal"; }
  std::string_view operator()(const ast::FloatLiteral&) const { return "a literal"; }
  std::string_view operator()(const ast::ImaginaryLiteral&) const { return "a literal"; }
  std::string_view operator()(const ast::StringLiteral&) const { return "a literal"; }
  std::string_view operator()(const ast::FString&) const { return "an f-string"; }
  std::string_view operator()(const ast::Call&) const { return "a function call"; }
  std::string_view operator()(const ast::Attribute&) const { return "an attribute"; }
  std::string_view operator()(const ast::Subscript&) const { return "a subscript"; }
  std::string_view operator()(const ast::Compare&) const { return "a comparison"; }
  std::string_view operator()(const ast::Conditional&) const { return "a conditional expression"; }
  std::string_view operator()(const ast::Lambda&) const { return "a lambda"; }
  std::string_view operator()(const ast::ListComprehension&) const { return "a list comprehension"; }
  std::string_view operator()(const ast::Tuple&) const { return "a tuple"; }
  std::string_view operator()(const ast::List&) const { return "a list"; }
  template <typename Other>
  std::string_view operator()(const Other&) const {
    return "an expression";
  }
};

const std::vector<std::string_view>& statement_words() {
  static const std::vector<std::string_view> words = {"def",      "if",    "elif",   "else",  "while",  "for",
                                                      "return",   "break", "assert", "pass",  "import", "from",
                                                      "continue", "raise", "print",  "lambda"};
  return words;
}

}  // namespace

// simple_stmts: simple_stmt (';' simple_stmt)* [';'] NEWLINE
void Parser::simple_statements(ast::Block& block) {
  do {
    const std::size_t first = pos_;
    block.push_back(simple_statement());
    if (!at_statement_end()) end_of_statement(first);
  } while (accept(TokenKind::Semicolon) && !at(TokenKind::Newline) && !at(TokenKind::EndOfFile));
  accept(TokenKind::Newline);
}

// Something stands where the statement that began at token `first` should end. Says what was probably meant.
void Parser::end_of_statement(std::size_t first) {
  const Token& token = peek();
  const Token& previous = tokens_[pos_ - 1];
  if (token.kind == TokenKind::Invalid) fail();
  if (previous.kind == TokenKind::Name && (token.kind == TokenKind::Name || at_expression_start())) misspelled_statement(first);
  const bool doubled = (token.kind == TokenKind::Ampersand || token.kind == TokenKind::Bar) && previous.kind == token.kind;
  if (token.kind == TokenKind::Equal) {
    diags_.report<DiagId::E0205>(here()).suggest("write '==' to compare; an assignment is a statement of its own");
  } else if (doubled) {
    diags_.report<DiagId::E0200>(here(), "an operand", describe(token));
  } else if (token.kind == TokenKind::Indent) {
    diags_.report<DiagId::E0203>(here());
  } else {
    diags_.report<DiagId::E0200>(here(), "an operator or the end of the statement", describe(token));
  }
  fail();
}

// `retrun x`: a name, then another operand. Fails only if a statement's word is near.
void Parser::misspelled_statement(std::size_t first) {
  const Token& word = tokens_[first];
  if (word.kind != TokenKind::Name || first + 1 != pos_) return;
  const std::string_view meant = did_you_mean(word.text, statement_words());
  if (meant.empty()) return;
  diags_.report<DiagId::E0200>(here(), "an operator or the end of the statement", describe(peek()))
      .suggest(fmt::format("did you mean '{}' instead of '{}'?", meant, word.text));
  fail();
}

// simple_stmt: assignment | star_expressions | return_stmt | import_stmt | raise_stmt | 'pass' | 'break' | 'continue'
//            | assert_stmt, and those that are refused: del_stmt | global_stmt | nonlocal_stmt | type_alias
ast::StmtPtr Parser::simple_statement() {
  switch (peek().kind) {
    case TokenKind::Return: return return_statement();
    case TokenKind::Break:
    case TokenKind::Continue: return loop_jump();
    case TokenKind::Assert: return assert_statement();
    case TokenKind::Raise: return raise_statement();
    case TokenKind::Import: return import_statement();
    case TokenKind::From: return from_import_statement();
    case TokenKind::Del: return refused_statement(Refused::Del);
    case TokenKind::Global: return refused_statement(Refused::Global);
    case TokenKind::Nonlocal: return refused_statement(Refused::Nonlocal);
    case TokenKind::Pass: {
      const std::uint32_t begin = take().span.begin;
      return make_statement(begin, ast::Pass{});
    }
    case TokenKind::If:
    case TokenKind::For:
    case TokenKind::While:
    case TokenKind::Def:
    case TokenKind::Class:
    case TokenKind::Try:
    case TokenKind::With: compound_in_line();
    default: break;
  }
  if (soft_type_statement()) return refused_statement(Refused::TypeStatement);
  return expression_or_assignment();
}

// if x: for ...: only simple statements may follow a ':' or ';' on its line.
void Parser::compound_in_line() {
  diags_.report<DiagId::E0225>(here(), token_spelling(peek().kind))
      .suggest("write it on the next line, indented if it belongs to a block");
  fail();
}

ast::StmtPtr Parser::refused_statement(Refused construct) {
  const std::uint32_t begin = here().begin;
  while (!at_statement_end()) take();
  refuse(construct, span_from(begin), diags_);
  return make_statement(begin, ast::Pass{});
}

// return_stmt: 'return' [star_expressions]
ast::StmtPtr Parser::return_statement() {
  const Span keyword = take().span;
  if (!context_.in_function && !context_.lenient) {
    diags_.report<DiagId::E0212>(keyword).suggest("a script ends with sys.exit(); only functions return values");
  }
  ast::ExprPtr value = at_statement_end() ? nullptr : expression_list();
  return make_statement(keyword.begin, ast::Return{std::move(value)});
}

// 'break' | 'continue'
ast::StmtPtr Parser::loop_jump() {
  const Token& keyword = take();
  if (!context_.in_loop && !context_.lenient) diags_.report<DiagId::E0213>(keyword.span, token_spelling(keyword.kind));
  if (keyword.kind == TokenKind::Break) return make_statement(keyword.span.begin, ast::Break{});
  return make_statement(keyword.span.begin, ast::Continue{});
}

// assert_stmt: 'assert' expression [',' expression]
ast::StmtPtr Parser::assert_statement() {
  const std::uint32_t begin = take().span.begin;
  ast::Assert node;
  node.condition = condition();
  const auto* tuple = std::get_if<ast::Tuple>(&node.condition->node);
  if (tuple != nullptr && !tuple->elements.empty()) {
    diags_.report<DiagId::W0201>(node.condition->span).suggest("write the condition and the message without parentheses");
  }
  if (accept(TokenKind::Comma)) node.message = expression();
  return make_statement(begin, std::move(node));
}

// raise_stmt: 'raise' [expression ['from' expression]]
ast::StmtPtr Parser::raise_statement() {
  const std::uint32_t begin = take().span.begin;
  ast::Raise node;
  if (at_statement_end()) return make_statement(begin, std::move(node));
  node.exception = expression();
  const bool is_exception =
      std::holds_alternative<ast::Name>(node.exception->node) || std::holds_alternative<ast::Call>(node.exception->node);
  if (!is_exception) {
    diags_.report<DiagId::E0222>(node.exception->span, std::visit(TargetName{}, node.exception->node))
        .suggest("raise a name or a call of a name: raise ValueError(\"text\")");
  }
  if (at(TokenKind::From)) {
    const std::uint32_t from = take().span.begin;
    expression();
    refuse(Refused::RaiseFrom, span_from(from), diags_);
  }
  return make_statement(begin, std::move(node));
}

// dotted_name: NAME ('.' NAME)*
std::string Parser::dotted_name() {
  std::string result = name("a module name");
  while (accept(TokenKind::Dot)) result.append(".").append(name("a name after '.'"));
  return result;
}

// import_as_name: dotted_name ['as' NAME]   (without dots behind `from`)
void Parser::imported_names(std::vector<ast::ImportedName>& names, bool dotted) {
  const std::uint32_t begin = here().begin;
  ast::ImportedName imported;
  imported.name = dotted ? dotted_name() : name("a name to import");
  if (accept(TokenKind::As)) imported.alias = name("a name after 'as'");
  imported.span = span_from(begin);
  names.push_back(std::move(imported));
}

// import_name: 'import' import_as_name (',' import_as_name)*
ast::StmtPtr Parser::import_statement() {
  const std::uint32_t begin = take().span.begin;
  ast::Import node;
  do {
    imported_names(node.names, true);
  } while (accept(TokenKind::Comma));
  if (at(TokenKind::From)) {
    take();
    const std::string module = dotted_name();
    diags_.report<DiagId::E0224>(span_from(begin), node.names[0].name, module)
        .suggest(fmt::format("write: from {} import {}", module, node.names[0].name));
  }
  return make_statement(begin, std::move(node));
}

// import_from: 'from' dotted_name 'import' ('*' | '(' names [','] ')' | names)
ast::StmtPtr Parser::from_import_statement() {
  const std::uint32_t begin = take().span.begin;
  ast::ImportFrom node;
  if (at(TokenKind::Dot) || at(TokenKind::Ellipsis)) return refused_statement(Refused::RelativeImport);
  const std::uint32_t module_begin = here().begin;
  node.module = dotted_name();
  node.module_span = span_from(module_begin);
  expect(TokenKind::Import, "'import'");
  if (at(TokenKind::Star)) return refused_statement(Refused::StarImport);
  const Span opener = here();
  const bool bracketed = accept(TokenKind::LeftParen);
  do {
    imported_names(node.names, false);
  } while (accept(TokenKind::Comma) && !(bracketed && at(TokenKind::RightParen)));
  if (bracketed) close(TokenKind::RightParen, opener);
  return make_statement(begin, std::move(node));
}

// print "text": Python 2. A name followed directly by an operand on its line.
bool Parser::old_print_statement() const {
  if (!at_name("print") && !at_name("exec")) return false;
  const TokenKind next = peek(1).kind;
  return next == TokenKind::Name || next == TokenKind::Int || next == TokenKind::Float || next == TokenKind::String ||
         next == TokenKind::FString;
}

// type_alias: "type" NAME [type_params] '=' expression
bool Parser::soft_type_statement() const {
  if (!at_name("type") || peek(1).kind != TokenKind::Name) return false;
  return peek(2).kind == TokenKind::Equal || peek(2).kind == TokenKind::LeftBracket;
}

// Does an '=' outside of brackets follow on this logical line? Then a '*' before it marks a target.
bool Parser::assignment_follows() const {
  int depth = 0;
  for (std::size_t i = pos_; i < tokens_.size(); ++i) {
    const TokenKind kind = tokens_[i].kind;
    if (kind == TokenKind::Newline || kind == TokenKind::Semicolon) break;
    if (kind == TokenKind::LeftParen || kind == TokenKind::LeftBracket || kind == TokenKind::LeftBrace) ++depth;
    if (kind == TokenKind::RightParen || kind == TokenKind::RightBracket || kind == TokenKind::RightBrace) --depth;
    if (kind == TokenKind::Equal && depth == 0) return true;
  }
  return false;
}

// star_expressions | assignment
ast::StmtPtr Parser::expression_or_assignment() {
  const std::uint32_t begin = here().begin;
  if (old_print_statement()) {
    const std::string word = peek().text;
    skip_header();
    diags_.report<DiagId::E0204>(span_from(begin), word).suggest(fmt::format("write {}(...)", word));
    fail();
  }
  const Restore star(star_);
  const bool starred = at(TokenKind::Star) || at(TokenKind::Name) || at(TokenKind::LeftParen) || at(TokenKind::LeftBracket);
  if (starred && assignment_follows()) star_ = Refused::StarTarget;
  ast::ExprPtr first = expression_list();
  if (at(TokenKind::Equal)) return assignment(std::move(first), begin);
  if (at(TokenKind::Colon)) return annotated_assignment(std::move(first), begin);
  if (const AugmentedOperator* row = augmented_operator(peek().kind)) {
    return augmented_assignment(std::move(first), row->op, begin);
  }
  return make_statement(begin, ast::ExpressionStatement{std::move(first)});
}

// assignment: (star_targets '=')+ star_expressions
ast::StmtPtr Parser::assignment(ast::ExprPtr first, std::uint32_t begin) {
  ast::Assign node;
  node.value = std::move(first);
  while (at(TokenKind::Equal)) {
    check_target(*node.value, "write '==' to compare");
    node.targets.push_back(std::move(node.value));
    take();
    if (!assignment_follows()) star_ = Refused::StarElement;
    node.value = expression_list();
  }
  return make_statement(begin, std::move(node));
}

// single_target augassign star_expressions
ast::StmtPtr Parser::augmented_assignment(ast::ExprPtr target, ast::BinaryOp op, std::uint32_t begin) {
  const bool is_list = std::holds_alternative<ast::Tuple>(target->node) || std::holds_alternative<ast::List>(target->node);
  if (is_list) {
    diags_.report<DiagId::E0206>(target->span, std::visit(TargetName{}, target->node)).suggest("update the elements one by one");
  } else {
    check_target(*target);
  }
  take();
  ast::ExprPtr value = expression_list();
  return make_statement(begin, ast::AugAssign{std::move(target), op, std::move(value)});
}

// NAME ':' expression ['=' star_expressions]
ast::StmtPtr Parser::annotated_assignment(ast::ExprPtr target, std::uint32_t begin) {
  if (!std::holds_alternative<ast::Name>(target->node)) {
    diags_.report<DiagId::E0223>(target->span, std::visit(TargetName{}, target->node));
    fail();
  }
  take();
  ast::AnnAssign node;
  node.target = std::move(target);
  node.annotation = expression();
  if (accept(TokenKind::Equal)) node.value = expression_list();
  return make_statement(begin, std::move(node));
}

// star_targets: a name, a subscript, or a tuple or list of targets.
void Parser::check_target(const ast::Expr& target, std::string_view way_out) {
  if (std::holds_alternative<ast::Name>(target.node) || std::holds_alternative<ast::Subscript>(target.node)) return;
  if (std::holds_alternative<ast::Attribute>(target.node)) return refuse(Refused::AttributeTarget, target.span, diags_);
  const auto* tuple = std::get_if<ast::Tuple>(&target.node);
  const auto* list = std::get_if<ast::List>(&target.node);
  if (tuple == nullptr && list == nullptr) {
    diags_.report<DiagId::E0206>(target.span, std::visit(TargetName{}, target.node)).suggest(std::string(way_out));
    return;
  }
  for (const ast::ExprPtr& element : tuple != nullptr ? tuple->elements : list->elements) check_target(*element);
}

}  // namespace kjit
