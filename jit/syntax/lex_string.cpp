// String literals: prefixes, quotes, escape sequences (Python reference 2.4.1). Entry: lex_string.

#include "syntax/lex_string.h"

#include "support/utf8.h"
#include "syntax/refusals.h"

namespace kjit {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Finds the end of the literal; the cursor is behind the opening quotes. False when the literal does not end.
bool find_end(Cursor& cursor, const StringForm& form) {
  const std::string closing(form.quote, form.quote_char);
  while (!cursor.at_end()) {
    if (cursor.rest().starts_with(closing)) {
      cursor.advance(form.quote);
      return true;
    }
    if (cursor.peek() == '\n' && form.quote == 1) return false;
    cursor.advance(cursor.peek() == '\\' && cursor.rest().size() > 1 ? 2 : 1);
  }
  return false;
}

void report_unterminated(Cursor& cursor, const StringForm& form, std::uint32_t begin) {
  const std::uint32_t opened = begin + form.prefix + form.quote;
  if (form.quote == 3) {
    cursor.sink()
        .report<DiagId::E0106>(cursor.span(begin, opened))
        .suggest(fmt::format("close it with {}", std::string(3, form.quote_char)));
    return;
  }
  cursor.sink()
      .report<DiagId::E0105>(cursor.span_from(begin))
      .suggest(fmt::format("close it with {} on this line, or use triple quotes for a text of several lines", form.quote_char));
}

class Escapes {
 public:
  Escapes(Cursor& cursor, std::uint32_t end) : cursor_(cursor), end_(end) {}

  std::string run() {
    while (cursor_.pos() < end_) {
      if (cursor_.peek() == '\\' && cursor_.pos() + 1 < end_) {
        escape();
      } else {
        out_.push_back(cursor_.peek());
        cursor_.advance();
      }
    }
    return std::move(out_);
  }

 private:
  void escape() {
    const std::uint32_t begin = cursor_.pos();
    const char letter = cursor_.peek(1);
    cursor_.advance(2);
    if (letter >= '0' && letter <= '7') return octal(letter);
    switch (letter) {
      case '\n': return;
      case 'x': return hexadecimal(begin, 2);
      case 'u': return hexadecimal(begin, 4);
      case 'U': return hexadecimal(begin, 8);
      case 'N': return named(begin);
      default: return simple(begin, letter);
    }
  }

  void simple(std::uint32_t begin, char letter) {
    constexpr std::string_view kLetters = "\\'\"abfnrtv";
    constexpr std::string_view kMeaning = "\\'\"\a\b\f\n\r\t\v";
    if (const auto at = kLetters.find(letter); at != std::string_view::npos) return out_.push_back(kMeaning[at]);
    const CodePoint next = decode_utf8(cursor_.text(), begin + 1);
    cursor_.move_to(std::min(end_, begin + 1 + next.length));
    const std::string_view written = cursor_.text().substr(begin, cursor_.pos() - begin);
    out_.append(written);
    cursor_.sink()
        .report<DiagId::W0101>(cursor_.span_from(begin), written)
        .suggest("double the backslash, or write a raw string: r\"...\"");
  }

  void octal(char first) {
    int value = first - '0';
    for (int i = 0; i < 2 && cursor_.pos() < end_ && cursor_.peek() >= '0' && cursor_.peek() <= '7'; ++i) {
      value = value * 8 + (cursor_.peek() - '0');
      cursor_.advance();
    }
    append_utf8(out_, static_cast<char32_t>(value));
  }

  void hexadecimal(std::uint32_t begin, int digits) {
    std::uint64_t value = 0;
    for (int i = 0; i < digits; ++i) {
      const int digit = cursor_.pos() < end_ ? hex_value(cursor_.peek()) : -1;
      if (digit < 0) return fail(begin, fmt::format("'\\{}' needs {} hexadecimal digits", cursor_.text()[begin + 1], digits));
      value = value * 16 + static_cast<std::uint64_t>(digit);
      cursor_.advance();
    }
    if (value > 0x10FFFF) return fail(begin, "the largest code point is U+10FFFF");
    if (!append_utf8(out_, static_cast<char32_t>(value))) fail(begin, "a surrogate is not a character");
  }

  void named(std::uint32_t begin) {
    const std::size_t brace = cursor_.text().substr(0, end_).find('}', cursor_.pos());
    if (brace != std::string_view::npos) cursor_.move_to(static_cast<std::uint32_t>(brace + 1));
    refuse(Refused::NamedCharacter, cursor_.span_from(begin), cursor_.sink());
  }

  void fail(std::uint32_t begin, std::string reason) { cursor_.sink().report<DiagId::E0108>(cursor_.span_from(begin), reason); }

  Cursor& cursor_;
  std::uint32_t end_;
  std::string out_;
};

}  // namespace

StringForm string_form(std::string_view text) {
  StringForm form;
  form.quote_char = '\0';
  bool unicode = false;
  for (char c : text.substr(0, 2)) {
    const char lower = static_cast<char>(c | 0x20);
    bool* flag = lower == 'r' ? &form.raw : lower == 'b' ? &form.bytes : lower == 'f' ? &form.formatted : nullptr;
    if (lower == 'u' && form.prefix == 0) flag = &unicode;
    if (c == '"' || c == '\'' || flag == nullptr || *flag) break;
    *flag = true;
    ++form.prefix;
  }
  const bool clash = (form.bytes && form.formatted) || (unicode && form.prefix > 1);
  if (clash || form.prefix >= text.size()) return form;
  const char quote = text[form.prefix];
  if (quote != '"' && quote != '\'') return form;
  form.quote_char = quote;
  const std::string triple(3, quote);
  form.quote = text.substr(form.prefix).starts_with(triple) ? 3 : 1;
  return form;
}

void lex_string(Cursor& cursor, const StringForm& form, Token& token) {
  const std::uint32_t begin = cursor.pos();
  cursor.advance(form.prefix + form.quote);
  const std::uint32_t text_begin = cursor.pos();
  token.kind = form.formatted ? TokenKind::FString : TokenKind::String;
  if (!find_end(cursor, form)) {
    token.kind = TokenKind::Invalid;
    return report_unterminated(cursor, form, begin);
  }
  const std::uint32_t end = cursor.pos();
  cursor.move_to(begin);
  if (form.bytes) {
    refuse(Refused::Bytes, cursor.span(begin, end), cursor.sink());
  } else if (!form.formatted) {
    token.text = resolve_escapes(cursor, text_begin, end - form.quote, form.raw);
  }
  cursor.move_to(end);
}

std::string resolve_escapes(Cursor& cursor, std::uint32_t begin, std::uint32_t end, bool raw) {
  if (raw) return std::string(cursor.text().substr(begin, end - begin));
  cursor.move_to(begin);
  return Escapes(cursor, end).run();
}

}  // namespace kjit
