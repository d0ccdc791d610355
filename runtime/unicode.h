#pragma once
// Private to the runtime: properties and case mappings of code points, those of Unicode 14.0, which CPython 3.11 has.

#include <stdint.h>

#include <string>
#include <string_view>

#include "runtime/utf8.h"

namespace kjit::runtime {

// The first ten in the order of FLAGS in scripts/make_unicode_tables.py.
enum class Property : uint32_t {
  Alpha = 1,
  Decimal = 1 << 1,
  Digit = 1 << 2,
  Numeric = 1 << 3,
  Space = 1 << 4,
  Printable = 1 << 5,
  Lower = 1 << 6,
  Upper = 1 << 7,
  Title = 1 << 8,
  CaseIgnorable = 1 << 9,
  Cased = Lower | Upper | Title,
  AlphaNumeric = Alpha | Decimal | Digit | Numeric,
};

// Whether the code point has one of the properties.
bool has_property(uint32_t code, Property property);
int decimal_value(uint32_t code);  // 0 .. 9, or -1

enum class Mapping : uint8_t { Upper, Lower, Title, Fold };

// Appends the full mapping of the code point, which may be up to three; itself if it has none.
void append_mapped(std::string& out, uint32_t code, Mapping mapping);

// The text without the code points at its front that goes(code) holds of, or without those at its end.
template <typename Goes>
std::string_view without_leading(std::string_view text, Goes goes) {
  size_t at = 0;
  for (size_t next = 0; next < text.size(); at = next) {
    if (!goes(next_code_point(text, next))) break;
  }
  return text.substr(at);
}

template <typename Goes>
std::string_view without_trailing(std::string_view text, Goes goes) {
  while (!text.empty()) {
    size_t begin = text.size() - 1;
    while (begin > 0 && (text[begin] & 0xC0) == 0x80) begin--;
    size_t end = begin;
    if (!goes(next_code_point(text, end)) || end != text.size()) break;
    text = text.substr(0, begin);
  }
  return text;
}

// str.strip and the like.
std::string_view without_leading_space(std::string_view text);
std::string_view without_trailing_space(std::string_view text);

}  // namespace kjit::runtime
