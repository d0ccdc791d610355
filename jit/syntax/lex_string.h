#pragma once

#include <string>

#include "syntax/cursor.h"
#include "syntax/token.h"

namespace kjit {

// How a string literal is written: its prefix letters and its quotes. Widths in bytes.
struct StringForm {
  std::uint32_t prefix = 0;
  std::uint32_t quote = 1;  // 1, or 3 for triple quotes
  char quote_char = '"';
  bool raw = false;
  bool bytes = false;
  bool formatted = false;
};

// The form of the string literal at the start of `text`; quote_char is '\0' when there is none.
StringForm string_form(std::string_view text);

// Reads the string literal at the cursor: String with its text, FString, or Invalid when it is not terminated.
void lex_string(Cursor& cursor, const StringForm& form, Token& token);

// The text of [begin, end) with its escape sequences resolved, as UTF-8.
std::string resolve_escapes(Cursor& cursor, std::uint32_t begin, std::uint32_t end, bool raw);

}  // namespace kjit
