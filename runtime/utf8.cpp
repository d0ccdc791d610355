// UTF-8. Entry: next_code_point.

#include "runtime/utf8.h"

#include <cstdio>

#include "runtime/unicode.h"

namespace kjit::runtime {

namespace {

bool is_continuation(std::string_view text, size_t at) { return at < text.size() && (text[at] & 0xC0) == 0x80; }

// Bytes of the sequence that starts with `lead`; 0: not a lead byte.
int sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

}  // namespace

uint32_t next_code_point(std::string_view text, size_t& at) {
  auto lead = static_cast<unsigned char>(text[at]);
  int length = sequence_length(lead);
  for (int i = 1; i < length; i++) {
    if (!is_continuation(text, at + static_cast<size_t>(i))) length = 0;
  }
  if (length <= 1) {
    at++;
    return length == 1 ? lead : 0xDC00u + lead;
  }
  uint32_t code = lead & (0xFFu >> (length + 1));
  for (int i = 1; i < length; i++) code = code << 6 | (static_cast<unsigned char>(text[at + static_cast<size_t>(i)]) & 0x3Fu);
  at += static_cast<size_t>(length);
  return code;
}

void append_code_point(std::string& out, uint32_t code) {
  auto tail = [&](int shift) { out += static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    tail(12), tail(6), tail(0);
  }
}

void append_escape(std::string& out, uint32_t code) {
  if (code == '\n') {
    out += "\\n";
  } else if (code == '\r') {
    out += "\\r";
  } else if (code == '\t') {
    out += "\\t";
  } else {
    char text[12];
    std::snprintf(text, sizeof text, code < 0x100 ? "\\x%02x" : code < 0x10000 ? "\\u%04x" : "\\U%08x", code);
    out += text;
  }
}

int64_t count_code_points(std::string_view text) {
  int64_t count = 0;
  for (char byte : text) count += (byte & 0xC0) != 0x80;
  return count;
}

size_t byte_offset(std::string_view text, int64_t code_points) {
  size_t at = 0;
  while (at < text.size() && (code_points > 0 || (text[at] & 0xC0) == 0x80)) code_points -= (text[at++] & 0xC0) != 0x80;
  return at;
}

std::string quoted(std::string_view text, bool ascii) {
  bool double_quotes = text.find('\'') != text.npos && text.find('"') == text.npos;
  const char quote = double_quotes ? '"' : '\'';
  std::string out(1, quote);
  for (size_t at = 0; at < text.size();) {
    size_t begin = at;
    uint32_t code = next_code_point(text, at);
    if (code == static_cast<uint32_t>(quote) || code == '\\') {
      out += '\\';
      out += static_cast<char>(code);
    } else if (has_property(code, Property::Printable) && (code < 0x80 || !ascii)) {
      out.append(text.substr(begin, at - begin));
    } else {
      append_escape(out, code);
    }
  }
  return out += quote;
}

}  // namespace kjit::runtime
