#pragma once
// UTF-8, one code point at a time. Nothing here fails: a byte that is not UTF-8 decodes as itself with `valid` false, so that
// every byte sequence can be walked and shown.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kjit {

struct CodePoint {
  char32_t value = 0;
  std::uint32_t length = 1;  // bytes
  bool valid = true;
};

// The code point that starts at `offset`, which must lie inside the text.
CodePoint decode_utf8(std::string_view text, std::size_t offset);

// Appends the encoding of `value`; a surrogate or a value past U+10FFFF has none, and false says so.
bool append_utf8(std::string& out, char32_t value);

// Offset of the first byte that is not part of valid UTF-8.
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

// May `value` (not ASCII) start or continue a name? Wide approximation of Unicode's XID properties: everything but the blocks
// of punctuation, symbols, spaces, controls and private use.
bool is_name_code_point(char32_t value);

// Columns a terminal uses for it: 0 for combining marks, 2 for East Asian wide characters and emoji, else 1.
int terminal_width(char32_t value);

}  // namespace kjit
