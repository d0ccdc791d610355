#pragma once
// What the lexer hands to the parser.

#include <cstdint>
#include <string>
#include <string_view>

#include "support/source_file.h"

namespace kjit {

enum class TokenKind : std::uint8_t {
#define KJIT_TOKEN(kind, spelling) kind,
#define KJIT_OPERATOR(kind, text) kind,
#define KJIT_KEYWORD(kind, text) kind,
#include "syntax/tokens.def"
#undef KJIT_TOKEN
#undef KJIT_OPERATOR
#undef KJIT_KEYWORD
};

struct Token {
  TokenKind kind = TokenKind::Invalid;  // Invalid: the lexer has reported it; the parser drops the statement in silence
  Span span;
  std::uint64_t integer = 0;  // of Int
  double number = 0;          // of Float and Imaginary
  std::string text;           // of Name; of String with its escapes resolved. An FString is read again by the parser
};

// "EndOfFile", "LeftParen": for dumps.
std::string_view token_name(TokenKind kind);
// The text of an operator or keyword; what messages call any other kind.
std::string_view token_spelling(TokenKind kind);
bool is_keyword(TokenKind kind);

}  // namespace kjit
