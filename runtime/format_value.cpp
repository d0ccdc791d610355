// format(value, spec). Entry: kjit_format_i64 and its siblings; the specification is read by format_spec.cpp.
//
// A number is laid out in four parts: sign, prefix (0x), digits in front of the point (which are grouped and padded with zeros),
// rest.

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <algorithm>
#include <string>

#include "runtime/float_text.h"
#include "runtime/format_spec.h"
#include "runtime/guard.h"
#include "runtime/text_buffer.h"
#include "runtime/utf8.h"

namespace {

using namespace kjit::runtime;

struct NumberText {
  std::string sign, prefix, digits, rest;
};

std::string repeated(const std::string& fill, int64_t count) {
  std::string text;
  for (int64_t i = 0; i < count; i++) text += fill;
  return text;
}

std::string padded(const std::string& text, const FormatSpec& spec, char default_align) {
  int64_t missing = spec.width - count_code_points(text);
  if (missing <= 0) return text;
  char align = spec.align ? spec.align : default_align;
  int64_t left = align == '<' ? 0 : align == '^' ? missing / 2 : missing;
  return repeated(spec.fill, left) + text + repeated(spec.fill, missing - left);
}

// Zeros in front until the digits with their separators are `least` wide. A separator never comes first, so that the result may
// be one wider.
std::string grouped(const std::string& digits, int64_t least, char separator, int64_t group) {
  auto count = static_cast<int64_t>(digits.size());
  auto width = [&](int64_t n) { return separator && n > 0 ? n + (n - 1) / group : n; };
  while (width(count) < least) count++;
  std::string text;
  for (int64_t i = 0; i < count; i++) {
    if (separator && i > 0 && (count - i) % group == 0) text += separator;
    int64_t from = i - (count - static_cast<int64_t>(digits.size()));
    text += from < 0 ? '0' : digits[static_cast<size_t>(from)];
  }
  return text;
}

std::string layout(const NumberText& number, const FormatSpec& spec) {
  int64_t group = is_one_of(spec.type, "boxX") ? 4 : 3;
  auto others = static_cast<int64_t>(number.sign.size() + number.prefix.size() + number.rest.size());
  bool zeros = spec.align == '=' && spec.fill == "0";
  // Infinity and NaN have no digits to group; their padding is plain.
  std::string digits =
      grouped(number.digits, zeros ? spec.width - others : 0, number.digits.empty() ? '\0' : spec.grouping, group);
  std::string head = number.sign + number.prefix;
  std::string body = digits + number.rest;
  if (spec.align != '=') return padded(head + body, spec, '>');
  return head + repeated(spec.fill, spec.width - static_cast<int64_t>(head.size() + body.size())) + body;
}

std::string sign_text(bool negative, char sign) { return negative ? "-" : sign == '-' ? "" : std::string(1, sign); }

// ---- integers ----

std::string digits_in_base(uint64_t value, unsigned base, bool upper) {
  std::string text;
  do {
    text += (upper ? "0123456789ABCDEF" : "0123456789abcdef")[value % base];
    value /= base;
  } while (value);
  std::reverse(text.begin(), text.end());
  return text;
}

std::string format_magnitude(uint64_t magnitude, bool negative, const FormatSpec& spec) {
  NumberText number;
  char type = spec.type ? static_cast<char>(spec.type) : 'd';
  unsigned base = type == 'b' ? 2 : type == 'o' ? 8 : type == 'x' || type == 'X' ? 16 : 10;
  number.sign = sign_text(negative, spec.sign);
  if (spec.alternate && base != 10) number.prefix = std::string("0") + type;
  number.digits = digits_in_base(magnitude, base, type == 'X');
  return layout(number, spec);
}

// ---- floats ----

struct FloatStyle {
  char type;  // e f g, or r: the shortest text
  int precision;
  bool alternate;  // keeps the point and, for g, trailing zeros
  bool dot_zero;   // writes 1.0, not 1
};

std::string with_point(std::string text, size_t before) {
  if (text.find('.') == text.npos) text.insert(std::min(before, text.size()), ".");
  return text;
}

Decimal rounded_decimal(double magnitude, const FloatStyle& style) {
  if (style.type == 'r') return shortest_decimal(magnitude);
  std::string text = scientific_text(magnitude, std::max(style.precision, 1) - 1);
  size_t e = text.find('e');
  Decimal result{text.substr(0, 1), atoi(text.c_str() + e + 1) + 1};
  if (e > 2) result.digits += text.substr(2, e - 2);
  if (!style.alternate) result.digits.erase(std::max<size_t>(result.digits.find_last_not_of('0') + 1, 1));
  return result;
}

std::string exponent_form(const Decimal& d, bool alternate) {
  char exponent[16];
  snprintf(exponent, sizeof exponent, "e%+03d", d.point - 1);
  std::string text = d.digits.substr(0, 1);
  if (d.digits.size() > 1 || alternate) text += "." + d.digits.substr(1);
  return text + exponent;
}

std::string plain_form(const Decimal& d, const FloatStyle& style) {
  auto size = static_cast<int>(d.digits.size());
  std::string text = d.point <= 0 ? "0." + std::string(static_cast<size_t>(-d.point), '0') + d.digits
                                  : d.digits + std::string(static_cast<size_t>(std::max(d.point - size, 0)), '0');
  if (d.point > 0 && d.point < size) text.insert(static_cast<size_t>(d.point), ".");
  if (text.find('.') == text.npos) text += style.dot_zero ? ".0" : style.alternate ? "." : "";
  return text;
}

// The text of a finite magnitude.
std::string float_digits(double magnitude, const FloatStyle& style) {
  if (style.type == 'f') {
    std::string text = fixed_text(magnitude, style.precision);
    return style.alternate ? with_point(text, text.size()) : text;
  }
  if (style.type == 'e') {
    std::string text = scientific_text(magnitude, style.precision);
    return style.alternate ? with_point(text, text.find('e')) : text;
  }
  Decimal d = rounded_decimal(magnitude, style);
  int largest = style.type == 'r' ? 16 : std::max(style.precision, 1) - (style.dot_zero ? 1 : 0);
  return d.point <= -4 || d.point > largest ? exponent_form(d, style.alternate) : plain_form(d, style);
}

FloatStyle style_of(const FormatSpec& spec, bool dot_zero) {
  char lower = static_cast<char>(spec.type | 0x20);
  auto precision = static_cast<int>(spec.precision < 0 ? 6 : spec.precision);
  if (spec.type == 0) return {spec.precision < 0 ? 'r' : 'g', precision, spec.alternate, dot_zero};
  char type = lower == 'e' || lower == 'f' ? lower : spec.type == '%' ? 'f' : 'g';
  return {type, precision, spec.alternate, false};
}

bool is_zero_text(std::string_view text) {
  return text[0] == '0' && text.substr(0, text.find_first_of("eE")).find_first_of("123456789") == text.npos;
}

NumberText float_parts(double value, const FormatSpec& spec, char sign, bool dot_zero) {
  NumberText number;
  bool negative = signbit(value) && !isnan(value);
  double magnitude = spec.type == '%' ? fabs(value) * 100 : fabs(value);
  std::string text = isnan(value) ? "nan" : isinf(magnitude) ? "inf" : float_digits(magnitude, style_of(spec, dot_zero));
  if (is_one_of(spec.type, "EFG")) std::transform(text.begin(), text.end(), text.begin(), toupper);
  size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (spec.coerce_negative_zero && is_zero_text(text)) negative = false;
  number.sign = sign_text(negative, sign);
  number.digits = text.substr(0, digits);
  number.rest = text.substr(digits) + (spec.type == '%' ? "%" : "");
  return number;
}

std::string format_float(double value, const FormatSpec& spec) { return layout(float_parts(value, spec, spec.sign, true), spec); }

std::string format_complex(const kjit_complex& z, const FormatSpec& spec) {
  FormatSpec bare = spec;
  bare.width = -1;
  bool imaginary_only = spec.type == 0 && z.re == 0 && !signbit(z.re);
  std::string im = layout(float_parts(z.im, bare, imaginary_only ? spec.sign : '+', false), bare) + "j";
  if (imaginary_only) return padded(im, spec, '>');
  std::string text = layout(float_parts(z.re, bare, spec.sign, false), bare) + im;
  return padded(spec.type == 0 ? "(" + text + ")" : text, spec, '>');
}

std::string format_text(std::string_view text, const FormatSpec& spec) {
  if (spec.precision >= 0) text = text.substr(0, byte_offset(text, spec.precision));
  return padded(std::string(text), spec, '<');
}

// Reads the specification and appends what `make` makes of it.
template <typename Make>
kjit_status with_spec(kjit_context* ctx, uint32_t site, const char* text, int64_t size, FormatType type, Make make) {
  return guarded(ctx, site, [&] {
    FormatSpec spec;
    std::string problem = parse_format_spec({text, static_cast<size_t>(size)}, type, spec);
    if (!problem.empty()) return raise_text(ctx, KJIT_ValueError, site, problem.c_str());
    return make(spec);
  });
}

kjit_status put_ok(kjit_context* ctx, std::string_view text) {
  put(ctx, text);
  return KJIT_OK;
}

kjit_status format_character(kjit_context* ctx, uint32_t site, uint64_t magnitude, bool negative, const FormatSpec& spec) {
  if (negative || magnitude > 0x10FFFF) return raise_text(ctx, KJIT_OverflowError, site, "%c arg not in range(0x110000)");
  std::string text;
  append_code_point(text, static_cast<uint32_t>(magnitude));
  return put_ok(ctx, padded(text, spec, '>'));
}

kjit_status format_integer(kjit_context* ctx, uint32_t site, uint64_t magnitude, bool negative, FormatType type,
                           const char* spec_text, int64_t size) {
  return with_spec(ctx, site, spec_text, size, type, [&](const FormatSpec& spec) {
    if (spec.type == 'c') return format_character(ctx, site, magnitude, negative, spec);
    if (is_one_of(spec.type, "eEfFgG%")) {
      auto value = static_cast<double>(magnitude);
      return put_ok(ctx, format_float(negative ? -value : value, spec));
    }
    return put_ok(ctx, format_magnitude(magnitude, negative, spec));
  });
}

}  // namespace

extern "C" {

kjit_status kjit_format_i64(kjit_context* ctx, uint32_t site, int64_t value, const char* spec, int64_t size) {
  uint64_t magnitude = value < 0 ? -static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  return format_integer(ctx, site, magnitude, value < 0, FormatType::Int, spec, size);
}

kjit_status kjit_format_u64(kjit_context* ctx, uint32_t site, uint64_t value, const char* spec, int64_t size) {
  return format_integer(ctx, site, value, false, FormatType::Int, spec, size);
}

kjit_status kjit_format_bool(kjit_context* ctx, uint32_t site, int32_t value, const char* spec, int64_t size) {
  if (size == 0) return put_ok(ctx, value ? "True" : "False");
  return format_integer(ctx, site, value != 0, false, FormatType::Bool, spec, size);
}

kjit_status kjit_format_f64(kjit_context* ctx, uint32_t site, double value, const char* spec, int64_t size) {
  return with_spec(ctx, site, spec, size, FormatType::Float,
                   [&](const FormatSpec& s) { return put_ok(ctx, format_float(value, s)); });
}

kjit_status kjit_format_complex(kjit_context* ctx, uint32_t site, const kjit_complex* value, const char* spec, int64_t size) {
  return with_spec(ctx, site, spec, size, FormatType::Complex,
                   [&](const FormatSpec& s) { return put_ok(ctx, format_complex(*value, s)); });
}

kjit_status kjit_format_str(kjit_context* ctx, uint32_t site, const kjit_str* value, const char* spec, int64_t size) {
  return with_spec(ctx, site, spec, size, FormatType::Str, [&](const FormatSpec& s) {
    return put_ok(ctx, format_text({value->data, static_cast<size_t>(value->size)}, s));
  });
}

}  // extern "C"
