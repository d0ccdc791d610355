#pragma once
// Private to the runtime: Python's format specification mini-language,
//   [[fill]align][sign][z][#][0][width][grouping][.precision][type]

#include <stdint.h>

#include <string>
#include <string_view>

namespace kjit::runtime {

enum class FormatType : char { Int = 'i', Bool = 'b', Float = 'f', Complex = 'c', Str = 's' };

struct FormatSpec {
  std::string fill = " ";  // one code point
  char align = 0;          // '<' '>' '=' '^', or 0: the default of the type
  char sign = '-';         // '-' '+' ' '
  bool has_sign = false;
  bool coerce_negative_zero = false;
  bool alternate = false;
  char grouping = 0;  // ',' '_' or 0
  int64_t width = -1;
  int64_t precision = -1;
  uint32_t type = 0;
};

// Whether a type letter (0: none) is in `letters`.
inline bool is_one_of(uint32_t letter, std::string_view letters) {
  return letter > 0 && letter < 0x80 && letters.find(static_cast<char>(letter)) != letters.npos;
}

// Reads and checks `text` for a value of `type`. Returns CPython's message for a bad one, or an empty string.
std::string parse_format_spec(std::string_view text, FormatType type, FormatSpec& spec);

}  // namespace kjit::runtime
