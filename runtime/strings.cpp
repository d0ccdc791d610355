// Strings as values. Entry: kjit_str_new.

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "runtime/guard.h"
#include "runtime/pieces.h"
#include "runtime/runtime.h"
#include "runtime/text_part.h"
#include "runtime/unicode.h"
#include "runtime/utf8.h"

namespace {

using namespace kjit::runtime;

kjit_status from_view(kjit_context* ctx, uint32_t site, std::string_view text, kjit_str* out) {
  return kjit_str_new(ctx, site, text.data(), static_cast<int64_t>(text.size()), out);
}

// Text of a number with the decimal digits of all scripts as ASCII ones, and without the white space around it.
std::string plain_number(std::string_view text) {
  text = without_trailing_space(without_leading_space(text));
  std::string plain;
  for (size_t at = 0; at < text.size();) {
    size_t begin = at;
    int digit = decimal_value(next_code_point(text, at));
    digit >= 0 ? plain += static_cast<char>('0' + digit) : plain.append(text.substr(begin, at - begin));
  }
  return plain;
}

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 99;
}

// An optional 0x, 0o or 0b in front of the digits; base 0 takes its base from there. A prefix may be followed by an underscore.
bool read_prefix(std::string_view& digits, int& base) {
  int prefix = 0;
  if (digits.size() >= 2 && digits[0] == '0') {
    char letter = static_cast<char>(digits[1] | 0x20);
    prefix = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
  }
  if (prefix && (base == 0 || base == prefix)) {
    base = prefix;
    digits.remove_prefix(2);
    if (!digits.empty() && digits[0] == '_') digits.remove_prefix(1);
  } else if (base == 0) {
    base = 10;
    // As in a program: no leading zeros except in zero itself.
    if (digits.size() > 1 && digits[0] == '0' && digits.find_first_not_of("0_") != digits.npos) return false;
  }
  return true;
}

enum class Parsed { Ok, Bad, TooLarge };

Parsed parse_digits(std::string_view digits, int base, uint64_t& magnitude) {
  if (digits.empty() || digits.front() == '_' || digits.back() == '_') return Parsed::Bad;
  magnitude = 0;
  bool overflow = false;
  for (size_t i = 0; i < digits.size(); i++) {
    if (digits[i] == '_') {
      if (digits[i - 1] == '_') return Parsed::Bad;
      continue;
    }
    int value = digit_value(digits[i]);
    if (value >= base) return Parsed::Bad;
    overflow |= __builtin_mul_overflow(magnitude, static_cast<uint64_t>(base), &magnitude);
    overflow |= __builtin_add_overflow(magnitude, static_cast<uint64_t>(value), &magnitude);
  }
  return overflow ? Parsed::TooLarge : Parsed::Ok;
}

Parsed parse_int(std::string_view given, int base, int64_t& out) {
  const std::string plain = plain_number(given);
  std::string_view text = plain;
  bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  uint64_t magnitude;
  if (!read_prefix(text, base)) return Parsed::Bad;
  Parsed parsed = parse_digits(text, base, magnitude);
  if (parsed != Parsed::Ok) return parsed;
  if (magnitude > static_cast<uint64_t>(INT64_MAX) + negative) return Parsed::TooLarge;
  out = static_cast<int64_t>(negative ? -magnitude : magnitude);
  return Parsed::Ok;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes the underscores out; false if one is not between two digits.
bool without_underscores(std::string_view text, std::string& out) {
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] != '_') {
      out += text[i];
    } else if (i == 0 || i + 1 == text.size() || !is_digit(text[i - 1]) || !is_digit(text[i + 1])) {
      return false;
    }
  }
  return true;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) { return (a | 0x20) == b; });
}

// Python's syntax of a float, after the sign: inf, nan, or decimal digits; strtod would take hexadecimal and more.
bool is_float_syntax(std::string_view text) {
  for (const char* word : {"inf", "infinity", "nan"}) {
    if (equals_ignoring_case(text, word)) return true;
  }
  size_t at = 0, digits = 0;
  auto skip_digits = [&] {
    for (; at < text.size() && is_digit(text[at]); at++) digits++;
  };
  skip_digits();
  if (at < text.size() && text[at] == '.') at++;
  skip_digits();
  if (digits == 0) return false;
  if (at == text.size()) return true;
  if ((text[at++] | 0x20) != 'e') return false;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) at++;
  digits = 0;
  skip_digits();
  return digits > 0 && at == text.size();
}

bool parse_float(std::string_view text, double& out) {
  std::string plain;
  if (!without_underscores(plain_number(text), plain)) return false;
  std::string_view unsigned_part = plain;
  if (!plain.empty() && (plain[0] == '+' || plain[0] == '-')) unsigned_part.remove_prefix(1);
  if (!is_float_syntax(unsigned_part)) return false;
  out = strtod(plain.c_str(), nullptr);  // correctly rounded in glibc
  return true;
}

// The selected characters one by one, for steps other than 1.
kjit_status pick(kjit_context* ctx, uint32_t site, std::string_view text, const kjit_slice& slice, kjit_str* out) {
  return guarded(ctx, site, [&] {
    std::u32string codes;
    for (size_t at = 0; at < text.size();) codes += static_cast<char32_t>(next_code_point(text, at));
    std::string picked;
    for (int64_t i = 0; i < slice.count; i++) append_code_point(picked, codes[static_cast<size_t>(slice.start + i * slice.step)]);
    return from_view(ctx, site, picked, out);
  });
}

// A ValueError that ends with the text it is about, as CPython shows it.
kjit_status raise_about(kjit_context* ctx, uint32_t site, const std::string& message, const kjit_str* text) {
  return guarded(ctx, site,
                 [&] { return raise_text(ctx, KJIT_ValueError, site, (message + quoted(view(text), false)).c_str()); });
}

}  // namespace

extern "C" {

kjit_status kjit_str_new(kjit_context* ctx, uint32_t site, const char* text, int64_t size, kjit_str* out) {
  char* bytes;
  if (new_text(ctx, site, size, out, &bytes) != KJIT_OK) return KJIT_FAILED;
  if (size > 0) memcpy(bytes, text, static_cast<size_t>(size));
  return KJIT_OK;
}

kjit_status kjit_str_concat(kjit_context* ctx, uint32_t site, const kjit_str* a, const kjit_str* b, kjit_str* out) {
  kjit_str result;
  char* bytes;
  if (new_text(ctx, site, a->size + b->size, &result, &bytes) != KJIT_OK) return KJIT_FAILED;
  copy_bytes(ctx, bytes, a->data, a->size);
  copy_bytes(ctx, bytes + a->size, b->data, b->size);
  *out = result;
  return finished(ctx, site, result.owner);
}

kjit_status kjit_str_repeat(kjit_context* ctx, uint32_t site, const kjit_str* text, int64_t count, kjit_str* out) {
  if (count < 0 || text->size == 0) count = 0;
  int64_t size;
  if (__builtin_mul_overflow(text->size, count, &size)) return kjit_trap(ctx, KJIT_TRAP_ArrayTooLarge, site, INT64_MAX, 0, 0);
  kjit_str result;
  char* bytes;
  if (new_text(ctx, site, size, &result, &bytes) != KJIT_OK) return KJIT_FAILED;
  fill_bytes(ctx, bytes, count, text->data, text->size);
  *out = result;
  return finished(ctx, site, result.owner);
}

kjit_status kjit_str_index(kjit_context* ctx, uint32_t site, const kjit_str* text, int64_t index, kjit_str* out) {
  int64_t length = kjit_str_length(text);
  int64_t position = index < 0 ? index + length : index;
  if (position < 0 || position >= length) return kjit_trap(ctx, KJIT_TRAP_StringIndexOutOfRange, site, index, length, 0);
  size_t begin = byte_offset(view(text), position);
  *out = share(text, view(text).substr(begin, byte_offset(view(text).substr(begin), 1)));
  return KJIT_OK;
}

kjit_status kjit_str_slice(kjit_context* ctx, uint32_t site, const kjit_str* text, int32_t flags, int64_t lower, int64_t upper,
                           int64_t step, kjit_str* out) {
  kjit_slice slice;
  if (kjit_slice_resolve(ctx, site, flags, lower, upper, step, kjit_str_length(text), &slice) != KJIT_OK) return KJIT_FAILED;
  if (slice.step != 1) return pick(ctx, site, view(text), slice, out);
  size_t begin = byte_offset(view(text), slice.start);
  *out = share(text, view(text).substr(begin, byte_offset(view(text).substr(begin), slice.count)));
  return KJIT_OK;
}

int64_t kjit_str_length(const kjit_str* text) { return count_code_points(view(text)); }

int32_t kjit_str_compare(const kjit_str* a, const kjit_str* b) {
  int order = view(a).compare(view(b));  // the order of UTF-8 bytes is that of code points
  return order < 0 ? -1 : order > 0;
}

kjit_status kjit_str_ord(kjit_context* ctx, uint32_t site, const kjit_str* text, int64_t* out) {
  if (kjit_str_length(text) != 1) {
    return guarded(ctx, site, [&] {
      std::string length = std::to_string(kjit_str_length(text));
      return raise_text(ctx, KJIT_TypeError, site,
                        ("ord() expected a character, but string of length " + length + " found").c_str());
    });
  }
  size_t at = 0;
  *out = next_code_point(view(text), at);
  return KJIT_OK;
}

kjit_status kjit_str_chr(kjit_context* ctx, uint32_t site, int64_t code, kjit_str* out) {
  if (code < 0 || code > 0x10FFFF) return raise_text(ctx, KJIT_ValueError, site, "chr() arg not in range(0x110000)");
  return guarded(ctx, site, [&] {
    std::string text;
    append_code_point(text, static_cast<uint32_t>(code));
    return from_view(ctx, site, text, out);
  });
}

kjit_status kjit_int_of_str(kjit_context* ctx, uint32_t site, const kjit_str* text, int32_t base, int64_t* out) {
  if (base != 0 && (base < 2 || base > 36))
    return raise_text(ctx, KJIT_ValueError, site, "int() base must be >= 2 and <= 36, or 0");
  return guarded(ctx, site, [&] {
    switch (parse_int(view(text), base, *out)) {
      case Parsed::Ok: return kjit_status{KJIT_OK};
      case Parsed::TooLarge: return raise_text(ctx, KJIT_OverflowError, site, "int(): the number does not fit 64 bits");
      case Parsed::Bad: break;
    }
    return raise_about(ctx, site, "invalid literal for int() with base " + std::to_string(base) + ": ", text);
  });
}

kjit_status kjit_float_of_str(kjit_context* ctx, uint32_t site, const kjit_str* text, double* out) {
  return guarded(ctx, site, [&] {
    double value;
    if (!parse_float(view(text), value)) return raise_about(ctx, site, "could not convert string to float: ", text);
    *out = value;
    return kjit_status{KJIT_OK};
  });
}

}  // extern "C"
