// Source text by lines. Entry: SourceFile::locate, SourceMap::add.

#include "support/source_file.h"

#include <algorithm>
#include <utility>

#include "support/assert.h"
#include "support/utf8.h"

namespace kjit {

namespace {

// Every later stage sees Python's universal newlines: CR LF and CR become LF; a byte order mark is no text.
std::string normalize(std::string text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  if (text.find('\r') == std::string::npos) return text;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool before_lf = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (!before_lf) text[kept++] = text[i] == '\r' ? '\n' : text[i];
  }
  text.resize(kept);
  return text;
}

std::vector<std::uint32_t> find_line_starts(std::string_view text) {
  std::vector<std::uint32_t> starts{0};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') starts.push_back(static_cast<std::uint32_t>(i + 1));
  }
  return starts;
}

}  // namespace

Span cover(Span first, Span last) {
  KJIT_ASSERT(first.file == last.file, "a span cannot cover two files");
  return {first.file, std::min(first.begin, last.begin), std::max(first.end, last.end)};
}

SourceFile::SourceFile(std::string name, std::string text)
    : name_(std::move(name)), text_(normalize(std::move(text))), line_starts_(find_line_starts(text_)) {}

LineColumn SourceFile::locate(std::uint32_t offset) const {
  offset = std::min(offset, static_cast<std::uint32_t>(text_.size()));
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto line = static_cast<std::uint32_t>(after - line_starts_.begin());
  std::uint32_t column = 1;
  for (std::uint32_t at = line_start(line); at < offset; at += decode_utf8(text_, at).length) ++column;
  return {line, column};
}

std::string_view SourceFile::line_text(std::uint32_t line) const {
  const std::uint32_t begin = line_start(line);
  const std::size_t end = line < line_count() ? line_start(line + 1) - 1 : text_.size();
  return std::string_view(text_).substr(begin, end - begin);
}

std::uint32_t SourceMap::add(std::string name, std::string text) {
  files_.emplace_back(std::move(name), std::move(text));
  return size() - 1;
}

std::string_view SourceMap::text(Span span) const { return file(span.file).text().substr(span.begin, span.end - span.begin); }

}  // namespace kjit
