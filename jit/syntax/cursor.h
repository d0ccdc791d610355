#pragma once
// A position in the text, shared by the parts of the lexer.

#include <string_view>

#include "support/diagnostics.h"

namespace kjit {

class Cursor {
 public:
  Cursor(std::string_view text, Span part, Diagnostics& diags)
      : text_(text.substr(0, part.end)), pos_(part.begin), file_(part.file), diags_(diags) {}

  std::string_view text() const { return text_; }
  std::uint32_t pos() const { return pos_; }
  bool at_end() const { return pos_ >= text_.size(); }
  // The byte `ahead` of the position; '\0' past the end.
  char peek(std::uint32_t ahead = 0) const { return pos_ + ahead < text_.size() ? text_[pos_ + ahead] : '\0'; }
  std::string_view rest() const { return text_.substr(pos_); }
  void advance(std::uint32_t bytes = 1) { pos_ += bytes; }
  void move_to(std::uint32_t offset) { pos_ = offset; }

  Span span_from(std::uint32_t begin) const { return {file_, begin, pos_}; }
  Span span(std::uint32_t begin, std::uint32_t end) const { return {file_, begin, end}; }

  // Where the mistakes of this place go. Text that is read a second time must not be reported a second time.
  Diagnostics& sink() { return pos_ < quiet_until_ ? muted_ : diags_; }
  Diagnostics& always() { return diags_; }
  void be_quiet_until(std::uint32_t offset) { quiet_until_ = std::max(quiet_until_, offset); }

 private:
  std::string_view text_;
  std::uint32_t pos_;
  std::uint32_t file_;
  Diagnostics& diags_;
  Diagnostics muted_;
  std::uint32_t quiet_until_ = 0;
};

}  // namespace kjit
