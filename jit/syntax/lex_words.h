#pragma once
// The fixed words of the language: keywords and operators, from tokens.def.

#include <optional>
#include <string_view>

#include "syntax/token.h"

namespace kjit {

// The keyword that `text` is, or Name.
TokenKind name_kind(std::string_view text);

// The longest operator at the start of `text`.
std::optional<TokenKind> operator_at(std::string_view text);

// Keywords that no expression contains: at the start of a line inside brackets they prove that a bracket was forgotten.
bool only_in_statements(TokenKind kind);

// What to write instead of a character that starts no token; empty when there is nothing to say.
std::string_view advice_for_character(char32_t value);

}  // namespace kjit
