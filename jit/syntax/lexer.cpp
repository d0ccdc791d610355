// The lexer: lines, indentation, brackets, names and operators; numbers and strings have files of their own. Entry: lex.
//
// Brackets join lines, so one that is never closed would swallow the rest of the file. It is noticed at the first line that
// starts with a keyword of statements, or at the end; reading then resumes below the opening bracket (recover_unclosed).

#include "syntax/lexer.h"

#include <algorithm>
#include <cctype>

#include "support/utf8.h"
#include "syntax/cursor.h"
#include "syntax/lex_number.h"
#include "syntax/lex_string.h"
#include "syntax/lex_words.h"

namespace kjit {

namespace {

constexpr std::uint32_t kTabWidth = 8;  // Python's rule: a tab reaches the next multiple of 8
// Each recovery reads a part of the file again; the limit keeps lexing linear.
constexpr int kMaxRecoveries = 8;

char closer_of(char opener) { return opener == '(' ? ')' : opener == '[' ? ']' : '}'; }

struct Column {
  std::uint32_t wide = 0;    // with tabs to multiples of 8
  std::uint32_t narrow = 0;  // with tabs as one column: both must order lines alike, else the file mixes tabs and spaces
};

struct Bracket {
  char opener;
  std::uint32_t offset;
  std::size_t token;  // index of its token
};

class Lexer {
 public:
  Lexer(const SourceFile& source, Span part, Diagnostics& diags) : source_(source), cursor_(source.text(), part, diags) {}

  std::vector<Token> file() {
    check_encoding();
    while (true) {
      if (at_line_start_ && brackets_.empty()) indentation();
      if (cursor_.at_end() && !resume_at_end()) break;
      if (!at_line_start_) token();
    }
    finish();
    return std::move(tokens_);
  }

  std::vector<Token> field() {
    brackets_in_field_ = true;
    while (!cursor_.at_end()) token();
    if (!brackets_.empty()) report_unclosed();
    add(TokenKind::EndOfFile, cursor_.pos());
    return std::move(tokens_);
  }

 private:
  // ---- lines ----

  // PEP 263: a comment in the first two lines may name the encoding. Text is UTF-8 here, whatever it says.
  void check_encoding() {
    for (std::uint32_t line = 1; line <= std::min(2u, source_.line_count()); ++line) {
      const std::string_view text = source_.line_text(line);
      const std::size_t at = text.find("coding");
      if (!text.starts_with('#') || at == std::string_view::npos || at + 6 >= text.size()) continue;
      if (text[at + 6] != ':' && text[at + 6] != '=') continue;
      const std::size_t begin = std::min(text.find_first_not_of(" \t", at + 7), text.size());
      std::size_t end = begin;
      while (end < text.size() &&
             (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '-' || text[end] == '_'))
        ++end;
      report_encoding(text.substr(begin, end - begin), source_.line_start(line) + static_cast<std::uint32_t>(begin));
    }
  }

  void report_encoding(std::string_view name, std::uint32_t offset) {
    std::string lower(name);
    for (char& c : lower) c = c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (lower.empty() || lower == "utf-8" || lower == "utf8" || lower == "utf-8-sig" || lower == "ascii" || lower == "us-ascii")
      return;
    const Span span = cursor_.span(offset, offset + static_cast<std::uint32_t>(name.size()));
    cursor_.always().report<DiagId::E0119>(span, name).suggest("store the file as UTF-8 and leave the declaration out");
  }

  // Reads the white space that starts a line, and compares it with the enclosing blocks unless the line is blank.
  void indentation() {
    const Column column = measure_indentation();
    if (cursor_.at_end()) return;
    if (cursor_.peek() == '\n') return cursor_.advance();
    if (cursor_.peek() == '#') return skip_comment();
    at_line_start_ = false;
    if (column.wide > indents_.back().wide) return indent(column);
    while (column.wide < indents_.back().wide && column.wide <= indents_.end()[-2].wide) dedent();
    if (column.wide != indents_.back().wide) return misplaced(column);
    if (column.narrow != indents_.back().narrow) report_tabs();
  }

  // The line lies between two enclosing blocks: it is taken as a part of the inner one, and so are the lines aligned with it.
  void misplaced(Column column) {
    cursor_.always().report<DiagId::E0103>(line_span()).suggest("align the line with the block that it belongs to");
    indents_.back() = column;
  }

  Column measure_indentation() {
    Column column;
    for (;; cursor_.advance()) {
      switch (cursor_.peek()) {
        case ' ': ++column.wide, ++column.narrow; break;
        case '\t': column.wide = (column.wide / kTabWidth + 1) * kTabWidth, ++column.narrow; break;
        case '\f': column = {}; break;
        default: return column;
      }
    }
  }

  void indent(Column column) {
    if (column.narrow <= indents_.back().narrow) report_tabs();
    indents_.push_back(column);
    add(TokenKind::Indent, cursor_.pos());
  }

  void dedent() {
    indents_.pop_back();
    add(TokenKind::Dedent, cursor_.pos());
  }

  void report_tabs() {
    cursor_.always().report<DiagId::E0102>(line_span()).suggest("indent with four spaces per level, never with tabs");
  }

  // From the start of the line to the cursor.
  Span line_span() const {
    const std::size_t newline = cursor_.text().substr(0, cursor_.pos()).rfind('\n');
    return cursor_.span_from(newline == std::string_view::npos ? 0 : static_cast<std::uint32_t>(newline + 1));
  }

  void newline() {
    const std::uint32_t begin = cursor_.pos();
    cursor_.advance();
    if (brackets_in_field_) return;
    if (brackets_.empty()) {
      add(TokenKind::Newline, begin);
      at_line_start_ = true;
    } else if (only_in_statements(name_kind(first_word_of_line()))) {
      recover_unclosed();
    }
  }

  std::string_view first_word_of_line() const {
    const std::string_view rest = cursor_.rest();
    const std::size_t begin = std::min(rest.find_first_not_of(" \t\f"), rest.size());
    std::size_t end = begin;
    while (end < rest.size() && std::islower(static_cast<unsigned char>(rest[end])) != 0) ++end;
    const bool longer = end < rest.size() && (std::isalnum(static_cast<unsigned char>(rest[end])) != 0 || rest[end] == '_');
    return longer ? std::string_view() : rest.substr(begin, end - begin);
  }

  void finish() {
    const bool open_line = !tokens_.empty() && !at_line_start_;
    if (open_line) add(TokenKind::Newline, cursor_.pos());
    while (indents_.size() > 1) dedent();
    add(TokenKind::EndOfFile, cursor_.pos());
  }

  // ---- brackets ----

  // Names the innermost of those on the line of the outermost: the others may belong to statements that were swallowed.
  void report_unclosed() {
    const std::size_t line_end = cursor_.text().find('\n', brackets_.front().offset);
    const auto other_line = [line_end](const Bracket& bracket) { return bracket.offset > line_end; };
    const Bracket& named = *(std::find_if(brackets_.begin(), brackets_.end(), other_line) - 1);
    const Span span = cursor_.span(named.offset, named.offset + 1);
    cursor_.always()
        .report<DiagId::E0110>(span, named.opener)
        .suggest(fmt::format("add the missing '{}'", closer_of(named.opener)));
  }

  // True when brackets are open at the end of the file and reading goes on below the outermost of them.
  bool resume_at_end() {
    if (brackets_.empty()) return false;
    recover_unclosed();
    return !cursor_.at_end();
  }

  // Takes the statement with the outermost open bracket as ended at the end of its line, and reads on behind the lines that
  // continue it, which are indented deeper. Its bracket becomes Invalid, so that the parser drops the statement in silence.
  void recover_unclosed() {
    report_unclosed();
    const Bracket outer = brackets_.front();
    brackets_.clear();
    tokens_[outer.token].kind = TokenKind::Invalid;
    if (++recoveries_ <= kMaxRecoveries) {
      cursor_.be_quiet_until(cursor_.pos());
      tokens_.resize(outer.token + 1);
      cursor_.move_to(outer.offset);
      do {
        skip_line();
      } while (!cursor_.at_end() && continues_statement());
    }
    add(TokenKind::Newline, cursor_.pos());
    at_line_start_ = true;
  }

  void skip_line() {
    const std::size_t newline = cursor_.text().find('\n', cursor_.pos());
    cursor_.move_to(static_cast<std::uint32_t>(newline == std::string_view::npos ? cursor_.text().size() : newline + 1));
  }

  bool continues_statement() {
    const std::uint32_t begin = cursor_.pos();
    const Column column = measure_indentation();
    const char first = cursor_.peek();
    cursor_.move_to(begin);
    return first == '\n' || first == '#' || first == ')' || first == ']' || first == '}' || column.wide > indents_.back().wide;
  }

  void open_bracket(char opener) { brackets_.push_back({opener, cursor_.pos() - 1, tokens_.size() - 1}); }

  void close_bracket(char closer) {
    if (brackets_.empty()) {
      tokens_.back().kind = TokenKind::Invalid;
      cursor_.sink().report<DiagId::E0112>(tokens_.back().span, closer);
      return;
    }
    const auto match = std::find_if(brackets_.rbegin(), brackets_.rend(),
                                    [closer](const Bracket& bracket) { return closer_of(bracket.opener) == closer; });
    if (match != brackets_.rbegin()) report_mismatch(closer);
    brackets_.resize(match == brackets_.rend() ? brackets_.size() - 1 : static_cast<std::size_t>(brackets_.rend() - match) - 1);
  }

  void report_mismatch(char closer) {
    const Bracket& open = brackets_.back();
    tokens_.back().kind = TokenKind::Invalid;
    cursor_.sink()
        .report<DiagId::E0111>(tokens_.back().span, closer, open.opener)
        .note(cursor_.span(open.offset, open.offset + 1), fmt::format("'{}' opened here", open.opener))
        .suggest(fmt::format("close it with '{}'", closer_of(open.opener)));
  }

  // ---- tokens ----

  void token() {
    const char c = cursor_.peek();
    if (c == ' ' || c == '\t' || c == '\f') return cursor_.advance();
    if (c == '\n') return newline();
    if (c == '#') return skip_comment();
    if (c == '\\') return continuation();
    if (std::isdigit(static_cast<unsigned char>(c)) != 0 ||
        (c == '.' && std::isdigit(static_cast<unsigned char>(cursor_.peek(1))) != 0)) {
      return number();
    }
    if (const StringForm form = string_form(cursor_.rest().substr(0, 6)); form.quote_char != '\0') return string(form);
    if (name_length(cursor_.pos()) != 0) return name();
    if (!operator_token()) invalid_character();
  }

  void skip_comment() {
    while (!cursor_.at_end() && cursor_.peek() != '\n') cursor_.advance();
    // On a line of its own a comment ends without a Newline token.
    if (at_line_start_ && !cursor_.at_end()) cursor_.advance();
  }

  void continuation() {
    const std::uint32_t begin = cursor_.pos();
    cursor_.advance();
    if (cursor_.peek() == '\n') return cursor_.advance();
    const std::string_view trouble = cursor_.at_end() ? "the end of the file" : "a character";
    cursor_.sink()
        .report<DiagId::E0104>(cursor_.span_from(begin), trouble)
        .suggest("the backslash must be the last character of its line");
    while (!cursor_.at_end() && cursor_.peek() != '\n') cursor_.advance();
    add(TokenKind::Invalid, begin);
  }

  void number() {
    Token& token = tokens_.emplace_back();
    const std::uint32_t begin = cursor_.pos();
    lex_number(cursor_, token);
    token.span = cursor_.span_from(begin);
  }

  void string(const StringForm& form) {
    Token& token = tokens_.emplace_back();
    const std::uint32_t begin = cursor_.pos();
    lex_string(cursor_, form, token);
    token.span = cursor_.span_from(begin);
  }

  // Bytes of the name character at `offset`, 0 if there is none; digits count, because the first one is never a digit.
  std::uint32_t name_length(std::uint32_t offset) const {
    if (offset >= cursor_.text().size()) return 0;
    const auto byte = static_cast<unsigned char>(cursor_.text()[offset]);
    if (byte < 0x80) return std::isalnum(byte) != 0 || byte == '_' ? 1 : 0;
    const CodePoint point = decode_utf8(cursor_.text(), offset);
    return point.valid && is_name_code_point(point.value) ? point.length : 0;
  }

  void name() {
    const std::uint32_t begin = cursor_.pos();
    while (const std::uint32_t length = name_length(cursor_.pos())) cursor_.advance(length);
    const std::string_view text = cursor_.text().substr(begin, cursor_.pos() - begin);
    add(name_kind(text), begin);
    if (tokens_.back().kind == TokenKind::Name) tokens_.back().text = text;
  }

  bool operator_token() {
    const auto kind = operator_at(cursor_.rest());
    if (!kind) return false;
    const std::uint32_t begin = cursor_.pos();
    cursor_.advance(static_cast<std::uint32_t>(token_spelling(*kind).size()));
    add(*kind, begin);
    const char c = token_spelling(*kind)[0];
    if (c == '(' || c == '[' || c == '{') open_bracket(c);
    if (c == ')' || c == ']' || c == '}') close_bracket(c);
    return true;
  }

  void invalid_character() {
    const std::uint32_t begin = cursor_.pos();
    const CodePoint point = decode_utf8(cursor_.text(), begin);
    cursor_.advance(point.length);
    const Span span = cursor_.span_from(begin);
    const std::string code = point.valid ? fmt::format("U+{:04X}", static_cast<std::uint32_t>(point.value))
                                         : fmt::format("byte 0x{:02X}", static_cast<std::uint32_t>(point.value));
    const std::string shown = point.valid ? std::string(cursor_.text().substr(begin, point.length)) : std::string("\xEF\xBF\xBD");
    auto& error = cursor_.sink().report<DiagId::E0101>(span, shown, code);
    if (const auto advice = advice_for_character(point.value); point.valid && !advice.empty()) error.suggest(std::string(advice));
    add(TokenKind::Invalid, begin);
  }

  void add(TokenKind kind, std::uint32_t begin) {
    Token& token = tokens_.emplace_back();
    token.kind = kind;
    token.span = cursor_.span_from(begin);
  }

  const SourceFile& source_;
  Cursor cursor_;
  std::vector<Token> tokens_;
  std::vector<Bracket> brackets_;
  std::vector<Column> indents_{Column{}};
  int recoveries_ = 0;
  bool at_line_start_ = true;
  bool brackets_in_field_ = false;
};

}  // namespace

std::vector<Token> lex(const SourceFile& source, std::uint32_t file_id, Diagnostics& diags) {
  const Span all{file_id, 0, static_cast<std::uint32_t>(source.text().size())};
  return Lexer(source, all, diags).file();
}

std::vector<Token> lex_field(const SourceFile& source, Span part, Diagnostics& diags) {
  return Lexer(source, part, diags).field();
}

}  // namespace kjit
