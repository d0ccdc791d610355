// f-strings, by the rules of Python 3.11 (PEP 498): the literal ends at its first closing quote, and a field contains neither a
// backslash nor a comment. Entry: Parser::fstring_parts.
//
//   fstring: (text | '{{' | '}}' | field)*
//   field:   '{' star_expressions ['='] ['!' ('r' | 's' | 'a')] [':' specification] '}'

#include "syntax/lex_string.h"
#include "syntax/lexer.h"
#include "syntax/parser_impl.h"

namespace kjit {

class FStringParser {
 public:
  FStringParser(Parser& parser, const Token& token, std::vector<ast::FStringPart>& parts)
      : parser_(parser),
        parts_(parts),
        form_(string_form(parser.source_.text().substr(token.span.begin))),
        end_(token.span.end - form_.quote),
        cursor_(parser.source_.text(), {token.span.file, token.span.begin + form_.prefix + form_.quote, end_}, parser.diags_) {}

  void run() {
    while (!cursor_.at_end()) {
      const char c = cursor_.peek();
      if ((c == '{' || c == '}') && cursor_.peek(1) == c) {
        doubled_brace();
      } else if (c == '{') {
        field();
      } else if (c == '}') {
        fail(cursor_.pos(), "a single '}' is not allowed", "write '}}' for the character itself");
      } else {
        literal();
      }
    }
  }

 private:
  void doubled_brace() {
    parser_.append_text(parts_, std::string(1, cursor_.peek()));
    cursor_.advance(2);
  }

  // Text up to the next brace.
  void literal() {
    const std::uint32_t begin = cursor_.pos();
    while (!cursor_.at_end() && cursor_.peek() != '{' && cursor_.peek() != '}') {
      if (cursor_.peek() == '\\' && !form_.raw) {
        skip_escape();
      } else {
        cursor_.advance();
      }
    }
    parser_.append_text(parts_, text(begin, cursor_.pos()));
  }

  void skip_escape() {
    const char next = cursor_.peek(1);
    if (next == 'N' && cursor_.peek(2) == '{') {
      while (!cursor_.at_end() && cursor_.peek() != '}') cursor_.advance();
      return cursor_.advance(cursor_.at_end() ? 0 : 1);
    }
    cursor_.advance(next == '{' || next == '}' || next == '\0' ? 1 : 2);
  }

  std::string text(std::uint32_t begin, std::uint32_t end) {
    const std::uint32_t place = cursor_.pos();
    std::string result = resolve_escapes(cursor_, begin, end, form_.raw);
    cursor_.move_to(place);
    return result;
  }

  void field() {
    const std::uint32_t opener = cursor_.pos();
    cursor_.advance();
    ast::FStringPart part;
    const std::uint32_t begin = cursor_.pos();
    find_expression_end();
    const std::uint32_t expression_end = cursor_.pos();
    if (cursor_.peek() == '=') debug(part, begin);
    part.value = expression(begin, expression_end, opener);
    const bool plain = cursor_.peek() == '}';
    if (cursor_.peek() == '!') conversion(part);
    if (cursor_.peek() == ':') specification(part);
    if (cursor_.peek() != '}') fail(opener, "expected '}'", "close the field, or use the other kind of quotes inside of it");
    cursor_.advance();
    if (plain && !part.debug.empty()) part.conversion = 'r';  // as CPython: f"{x = }" shows repr(x)
    parts_.push_back(std::move(part));
  }

  // Moves to the '=', '!', ':' or '}' that ends the expression, or to the end of the literal.
  void find_expression_end() {
    int depth = 0;
    for (; !cursor_.at_end(); cursor_.advance()) {
      const char c = cursor_.peek();
      refuse_backslash();
      if (c == '#') fail(cursor_.pos(), "a field cannot contain a comment", "");
      if (c == '"' || c == '\'') {
        skip_string(c);
      } else if (c == '(' || c == '[' || c == '{') {
        ++depth;
      } else if (depth > 0 && (c == ')' || c == ']' || c == '}')) {
        --depth;
      } else if (depth == 0 && ends_expression(c)) {
        return;
      }
    }
  }

  void refuse_backslash() {
    if (cursor_.peek() != '\\') return;
    fail(cursor_.pos(), "a field cannot contain a backslash", "give the value a name before the f-string");
  }

  bool ends_expression(char c) {
    if (c == '}' || c == ':') return true;
    const bool comparison = cursor_.peek(1) == '=';
    if (c == '!' && !comparison) return true;
    if ((c == '=' || c == '!' || c == '<' || c == '>') && comparison) {
      cursor_.advance();
      return false;
    }
    return c == '=';
  }

  // The cursor stands on the opening quote, and stays on the closing one.
  void skip_string(char quote) {
    const std::string triple(3, quote);
    const std::string closing = cursor_.rest().starts_with(triple) ? triple : std::string(1, quote);
    const std::size_t begin = cursor_.pos() + closing.size();
    const std::size_t found = cursor_.text().find(closing, begin);
    if (found == std::string_view::npos)
      fail(cursor_.pos(), "unterminated string", "use the other kind of quotes inside of a field");
    const auto last = static_cast<std::uint32_t>(found + closing.size() - 1);
    for (; cursor_.pos() < last; cursor_.advance()) refuse_backslash();
  }

  // '=': the text of the field up to here is printed before the value.
  void debug(ast::FStringPart& part, std::uint32_t begin) {
    do {
      cursor_.advance();
    } while (cursor_.peek() == ' ' || cursor_.peek() == '\t' || cursor_.peek() == '\n');
    part.debug = cursor_.text().substr(begin, cursor_.pos() - begin);
  }

  ast::ExprPtr expression(std::uint32_t begin, std::uint32_t end, std::uint32_t opener) {
    const std::string_view written = cursor_.text().substr(begin, end - begin);
    if (written.find_first_not_of(" \t\n\f") == std::string_view::npos)
      fail(opener, "empty expression", "write a value between the braces");
    const Span part = cursor_.span(begin, end);
    Parser inner(parser_.source_, parser_.file_, lex_field(parser_.source_, part, parser_.diags_), parser_.diags_);
    return inner.field(parser_.expression_nesting_);
  }

  // '!' ('r' | 's' | 'a')
  void conversion(ast::FStringPart& part) {
    const std::uint32_t begin = cursor_.pos();
    cursor_.advance();
    part.conversion = cursor_.peek();
    const bool known = part.conversion == 'r' || part.conversion == 's' || part.conversion == 'a';
    if (!known) fail(begin, "unknown conversion", "the conversions are !r, !s and !a");
    cursor_.advance();
    if (cursor_.peek() != ':' && cursor_.peek() != '}') fail(begin, "expected ':' or '}' after the conversion", "");
  }

  // ':' text, up to the closing brace
  void specification(ast::FStringPart& part) {
    cursor_.advance();
    const std::uint32_t begin = cursor_.pos();
    int depth = 0;
    bool nested = false;
    while (!cursor_.at_end() && (depth > 0 || cursor_.peek() != '}')) {
      const char c = cursor_.peek();
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      nested |= c == '{';
      cursor_.advance();
    }
    if (nested) return refuse(Refused::NestedSpecification, cursor_.span_from(begin), parser_.diags_);
    part.spec = text(begin, cursor_.pos());
  }

  [[noreturn]] void fail(std::uint32_t place, std::string_view what, std::string_view advice) {
    parser_.diags_.report<DiagId::E0219>(cursor_.span(place, place + 1), what).suggest(std::string(advice));
    parser_.fail();
  }

  Parser& parser_;
  std::vector<ast::FStringPart>& parts_;
  StringForm form_;
  std::uint32_t end_;  // of the text, before the closing quotes
  Cursor cursor_;
};

void Parser::fstring_parts(const Token& token, std::vector<ast::FStringPart>& parts) {
  const Restore nesting(expression_nesting_);
  enter_expression();
  FStringParser(*this, token, parts).run();
}

ast::ExprPtr Parser::field(std::uint32_t nesting) {
  expression_nesting_ = nesting;
  ast::ExprPtr result = expression_list();
  if (!at(TokenKind::EndOfFile)) unexpected("the end of the field");
  return result;
}

}  // namespace kjit
