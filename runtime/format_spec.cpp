// Reading and checking of format specifications. Entry: parse_format_spec.

#include "runtime/format_spec.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <new>

#include "runtime/runtime.h"
#include "runtime/utf8.h"

namespace kjit::runtime {

namespace {

bool is_align(std::string_view text, size_t at) { return at < text.size() && strchr("<>=^", text[at]) && text[at]; }

const char* type_name(FormatType type) {
  switch (type) {
    case FormatType::Int: return "int";
    case FormatType::Bool: return "bool";
    case FormatType::Float: return "float";
    case FormatType::Complex: return "complex";
    case FormatType::Str: break;
  }
  return "str";
}

std::string shown(uint32_t code) {
  std::string text;
  if (code > 32 && code < 128) return std::string(1, static_cast<char>(code));
  char digits[12];
  snprintf(digits, sizeof digits, "\\x%x", code);
  return digits;
}

struct Reader {
  std::string_view text;
  size_t at = 0;

  bool accept(char c) {
    if (at >= text.size() || text[at] != c) return false;
    at++;
    return true;
  }
  // Digits to a number, -1 if there are none. False when the number is too large.
  bool number(int64_t& out) {
    int64_t value = 0;
    size_t begin = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; at++) {
      value = value * 10 + (text[at] - '0');
      if (value > INT_MAX) return false;  // far beyond any line, and what printf takes
    }
    out = at == begin ? -1 : value;
    return true;
  }
};

void read_fill_and_align(Reader& in, FormatSpec& spec) {
  size_t behind_fill = in.at;
  if (in.at < in.text.size()) next_code_point(in.text, behind_fill);
  if (is_align(in.text, behind_fill)) {
    spec.fill = in.text.substr(0, behind_fill);
    spec.align = in.text[behind_fill];
    in.at = behind_fill + 1;
  } else if (is_align(in.text, in.at)) {
    spec.align = in.text[in.at++];
  }
}

void read_flags(Reader& in, FormatType type, FormatSpec& spec) {
  bool explicit_fill = in.at >= 2;
  for (char sign : {' ', '+', '-'}) {
    if (!spec.has_sign && in.accept(sign)) spec.sign = sign, spec.has_sign = true;
  }
  spec.coerce_negative_zero = in.accept('z');
  spec.alternate = in.accept('#');
  if (!explicit_fill && in.accept('0')) {
    spec.fill = "0";
    if (!spec.align && type != FormatType::Str) spec.align = '=';
  }
}

std::string read_grouping(Reader& in, FormatSpec& spec) {
  if (in.accept(',')) spec.grouping = ',';
  if (in.accept('_')) {
    if (spec.grouping) return "Cannot specify both ',' and '_'.";
    spec.grouping = '_';
  }
  if (in.at < in.text.size() && in.text[in.at] == ',' && spec.grouping == '_') return "Cannot specify both ',' and '_'.";
  return "";
}

std::string read_precision(Reader& in, FormatSpec& spec) {
  if (!in.accept('.')) return "";
  if (!in.number(spec.precision)) return "Too many decimal digits in format string";
  return spec.precision < 0 ? "Format specifier missing precision" : "";
}

std::string read_type(Reader& in, FormatType type, FormatSpec& spec) {
  if (in.at == in.text.size()) return "";
  spec.type = next_code_point(in.text, in.at);
  if (in.at == in.text.size()) return "";
  return "Invalid format specifier '" + std::string(in.text) + "' for object of type '" + type_name(type) + "'";
}

std::string check_grouping(FormatType type, const FormatSpec& spec) {
  if (!spec.grouping) return "";
  uint32_t letter = spec.type ? spec.type : type == FormatType::Str ? 's' : 0;
  if (letter == 0 || is_one_of(letter, "defgEG%F")) return "";
  if (spec.grouping == '_' && is_one_of(letter, "boxX")) return "";
  return std::string("Cannot specify '") + spec.grouping + "' with '" + shown(letter) + "'.";
}

std::string check_str(const FormatSpec& spec) {
  if (spec.has_sign)
    return spec.sign == ' ' ? "Space not allowed in string format specifier" : "Sign not allowed in string format specifier";
  if (spec.coerce_negative_zero) return "Negative zero coercion (z) not allowed in string format specifier";
  if (spec.alternate) return "Alternate form (#) not allowed in string format specifier";
  if (spec.align == '=') return "'=' alignment not allowed in string format specifier";
  return "";
}

std::string check_int(const FormatSpec& spec) {
  if (spec.type != 0 && !is_one_of(spec.type, "bcdoxXn")) return "";  // formatted as a float
  if (spec.precision >= 0) return "Precision not allowed in integer format specifier";
  if (spec.coerce_negative_zero) return "Negative zero coercion (z) not allowed in integer format specifier";
  if (spec.type != 'c') return "";
  if (spec.has_sign) return "Sign not allowed with integer format specifier 'c'";
  if (spec.alternate) return "Alternate form (#) not allowed with integer format specifier 'c'";
  return "";
}

std::string check_complex(const FormatSpec& spec) {
  if (spec.fill == "0") return "Zero padding is not allowed in complex format specifier";
  if (spec.align == '=') return "'=' alignment flag is not allowed in complex format specifier";
  return "";
}

std::string check_type(FormatType type, const FormatSpec& spec) {
  std::string_view letters = type == FormatType::Str ? "s" : type == FormatType::Float ? "eEfFgGn%" : "eEfFgGn";
  if (type == FormatType::Int || type == FormatType::Bool) letters = "bcdoxXneEfFgG%";
  if (spec.type == 0 || is_one_of(spec.type, letters)) return "";
  return "Unknown format code '" + shown(spec.type) + "' for object of type '" + type_name(type) + "'";
}

std::string check(FormatType type, const FormatSpec& spec) {
  std::string problem = check_grouping(type, spec);
  if (problem.empty()) problem = check_type(type, spec);
  if (!problem.empty()) return problem;
  switch (type) {
    case FormatType::Str: return check_str(spec);
    case FormatType::Complex: return check_complex(spec);
    case FormatType::Float: return "";
    case FormatType::Int:
    case FormatType::Bool: break;
  }
  return check_int(spec);
}

}  // namespace

std::string parse_format_spec(std::string_view text, FormatType type, FormatSpec& spec) {
  Reader in{text};
  read_fill_and_align(in, spec);
  read_flags(in, type, spec);
  if (!in.number(spec.width)) return "Too many decimal digits in format string";
  std::string problem = read_grouping(in, spec);
  if (problem.empty()) problem = read_precision(in, spec);
  if (problem.empty()) problem = read_type(in, type, spec);
  return problem.empty() ? check(type, spec) : problem;
}

}  // namespace kjit::runtime

extern "C" int32_t kjit_check_format_spec(const char* text, int64_t size, int32_t type, char* message, int64_t capacity) {
  using namespace kjit::runtime;
  if (size == 0) return 1;  // format(value, "") is str(value)
  try {
    FormatSpec spec;
    std::string problem = parse_format_spec({text, static_cast<size_t>(size)}, static_cast<FormatType>(type), spec);
    if (capacity > 0) snprintf(message, static_cast<size_t>(capacity), "%s", problem.c_str());
    return problem.empty();
  } catch (const std::bad_alloc&) {
    return 1;  // the run-time function will say so
  }
}
