// UTF-8 decoding, encoding and the few character classes that the lexer and the renderer ask for.
// Entry: decode_utf8, append_utf8.

#include "support/utf8.h"

#include <algorithm>
#include <iterator>

namespace kjit {

namespace {

struct Range {
  char32_t first, last;
};

template <std::size_t N>
bool contains(const Range (&ranges)[N], char32_t value) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [value](const Range& range) { return range.first <= value && value <= range.last; });
}

// Blocks without letters (Unicode 15 block table), apart from the few letters that Latin-1 mixes in.
constexpr Range kNotInNames[] = {{0x80, 0xA9},       {0xAB, 0xB4},       {0xB6, 0xB6},       {0xB8, 0xB9},     {0xBB, 0xBF},
                                 {0xD7, 0xD7},       {0xF7, 0xF7},       {0x37E, 0x37E},     {0x2000, 0x203E}, {0x2041, 0x2053},
                                 {0x2055, 0x2070},   {0x2074, 0x207E},   {0x2080, 0x208F},   {0x20A0, 0x20CF}, {0x2190, 0x2BFF},
                                 {0x2E00, 0x2E7F},   {0x3000, 0x3004},   {0x3008, 0x3020},   {0xD800, 0xF8FF}, {0xFE10, 0xFE1F},
                                 {0xFE30, 0xFE32},   {0xFE35, 0xFE4C},   {0xFE50, 0xFE6F},   {0xFEFF, 0xFEFF}, {0xFF01, 0xFF0F},
                                 {0xFF1A, 0xFF20},   {0xFF3B, 0xFF3E},   {0xFF40, 0xFF40},   {0xFF5B, 0xFF65}, {0xFFE0, 0xFFFF},
                                 {0x1F000, 0x1FAFF}, {0xE0000, 0xE00FF}, {0xF0000, 0x10FFFF}};

constexpr Range kCombining[] = {{0x300, 0x36F},   {0x483, 0x489},   {0x591, 0x5BD},   {0x610, 0x61A},
                                {0x64B, 0x65F},   {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200D},
                                {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xE0100, 0xE01EF}};

constexpr Range kWide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},  {0xA960, 0xA97F}, {0xAC00, 0xD7A3},
                           {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},  {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F},
                           {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

bool is_continuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// Length that the first byte announces, 0 if it cannot start a sequence (RFC 3629).
std::uint32_t announced_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

bool is_surrogate(char32_t value) { return value >= 0xD800 && value <= 0xDFFF; }

// Smallest value that needs `length` bytes: shorter encodings of it are the only valid ones.
constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};

}  // namespace

CodePoint decode_utf8(std::string_view text, std::size_t offset) {
  const auto first = static_cast<unsigned char>(text[offset]);
  const CodePoint invalid{first, 1, false};
  const std::uint32_t length = announced_length(first);
  if (length == 1) return {first, 1, true};
  if (length == 0 || offset + length > text.size()) return invalid;
  char32_t value = first & (0xFFu >> (length + 1));
  for (std::uint32_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[offset + i]);
    if (!is_continuation(byte)) return invalid;
    value = (value << 6) | (byte & 0x3F);
  }
  if (value < kSmallest[length] || is_surrogate(value) || value > 0x10FFFF) return invalid;
  return {value, length, true};
}

bool append_utf8(std::string& out, char32_t value) {
  if (is_surrogate(value) || value > 0x10FFFF) return false;
  if (value < 0x80) {
    out.push_back(static_cast<char>(value));
    return true;
  }
  constexpr unsigned kPrefix[] = {0, 0xC0, 0xE0, 0xF0};  // by number of continuation bytes
  const int tail = value < 0x800 ? 1 : value < 0x10000 ? 2 : 3;
  out.push_back(static_cast<char>(kPrefix[tail] | (value >> (6 * tail))));
  for (int i = tail - 1; i >= 0; --i) out.push_back(static_cast<char>(0x80 | ((value >> (6 * i)) & 0x3F)));
  return true;
}

std::optional<std::size_t> find_invalid_utf8(std::string_view text) {
  for (std::size_t offset = 0; offset < text.size();) {
    const CodePoint point = decode_utf8(text, offset);
    if (!point.valid) return offset;
    offset += point.length;
  }
  return std::nullopt;
}

bool is_name_code_point(char32_t value) { return value >= 0x80 && !contains(kNotInNames, value); }

int terminal_width(char32_t value) {
  if (contains(kCombining, value)) return 0;
  return contains(kWide, value) ? 2 : 1;
}

}  // namespace kjit
