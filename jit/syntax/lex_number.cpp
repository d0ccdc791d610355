// Numeric literals (Python reference 2.4.4 to 2.4.7). Entry: lex_number.

#include "syntax/lex_number.h"

#include <charconv>
#include <limits>
#include <string>

#include "support/utf8.h"

namespace kjit {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_byte(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

int digit_value(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'z' ? lower - 'a' + 10 : 99;
}

struct Radix {
  int base;
  std::string_view name;
};

constexpr Radix kDecimal{10, "decimal"};

Radix radix_after_zero(char letter) {
  switch (letter | 0x20) {
    case 'x': return {16, "hexadecimal"};
    case 'o': return {8, "octal"};
    case 'b': return {2, "binary"};
    default: return kDecimal;
  }
}

// 1if x else 2: a keyword may follow a number without a space.
bool keyword_follows(const Cursor& cursor) {
  for (std::string_view keyword : {"and", "else", "for", "if", "in", "is", "or", "not"}) {
    if (cursor.rest().starts_with(keyword) && !is_name_byte(cursor.peek(static_cast<std::uint32_t>(keyword.size())))) return true;
  }
  return false;
}

class NumberLexer {
 public:
  NumberLexer(Cursor& cursor, Token& token) : cursor_(cursor), token_(token), begin_(cursor.pos()) {}

  void run() {
    const Radix radix = cursor_.peek() == '0' ? radix_after_zero(cursor_.peek(1)) : kDecimal;
    if (radix.base == 10) {
      decimal();
    } else {
      cursor_.advance(2);
      if (cursor_.peek() == '_') cursor_.advance();
      if (digits(radix)) integer(radix);
    }
    if (good_ && is_name_byte(cursor_.peek()) && !keyword_follows(cursor_)) bad_tail(radix);
    if (!good_) skip_rest();
  }

 private:
  // digitpart: digit (["_"] digit)*
  bool digits(Radix radix) {
    if (digit_value(cursor_.peek()) >= radix.base) return malformed(radix);
    while (true) {
      while (digit_value(cursor_.peek()) < radix.base) push();
      if (cursor_.peek() != '_') return true;
      cursor_.advance();
      if (digit_value(cursor_.peek()) >= radix.base) return malformed(radix);
    }
  }

  // decinteger | [digitpart] "." [digitpart] [exponent] | digitpart exponent, each perhaps with "j"
  void decimal() {
    token_.kind = TokenKind::Int;
    if (is_digit(cursor_.peek()) && !digits(kDecimal)) return;
    if (cursor_.peek() == '.') {
      token_.kind = TokenKind::Float;
      push();
      if (is_digit(cursor_.peek()) && !digits(kDecimal)) return;
    }
    if (exponent_follows() && !exponent()) return;
    if ((cursor_.peek() | 0x20) == 'j') {
      cursor_.advance();
      token_.kind = TokenKind::Imaginary;
    }
    if (token_.kind == TokenKind::Int) return decimal_integer();
    token_.number = to_double();
  }

  bool exponent_follows() const {
    if ((cursor_.peek() | 0x20) != 'e') return false;
    const bool sign = cursor_.peek(1) == '+' || cursor_.peek(1) == '-';
    return is_digit(cursor_.peek(sign ? 2 : 1));
  }

  bool exponent() {
    token_.kind = TokenKind::Float;
    push();
    if (cursor_.peek() == '+') cursor_.advance();  // from_chars takes no plus
    if (cursor_.peek() == '-') push();
    return digits(kDecimal);
  }

  void decimal_integer() {
    const bool octal_like = text_.size() > 1 && text_[0] == '0' && text_.find_first_not_of('0') != std::string::npos;
    if (!octal_like) return integer(kDecimal);
    good_ = false;
    cursor_.sink()
        .report<DiagId::E0115>(cursor_.span_from(begin_))
        .suggest(fmt::format("write {} for the decimal number or 0o{} for the octal one",
                             text_.substr(text_.find_first_not_of('0')), text_.substr(text_.find_first_not_of('0'))));
  }

  void integer(Radix radix) {
    token_.kind = TokenKind::Int;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), token_.integer, radix.base);
    if (error == std::errc{}) return;
    token_.integer = std::numeric_limits<std::uint64_t>::max();
    const auto written = cursor_.text().substr(begin_, cursor_.pos() - begin_);
    const std::string shown = written.size() <= 40 ? std::string(written) : std::string(written.substr(0, 37)) + "...";
    cursor_.sink()
        .report<DiagId::E0107>(cursor_.span_from(begin_), shown)
        .suggest("integers have 64 bits: the largest literal is 18446744073709551615; write a float such as 1e30 instead");
  }

  // Python rounds what is too large to inf and what is too small to 0; from_chars only says that it is one of both.
  double to_double() const {
    double value = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (error != std::errc::result_out_of_range) return value;
    return decimal_magnitude() > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  }

  // Position of the first significant digit before the decimal point, with the exponent added: 12.5e3 -> 5.
  long decimal_magnitude() const {
    const std::size_t mantissa_end = std::min(text_.find_first_of("eE"), text_.size());
    const std::string_view mantissa = std::string_view(text_).substr(0, mantissa_end);
    const auto point = static_cast<long>(std::min(mantissa.find('.'), mantissa.size()));
    const auto first = static_cast<long>(std::min(mantissa.find_first_not_of("0."), mantissa.size()));
    long exponent = 0;
    if (mantissa_end < text_.size()) {
      const char* from = text_.data() + mantissa_end + 1;
      const auto [end, error] = std::from_chars(from, text_.data() + text_.size(), exponent);
      if (error != std::errc{}) exponent = *from == '-' ? -1'000'000'000L : 1'000'000'000L;
    }
    return point - first + exponent;
  }

  bool malformed(Radix radix) {
    good_ = false;
    token_.kind = TokenKind::Int;
    const char next = cursor_.peek();
    const Span here = cursor_.span(cursor_.pos(), cursor_.pos() + 1);
    if (is_digit(next)) {
      cursor_.sink().report<DiagId::E0114>(here, next, radix.name);
    } else {
      report_malformed(radix);
    }
    return false;
  }

  void report_malformed(Radix radix) {
    auto& error = cursor_.sink().report<DiagId::E0113>(cursor_.span(begin_, cursor_.pos()), radix.name);
    const char previous = cursor_.text()[cursor_.pos() - 1];
    if (previous == '_') error.suggest("an underscore may stand only between two digits");
  }

  void bad_tail(Radix radix) {
    good_ = false;
    const char next = cursor_.peek();
    if (is_digit(next)) {
      cursor_.sink().report<DiagId::E0114>(cursor_.span(cursor_.pos(), cursor_.pos() + 1), next, radix.name);
      return;
    }
    auto& error = cursor_.sink().report<DiagId::E0113>(cursor_.span(begin_, cursor_.pos() + 1), radix.name);
    if ((next | 0x20) == 'l') return void(error.suggest("integers need no suffix"));
    if ((next | 0x20) == 'f') return void(error.suggest("floats need no suffix; f32(...) makes a 32-bit one"));
    error.suggest("a name cannot start with a digit; between a number and a name stands an operator");
  }

  void push() {
    text_.push_back(cursor_.peek());
    cursor_.advance();
  }

  void skip_rest() {
    while (is_name_byte(cursor_.peek())) cursor_.advance();
  }

  Cursor& cursor_;
  Token& token_;
  std::uint32_t begin_;
  std::string text_;  // the literal without underscores, prefix and suffix
  bool good_ = true;
};

}  // namespace

void lex_number(Cursor& cursor, Token& token) { NumberLexer(cursor, token).run(); }

}  // namespace kjit
