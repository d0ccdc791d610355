// Atoms, displays, comprehensions, and what follows an atom: calls, subscripts, attributes. Entry: Parser::primary.

#include <algorithm>

#include "support/limits.h"
#include "syntax/parser_impl.h"

namespace kjit {

bool Parser::at_expression_start() const {
  switch (peek().kind) {
    case TokenKind::Name:
    case TokenKind::Int:
    case TokenKind::Float:
    case TokenKind::Imaginary:
    case TokenKind::String:
    case TokenKind::FString:
    case TokenKind::LeftParen:
    case TokenKind::LeftBracket:
    case TokenKind::LeftBrace:
    case TokenKind::Plus:
    case TokenKind::Minus:
    case TokenKind::Tilde:
    case TokenKind::Not:
    case TokenKind::Lambda:
    case TokenKind::None:
    case TokenKind::True:
    case TokenKind::False:
    case TokenKind::Ellipsis:
    case TokenKind::Await:
    case TokenKind::Yield:
    case TokenKind::Star:
    case TokenKind::DoubleStar:
    case TokenKind::Invalid: return true;
    default: return false;
  }
}

// primary: atom ('.' NAME | '(' [arguments] ')' | '[' slices ']')*
ast::ExprPtr Parser::primary() {
  const std::uint32_t begin = here().begin;
  ast::ExprPtr result = atom();
  while (true) {
    if (at(TokenKind::LeftParen)) {
      result = call(std::move(result), begin);
    } else if (at(TokenKind::LeftBracket)) {
      result = subscript(std::move(result), begin);
    } else if (accept(TokenKind::Dot)) {
      const Span span = here();
      std::string attribute = name("a name after '.'");
      result = make(begin, ast::Attribute{std::move(result), std::move(attribute), span});
    } else {
      return result;
    }
  }
}

// atom: NAME | literal | strings | group | tuple | list | listcomp | '...', and the refused displays
ast::ExprPtr Parser::atom() {
  const Token& token = peek();
  const std::uint32_t begin = token.span.begin;
  switch (token.kind) {
    case TokenKind::Name: take(); return make(begin, ast::Name{token.text});
    case TokenKind::Int: take(); return make(begin, ast::IntLiteral{token.integer});
    case TokenKind::Float: take(); return make(begin, ast::FloatLiteral{token.number});
    case TokenKind::Imaginary: take(); return make(begin, ast::ImaginaryLiteral{token.number});
    case TokenKind::True: take(); return make(begin, ast::BoolLiteral{true});
    case TokenKind::False: take(); return make(begin, ast::BoolLiteral{false});
    case TokenKind::None: take(); return make(begin, ast::NoneLiteral{});
    case TokenKind::Ellipsis: take(); return make(begin, ast::EllipsisLiteral{});
    case TokenKind::String:
    case TokenKind::FString: return strings();
    case TokenKind::LeftParen: return group();
    case TokenKind::LeftBracket: return list();
    case TokenKind::LeftBrace: return refused_braces();
    case TokenKind::Yield: return refused_yield();
    default: no_atom();
  }
}

// Nothing that an expression can start with. Says so in the terms of the likely slip.
void Parser::no_atom() {
  const Token& token = peek();
  const TokenKind previous = pos_ > 0 ? tokens_[pos_ - 1].kind : TokenKind::Newline;
  const bool adjacent = pos_ > 0 && tokens_[pos_ - 1].span.end == token.span.begin;
  const auto wrong_operator = [&](std::string_view text, std::string_view advice) {
    diags_.report<DiagId::E0217>(cover(tokens_[pos_ - 1].span, token.span), text).suggest(std::string(advice));
    fail();
  };
  if (adjacent && previous == TokenKind::Ampersand && token.kind == previous) wrong_operator("&&", "write 'and'");
  if (adjacent && previous == TokenKind::Bar && token.kind == previous) wrong_operator("||", "write 'or'");
  if (adjacent && previous == TokenKind::Equal && token.kind == TokenKind::Greater) wrong_operator("=>", "write '>='");
  const bool doubled =
      pos_ > 1 && tokens_[pos_ - 2].kind == previous && tokens_[pos_ - 2].span.end == tokens_[pos_ - 1].span.begin;
  if (doubled && at_statement_end() && previous == TokenKind::Plus) wrong_operator("++", "write: x += 1");
  if (doubled && at_statement_end() && previous == TokenKind::Minus) wrong_operator("--", "write: x -= 1");
  if (is_keyword(token.kind) && peek(1).kind == TokenKind::Equal) keyword_as_name();
  unexpected("an expression");
}

// strings: (STRING | FSTRING)+, joined
ast::ExprPtr Parser::strings() {
  const std::uint32_t begin = here().begin;
  std::vector<ast::FStringPart> parts;
  bool formatted = false;
  while (at(TokenKind::String) || at(TokenKind::FString)) {
    const Token& token = take();
    formatted |= token.kind == TokenKind::FString;
    if (token.kind == TokenKind::FString) {
      fstring_parts(token, parts);
    } else {
      append_text(parts, token.text);
    }
  }
  if (formatted) return make(begin, ast::FString{std::move(parts)});
  return make(begin, ast::StringLiteral{parts.empty() ? std::string() : std::move(parts.front().text)});
}

// Joins literal text with the literal text before it.
void Parser::append_text(std::vector<ast::FStringPart>& parts, const std::string& text) {
  if (text.empty()) return;
  if (parts.empty() || parts.back().value) parts.emplace_back();
  parts.back().text += text;
}

// element: '*' bitwise_or | expression
ast::ExprPtr Parser::element() { return at(TokenKind::Star) || at(TokenKind::DoubleStar) ? refused_star(star_) : expression(); }

ast::ExprPtr Parser::refused_star(Refused construct) {
  const std::uint32_t begin = take().span.begin;
  binary(0);
  refuse(construct, span_from(begin), diags_);
  return placeholder_target(begin);
}

// elements: element (',' element)* [','], up to the closing bracket
std::vector<ast::ExprPtr> Parser::elements(TokenKind closer) {
  std::vector<ast::ExprPtr> result;
  while (!at(closer)) {
    result.push_back(element());
    if (!accept(TokenKind::Comma)) break;
  }
  return result;
}

void Parser::close(TokenKind closer, Span opener) {
  if (accept(closer)) return;
  if (at(TokenKind::Invalid)) fail();
  auto& error = diags_.report<DiagId::E0216>(here(), token_spelling(closer), describe(peek()));
  error.note(opener, "the bracket opened here");
  if (at(TokenKind::Equal)) error.suggest("a comparison is written '=='");
  fail();
}

// group: '(' (yield_expr | named_expression) ')'    tuple: '(' [element ',' [elements]] ')'
ast::ExprPtr Parser::group() {
  const Restore nesting(expression_nesting_);
  enter_expression();
  const Span opener = take().span;
  if (accept(TokenKind::RightParen)) return make(opener.begin, ast::Tuple{});
  ast::ExprPtr first = element();
  if (at_comprehension()) {
    first = refused_generator(std::move(first), opener.begin);
  } else if (accept(TokenKind::Comma)) {
    ast::Tuple tuple;
    tuple.elements = elements(TokenKind::RightParen);
    tuple.elements.insert(tuple.elements.begin(), std::move(first));
    close(TokenKind::RightParen, opener);
    return make(opener.begin, std::move(tuple));
  }
  if (at(TokenKind::Equal)) first = compared_by_slip(std::move(first));
  close(TokenKind::RightParen, opener);
  return first;
}

// a = b where a value is needed: '==' was meant, or '>=' for a => b
ast::ExprPtr Parser::compared_by_slip(ast::ExprPtr left) {
  const Span equal = take().span;
  if (at(TokenKind::Greater) && here().begin == equal.end) {
    diags_.report<DiagId::E0217>(cover(equal, here()), "=>").suggest("write '>='");
    take();
  } else {
    diags_.report<DiagId::E0205>(equal).suggest("write '=='");
  }
  expression();
  return left;
}

// list: '[' [elements] ']'    listcomp: '[' expression for_if_clauses ']'
ast::ExprPtr Parser::list() {
  const Restore nesting(expression_nesting_);
  enter_expression();
  const Span opener = take().span;
  ast::List node;
  if (accept(TokenKind::RightBracket)) return make(opener.begin, std::move(node));
  ast::ExprPtr first = element();
  if (at_comprehension()) {
    ast::ListComprehension result;
    result.element = std::move(first);
    comprehension_clauses(result);
    close(TokenKind::RightBracket, opener);
    return make(opener.begin, std::move(result));
  }
  if (accept(TokenKind::Comma)) node.elements = elements(TokenKind::RightBracket);
  node.elements.insert(node.elements.begin(), std::move(first));
  close(TokenKind::RightBracket, opener);
  return make(opener.begin, std::move(node));
}

// for_if_clauses: (['async'] 'for' star_targets 'in' disjunction ('if' disjunction)*)+
void Parser::comprehension_clauses(ast::ListComprehension& result) {
  for (bool first = true; at_comprehension(); first = false) {
    const std::uint32_t begin = here().begin;
    if (at(TokenKind::Async)) refuse(Refused::Async, take().span, diags_);
    take();
    ast::ListComprehension clause;
    clause.target = target_list();
    expect(TokenKind::In, "'in' after the loop variable");
    clause.iterable = disjunction();
    while (accept(TokenKind::If)) clause.conditions.push_back(disjunction());
    if (!first) {
      refuse(Refused::NestedComprehension, span_from(begin), diags_);
      continue;
    }
    clause.element = std::move(result.element);
    result = std::move(clause);
  }
}

// genexp: expression for_if_clauses, of which the brackets are left to the caller
ast::ExprPtr Parser::refused_generator(ast::ExprPtr element, std::uint32_t begin) {
  ast::ListComprehension ignored;
  ignored.element = std::move(element);
  comprehension_clauses(ignored);
  refuse(Refused::Generator, span_from(begin), diags_);
  return placeholder(begin);
}

// dict | set | dictcomp | setcomp: '{' ... '}'
ast::ExprPtr Parser::refused_braces() {
  const Restore nesting(expression_nesting_);
  enter_expression();
  const Span opener = take().span;
  Refused construct = Refused::Set;
  ast::List set;
  if (at(TokenKind::RightBrace)) construct = Refused::Dict;
  while (!at(TokenKind::RightBrace)) {
    const bool unpacked = at(TokenKind::DoubleStar);
    const Restore star(star_);
    star_ = unpacked ? Refused::DictUnpacking : Refused::StarElement;
    set.elements.push_back(element());
    if (unpacked) construct = Refused::Dict;
    if (accept(TokenKind::Colon)) {
      construct = Refused::Dict;
      expression();
    }
    if (at_comprehension()) {
      ast::ListComprehension ignored;
      comprehension_clauses(ignored);
      construct = construct == Refused::Dict ? Refused::DictComprehension : Refused::SetComprehension;
    }
    if (!accept(TokenKind::Comma)) break;
  }
  close(TokenKind::RightBrace, opener);
  // A set of names is how Numba spells the flags of fastmath; in a decorator nothing is computed with it.
  if (in_decorator_ && construct == Refused::Set) return make(opener.begin, std::move(set));
  refuse(construct, span_from(opener.begin), diags_);
  return placeholder(opener.begin);
}

// yield_expr: 'yield' 'from' expression | 'yield' [star_expressions]
ast::ExprPtr Parser::refused_yield() {
  const Restore nesting(expression_nesting_);
  enter_expression();
  const Span keyword = take().span;
  refuse(Refused::Yield, keyword, diags_);
  accept(TokenKind::From);
  if (at_expression_start()) expression_list();
  return placeholder(keyword.begin);
}

// arguments: argument (',' argument)* [',']
ast::ExprPtr Parser::call(ast::ExprPtr callee, std::uint32_t begin) {
  const Restore nesting(expression_nesting_);
  enter_expression();
  const Span opener = take().span;
  ast::Call node;
  node.callee = std::move(callee);
  while (!at(TokenKind::RightParen)) {
    const Span place = here();
    argument(node);
    if (node.args.size() + node.keywords.size() == limits::kArguments + 1) {
      diags_.report<DiagId::E0904>(place, limits::kArguments).suggest("pass an array or a tuple");
    }
    if (!accept(TokenKind::Comma)) break;
  }
  close(TokenKind::RightParen, opener);
  return make(begin, std::move(node));
}

// argument: NAME '=' expression | expression [for_if_clauses] | '*' expression | '**' expression
void Parser::argument(ast::Call& call) {
  const std::uint32_t begin = here().begin;
  if (peek(1).kind == TokenKind::Equal && (at(TokenKind::Name) || is_keyword(peek().kind))) return keyword_argument(call);
  if (at(TokenKind::Star)) return void(refused_star(Refused::StarArgument));
  if (at(TokenKind::DoubleStar)) return void(refused_star(Refused::DoubleStarArgument));
  ast::ExprPtr value = expression();
  if (at_comprehension()) value = refused_generator(std::move(value), begin);
  if (at(TokenKind::Equal)) value = compared_by_slip(std::move(value));
  if (!call.keywords.empty()) diags_.report<DiagId::E0208>(value->span).note(call.keywords.back().name_span, "keyword argument");
  call.args.push_back(std::move(value));
}

void Parser::keyword_argument(ast::Call& call) {
  ast::Keyword keyword;
  keyword.name_span = here();
  keyword.name = name("a keyword");
  take();
  keyword.value = expression();
  const auto same = std::find_if(call.keywords.begin(), call.keywords.end(),
                                 [&](const ast::Keyword& other) { return other.name == keyword.name; });
  if (same != call.keywords.end()) {
    diags_.report<DiagId::E0209>(keyword.name_span, keyword.name).note(same->name_span, "first given here");
  }
  call.keywords.push_back(std::move(keyword));
}

// slices: index (',' index)* [',']
ast::ExprPtr Parser::subscript(ast::ExprPtr value, std::uint32_t begin) {
  const Restore nesting(expression_nesting_);
  enter_expression();
  const Span opener = take().span;
  ast::Subscript node;
  node.value = std::move(value);
  if (at(TokenKind::RightBracket)) unexpected("an index");
  while (!at(TokenKind::RightBracket)) {
    node.indices.push_back(index());
    if (!accept(TokenKind::Comma)) break;
    node.is_tuple = true;
  }
  close(TokenKind::RightBracket, opener);
  return make(begin, std::move(node));
}

// index: [expression] ':' [expression] [':' [expression]] | expression
ast::ExprPtr Parser::index() {
  const std::uint32_t begin = here().begin;
  const auto bound = [this]() -> ast::ExprPtr {
    const bool empty = at(TokenKind::Colon) || at(TokenKind::Comma) || at(TokenKind::RightBracket);
    return empty ? nullptr : expression();
  };
  if (at(TokenKind::Star)) return refused_star(Refused::StarElement);
  ast::ExprPtr first = bound();
  if (first && at(TokenKind::Equal)) first = compared_by_slip(std::move(first));
  if (first && !at(TokenKind::Colon)) return first;
  if (!accept(TokenKind::Colon)) unexpected("an index");
  ast::Slice slice;
  slice.lower = std::move(first);
  slice.upper = bound();
  if (accept(TokenKind::Colon)) slice.step = bound();
  return make(begin, std::move(slice));
}

}  // namespace kjit
